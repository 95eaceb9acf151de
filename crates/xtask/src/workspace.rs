//! The folders of the checkout, and the folder for tools that are installed once for all checkouts.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use latchkey_harness::progress;
use latchkey_harness::{Context, Error};

/// A checkout.
pub(crate) struct Workspace {
    root: PathBuf,
    tools: PathBuf,
}

impl Workspace {
    /// The checkout from which cargo started this program.
    pub(crate) fn find() -> Result<Self, Error> {
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .ok_or_else(|| Error::new("This is not started from a checkout.").hint("Use `cargo xtask`."))?;
        let caches = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| env::home_dir().map(|home| home.join(".cache")))
            .unwrap_or_else(env::temp_dir);
        Ok(Self { root: root.to_owned(), tools: caches.join("latchkey").join("tools") })
    }

    /// Another folder as the checkout, with the same tools.
    #[cfg(test)]
    pub(crate) fn at(&self, root: &Path) -> Self {
        Self { root: root.to_owned(), tools: self.tools.clone() }
    }

    /// The top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The built client, which the app serves and the released program contains.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The browser tests and their npm packages.
    pub(crate) fn e2e(&self) -> PathBuf {
        self.root.join("e2e")
    }

    /// The tools that all checkouts share.
    pub(crate) fn tools(&self) -> &Path {
        &self.tools
    }

    /// Locks the folder of tools until the file is dropped, so that one process at a time installs.
    pub(crate) fn tool_lock(&self) -> Result<File, Error> {
        fs::create_dir_all(&self.tools).context(format_args!("Cannot create {}", self.tools.display()))?;
        let path = self.tools.join("lock");
        File::create(&path).context(format_args!("Cannot create {}", path.display()))?;
        lock_file(&path)
    }
}

/// Locks a file until the returned one is dropped, so that one process at a time installs what it lists.
pub(crate) fn lock_file(path: &Path) -> Result<File, Error> {
    let file = File::open(path).context(format_args!("Cannot open {}", path.display()))?;
    if let Ok(()) = file.try_lock() {
        return Ok(file);
    }
    progress::step("tools", "waiting for another xtask to finish installing");
    file.lock().context(format_args!("Cannot lock {}", path.display()))?;
    Ok(file)
}
