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

pub(crate) use squeeze::squeeze;
pub(crate) use stamp::files;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::{self, Profile};
use crate::say;
use crate::trouble::{About, Trouble};
use crate::workspace::Workspace;

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
pub(crate) fn build(workspace: &Workspace, finish: Finish) -> Result<PathBuf, Trouble> {
    cargo::browser_target()?;
    say::step("client", "building for the browser");
    let wasm = cargo::client(workspace, finish.profile())?;
    let folder = match finish {
        Finish::Draft => wasm.with_file_name("draft"),
        Finish::Plain | Finish::Full => workspace.dist(),
    };
    let inputs = stamp::inputs(workspace, &wasm)?;
    if stamp::holds(&folder, &inputs, finish) {
        return Ok(folder);
    }
    say::step("client", "binding, hashing and compressing");
    let bound = bind::bind(workspace, &wasm, finish)?;
    let shipped = layout::lay_out(workspace, bound, finish)?;
    write(&folder, &shipped, &stamp::stamp(&inputs, finish, &shipped))?;
    stand_in::offer(workspace)?;
    Ok(folder)
}

/// The files that the sign-in page needs before it can be used: the page and all that it names.
pub(crate) fn downloaded_at_first(folder: &Path) -> Result<Vec<String>, Trouble> {
    let page = folder.join(layout::PAGE);
    let html = fs::read_to_string(&page).about(format_args!("Cannot read {}", page.display()))?;
    let named =
        html.split('"').filter_map(|word| word.strip_prefix('/')).filter(|name| folder.join(name).is_file());
    let names: BTreeSet<String> = named.map(str::to_owned).chain([layout::PAGE.to_owned()]).collect();
    Ok(names.into_iter().collect())
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
fn write(folder: &Path, shipped: &[Shipped], stamp: &str) -> Result<(), Trouble> {
    let about = |path: &Path| format!("Cannot write {}", path.display());
    fs::create_dir_all(folder).about(about(folder))?;
    // The stamp goes first and comes last.
    let stamp_path = folder.join(stamp::FILE);
    if stamp_path.exists() {
        fs::remove_file(&stamp_path).about(about(&stamp_path))?;
    }
    for file in shipped {
        let path = folder.join(&file.name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).about(about(parent))?;
        }
        fs::write(&path, &file.bytes).about(about(&path))?;
        for (extension, bytes) in &file.encoded {
            let path = folder.join(format!("{}.{extension}", file.name));
            fs::write(&path, bytes).about(about(&path))?;
        }
    }
    fs::write(&stamp_path, stamp).about(about(&stamp_path))?;
    stamp::sweep(folder, shipped)
}
