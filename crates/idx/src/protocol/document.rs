//! A document: one response of the Identity Engine, parsed and checked. It has forms, actions, authenticators and messages.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::compressed_text::CompressedText;
use super::ion::{Ion, Items};
use super::tape::Tape;
use crate::error::Error;

/// A response of the Identity Engine. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Document(Arc<Shared>);

struct Shared {
    tape: Tape,
    /// The stored form, made once: a document is stored more often than it changes.
    compressed: OnceLock<CompressedText>,
}

/// A form beside the remediations: `cancel`, or `resend` inside an authenticator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentAction<'d> {
    pub(crate) group: Option<&'d str>,
    pub(crate) name: &'d str,
    pub(crate) form: Ion<'d>,
}

/// One remediation, with the document that its references point into.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Remediation<'d> {
    pub(crate) ion: Ion<'d>,
    pub(crate) document: &'d Document,
}

/// The authenticator that a form relates to. Ids in the form take precedence over those of the authenticator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RelatedAuthenticator<'d> {
    pub(crate) object: Ion<'d>,
    /// The ids in the form; `None` if the form has no `authenticator` field.
    pub(crate) ids: Option<AuthenticatorIds<'d>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct AuthenticatorIds<'d> {
    pub(crate) id: Option<Ion<'d>>,
    pub(crate) enrollment: Option<Ion<'d>>,
}

impl Document {
    /// Parses a response. The version may be missing, as in the error response to a form, but it may not be another one.
    pub(crate) fn read(text: impl Into<String>) -> Result<Self, Error> {
        let tape = Tape::read(text).map_err(|error| Error::NotIon(error.to_string()))?;
        if !tape.root().is_object() {
            return Err(Error::NotIon("it is not an object".into()));
        }
        let document = Self::of(tape, OnceLock::new());
        if document.root().get("version").is_some_and(|version| version.as_text() != Some("1.0.0")) {
            return Err(Error::UnknownVersion);
        }
        document.check_references()?;
        Ok(document)
    }

    /// Reads a stored document, which was checked before it was stored.
    pub(crate) fn read_stored(compressed: CompressedText) -> Option<Self> {
        let tape = Tape::read(compressed.text()?).ok()?;
        Some(Self::of(tape, OnceLock::from(compressed)))
    }

    fn of(tape: Tape, compressed: OnceLock<CompressedText>) -> Self {
        Self(Arc::new(Shared { tape, compressed }))
    }

    pub(crate) fn root(&self) -> Ion<'_> {
        self.0.tape.root()
    }

    /// The response text as received.
    pub(crate) fn text(&self) -> &str {
        self.0.tape.text()
    }

    /// The response as it is stored.
    pub(crate) fn compressed(&self) -> &CompressedText {
        self.0.compressed.get_or_init(|| CompressedText::new(self.text()))
    }

    /// The flow's state handle. A fixed one in a form takes precedence.
    pub(crate) fn state_handle(&self) -> Option<&str> {
        self.root().text("stateHandle")
    }

    /// Whether it is a document of the Identity Engine. The error response to a form may lack the version, but not all of
    /// these members.
    pub(crate) fn is_engine_document(&self) -> bool {
        let members = ["version", "remediation", "successWithInteractionCode"];
        members.iter().any(|name| self.root().get(name).is_some())
    }

    pub(crate) fn has_version(&self) -> bool {
        self.root().get("version").is_some()
    }

    /// Whether the document has an error, whatever the HTTP status.
    pub(crate) fn has_error(&self) -> bool {
        self.root().get("error").is_some_and(Ion::is_truthy)
    }

    /// Whether it is an OAuth error instead of a document.
    pub(crate) fn is_oauth_error(&self) -> bool {
        ["error", "error_description"].iter().all(|name| self.root().get(name).is_some_and(Ion::is_truthy))
    }

    pub(crate) fn forms(&self) -> impl Iterator<Item = Remediation<'_>> {
        self.remediations().map(|ion| Remediation { ion, document: self })
    }

    pub(crate) fn form_at(&self, index: usize) -> Option<Remediation<'_>> {
        self.remediations().nth(index).map(|ion| Remediation { ion, document: self })
    }

    /// The first form of that name. There may be several, one for each identity provider.
    pub(crate) fn find_form(&self, name: &str) -> Option<(usize, Remediation<'_>)> {
        self.forms().enumerate().find(|(_, form)| form.name() == name)
    }

    /// The actions, each name once: of several with one name the last counts.
    pub(crate) fn actions(&self) -> Vec<DocumentAction<'_>> {
        let mut actions: Vec<DocumentAction<'_>> = Vec::new();
        let mut add = |action| match actions.iter_mut().find(|other| other.has_same_name(&action)) {
            Some(other) => *other = action,
            None => actions.push(action),
        };
        for (key, value) in self.root().members() {
            if key == "remediation" || key == "context" {
                continue;
            }
            if is_form(value) {
                add(DocumentAction { group: None, name: value.text("name").unwrap_or(key), form: value });
            } else if value.text("type") == Some("object") {
                let inner = value.get("value").into_iter().flat_map(Ion::members);
                let forms = inner.filter(|(_, form)| is_form(*form));
                forms.for_each(|(name, form)| add(DocumentAction { group: Some(key), name, form }));
            }
        }
        actions
    }

    pub(crate) fn find_action(&self, name: &str) -> Option<DocumentAction<'_>> {
        self.actions().into_iter().find(|action| action.is_called(name))
    }

    /// The first action that resends the challenge.
    pub(crate) fn resend_action(&self) -> Option<DocumentAction<'_>> {
        self.actions().into_iter().find(|action| action.full_name().contains("-resend"))
    }

    /// The value of a container such as `currentAuthenticator`.
    pub(crate) fn container(&self, name: &str) -> Option<Ion<'_>> {
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

    /// What distinguishes one step from another: the forms, the current authenticator and the interaction code.
    pub(crate) fn step_identity(&self) -> (Vec<&str>, [Option<&str>; 3]) {
        let id = |name| self.container(name).and_then(|current| current.text("id"));
        let ids = [id("currentAuthenticator"), id("currentAuthenticatorEnrollment"), self.interaction_code()];
        (self.forms().map(|form| form.name()).collect(), ids)
    }

    /// Whether the flow has ended: there is neither a form nor an interaction code.
    pub(crate) fn is_terminal(&self) -> bool {
        self.remediations().next().is_none() && self.interaction_code().is_none()
    }

    /// The global messages, then those of every field, in document order.
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

    /// Follows a reference such as `$.authenticators.value[0]`. Missing parts are skipped, as in Okta's own SDKs; only
    /// the last one must exist.
    pub(crate) fn resolve(&self, path: &str) -> Option<Ion<'_>> {
        let mut parts =
            path.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|part| !part.is_empty());
        let last = parts.next_back()?;
        let mut at = self.root();
        for part in parts {
            if let Some(next) = child(at, part) {
                if !(next.is_list() || next.is_object()) {
                    return None;
                }
                at = next;
            }
        }
        child(at, last).filter(|found| found.is_truthy())
    }

    fn remediations(&self) -> Items<'_> {
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

