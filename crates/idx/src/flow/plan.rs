//! The plan of a flow: decides for each document whether a form is submitted, presented to the person, or neither.

use serde_json::{Map, Value};

use super::answer::Answer;
use super::device_challenge::cancel_reason;
use super::fill::{Candidate, ChooseCurrent};
use super::form_table::form_table;
use super::position::Position;
use super::remaining_answer::RemainingAnswer;
use super::rules::rule;
use crate::error::Error;
use crate::intent::Intent;
use crate::protocol::document::{Document, Remediation};
use crate::protocol::form_request::FormRequest;

/// An intent being carried out: the actions and the values that remain for the next documents.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    intent: Intent,
    /// Actions to take as soon as a document offers them, each once.
    actions: Vec<&'static str>,
    /// The form or action that the answer chose by its name.
    step: Option<String>,
    answer: RemainingAnswer,
}

/// What a plan does with a document.
#[derive(Debug)]
pub(crate) enum Decision {
    /// Submit this form, and continue with the rest of the plan.
    Submit {
        request: FormRequest,
        rest: Box<Plan>,
        /// Whether this cancels the flow.
        cancels: bool,
    },
    /// Present this form to the person.
    Present(usize),
    /// Nothing: the flow has an interaction code, or has ended.
    Done,
    /// The document has no form that the intent uses.
    NoUsableForm,
}

impl Plan {
    /// The plan of a new flow.
    pub(crate) fn new(intent: Intent, mut answer: Answer) -> Self {
        // A password without an authenticator chooses the password authenticator.
        if intent == Intent::Authenticate
            && answer.get("password").is_some()
            && answer.get("authenticator").is_none()
        {
            answer = answer.with("authenticator", "okta_password");
        }
        Self::resumed(intent, answer)
    }

    /// The plan of a flow that continues with a new answer.
    pub(crate) fn resumed(intent: Intent, answer: Answer) -> Self {
        let step = answer.text("step").map(str::to_owned);
        Self {
            intent,
            actions: form_table(intent).actions.to_vec(),
            step,
            answer: RemainingAnswer::new(answer),
        }
    }

    /// Whether the answer chose the form or action of this name.
    pub(crate) fn has_chosen(&self, step: &str) -> bool {
        self.step.as_deref() == Some(step)
    }

    /// Decides what to do with this document.
    pub(crate) fn decide(&self, document: &Document) -> Result<Decision, Error> {
        if document.interaction_code().is_some() {
            return Ok(Decision::Done);
        }
        if let Some(decision) = self.next_action(document) {
            return Ok(decision);
        }
        if document.is_terminal() {
            return Ok(Decision::Done);
        }
        let (index, candidate) = match &self.step {
            Some(step) => match document.find_form(step) {
                Some((index, form)) if self.knows(form) => (index, self.candidate(form)),
                Some((_, form)) => return self.submit_unknown_form(form),
                None => return self.take_action(document, step),
            },
            None => match self.choose(document) {
                Some(chosen) => chosen,
                None => return Ok(Decision::NoUsableForm),
            },
        };
        if !candidate.is_ready(ChooseCurrent::Allowed) {
            return Ok(Decision::Present(index));
        }
        if !candidate.form.can_be_submitted() {
            return Err(Error::NotSubmittable(candidate.form.name().to_owned()));
        }
        Ok(self.submit(candidate))
    }

    /// Like `decide`. If no form is usable, it presents the first form, or submits it once it is filled.
    pub(crate) fn decide_with_unknown_forms(
        &self,
        document: &Document,
        position: Position,
    ) -> Result<Decision, Error> {
        match self.decide(document)? {
            Decision::NoUsableForm => Ok(self.decide_unknown_form(document, position)),
            decision => Ok(decision),
        }
    }

    /// The form to present, of a document that did not come in response to an answer.
    pub(crate) fn form_of_unanswered_document(&self, document: &Document) -> Option<usize> {
        if document.interaction_code().is_some() {
            return None;
        }
        self.choose(document).map(|(index, _)| index).or_else(|| document.form_at(0).map(|_| 0))
    }

    /// The plan with this action instead of those of the intent.
    pub(crate) fn with_only_action(mut self, action: &'static str) -> Self {
        self.actions = vec![action];
        self
    }

