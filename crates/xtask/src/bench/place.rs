//! Where a server of the bench lives: a folder and a port of its own.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::trouble::{About, Trouble};

/// A folder that goes when this is dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn make(name: &str) -> Result<Self, Trouble> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("latchkey-{name}-{}-{number}", process::id()));
        fs::create_dir_all(&folder).about(format_args!("Cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It lies among temporary files, so it goes sooner or later.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Free now, and hopefully still when somebody takes it a moment later.
pub(super) fn free_port() -> Result<u16, Trouble> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    Ok(bound.about("Cannot find a free port")?.port())
}
