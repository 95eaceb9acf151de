//! Starts the app, the dev org and stores on this machine, talks to them, and ends them: shared by xtask and the benchmarks.

pub mod error;
pub mod http;
pub mod launch;
pub mod parent_death;
pub mod process;
pub mod progress;
pub mod server;
pub mod store;
pub mod temp;

pub use error::{Context, Error};
