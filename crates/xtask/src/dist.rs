//! `cargo xtask dist`: the program that is released, with the client inside.

use std::fs;
use std::path::Path;

use memchr::memmem;

use crate::cargo::{self, Profile};
use crate::client::{self, Finish};
use crate::node;
use crate::say;
use crate::trouble::{About, Trouble};
use crate::workspace::Workspace;

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
pub(crate) fn run(workspace: &Workspace, linked: Linked) -> Result<(), Trouble> {
    node::packages(workspace)?;
    let client = client::build(workspace, Finish::Full)?;
    say::step("servers", "building the app for release");
    let latchkey = match linked {
        Linked::ToThisMachine => cargo::servers(workspace, Profile::Release)?.latchkey,
        Linked::Statically => cargo::static_server(workspace)?,
    };
    let program = fs::read(&latchkey).about(format_args!("Cannot read {}", latchkey.display()))?;
    let files = client::files(&client)?;
    if let Some(missing) = first_missing(&program, &client, &files)? {
        return Err(Trouble::new(format!(
            "The program was built with another client: it lacks `{missing}`."
        ))
        .way_out("Run `cargo clean --package latchkey` and start again."));
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
fn first_missing<'a>(program: &[u8], folder: &Path, files: &'a [String]) -> Result<Option<&'a str>, Trouble> {
    for name in files {
        let bytes = fs::read(folder.join(name)).about(format_args!("Cannot read {name}"))?;
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
