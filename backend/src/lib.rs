//! The sign-in server: sessions in front of the Identity Engine, and nothing that Okta does already.
//!
//! [`config::read`] says what is wanted, [`app::App`] holds what every request needs, [`routes::router`] is the whole of
//! what the server answers, and [`server::serve`] is the only place that accepts a connection.

pub mod app;
pub mod assets;
pub mod body;
pub mod breaker;
pub mod budget;
pub mod bulkhead;
pub mod config;
pub mod detached;
pub mod doctor;
pub mod flow_queue;
pub mod guard;
mod hold;
pub mod identifier;
mod known;
pub mod limits;
pub mod metrics;
mod moved;
pub mod open_files;
pub mod openapi;
mod outbox;
pub mod permits;
pub mod problem;
pub mod proxy;
mod roster;
pub mod routes;
pub mod server;
pub mod session;
pub mod tempo;
pub mod translate;
pub mod vault;
