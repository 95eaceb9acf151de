//! One answer of the Identity Engine, read and checked: forms, actions, context, messages.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::error::Error;
use crate::ion::{Inside, Ion, Tape};
use crate::packed::Packed;

/// A response of the Identity Engine. A clone is the same one.
#[derive(Debug, Clone)]
pub(crate) struct Document(Arc<Page>);

struct Page {
    tape: Tape,
    /// How it is kept. It is kept more often than it changes.
    packed: OnceLock<Packed>,
}

/// A form that is not a step but stands beside one: `cancel`, or `resend` inside an authenticator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Action<'d> {
    pub(crate) group: Option<&'d str>,
    pub(crate) own: &'d str,
    pub(crate) form: Ion<'d>,
}

/// One remediation, with the document its references lead into.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form<'d> {
    pub(crate) ion: Ion<'d>,
    pub(crate) document: &'d Document,
}

/// The authenticator a form is about. Where the form names the ids itself, its word goes before the reference's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whose<'d> {
    pub(crate) object: Ion<'d>,
    /// The ids as the form has them; none when the form has no `authenticator` field.
    pub(crate) ids: Option<Ids<'d>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids<'d> {
    pub(crate) id: Option<Ion<'d>>,
    pub(crate) enrollment: Option<Ion<'d>>,
}

impl Document {
    /// Reads a response. It may lack a version, as the error pages of a submitted form do, but have no other.
    pub(crate) fn read(text: impl Into<String>) -> Result<Self, Error> {
        let tape = Tape::read(text).map_err(|error| Error::NotIon(error.to_string()))?;
        if !tape.root().is_members() {
            return Err(Error::NotIon("it is no object".into()));
        }
        let document = Self::of(tape, OnceLock::new());
        if document.root().get("version").is_some_and(|version| version.as_text() != Some("1.0.0")) {
            return Err(Error::UnknownVersion);
        }
        document.check_references()?;
        Ok(document)
    }

    /// Reads a response that was checked before it was kept.
    pub(crate) fn read_kept(packed: Packed) -> Option<Self> {
        let tape = Tape::read(packed.text()?).ok()?;
        Some(Self::of(tape, OnceLock::from(packed)))
    }

    fn of(tape: Tape, packed: OnceLock<Packed>) -> Self {
        Self(Arc::new(Page { tape, packed }))
    }

