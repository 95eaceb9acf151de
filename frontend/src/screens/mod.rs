//! What is asked, screen by screen.

mod alternatives;
pub(crate) mod current;
mod ended;
mod form;
mod form_text;
mod frame;
pub(crate) mod language_menu;
mod passkey;
mod signed_in;
mod starting;
mod wait;
