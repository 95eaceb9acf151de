//! An Okta-compatible org in one process, for development and tests.
//!
//! It listens on loopback only, keeps its state in memory and implements enough of the Identity Engine's protocol for
//! clients written for Okta to run against it unchanged. A test can start several orgs side by side:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), latchkey_devorg::OrgStartError> {
//! use latchkey_devorg::{Options, Org};
//!
//! let org = Org::start(Options::default()).await?; // on a free port; stops when `org` is dropped
//! assert!(org.issuer().ends_with("/oauth2/default"));
//! assert!(org.inbox("mary@example.com").is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! What the console under `/dev` shows is available here without HTTP: [`Org::inbox`] has the sent messages,
//! [`Org::add_user`] and [`Org::add_app`] take the JSON of `POST /dev/users` and `POST /dev/apps`, [`Org::advance`] moves
//! the org's clock, [`Org::faults`] scripts faults, [`Org::journal`] lists the calls.
//!
//! [`Replay`] is another org: it plays a trace of `latchkey doctor --walk` back.
//!
//! `flow` decides as a pure function of the org's state, the request, the time and randomness. `web` is the HTTP side,
//! `outbound` sends the org's own requests, `device` plays Okta Verify on a device, and `server` starts it all.

mod clock;
mod credentials;
mod data_file;
mod device;
mod flow;
mod identity_provider;
mod ion;
mod my_account;
mod oauth;
mod org;
mod outbound;
mod random;
mod replay;
mod server;
mod shared;
mod sockets;
mod web;

pub use clock::Timestamp;
pub use org::inbox::{Channel, SentMessage};
pub use replay::Replay;
pub use server::{Options, Org, OrgStartError};
pub use shared::journal::JournalEntry;

/// The Rust of the documentation compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/devorg.md")]
struct Documentation;
