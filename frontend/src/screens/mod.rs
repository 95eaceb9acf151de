//! The screens, one component each.

mod account;
mod account_place;
mod alternatives;
pub(crate) mod countdown;
pub(crate) mod current;
mod device;
mod elsewhere;
mod email_consent;
mod ended;
mod form;
mod form_text;
mod frame;
pub(crate) mod language_menu;
pub(crate) mod late_screen;
mod load_failed;
pub(crate) mod message_lines;
mod passkey;
mod passkey_button;
mod signed_in;
mod signed_in_already;
mod starting;
mod step_form;
mod wait;
