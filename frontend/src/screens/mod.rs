//! What is asked, screen by screen.

mod alternatives;
pub(crate) mod current;
pub(crate) mod ended;
mod form;
mod form_text;
mod frame;
pub(crate) mod language_menu;
mod load_failed;
pub(crate) mod passkey;
pub(crate) mod signed_in;
mod starting;
pub(crate) mod wait;
