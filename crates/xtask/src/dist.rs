//! `cargo xtask dist`: the program that is released, with the client inside.

use std::fs;
use std::path::Path;

use memchr::memmem;

use crate::cargo::{self, Profile};
use crate::client::{self, Finish};
use crate::node;
use crate::workspace::Workspace;
use latchkey_harness::progress;
use latchkey_harness::{Context, Error};

/// What the program needs of the machine that it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Linked {
    /// The C library of a machine like this one.
    ToThisMachine,
    /// Nothing but the kernel.
    Statically,
}

/// Builds the client with every optimiser there is, then the server around it. Without the optimisers there is no
/// release: what is released is what the size budget measures.
pub(crate) fn run(workspace: &Workspace, linked: Linked) -> Result<(), Error> {
    node::packages(workspace)?;
    let client = client::build(workspace, Finish::Full)?;
    progress::step("servers", "building the app for release");
    let latchkey = match linked {
        Linked::ToThisMachine => cargo::servers(workspace, Profile::Release)?.latchkey,
        Linked::Statically => cargo::static_server(workspace)?,
    };
    let program = fs::read(&latchkey).context(format_args!("Cannot read {}", latchkey.display()))?;
    let files = client::files(&client)?;
    if let Some(missing) = first_missing(&program, &client, &files)? {
        return Err(Error::new(format!("The program was built with another client: it lacks `{missing}`."))
            .hint("Run `cargo clean --package latchkey` and start again."));
    }
    println!(
        "{} ({:.1} MB, with the {} files of the optimised client)",
        latchkey.display(),
        program.len() as f64 / 1e6,
        files.len()
    );
    Ok(())
}

/// The first file of the folder that is not in the program byte for byte.
fn first_missing<'a>(program: &[u8], folder: &Path, files: &'a [String]) -> Result<Option<&'a str>, Error> {
    for name in files {
        let bytes = fs::read(folder.join(name)).context(format_args!("Cannot read {name}"))?;
        if memmem::find(program, &bytes).is_none() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_224_a_program_with_another_client_inside_is_not_released() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["index.html".to_owned(), "latchkey.wasm".to_owned()];
        fs::write(folder.path().join("index.html"), "<p>sign in").unwrap();
        fs::write(folder.path().join("latchkey.wasm"), b"\0asm optimised").unwrap();
        let missing = |program: &[u8]| first_missing(program, folder.path(), &files).unwrap();
        assert_eq!(missing(b"ELF\0<p>sign in\0\0asm optimised"), None);
        assert_eq!(missing(b"ELF\0<p>sign in\0\0asm plain and larger"), Some("latchkey.wasm"));
    }
}
