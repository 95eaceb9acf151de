//! From the compiler's WebAssembly to what a browser can load: bound to JavaScript, and made smaller.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use super::Finish;
use super::shorten::shorten;
use super::snip::snip;
use crate::workspace::Workspace;
use latchkey_harness::process;
use latchkey_harness::progress;
use latchkey_harness::{Context, Error};

/// What the two files are called before they get their hashes.
pub(super) const NAME: &str = "latchkey-frontend";

/// A file that binding made: its path below the output folder, and what is in it.
pub(super) struct Bound {
    pub(super) plain: String,
    pub(super) bytes: Vec<u8>,
}

/// Binds `wasm` and returns the files that came of it.
pub(super) fn bind(workspace: &Workspace, wasm: &Path, finish: Finish) -> Result<Vec<Bound>, Error> {
    // A folder of our own: glue and WebAssembly of two runs at once do not fit.
    let out = wasm.with_file_name(format!("bound-{}-{}", finish.name(), std::process::id()));
    web(wasm, &out, NAME, finish != Finish::Plain)?;
    if finish == Finish::Full {
        leave_out_last_words(&out)?;
        optimise(workspace, &out)?;
    }
    if finish != Finish::Draft {
        shorten_names(&out)?;
        parses_no_markup(&String::from_utf8_lossy(&read(&out.join(format!("{NAME}.js")))?))?;
    }
    let mut files = Vec::new();
    collect(&out, &out, &mut files)?;
    fs::remove_dir_all(&out).context(format_args!("Cannot remove {}", out.display()))?;
    Ok(files)
}

/// Refuses glue that can parse markup: the page's policy says `trusted-types 'none'`, so a browser would throw.
fn parses_no_markup(glue: &str) -> Result<(), Error> {
    if !glue.contains("innerHTML") {
        return Ok(());
    }
    Err(Error::new("The client's glue sets innerHTML, which the page's policy forbids.")
        .hint("Look for an element in `view!` whose attributes and children are all literals: give it {..look(\"…\")}."))
}

/// Runs the binding for browsers, as module scripts want it.
pub(super) fn web(wasm: &Path, out: &Path, name: &str, keep_names: bool) -> Result<(), Error> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).out_name(name).keep_debug(false);
    bindgen.remove_name_section(!keep_names).remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(out))
        .map_err(|error| Error::new(format!("The client cannot be bound to JavaScript: {error:#}.")))
}

/// The optimisers that npm brings for the tests, in the versions that its lock names: never whichever lie about.
fn optimise(workspace: &Workspace, out: &Path) -> Result<(), Error> {
    progress::step("client", "optimising with wasm-opt");
    let wasm = out.join(format!("{NAME}_bg.wasm"));
    let mut command = Command::new(optimiser(workspace, "wasm-opt")?);
    // The compiler puts the stack first, so nothing but its very end lies in the lowest kilobyte.
    command.args([
        "--detect-features",
        "--flatten",
        "--rereloop",
        "-Oz",
        "--gufa",
        "-Oz",
        "--low-memory-unused",
    ]);
    process::run(command.arg(&wasm).arg("-o").arg(&wasm))?;
    progress::step("client", "minifying with esbuild");
    let glue = out.join(format!("{NAME}.js"));
    let mut command = Command::new(optimiser(workspace, "esbuild")?);
    command.args(["--minify", "--format=esm", "--log-level=warning", "--allow-overwrite"]);
    process::run(command.arg(&glue).arg(format!("--outfile={}", glue.display())))
}

/// A script of ours, as it is shipped.
pub(super) fn script(workspace: &Workspace, path: &Path, finish: Finish) -> Result<Vec<u8>, Error> {
    if finish != Finish::Full {
        return fs::read(path).context(format_args!("Cannot read {}", path.display()));
    }
    let mut command = Command::new(optimiser(workspace, "esbuild")?);
    process::stdout_of(command.args(["--minify", "--log-level=warning"]).arg(path)).map(String::into_bytes)
}

fn optimiser(workspace: &Workspace, name: &str) -> Result<PathBuf, Error> {
    let own = workspace.e2e().join("node_modules").join(".bin").join(name);
    if own.exists() {
        return Ok(own);
    }
    Err(Error::new(format!("The client cannot be made small: npm has not brought `{name}`."))
        .hint("Run `npm ci` in e2e and start again."))
}

fn shorten_names(out: &Path) -> Result<(), Error> {
    let (glue, wasm) = (out.join(format!("{NAME}.js")), out.join(format!("{NAME}_bg.wasm")));
    let (script, module) = shorten(&String::from_utf8_lossy(&read(&glue)?), &read(&wasm)?)?;
    write(&glue, script.as_bytes())?;
    write(&wasm, &module)
}

/// It goes by the names of functions, which the optimiser drops.
fn leave_out_last_words(out: &Path) -> Result<(), Error> {
    let wasm = out.join(format!("{NAME}_bg.wasm"));
    write(&wasm, &snip(&read(&wasm)?)?)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).context(format_args!("Cannot read {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).context(format_args!("Cannot write {}", path.display()))
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<Bound>) -> Result<(), Error> {
    let about = || format!("Cannot read {}", folder.display());
    for entry in fs::read_dir(folder).context(about())? {
        let path = entry.context(about())?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let plain = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.push(Bound { plain, bytes: fs::read(&path).context(about())? });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parses_no_markup;

    #[test]
    fn glue_that_can_parse_markup_is_refused() {
        assert!(parses_no_markup("a.textContent = b").is_ok());
        let refused = parses_no_markup("__wbg_set_innerHTML_0f: (a, b) => { a.innerHTML = b }");
        assert!(refused.is_err_and(|error| error.to_string().contains("innerHTML")));
    }
}
