//! Builds the sample in Leptos as the client is built: with its parts, its style sheet, and the same tools.

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_harness::{Context, Error, progress};

use super::{bind, css};
use crate::cargo;
use crate::tools::npm;
use crate::workspace::Workspace;

/// The folder of the sample.
const SAMPLE: &str = "frontend/samples/leptos";

/// The name of the program and its glue.
const STEM: &str = "latchkey-sample-leptos";

/// What the page consists of besides the program and the style sheet.
const FILES: [&str; 2] = ["index.html", "start.js"];

/// The name of the client's style sheet in the sample.
const STYLE: &str = "latchkey-parts.css";

/// Builds the sample into its folder `dist`, and returns that.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf, Error> {
    npm::packages(workspace)?;
    cargo::browser_target()?;
    progress::step("sample", "building for the browser");
    let sample = workspace.root().join(SAMPLE);
    let wasm = cargo::leptos_sample(workspace, &sample.join("Cargo.toml"))?;
    let folder = sample.join("dist");
    fs::create_dir_all(&folder).context(format_args!("Cannot create {}", folder.display()))?;
    for file in bind::bind_whole(workspace, &wasm, STEM)? {
        write(&folder.join(file.path), &file.bytes)?;
    }
    let sheet = css::bundle(workspace, &workspace.root().join("style/main.css"))?;
    write(&folder.join(STYLE), sheet.css.as_bytes())?;
    for name in FILES {
        let path = sample.join(name);
        let bytes = fs::read(&path).context(format_args!("Cannot read {}", path.display()))?;
        write(&folder.join(name), &bytes)?;
    }
    Ok(folder)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).context(format_args!("Cannot write {}", path.display()))
}
