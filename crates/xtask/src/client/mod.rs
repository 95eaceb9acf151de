//! Builds the client: from its sources to the folder that a server serves.

mod bind;
pub(crate) mod bindgen_command;
mod compress;
mod css;
mod dead_data;
mod finish;
mod function_order;
mod glue_names;
mod hashed_names;
mod html;
mod layout;
mod manifest;
mod optimise;
mod panics;
pub(crate) mod sample;
mod shipped;
mod split;

pub(crate) use finish::Finish;
pub(crate) use manifest::files;

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_harness::{Context, Error, progress};

use crate::cargo;
use crate::workspace::Workspace;
use shipped::Shipped;

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
