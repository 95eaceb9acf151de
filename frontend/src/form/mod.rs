//! What is filled in: one component for each control, and the state of the form that they are in.

mod choice;
pub(crate) mod collect;
pub(crate) mod form_state;
mod nested_forms;
mod new_password;
mod password_rules;
mod phone;
mod phone_number;
mod secret;
mod text_field;

use crate::any_element::AnyElement;
use crate::flow::field::{Control, Field};
use form_state::FormState;

/// The fields, one below the other.
pub(crate) fn fields(fields: &[Field], state: FormState) -> Vec<AnyElement> {
    fields.iter().flat_map(|one| field(one, state)).collect()
}

fn field(field: &Field, state: FormState) -> Vec<AnyElement> {
    match &field.control {
        Control::Text(_) | Control::Code => vec![text_field::text(field, state)],
        Control::Password => vec![secret::password(field, state)],
        Control::NewPassword(settings) => new_password::new_password(field, settings, state),
        Control::Phone => phone::phone(field, state),
        Control::Switch => vec![choice::checkbox(field, state)],
        Control::Radios(options) => vec![choice::radios(field, options, state)],
        Control::List(options) => vec![choice::list(field, options, state)],
        Control::Forms(forms) => nested_forms::nested_forms(field, forms, state),
        Control::Group(inner) => self::fields(inner, state),
        Control::Fixed(_) => Vec::new(),
    }
}