impl<'d> Remediation<'d> {
    pub(crate) fn name(&self) -> &'d str {
        self.ion.text("name").unwrap_or_default()
    }

    pub(crate) fn fields(&self) -> Items<'d> {
        self.ion.list("value")
    }

    pub(crate) fn field(&self, name: &str) -> Option<Ion<'d>> {
        self.fields().find(|field| field.text("name") == Some(name))
    }

    /// Whether it can be submitted; otherwise it is a link for the browser.
    pub(crate) fn can_be_submitted(&self) -> bool {
        is_form(self.ion)
    }

    pub(crate) fn relates_to(&self) -> Option<Ion<'d>> {
        relation(self.document, self.ion)
    }

    /// The authenticator (or enrolment) that the form relates to, with the ids in the form.
    pub(crate) fn authenticator(&self) -> Option<RelatedAuthenticator<'d>> {
        let object = self.relates_to()?.get("value").filter(|value| value.is_truthy())?;
        let ids = self.field("authenticator").map(|field| {
            let fixed_id = |name| {
                let nested = field.form_fields().find(|nested| nested.text("name") == Some(name));
                nested.and_then(|nested| nested.get("value"))
            };
            AuthenticatorIds { id: fixed_id("id"), enrollment: fixed_id("enrollmentId") }
        });
        Some(RelatedAuthenticator { object, ids })
    }
}

impl<'d> RelatedAuthenticator<'d> {
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

impl DocumentAction<'_> {
    fn has_same_name(&self, other: &Self) -> bool {
        self.group == other.group && self.name == other.name
    }

    pub(crate) fn full_name(&self) -> String {
        self.to_string()
    }

    fn is_called(&self, name: &str) -> bool {
        match self.group {
            None => self.name == name,
            Some(group) => {
                name.strip_prefix(group).and_then(|rest| rest.strip_prefix('-')) == Some(self.name)
            }
        }
    }
}

impl fmt::Display for DocumentAction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.group {
            None => f.write_str(self.name),
            Some(group) => write!(f, "{group}-{}", self.name),
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tape.fmt(f)
    }
}

/// The value that an option or a form relates to.
pub(crate) fn relation<'d>(document: &'d Document, value: Ion<'d>) -> Option<Ion<'d>> {
    let related = value.get("relatesTo")?;
    if related.is_object() { Some(related) } else { document.resolve(reference(value)?) }
}

/// Whether a value is a form. A link has no `rel`.
fn is_form(value: Ion<'_>) -> bool {
    value.get("rel").is_some_and(Ion::is_truthy)
}

fn reference(value: Ion<'_>) -> Option<&str> {
    let path = value.get("relatesTo")?;
    path.as_text().or_else(|| path.items().next()?.as_text())
}

fn child<'d>(at: Ion<'d>, part: &str) -> Option<Ion<'d>> {
    if at.is_list() { at.items().nth(part.parse().ok()?) } else { at.get(part) }
}

fn field_messages<'d>(fields: Items<'d>, found: &mut Vec<Ion<'d>>) {
    fields.for_each(|field| one_field_messages(field, found));
}

fn one_field_messages<'d>(field: Ion<'d>, found: &mut Vec<Ion<'d>>) {
    found.extend(field.list_in("messages", "value"));
    field_messages(field.form_fields(), found);
    for value in field.list("options").filter_map(|option| option.get("value")) {
        one_field_messages(value, found);
    }
}
