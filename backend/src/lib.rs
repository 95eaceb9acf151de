//! The sign-in server: sessions in front of the Identity Engine, and nothing that Okta does already.
//!
//! [`config::read`] reads the settings, [`app::App`] holds what every request needs, [`api::router`] is the whole of
//! what the server answers, and [`http::serve`] is the only place that accepts a connection.

pub mod abuse;
pub mod api;
pub mod app;
pub mod background;
pub mod brand;
pub mod clock;
pub mod config;
pub mod detached;
pub mod http;
pub mod new_password;
pub mod ops;
pub mod org;
pub mod session;
pub mod translate;
pub mod upstream;
