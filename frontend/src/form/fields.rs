//! The fields of a form, one below the other.

use super::form_state::FormState;
use super::{checkbox, secret, text_field};
use crate::any_element::AnyElement;
use crate::flow::field::{Control, Field};
use crate::late;

/// Builds every field.
pub(crate) fn fields(fields: &[Field], state: FormState) -> Vec<AnyElement> {
    fields.iter().flat_map(|one| field(one, state)).collect()
}

fn field(field: &Field, state: FormState) -> Vec<AnyElement> {
    match &field.control {
        Control::Text(_) => vec![text_field::text(field, state)],
        Control::Password => vec![secret::password(field, state)],
        Control::Checkbox => vec![checkbox::checkbox(field, state)],
        Control::Group(inner) => fields(inner, state),
        Control::Fixed(_) => Vec::new(),
        Control::NewPassword(_)
        | Control::Code(_)
        | Control::Phone
        | Control::Captcha
        | Control::Radios(_)
        | Control::Select(_)
        | Control::Forms(_) => late::control(field, state),
    }
}
