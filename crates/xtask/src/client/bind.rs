//! From the compiler's WebAssembly to what a browser can load: bound to JavaScript, and made smaller.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use super::Finish;
use crate::process;
use crate::say;
use crate::trouble::{About, Trouble};
use crate::workspace::Workspace;

/// What the two files are called before they get their hashes.
pub(super) const NAME: &str = "latchkey-frontend";

/// A file that binding made: its path below the output folder, and what is in it.
pub(super) struct Bound {
    pub(super) plain: String,
    pub(super) bytes: Vec<u8>,
}

/// Binds `wasm` and returns the files that came of it.
pub(super) fn bind(workspace: &Workspace, wasm: &Path, finish: Finish) -> Result<Vec<Bound>, Trouble> {
    let out = wasm.with_file_name(format!("bound-{}", finish.name()));
    if out.exists() {
        fs::remove_dir_all(&out).about(format_args!("Cannot empty {}", out.display()))?;
    }
    web(wasm, &out, NAME, finish == Finish::Draft)?;
    if finish == Finish::Full {
        optimise(workspace, &out)?;
    }
    let mut files = Vec::new();
    collect(&out, &out, &mut files)?;
    Ok(files)
}

/// Runs the binding for browsers, as module scripts want it.
pub(super) fn web(wasm: &Path, out: &Path, name: &str, keep_names: bool) -> Result<(), Trouble> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).out_name(name).keep_debug(false);
    bindgen.remove_name_section(!keep_names).remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(out))
        .map_err(|error| Trouble::new(format!("The client cannot be bound to JavaScript: {error:#}.")))
}

/// Whichever optimisers this machine has. Each is worth a percent or two, none is needed.
fn optimise(workspace: &Workspace, out: &Path) -> Result<(), Trouble> {
    let wasm = out.join(format!("{NAME}_bg.wasm"));
    if let Some(wasm_opt) = optimiser(workspace, "wasm-opt") {
        say::step("client", "optimising with wasm-opt");
        let mut command = Command::new(wasm_opt);
        process::run(command.args(["--detect-features", "-Oz"]).arg(&wasm).arg("-o").arg(&wasm))?;
    }
    let glue = out.join(format!("{NAME}.js"));
    if let Some(esbuild) = optimiser(workspace, "esbuild") {
        say::step("client", "minifying with esbuild");
        let mut command = Command::new(esbuild);
        command.args(["--minify", "--format=esm", "--log-level=warning", "--allow-overwrite"]);
        process::run(command.arg(&glue).arg(format!("--outfile={}", glue.display())))?;
    }
    Ok(())
}

/// An optimiser that npm brought for the browser tests, or that is on the path.
pub(super) fn optimiser(workspace: &Workspace, name: &str) -> Option<PathBuf> {
    let own = workspace.e2e().join("node_modules").join(".bin").join(name);
    if own.exists() { Some(own) } else { crate::tools::on_path(name) }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<Bound>) -> Result<(), Trouble> {
    let about = || format!("Cannot read {}", folder.display());
    for entry in fs::read_dir(folder).about(about())? {
        let path = entry.about(about())?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let plain = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.push(Bound { plain, bytes: fs::read(&path).about(about())? });
        }
    }
    Ok(())
}
