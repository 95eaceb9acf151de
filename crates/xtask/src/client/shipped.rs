//! The files that the browser gets, and where they lie.

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_harness::{Context, Error};

/// A file as the browser gets it.
pub(super) struct Shipped {
    /// Its name in the sources: `style/main.css`.
    pub(super) source: String,
    /// Its name for the browser: `main-1f3a….css`.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Its compressed forms, by file extension.
    pub(super) encoded: Vec<(&'static str, Vec<u8>)>,
}

/// What a folder contains.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let about = || format!("Cannot read {}", folder.display());
    let entries = fs::read_dir(folder).context(about())?;
    entries.map(|entry| Ok(entry.context(about())?.path())).collect()
}

/// The files in a folder and in its folders, sorted.
pub(super) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
