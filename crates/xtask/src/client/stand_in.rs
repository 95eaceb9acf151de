//! We under the name `wasm-bindgen`: Trunk finds us on the path and so uses the very binding that we use.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::bind;
use crate::workspace::Workspace;
use latchkey_harness::{Context, Error};

/// The version of the binding, as its own command says it. A tidy test holds it to `Cargo.toml`.
pub(crate) const VERSION: &str = "0.2.130";

/// What Trunk asks of the command.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Version,
    Bind { wasm: PathBuf, out: PathBuf, name: String },
}

/// Does what `wasm-bindgen` would have done.
pub(crate) fn answer(arguments: &[String]) -> Result<(), Error> {
    match asked(arguments)? {
        Asked::Version => {
            println!("wasm-bindgen {VERSION}");
            Ok(())
        }
        Asked::Bind { wasm, out, name } => bind::web(&wasm, &out, &name, true),
    }
}

/// Puts us under that name into the folder of tools, for whoever puts that folder on the path.
pub(super) fn offer(workspace: &Workspace) -> Result<(), Error> {
    let own = env::current_exe().context("Cannot tell where this program lies")?;
    let folder = workspace.tools().join("bin");
    fs::create_dir_all(&folder).context(format_args!("Cannot make {}", folder.display()))?;
    let link = folder.join("wasm-bindgen");
    if fs::read_link(&link).is_ok_and(|target| target == own) {
        return Ok(());
    }
    // Another checkout may be doing the same: what counts is that one of the links is there.
    let _ = fs::remove_file(&link);
    let _ = symlink(&own, &link);
    Ok(())
}

fn asked(arguments: &[String]) -> Result<Asked, Error> {
    let (mut wasm, mut out, mut name) = (None, None, None);
    // `--key=value` and `--key value` are the same.
    let mut words = arguments.iter().flat_map(|argument| match argument.split_once('=') {
        Some((key, value)) if key.starts_with("--") => vec![key, value],
        _ => vec![argument.as_str()],
    });
    while let Some(word) = words.next() {
        match word {
            "--version" | "-V" => return Ok(Asked::Version),
            "--target" => match words.next() {
                Some("web") => {}
                other => {
                    let other = other.unwrap_or_default();
                    return Err(Error::usage(format!(
                        "wasm-bindgen here binds for the web, not for `{other}`."
                    )));
                }
            },
            "--out-dir" => out = words.next().map(PathBuf::from),
            "--out-name" => name = words.next().map(str::to_owned),
            // We write no types and keep the names, whichever way Trunk asks.
            "--no-typescript" | "--keep-debug" | "--debug" | "--no-demangle" => {}
            other if other.starts_with('-') => {
                return Err(Error::usage(format!("wasm-bindgen here does not know `{other}`."))
                    .hint("Install the command of that name if you need more than Trunk does."));
            }
            file => wasm = Some(PathBuf::from(file)),
        }
    }
    match (wasm, out, name) {
        (Some(wasm), Some(out), Some(name)) => Ok(Asked::Bind { wasm, out, name }),
        _ => Err(Error::usage("wasm-bindgen needs --out-dir, --out-name and a file.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_by(line: &str) -> Result<Asked, Error> {
        asked(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn trunk_gets_its_answer_in_either_spelling() {
        let bind = || Asked::Bind { wasm: "a.wasm".into(), out: "out".into(), name: "app".to_owned() };
        assert_eq!(asked_by("--target=web --out-dir=out --out-name=app a.wasm --no-typescript"), Ok(bind()));
        assert_eq!(asked_by("--target web --out-dir out --out-name app a.wasm"), Ok(bind()));
        assert_eq!(asked_by("--version"), Ok(Asked::Version));
    }

    #[test]
    fn what_we_cannot_do_is_refused_by_name() {
        let refused = asked_by("--target=web --weak-refs --out-dir=out --out-name=app a.wasm");
        assert!(refused.is_err_and(|error| error.to_string().contains("`--weak-refs`")));
        assert!(asked_by("--target nodejs --out-dir out --out-name app a.wasm").is_err());
    }
}
