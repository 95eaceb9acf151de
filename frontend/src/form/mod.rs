//! What is filled in: one component for each control, and the sheet they write on.

mod choice;
pub(crate) mod collect;
mod forms;
mod line;
mod password;
mod phone;
mod phone_number;
mod rules;

use crate::browser::{self, tag::Tag};
use crate::flow::Flow;
use crate::flow::field::{Control, Field, Typed};
use crate::text::Line;
use collect::Objections;
use latchkey_contract::Values;
use leptos::prelude::*;

/// What is typed into one form, and what is wrong with it. It goes with its form.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    pub(crate) flow: Flow,
    cells: StoredValue<Vec<(String, RwSignal<String>)>>,
    objections: RwSignal<Objections>,
    owner: StoredValue<Owner>,
}

impl Sheet {
    pub(crate) fn new(flow: Flow) -> Self {
        let owner = StoredValue::new(Owner::current().unwrap_or_default());
        Self { flow, cells: StoredValue::default(), objections: RwSignal::default(), owner }
    }

    /// What stands in the field `id`; at first what was typed there earlier, else `start`.
    pub(crate) fn cell(self, id: &str, start: &str) -> RwSignal<String> {
        let draft = || self.flow.drafts.with_value(|drafts| drafts.get(id).map(str::to_owned));
        self.fresh(id, draft().as_deref().unwrap_or(start))
    }

    /// What stands in the field `id`; at first `start`. A choice made at one step says nothing about the next.
    pub(crate) fn fresh(self, id: &str, start: &str) -> RwSignal<String> {
        if let Some(cell) = self.held(id) {
            return cell;
        }
        let given = browser::early::given(id).unwrap_or_else(|| start.to_owned());
        // A field that comes and goes within a form keeps its cell: it belongs to the sheet.
        let cell = self.owner.with_value(|owner| owner.with(|| RwSignal::new(given)));
        self.cells.update_value(|cells| cells.push((id.to_owned(), cell)));
        cell
    }

    /// Whether nothing has been asked on it yet.
    fn is_blank(self) -> bool {
        self.cells.with_value(Vec::is_empty)
    }

    fn held(self, id: &str) -> Option<RwSignal<String>> {
        self.cells.with_value(|cells| cells.iter().find(|(held, _)| held == id).map(|(_, cell)| *cell))
    }

    /// What is wrong with the field `id`: what the page found, else what the org says.
    pub(crate) fn wrong(self, id: &str) -> impl Fn() -> String + use<> {
        let (id, text) = (id.to_owned(), self.flow.text);
        move || {
            let ours =
                self.objections.with(|all| all.iter().find(|(at, _)| *at == id).map(|(_, line)| *line));
            match ours {
                Some(line) => text.line(line),
                None => self.flow.said.with(|(notes, _)| {
                    let beside = notes.beside.iter().filter(|(at, _)| *at == id);
                    beside.map(|(_, note)| text.words(&note.words)).collect::<Vec<_>>().join(" ")
                }),
            }
        }
    }

    /// The answers, or `None` when something is missing, which is then said beside its field.
    pub(crate) fn answers(self, fields: &[Field]) -> Option<Values> {
        let no_dates = browser::no_dates();
        let typed = |id: &str| self.held(id).map(|cell| cell.get_untracked()).unwrap_or_default();
        let (values, mut objections) = match collect::collect(fields, &typed) {
            Ok(values) => (Some(values), Objections::new()),
            Err(objections) => (None, objections),
        };
        objections.retain(|(id, _)| !no_dates.contains(id));
        objections.extend(no_dates.into_iter().map(|id| (id, Line::NoDate)));
        let values = values.filter(|_| objections.is_empty());
        self.objections.set(objections);
        values
    }

    /// Empties fields, for what was turned down and must not be sent twice.
    pub(crate) fn clear(self, ids: &[String]) {
        for cell in ids.iter().filter_map(|id| self.held(id)) {
            cell.set(String::new());
        }
    }
}

/// The fields, one below the other.
pub(crate) fn all(fields: &[Field], sheet: Sheet) -> Vec<Tag> {
    let mut shown = Vec::new();
    for field in fields {
        shown.extend(one(field, sheet));
    }
    shown
}

fn one(field: &Field, sheet: Sheet) -> Vec<Tag> {
    match &field.control {
        Control::Text(_) | Control::Code => vec![line::text(field, sheet)],
        Control::Password => vec![password::old(field, sheet)],
        Control::NewPassword(rules) => password::new(field, rules, sheet),
        Control::Phone => phone::phone(field, sheet),
        Control::Switch => vec![choice::switch(field, sheet)],
        Control::Radios(options) => vec![choice::radios(field, options, sheet)],
        Control::List(options) => vec![choice::list(field, options, sheet)],
        Control::Forms(inner) => forms::forms(field, inner, sheet),
        Control::Group(inner) => all(inner, sheet),
        Control::Fixed(_) => Vec::new(),
    }
}

/// What a browser, a password manager and a keyboard on glass are told about a line of text.
#[derive(Clone, Copy)]
struct Hints {
    kind: &'static str,
    autocomplete: &'static str,
    inputmode: &'static str,
}

fn hints(control: &Control) -> Hints {
    let (kind, autocomplete, inputmode) = match control {
        Control::Password => ("password", "current-password", "text"),
        Control::NewPassword(_) => ("password", "new-password", "text"),
        Control::Code => ("text", "one-time-code", "numeric"),
        Control::Phone => ("tel", "tel", "tel"),
        Control::Text(Typed::Username) => ("text", "username", "email"),
        Control::Text(Typed::UsernameOrPasskey) => ("text", "username webauthn", "email"),
        Control::Text(Typed::Email) => ("email", "email", "email"),
        Control::Text(Typed::GivenName) => ("text", "given-name", "text"),
        Control::Text(Typed::FamilyName) => ("text", "family-name", "text"),
        Control::Text(Typed::Number) => ("text", "off", "decimal"),
        Control::Text(Typed::Whole) => ("text", "off", "numeric"),
        Control::Text(Typed::Date) => ("date", "off", "text"),
        Control::Text(Typed::Plain)
        | Control::Switch
        | Control::Radios(_)
        | Control::List(_)
        | Control::Forms(_)
        | Control::Group(_)
        | Control::Fixed(_) => ("text", "off", "text"),
    };
    Hints { kind, autocomplete, inputmode }
}

/// A label's words; what need not be filled in says so.
fn caption(field: &Field, sheet: Sheet) -> String {
    let words = sheet.flow.text.label(&field.label);
    if field.required { words } else { format!("{words} ({})", sheet.flow.text.line(Line::Optional)) }
}
