//! An Okta-compatible org in one process, for development and tests.
//!
//! It listens on loopback only, keeps everything in memory and speaks the Identity Engine's protocol well enough
//! that clients written for Okta run against it unchanged. A test starts as many as it likes, side by side:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), latchkey_devorg::StartError> {
//! use latchkey_devorg::{Options, Org};
//!
//! let org = Org::start(Options::default()).await?; // a free port of its own; gone when `org` is dropped
//! assert!(org.issuer().ends_with("/oauth2/default"));
//! assert!(org.inbox("mary@example.com").is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! What a person finds on the console under `/dev`, a test finds here without HTTP: [`Org::inbox`] is what was "sent",
//! [`Org::add_user`] and [`Org::add_app`] take the JSON of `POST /dev/users` and `POST /dev/apps`, [`Org::advance`] moves
//! the org's clock, [`Org::faults`] scripts what goes wrong, [`Org::journal`] is what was called.
//!
//! Inside, everything that is decided is a function of the `World`, the input, the time and a source of
//! chance; `web` is the only room that knows HTTP, and `serve` the only one that opens a socket.

mod clock;
mod credentials;
mod data_file;
mod flow;
mod identity_provider;
mod ion;
mod oauth;
mod org;
mod outbound;
mod random;
mod server;
mod shared;
mod web;

pub use clock::Moment;
pub use org::inbox::{Channel, Sent};
pub use server::{Options, Org, StartError};
pub use shared::journal::Call;

/// The Rust of the documentation compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/devorg.md")]
struct Documentation;
