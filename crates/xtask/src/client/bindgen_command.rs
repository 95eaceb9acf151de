//! xtask under the name `wasm-bindgen`: Trunk finds it on the path, and so both use one version of the library.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::bind;
use crate::workspace::Workspace;
use latchkey_harness::{Context, Error};

/// The version that the command reports. A tidy test compares it with `Cargo.lock`.
pub(crate) const VERSION: &str = "0.2.130";

/// What Trunk calls the command for.
#[derive(Debug, PartialEq, Eq)]
enum Call {
    Version,
    Bind { wasm: PathBuf, out: PathBuf, name: String },
}

/// Does what the command `wasm-bindgen` does with these arguments.
pub(crate) fn run(arguments: &[String]) -> Result<(), Error> {
    match parse(arguments)? {
        Call::Version => {
            println!("wasm-bindgen {VERSION}");
            Ok(())
        }
        Call::Bind { wasm, out, name } => bind::bind_into(&wasm, &out, &name),
    }
}

/// Links this program under that name in the folder of tools, for people who put that folder on their path.
pub(super) fn link(workspace: &Workspace) -> Result<(), Error> {
    let own = env::current_exe().context("Cannot find this program")?;
    let folder = workspace.tools().join("bin");
    fs::create_dir_all(&folder).context(format_args!("Cannot create {}", folder.display()))?;
    let path = folder.join("wasm-bindgen");
    if fs::read_link(&path).is_ok_and(|target| target == own) {
        return Ok(());
    }
    // Another checkout may do the same at the same time; either link is good.
    let _ = fs::remove_file(&path);
    let _ = symlink(&own, &path);
    Ok(())
}

fn parse(arguments: &[String]) -> Result<Call, Error> {
    let (mut wasm, mut out, mut name) = (None, None, None);
    // `--key=value` and `--key value` are the same.
    let mut words = arguments.iter().flat_map(|argument| match argument.split_once('=') {
        Some((key, value)) if key.starts_with("--") => vec![key, value],
        _ => vec![argument.as_str()],
    });
    while let Some(word) = words.next() {
        match word {
            "--version" | "-V" => return Ok(Call::Version),
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
            // No types are written and names are kept, whatever Trunk asks for.
            "--no-typescript" | "--keep-debug" | "--debug" | "--no-demangle" => {}
            other if other.starts_with('-') => {
                return Err(Error::usage(format!("wasm-bindgen here does not know `{other}`."))
                    .hint("Install the command of that name if you need more than Trunk does."));
            }
            file => wasm = Some(PathBuf::from(file)),
        }
    }
    match (wasm, out, name) {
        (Some(wasm), Some(out), Some(name)) => Ok(Call::Bind { wasm, out, name }),
        _ => Err(Error::usage("wasm-bindgen needs --out-dir, --out-name and a file.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Call, Error> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn both_spellings_of_an_option_are_understood() {
        let bind = || Call::Bind { wasm: "a.wasm".into(), out: "out".into(), name: "app".to_owned() };
        assert_eq!(
            parse_line("--target=web --out-dir=out --out-name=app a.wasm --no-typescript"),
            Ok(bind())
        );
        assert_eq!(parse_line("--target web --out-dir out --out-name app a.wasm"), Ok(bind()));
        assert_eq!(parse_line("--version"), Ok(Call::Version));
    }

    #[test]
    fn an_unknown_option_is_an_error_that_names_it() {
        let refused = parse_line("--target=web --weak-refs --out-dir=out --out-name=app a.wasm");
        assert!(refused.is_err_and(|error| error.to_string().contains("`--weak-refs`")));
        assert!(parse_line("--target nodejs --out-dir out --out-name app a.wasm").is_err());
    }
}
