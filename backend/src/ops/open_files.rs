//! The limit of open files: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Connections that people may have at once, and what the server itself keeps open.
const MIN_OPEN_FILES: u64 = 10_000;

/// Raises the soft limit of open files to the hard one, since the soft one is often 1024.
pub fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    let now = getrlimit(Resource::Nofile).current;
    match raised {
        Ok(()) => tracing::info!(before = limit.current, now, "the limit of open files"),
        Err(error) => tracing::warn!(now, %error, "the limit of open files cannot be raised"),
    }
    if now.is_some_and(|now| now < MIN_OPEN_FILES) {
        tracing::warn!(
            now,
            enough = MIN_OPEN_FILES,
            "connections beyond the limit of open files have to wait: raise the hard limit (LimitNOFILE= in systemd)"
        );
    }
}
