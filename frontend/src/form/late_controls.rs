//! The controls of the late part, which appear only after the username.

use super::form_state::FormState;
use super::{captcha, choice, code, nested_forms, new_password, phone};
use crate::any_element::AnyElement;
use crate::flow::field::{Control, Field};

/// Builds one of them.
pub(crate) fn control(field: &Field, state: FormState) -> Vec<AnyElement> {
    match &field.control {
        Control::NewPassword(entry) => new_password::new_password(field, entry, state),
        Control::Phone => phone::phone(field, state),
        Control::Code(format) => code::code_field(field, *format, state),
        Control::Captcha => vec![captcha::captcha(field, state)],
        Control::Radios(options) => vec![choice::radios(field, options, state)],
        Control::Select(options) => vec![choice::list(field, options, state)],
        Control::Forms(forms) => nested_forms::nested_forms(field, forms, state),
        Control::Text(_) | Control::Password | Control::Checkbox | Control::Group(_) | Control::Fixed(_) => {
            Vec::new()
        }
    }
}
