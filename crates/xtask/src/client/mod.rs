//! Builds the client: from its sources to the folder that a server serves.

mod bind;
pub(crate) mod bindgen_command;
mod compress;
mod css;
mod hashed_names;
mod html;
mod import_names;
mod layout;
mod manifest;
mod optimise;
mod panics;
mod split;

pub(crate) use manifest::files;

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_harness::{Context, Error, progress};

use crate::cargo::{self, BuildProfile};
use crate::workspace::Workspace;

/// How small the client is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finish {
    /// For development: built fast, not compressed, and the page reloads after a build.
    Draft,
    /// For `run`: optimised by the compiler and compressed, without Node.
    Plain,
    /// For a release and the browser tests: optimised by the tools that npm installs, too.
    Full,
}

impl Finish {
    fn profile(self) -> BuildProfile {
        match self {
            Self::Draft => BuildProfile::Dev,
            Self::Plain | Self::Full => BuildProfile::Client,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Plain => "plain",
            Self::Full => "full",
        }
    }
}

/// Builds the client, unless its folder is current, and returns the folder.
pub(crate) fn build(workspace: &Workspace, finish: Finish) -> Result<PathBuf, Error> {
    cargo::browser_target()?;
    progress::step("client", "building for the browser");
    let wasm = cargo::client(workspace, finish.profile())?;
    let folder = match finish {
        Finish::Draft => wasm.with_file_name("draft"),
        Finish::Plain | Finish::Full => workspace.dist(),
    };
    let inputs = manifest::hash_inputs(workspace, &wasm)?;
    if manifest::is_current(&folder, &inputs, finish) {
        return Ok(folder);
    }
    progress::step("client", "binding, hashing and compressing");
    let bound = bind::bind(workspace, &wasm, finish)?;
    let shipped = layout::lay_out(workspace, bound, finish)?;
    write(&folder, &shipped, &manifest::text(&inputs, finish, &shipped))?;
    bindgen_command::link(workspace)?;
    Ok(folder)
}

/// A file as the browser gets it.
struct Shipped {
    /// Its name in the sources: `style/main.css`.
    source: String,
    /// Its name for the browser: `main-1f3a….css`.
    name: String,
    bytes: Vec<u8>,
    /// Its compressed forms, by file extension.
    encoded: Vec<(&'static str, Vec<u8>)>,
}

/// Makes the folder contain these files and no others. The manifest is removed first and written last: a folder without
/// one is not current.
fn write(folder: &Path, shipped: &[Shipped], manifest: &str) -> Result<(), Error> {
    let about = |path: &Path| format!("Cannot write {}", path.display());
    fs::create_dir_all(folder).context(about(folder))?;
    let manifest_path = folder.join(manifest::FILE);
    if manifest_path.exists() {
        fs::remove_file(&manifest_path).context(about(&manifest_path))?;
    }
    for file in shipped {
        let path = folder.join(&file.name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).context(about(parent))?;
        }
        fs::write(&path, &file.bytes).context(about(&path))?;
        for (extension, bytes) in &file.encoded {
            let path = folder.join(format!("{}.{extension}", file.name));
            fs::write(&path, bytes).context(about(&path))?;
        }
    }
    fs::write(&manifest_path, manifest).context(about(&manifest_path))?;
    manifest::remove_old_files(folder, shipped)
}

/// The files in a folder and in its folders, sorted.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let about = || format!("Cannot read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).context(about())? {
        let path = entry.context(about())?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
