//! A temporary folder and a free port for a server.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Context, Error};

/// A temporary folder, removed when this is dropped.
pub struct TempDir(PathBuf);

impl TempDir {
    /// Creates an empty folder with `name` in its name.
    pub fn create(name: &str) -> Result<Self, Error> {
        static CREATED: AtomicU32 = AtomicU32::new(0);
        let number = CREATED.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("latchkey-{name}-{}-{number}", process::id()));
        fs::create_dir_all(&folder).context(format_args!("Cannot create {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // The system removes temporary files later.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A port that is free now; another process may take it before the caller does.
pub fn free_port() -> Result<u16, Error> {
    let bound = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    Ok(bound.context("Cannot find a free port")?.port())
}
