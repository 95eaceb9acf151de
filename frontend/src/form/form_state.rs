//! The state of one form: typed values and errors. It is dropped with its form.

use super::collect::{FormAnswers, InputErrors, Typed, collect};
use crate::browser::{early_form, focus};
use crate::flow::field::Field;
use crate::flow::note::Note;
use crate::flow::{Flow, Notices};
use crate::text::{Phrase, Wording};
use latchkey_contract::Values;
use leptos::prelude::*;

/// The values of a form's fields by field id, and the errors that the page itself found.
#[derive(Clone, Copy)]
pub(crate) struct FormState {
    pub(crate) flow: Flow,
    values: StoredValue<Vec<(String, RwSignal<String>)>>,
    errors: RwSignal<InputErrors>,
    /// The fields that were edited since their values were last sent. What was wrong with them may be right now.
    edited: RwSignal<Vec<String>>,
    /// While an answer is being checked, nothing is wrong with it. An error that follows is shown and read out again.
    busy: Memo<bool>,
    /// Whether the form was sent and waits for a value that the page makes.
    pending: RwSignal<bool>,
    owner: StoredValue<Owner>,
}

impl FormState {
    pub(crate) fn new(flow: Flow) -> Self {
        let owner = StoredValue::new(Owner::current().unwrap_or_default());
        Self {
            flow,
            values: StoredValue::default(),
            errors: RwSignal::default(),
            edited: RwSignal::default(),
            busy: Memo::new(move |_| flow.is_busy()),
            pending: RwSignal::new(false),
            owner,
        }
    }

    /// The value of the field `id`; initially its draft, else `start`.
    pub(crate) fn draft_value(self, id: &str, start: &str) -> RwSignal<String> {
        let draft = self.flow.drafts.with_value(|drafts| drafts.get(id).map(str::to_owned));
        self.value(id, draft.as_deref().unwrap_or(start))
    }

    /// The value of the field `id`; initially `start`. A choice at one step does not carry over to the next.
    pub(crate) fn value(self, id: &str, start: &str) -> RwSignal<String> {
        if let Some(value) = self.existing(id) {
            return value;
        }
        let typed = early_form::value(id).unwrap_or_else(|| start.to_owned());
        // A field that appears again within a form keeps its value, which belongs to the form.
        let value = self.owner.with_value(|owner| owner.with(|| RwSignal::new(typed)));
        self.values.update_value(|values| values.push((id.to_owned(), value)));
        value
    }

    /// Whether no field has a value yet.
    pub(super) fn is_empty(self) -> bool {
        self.values.with_value(Vec::is_empty)
    }

    fn existing(self, id: &str) -> Option<RwSignal<String>> {
        self.values.with_value(|values| values.iter().find(|(own, _)| own == id).map(|(_, value)| *value))
    }

    /// The error of the field `id`: the page's, else the org's. Empty if there is none.
    pub(crate) fn error(self, id: &str) -> Signal<String> {
        let (id, text) = (id.to_owned(), self.flow.text);
        Signal::derive(move || {
            if self.busy.get() || self.edited.with(|edited| edited.contains(&id)) {
                return String::new();
            }
            let own = |all: &InputErrors| {
                all.iter().find(|(at, _)| *at == id).map(|(_, words)| text.wording(words))
            };
            self.errors.with(own).unwrap_or_else(|| {
                self.flow.notices.with(|Notices { notes, .. }| {
                    let beside = notes.beside_field(&id).into_iter();
                    beside.map(|note| text.wording(&note.words)).collect::<Vec<_>>().join(" ")
                })
            })
        })
    }

    /// Whether the field `id` has the org's message of this key, and was not edited since.
    pub(super) fn has_message(self, id: &str, key: &'static str) -> Signal<bool> {
        let id = id.to_owned();
        Signal::derive(move || {
            let is_key = |note: &Note| match &note.words {
                Wording::Message(message) => message.i18n.as_ref().is_some_and(|i18n| i18n.key == key),
                Wording::Ours(_) | Wording::Org(_) => false,
            };
            let is_edited = self.edited.with(|edited| edited.contains(&id));
            !self.busy.get()
                && !is_edited
                && self.flow.notices.with(|Notices { notes, .. }| {
                    notes.beside.iter().any(|(at, note)| *at == id && is_key(note))
                })
        })
    }

    /// Notes that the person has edited the field `id`, whose error is then out of date.
    pub(super) fn edit(self, id: &str) {
        if !self.edited.with_untracked(|edited| edited.iter().any(|own| own == id)) {
            self.edited.update(|edited| edited.push(id.to_owned()));
        }
    }

    /// The answer, or `None` if there are errors, which are then shown beside their fields.
    /// `take_late` collects the answers of controls in the late part.
    pub(crate) fn answers(
        self,
        fields: &[Field],
        take_late: fn(&Field, Typed<'_>, &mut FormAnswers),
    ) -> Option<Values> {
        self.take_values_in_sight();
        self.edited.set(Vec::new());
        let invalid_dates = focus::invalid_dates();
        let typed = |id: &str| self.existing(id).map(|value| value.get_untracked()).unwrap_or_default();
        let FormAnswers { values, mut errors, is_pending } = collect(fields, &typed, take_late);
        errors.retain(|(id, _)| !invalid_dates.contains(id));
        errors.extend(invalid_dates.into_iter().map(|id| (id, Wording::Ours(Phrase::NoDate))));
        let is_complete = errors.is_empty();
        self.errors.set(errors);
        self.pending.set(is_complete && is_pending);
        (is_complete && !is_pending).then_some(values)
    }

    /// Whether the form was sent and waits for a value that the page makes. Its control then sends the form again.
    pub(crate) fn is_pending(self) -> bool {
        self.pending.get()
    }

    /// The same, without subscribing.
    pub(crate) fn is_pending_untracked(self) -> bool {
        self.pending.get_untracked()
    }

    /// Ends the wait, or begins it.
    pub(super) fn set_pending(self, is_pending: bool) {
        self.pending.set(is_pending);
    }

    /// A value that was set without an event counts as typed.
    fn take_values_in_sight(self) {
        for (id, value) in self.values.get_value() {
            if let Some(seen) = early_form::answered_value(&id).filter(|seen| *seen != value.get_untracked())
            {
                value.set(seen);
            }
        }
    }

    /// Empties fields with refused values, so that they are not sent twice.
    pub(crate) fn clear(self, ids: &[String]) {
        for value in ids.iter().filter_map(|id| self.existing(id)) {
            value.set(String::new());
        }
    }
}
