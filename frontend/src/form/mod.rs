//! Forms: one component for each control, and the state of their form.

mod captcha;
mod checkbox;
mod choice;
mod code;
pub(crate) mod collect;
pub(crate) mod collect_late;
pub(crate) mod fields;
pub(crate) mod form_state;
pub(crate) mod late_controls;
mod nested_forms;
mod new_password;
mod password_rules;
mod phone;
mod phone_number;
mod secret;
pub(crate) mod text_field;