    /// The form to present after the org has refused an answer. No values are reused for it.
    pub(crate) fn form_after_refusal(&self, document: &Document) -> Option<usize> {
        if document.interaction_code().is_some() {
            return None;
        }
        let without_values = Self { answer: RemainingAnswer::default(), ..self.clone() };
        match &self.step {
            Some(step) => document
                .find_form(step)
                .filter(|(_, form)| without_values.knows(*form))
                .map(|(index, _)| index),
            None => without_values.choose(document).map(|(index, _)| index),
        }
    }

    /// Actions come before forms: those of the plan, then resending the challenge.
    fn next_action(&self, document: &Document) -> Option<Decision> {
        for name in &self.actions {
            let rest = || {
                let mut rest = self.clone();
                rest.actions.retain(|action| action != name);
                Box::new(rest)
            };
            if let Some(action) = document.find_action(name) {
                return Some(Decision::Submit {
                    request: FormRequest::new(action.form, Map::new()),
                    rest: rest(),
                    cancels: *name == "cancel",
                });
            }
            if let Some((_, form)) = document.find_form(name).filter(|(_, form)| form.can_be_submitted()) {
                return Some(Decision::Submit {
                    request: FormRequest::new(form.ion, Map::new()),
                    rest: rest(),
                    cancels: false,
                });
            }
        }
        let resend = self.answer.given.get("resend").and_then(|_| document.resend_action())?;
        let mut rest = self.clone();
        rest.answer.given.forget("resend");
        Some(Decision::Submit {
            request: FormRequest::new(resend.form, Map::new()),
            rest: Box::new(rest),
            cancels: false,
        })
    }

    /// The first form that the intent knows and can submit, or else the first that it knows.
    fn choose<'s, 'd>(&'s self, document: &'d Document) -> Option<(usize, Candidate<'d, 's>)> {
        let mut known = document.forms().enumerate().filter(|(_, form)| self.knows(*form)).peekable();
        let first = known.peek().copied();
        known
            .find(|(_, form)| self.candidate(*form).is_ready(ChooseCurrent::Denied))
            .or(first)
            .map(|(index, form)| (index, self.candidate(form)))
    }

    fn knows(&self, form: Remediation<'_>) -> bool {
        form_table(self.intent).forms.contains(&form.name())
    }

    fn candidate<'s, 'd>(&'s self, form: Remediation<'d>) -> Candidate<'d, 's> {
        Candidate {
            form,
            rule: rule(form),
            answer: &self.answer,
            intent: self.intent,
            is_chosen_by_name: self.step.is_some(),
        }
    }

    /// Submits a form that the answer chose by its name and that the intent does not know.
    fn submit_unknown_form(&self, form: Remediation<'_>) -> Result<Decision, Error> {
        if !form.can_be_submitted() {
            return Err(Error::NotSubmittable(form.name().to_owned()));
        }
        Ok(self.submit(self.candidate(form)))
    }

    fn take_action(&self, document: &Document, step: &str) -> Result<Decision, Error> {
        let action = document.find_action(step).ok_or_else(|| Error::UnknownStep(step.to_owned()))?;
        let names = action.form.list("value").filter_map(|field| field.text("name"));
        let given = names.filter_map(|name| Some((name.to_owned(), self.answer.given.raw(name)?.clone())));
        let reason = cancel_reason(document, step, &self.answer.given);
        let request = FormRequest::new(action.form, given.chain(reason).collect::<Map<String, Value>>());
        let rest = Box::new(Self { step: None, answer: RemainingAnswer::default(), ..self.clone() });
        Ok(Decision::Submit { request, rest, cancels: step == "cancel" })
    }

    fn submit(&self, candidate: Candidate<'_, '_>) -> Decision {
        let request = FormRequest::new(candidate.form.ion, candidate.parameters());
        let rest = Box::new(Self { step: None, answer: candidate.remaining_answer(), ..self.clone() });
        Decision::Submit { request, rest, cancels: false }
    }

    /// The form at this position or else the first one: submitted if the person has filled it, and presented otherwise.
    fn decide_unknown_form(&self, document: &Document, position: Position) -> Decision {
        let current = match position {
            Position::AtForm(index) => index,
            Position::NoForm | Position::Canceled => 0,
        };
        let Some((index, form)) =
            [current, 0].into_iter().find_map(|index| Some((index, document.form_at(index)?)))
        else {
            return Decision::NoUsableForm;
        };
        let candidate = self.candidate(form);
        if form.can_be_submitted() && candidate.is_answered() && candidate.is_ready(ChooseCurrent::Allowed) {
            self.submit(candidate)
        } else {
            Decision::Present(index)
        }
    }
}
