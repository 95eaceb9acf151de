//! What an open form of the account page holds, however it is drawn: it stays when the page is drawn in another language.

use super::change::AccountChange;
use super::change_field::ChangeField;
use super::failure::{AccountFailure, Sentence};
use leptos::prelude::*;

/// A control of a form, with its value and its error.
#[derive(Clone, Copy)]
pub(super) struct ControlState {
    pub(super) value: RwSignal<String>,
    pub(super) error: RwSignal<Option<Sentence>>,
}

/// The change of a form, its fields with their controls, and what has happened in it.
#[derive(Clone, Copy)]
pub(super) struct FormSignals {
    pub(super) change: StoredValue<AccountChange>,
    pub(super) fields: StoredValue<Vec<ChangeField>>,
    pub(super) controls: StoredValue<Vec<ControlState>>,
    pub(super) busy: RwSignal<bool>,
    pub(super) failure: RwSignal<Option<AccountFailure>>,
}

impl FormSignals {
    /// A form in which nothing has been typed.
    pub(super) fn new(change: AccountChange) -> Self {
        let fields = change.form().fields;
        let control = |field: &ChangeField| ControlState {
            value: RwSignal::new(field.start().to_owned()),
            error: RwSignal::new(None),
        };
        Self {
            controls: StoredValue::new(fields.iter().map(control).collect()),
            change: StoredValue::new(change),
            fields: StoredValue::new(fields),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
        }
    }
}