    pub(crate) fn root(&self) -> Ion<'_> {
        self.0.tape.root()
    }

    /// The response as it came.
    pub(crate) fn text(&self) -> &str {
        self.0.tape.text()
    }

    /// The response as it is kept.
    pub(crate) fn packed(&self) -> &Packed {
        self.0.packed.get_or_init(|| Packed::new(self.text()))
    }

    /// The newest name of the flow at the org. A form's own, if fixed, goes before it.
    pub(crate) fn state_handle(&self) -> Option<&str> {
        self.root().text("stateHandle")
    }

    pub(crate) fn has_version(&self) -> bool {
        self.root().get("version").is_some()
    }

    /// Whether it says itself that something failed, whatever the status.
    pub(crate) fn is_refusal(&self) -> bool {
        self.root().get("error").is_some_and(Ion::is_set)
    }

    /// Whether it is no document at all but a refusal in OAuth's words.
    pub(crate) fn is_oauth_error(&self) -> bool {
        ["error", "error_description"].iter().all(|name| self.root().get(name).is_some_and(Ion::is_set))
    }

    pub(crate) fn forms(&self) -> impl Iterator<Item = Form<'_>> {
        self.remediations().map(|ion| Form { ion, document: self })
    }

    pub(crate) fn form_at(&self, index: usize) -> Option<Form<'_>> {
        self.remediations().nth(index).map(|ion| Form { ion, document: self })
    }

    /// The first form of that name; the org may offer several (identity providers).
    pub(crate) fn find_form(&self, name: &str) -> Option<(usize, Form<'_>)> {
        self.forms().enumerate().find(|(_, form)| form.name() == name)
    }

    /// What stands beside the forms, each name once: of several of one name the last counts.
    pub(crate) fn actions(&self) -> Vec<Action<'_>> {
        let mut actions: Vec<Action<'_>> = Vec::new();
        let mut add = |action| match actions.iter_mut().find(|other| other.has_name_of(&action)) {
            Some(other) => *other = action,
            None => actions.push(action),
        };
        for (key, value) in self.root().members() {
            if key == "remediation" || key == "context" {
                continue;
            }
            if is_form(value) {
                add(Action { group: None, own: value.text("name").unwrap_or(key), form: value });
            } else if value.text("type") == Some("object") {
                let inner = value.get("value").into_iter().flat_map(Ion::members);
                let forms = inner.filter(|(_, form)| is_form(*form));
                forms.for_each(|(own, form)| add(Action { group: Some(key), own, form }));
            }
        }
        actions
    }

    pub(crate) fn find_action(&self, name: &str) -> Option<Action<'_>> {
        self.actions().into_iter().find(|action| action.is_called(name))
    }

    /// The first action that sends the challenge again.
    pub(crate) fn resend_action(&self) -> Option<Action<'_>> {
        self.actions().into_iter().find(|action| action.name().contains("-resend"))
    }

    /// The value of a container such as `currentAuthenticator`.
    pub(crate) fn context(&self, name: &str) -> Option<Ion<'_>> {
        self.root().get(name)?.get("value")
    }

    pub(crate) fn interaction_code(&self) -> Option<&str> {
        self.root()
            .get("successWithInteractionCode")?
            .list("value")
            .find(|field| field.text("name") == Some("interaction_code"))?
            .text("value")
            .filter(|code| !code.is_empty())
    }

    /// What tells one step from another: the forms, whose authenticator it is, the code.
    pub(crate) fn place(&self) -> (Vec<&str>, [Option<&str>; 3]) {
        let id = |name| self.context(name).and_then(|current| current.text("id"));
        let ids = [id("currentAuthenticator"), id("currentAuthenticatorEnrollment"), self.interaction_code()];
        (self.forms().map(|form| form.name()).collect(), ids)
    }

    /// Neither a form to fill nor a code to redeem: the flow ends here.
    pub(crate) fn is_terminal(&self) -> bool {
        self.remediations().next().is_none() && self.interaction_code().is_none()
    }

    /// Global messages, then those of every field, in the document's order.
    pub(crate) fn messages(&self) -> Vec<Ion<'_>> {
        let mut found: Vec<Ion<'_>> = self.root().list_in("messages", "value").collect();
        for form in self.remediations() {
            field_messages(form.list("value"), &mut found);
        }
        let mut last_of_key: Vec<(&str, Option<&str>)> = Vec::new();
        found.retain(|message| {
            let Some(key) = message.get("i18n").and_then(|i18n| i18n.text("key")) else { return true };
            let text = message.text("message");
            match last_of_key.iter_mut().find(|(seen, _)| *seen == key) {
                Some((_, last)) if *last == text => false,
                Some((_, last)) => {
                    *last = text;
                    true
                }
                None => {
                    last_of_key.push((key, text));
                    true
                }
            }
        });
        found
    }

    /// Follows a reference such as `$.authenticators.value[0]`. Steps that lead nowhere are passed over, as Okta's
    /// own clients do; only the last must be there.
    pub(crate) fn resolve(&self, path: &str) -> Option<Ion<'_>> {
        let mut words =
            path.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
        let last = words.next_back()?;
        let mut at = self.root();
        for word in words {
            if let Some(next) = step_into(at, word) {
                if !(next.is_list() || next.is_members()) {
                    return None;
                }
                at = next;
            }
        }
        step_into(at, last).filter(|found| found.is_set())
    }

    fn remediations(&self) -> Inside<'_> {
        self.root().list_in("remediation", "value")
    }

    fn check_references(&self) -> Result<(), Error> {
        for form in self.remediations() {
            let is_launch = form.text("name") == Some("launch-authenticator");
            if is_launch
                && self.root().get("authenticatorChallenge").is_none()
                && reference(form) == Some("authenticatorChallenge")
            {
                continue;
            }
            self.check_references_in(form)?;
        }
        Ok(())
    }

    fn check_references_in(&self, value: Ion<'_>) -> Result<(), Error> {
        if let Some(path) = reference(value)
            && self.resolve(path).is_none()
        {
            return Err(Error::UnresolvedReference(path.to_owned()));
        }
        value
            .member_values()
            .filter(|member| member.is_list() && !member.is_called("relatesTo"))
            .flat_map(Ion::items)
            .try_for_each(|item| self.check_references_in(item))
    }
}

