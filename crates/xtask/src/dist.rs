//! `cargo xtask dist`: builds the released program, with the client inside, the npm packages and the gallery.

use std::fs;
use std::path::Path;

use memchr::memmem;

use crate::cargo::{self, BuildProfile, Servers};
use crate::client::{self, Finish};
use crate::gallery;
use crate::packages;
use crate::tools::npm;
use crate::workspace::Workspace;
use latchkey_harness::progress;
use latchkey_harness::{Context, Error};

/// How the program is linked: what it needs on the machine that it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Linking {
    /// The C library of a similar machine.
    Dynamic,
    /// Only the kernel.
    Static,
}

/// Builds the client with every optimiser there is, then the server around it. Without the optimisers there is no
/// release: what is released is what the size budget measures.
pub(crate) fn run(workspace: &Workspace, linking: Linking) -> Result<(), Error> {
    npm::packages(workspace)?;
    // They lie in the folder that the program takes the client from, and one of them contains the dev org.
    packages::remove(workspace)?;
    gallery::remove(workspace)?;
    let client = client::build(workspace, Finish::Full)?;
    progress::step("servers", "building the app for release");
    let Servers { latchkey, devorg } = match linking {
        Linking::Dynamic => cargo::servers(workspace, BuildProfile::Release)?,
        Linking::Static => Servers {
            latchkey: cargo::static_server(workspace)?,
            devorg: cargo::devorg(workspace, BuildProfile::Release)?,
        },
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
    let packages = packages::write(workspace, &devorg)?;
    println!(
        "{} (the packages @latchkey/client, @latchkey/devorg and @latchkey/element)",
        packages.display()
    );
    println!("{} (the gallery, for any file server)", gallery::write_released(workspace, &client)?.display());
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
