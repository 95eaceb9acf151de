//! The client, from source to the folder that a server can serve.

mod bind;
mod layout;
mod module;
mod names;
mod page;
mod shorten;
mod snip;
mod squeeze;
mod stamp;
pub(crate) mod stand_in;
mod style;

pub(crate) use stamp::files;

use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::{self, Profile};
use crate::workspace::Workspace;
use latchkey_harness::progress;
use latchkey_harness::{Context, Error};

/// How much is done to make it small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finish {
    /// While someone works on it: built fast, served as it is, reloaded when it changes.
    Draft,
    /// To be run: optimised by the compiler and compressed.
    Plain,
    /// To be given away, and what the tests look at: with the optimisers that npm brings, too.
    Full,
}

impl Finish {
    fn profile(self) -> Profile {
        match self {
            Self::Draft => Profile::Dev,
            Self::Plain | Self::Full => Profile::Client,
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

/// Builds the client into the folder that belongs to `finish`, unless it is there already, and returns the folder.
pub(crate) fn build(workspace: &Workspace, finish: Finish) -> Result<PathBuf, Error> {
    cargo::browser_target()?;
    progress::step("client", "building for the browser");
    let wasm = cargo::client(workspace, finish.profile())?;
    let folder = match finish {
        Finish::Draft => wasm.with_file_name("draft"),
        Finish::Plain | Finish::Full => workspace.dist(),
    };
    let inputs = stamp::inputs(workspace, &wasm)?;
    if stamp::holds(&folder, &inputs, finish) {
        return Ok(folder);
    }
    progress::step("client", "binding, hashing and compressing");
    let bound = bind::bind(workspace, &wasm, finish)?;
    let shipped = layout::lay_out(workspace, bound, finish)?;
    write(&folder, &shipped, &stamp::stamp(&inputs, finish, &shipped))?;
    stand_in::offer(workspace)?;
    Ok(folder)
}

/// A file as the browser gets it.
struct Shipped {
    /// As the sources call it: `style/main.css`.
    plain: String,
    /// As the browser calls it: `main-1f3a….css`.
    name: String,
    bytes: Vec<u8>,
    /// The same in smaller, by file extension.
    encoded: Vec<(&'static str, Vec<u8>)>,
}

/// Makes the folder hold these files and no others. The stamp comes last: without it the folder counts for nothing.
fn write(folder: &Path, shipped: &[Shipped], stamp: &str) -> Result<(), Error> {
    let about = |path: &Path| format!("Cannot write {}", path.display());
    fs::create_dir_all(folder).context(about(folder))?;
    // The stamp goes first and comes last.
    let stamp_path = folder.join(stamp::FILE);
    if stamp_path.exists() {
        fs::remove_file(&stamp_path).context(about(&stamp_path))?;
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
    fs::write(&stamp_path, stamp).context(about(&stamp_path))?;
    stamp::sweep(folder, shipped)
}