impl<'d> Form<'d> {
    pub(crate) fn name(&self) -> &'d str {
        self.ion.text("name").unwrap_or_default()
    }

    pub(crate) fn fields(&self) -> Inside<'d> {
        self.ion.list("value")
    }

    pub(crate) fn field(&self, name: &str) -> Option<Ion<'d>> {
        self.fields().find(|field| field.text("name") == Some(name))
    }

    /// Otherwise it is a link for the browser.
    pub(crate) fn can_be_sent(&self) -> bool {
        is_form(self.ion)
    }

    pub(crate) fn relates_to(&self) -> Option<Ion<'d>> {
        relation(self.document, self.ion)
    }

    /// The authenticator (or enrolment) the form's reference leads to, with the ids the form itself gives.
    pub(crate) fn authenticator(&self) -> Option<Whose<'d>> {
        let object = self.relates_to()?.get("value").filter(|value| value.is_set())?;
        let ids = self.field("authenticator").map(|field| {
            let own = |name| {
                let nested = field.form_fields().find(|nested| nested.text("name") == Some(name));
                nested.and_then(|nested| nested.get("value"))
            };
            Ids { id: own("id"), enrollment: own("enrollmentId") }
        });
        Some(Whose { object, ids })
    }
}

impl<'d> Whose<'d> {
    pub(crate) fn id(&self) -> Option<Ion<'d>> {
        self.ids.map_or_else(|| self.object.get("id"), |ids| ids.id)
    }

    pub(crate) fn enrollment_id(&self) -> Option<Ion<'d>> {
        self.ids.map_or_else(|| self.object.get("enrollmentId"), |ids| ids.enrollment)
    }

    pub(crate) fn key(&self) -> Option<&'d str> {
        self.object.text("key")
    }
}

impl Action<'_> {
    fn has_name_of(&self, other: &Self) -> bool {
        self.group == other.group && self.own == other.own
    }

    pub(crate) fn name(&self) -> String {
        self.to_string()
    }

    fn is_called(&self, name: &str) -> bool {
        match self.group {
            None => self.own == name,
            Some(group) => name.strip_prefix(group).and_then(|rest| rest.strip_prefix('-')) == Some(self.own),
        }
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.group {
            None => f.write_str(self.own),
            Some(group) => write!(f, "{group}-{}", self.own),
        }
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tape.fmt(f)
    }
}

/// What an option or a form relates to.
pub(crate) fn relation<'d>(document: &'d Document, value: Ion<'d>) -> Option<Ion<'d>> {
    let related = value.get("relatesTo")?;
    if related.is_members() { Some(related) } else { document.resolve(reference(value)?) }
}

/// What can be sent has a `rel`; what has none is a link or no form at all.
fn is_form(value: Ion<'_>) -> bool {
    value.get("rel").is_some_and(Ion::is_set)
}

fn reference(value: Ion<'_>) -> Option<&str> {
    let path = value.get("relatesTo")?;
    path.as_text().or_else(|| path.items().next()?.as_text())
}

fn step_into<'d>(at: Ion<'d>, word: &str) -> Option<Ion<'d>> {
    if at.is_list() { at.items().nth(word.parse().ok()?) } else { at.get(word) }
}

fn field_messages<'d>(fields: Inside<'d>, found: &mut Vec<Ion<'d>>) {
    fields.for_each(|field| one_field_messages(field, found));
}

fn one_field_messages<'d>(field: Ion<'d>, found: &mut Vec<Ion<'d>>) {
    found.extend(field.list_in("messages", "value"));
    field_messages(field.form_fields(), found);
    for value in field.list("options").filter_map(|option| option.get("value")) {
        one_field_messages(value, found);
    }
}
