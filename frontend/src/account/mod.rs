//! The account page: what signs the person in, where they are signed in, and what the org says about them.

pub(crate) mod change;
mod change_field;
mod change_form;
mod claims;
mod device;
pub(crate) mod element;
pub(crate) mod failure;
mod form_signals;
mod groups;
mod make_change;
mod moment;
mod page;
pub(crate) mod phrase;
mod read;
mod rows;
mod security;
mod security_state;
mod sessions;
pub(crate) mod shell;
pub(crate) mod view;
