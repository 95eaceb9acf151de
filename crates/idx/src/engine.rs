//! Decides what to do with a document: send a form, ask a person, or rest.

use serde_json::{Map, Value};

use crate::answer::{Answer, Values};
use crate::document::{Document, Form};
use crate::error::Error;
use crate::fill::{Again, Candidate};
use crate::intent::Intent;
use crate::request::Request;
use crate::rules::{RAW, rule};
use crate::transaction::Standing;
use crate::words::Feature;

/// A wish under way: what is left to do and to say.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    intent: Intent,
    /// Actions that the wish takes wherever they are offered, each once.
    actions: Vec<&'static str>,
    /// The form or action that was called by name.
    step: Option<String>,
    values: Values,
}

/// What a document and a wish lead to.
#[derive(Debug)]
pub(crate) enum Move {
    /// Send this, and go on with what is left.
    Send {
        request: Request,
        left: Box<Course>,
        /// Whether this gives the flow up.
        gives_up: bool,
    },
    /// Ask a person for what this form needs.
    Ask(usize),
    /// There is a code, or nothing more to do.
    Rest,
    /// There are forms, but none that the wish can use.
    Lost,
}

impl Course {
    /// A wish at its beginning.
    pub(crate) fn new(intent: Intent, mut answer: Answer) -> Self {
        // A password alone says which authenticator it is for.
        if intent == Intent::Authenticate
            && answer.get("password").is_some()
            && answer.get("authenticator").is_none()
        {
            answer = answer.with("authenticator", "okta_password");
        }
        Self::resumed(intent, answer)
    }

    /// A wish that goes on with a new answer.
    pub(crate) fn resumed(intent: Intent, answer: Answer) -> Self {
        let step = answer.text("step").map(str::to_owned);
        Self { intent, actions: intent.course().actions.to_vec(), step, values: Values::new(answer) }
    }

    /// What to do with this document.
    pub(crate) fn decide(&self, document: &Document) -> Result<Move, Error> {
        if document.interaction_code().is_some() {
            return Ok(Move::Rest);
        }
        if let Some(request) = self.act(document) {
            return Ok(request);
        }
        if document.is_terminal() {
            return Ok(Move::Rest);
        }
        let (index, candidate) = match &self.step {
            Some(step) => match document.find_form(step) {
                Some((index, form)) if self.knows(form) => (index, self.candidate(form)),
                Some((_, form)) => return self.send_raw(form),
                None => return self.call_action(document, step),
            },
            None => match self.choose(document) {
                Some(chosen) => chosen,
                None => return Ok(Move::Lost),
            },
        };
        if !candidate.is_ready(Again::Yes) {
            return Ok(Move::Ask(index));
        }
        if !candidate.form.can_be_sent() {
            return Err(Error::NotSubmittable(candidate.form.name().to_owned()));
        }
        Ok(self.send(candidate))
    }

    /// What to do with this document, where a form that is known to nobody is shown and sent as it is.
    pub(crate) fn decide_or_show(&self, document: &Document, standing: Standing) -> Result<Move, Error> {
        match self.decide(document)? {
            Move::Lost => Ok(self.show(document, standing)),
            known => Ok(known),
        }
    }

    /// The form to show of a document that came unasked.
    pub(crate) fn shown(&self, document: &Document) -> Option<usize> {
        if document.interaction_code().is_some() {
            return None;
        }
        self.choose(document).map(|(index, _)| index).or_else(|| document.form_at(0).map(|_| 0))
    }

    /// Only this action, in place of those that belong to the wish.
    pub(crate) fn only(mut self, action: &'static str) -> Self {
        self.actions = vec![action];
        self
    }

    /// The form to show after the org has refused an answer. Nothing is answered by itself then.
    pub(crate) fn refused(&self, document: &Document) -> Option<usize> {
        if document.interaction_code().is_some() {
            return None;
        }
        let silent = Self { values: Values::default(), ..self.clone() };
        match &self.step {
            Some(step) => {
                document.find_form(step).filter(|(_, form)| silent.knows(*form)).map(|(index, _)| index)
            }
            None => silent.choose(document).map(|(index, _)| index),
        }
    }

    /// Actions come before forms: those of the wish, then sending the challenge again.
    fn act(&self, document: &Document) -> Option<Move> {
        for name in &self.actions {
            let left = || {
                let mut left = self.clone();
                left.actions.retain(|action| action != name);
                Box::new(left)
            };
            if let Some(action) = document.find_action(name) {
                return Some(Move::Send {
                    request: Request::form(action.form, Map::new()),
                    left: left(),
                    gives_up: *name == "cancel",
                });
            }
            if let Some((_, form)) = document.find_form(name).filter(|(_, form)| form.can_be_sent()) {
                return Some(Move::Send {
                    request: Request::form(form.ion, Map::new()),
                    left: left(),
                    gives_up: false,
                });
            }
        }
        let resend = self.values.given.get("resend").and_then(|_| document.resend_action())?;
        let mut left = self.clone();
        left.values.given.forget("resend");
        Some(Move::Send {
            request: Request::form(resend.form, Map::new()),
            left: Box::new(left),
            gives_up: false,
        })
    }

    /// The first form the wish knows and can send, or else the first it knows.
    fn choose<'s, 'd>(&'s self, document: &'d Document) -> Option<(usize, Candidate<'d, 's>)> {
        let mut known = document.forms().enumerate().filter(|(_, form)| self.knows(*form)).peekable();
        let first = known.peek().copied();
        known
            .find(|(_, form)| self.candidate(*form).is_ready(Again::No))
            .or(first)
            .map(|(index, form)| (index, self.candidate(form)))
    }

    fn knows(&self, form: Form<'_>) -> bool {
        self.intent.course().forms.contains(&form.name())
    }

    fn candidate<'s, 'd>(&'s self, form: Form<'d>) -> Candidate<'d, 's> {
        Candidate {
            form,
            rule: rule(form),
            values: &self.values,
            intent: self.intent,
            called: self.step.is_some(),
        }
    }

    /// A form that was called by name and that the wish has no rule for goes out with the values of its own names.
    fn send_raw(&self, form: Form<'_>) -> Result<Move, Error> {
        if !form.can_be_sent() {
            return Err(Error::NotSubmittable(form.name().to_owned()));
        }
        Ok(self.send(Candidate { rule: &RAW, ..self.candidate(form) }))
    }

    fn call_action(&self, document: &Document, step: &str) -> Result<Move, Error> {
        let action = document.find_action(step).ok_or_else(|| Error::UnknownStep(step.to_owned()))?;
        let names = action.form.list("value").filter_map(|field| field.text("name"));
        let given = names.filter_map(|name| Some((name.to_owned(), self.values.given.raw(name)?.clone())));
        let request = Request::form(action.form, given.collect::<Map<String, Value>>());
        let left = Box::new(Self { step: None, values: Values::default(), ..self.clone() });
        Ok(Move::Send { request, left, gives_up: step == "cancel" })
    }

    fn send(&self, candidate: Candidate<'_, '_>) -> Move {
        let request = Request::form(candidate.form.ion, candidate.parameters());
        let left = Box::new(Self { step: None, values: candidate.left_over(), ..self.clone() });
        Move::Send { request, left, gives_up: false }
    }

    /// The first form, known or not: sent if a person has filled it, and shown otherwise.
    fn show(&self, document: &Document, standing: Standing) -> Move {
        let at = match standing {
            Standing::At(index) => index,
            Standing::Nowhere | Standing::Canceled => 0,
        };
        let Some((index, form)) =
            [at, 0].into_iter().find_map(|index| Some((index, document.form_at(index)?)))
        else {
            return Move::Lost;
        };
        let candidate = Candidate { rule: &RAW, ..self.candidate(form) };
        let is_answered = form
            .fields()
            .filter_map(|field| field.text("name"))
            .any(|name| self.values.given.raw(name).is_some());
        if form.can_be_sent() && is_answered && candidate.is_ready(Again::Yes) {
            self.send(candidate)
        } else {
            Move::Ask(index)
        }
    }
}

/// What the org lets people do, as this document shows it.
pub(crate) fn features(document: &Document) -> Vec<Feature> {
    let has_form = |name| document.find_form(name).is_some();
    [
        (Feature::RecoverPassword, document.find_action("currentAuthenticator-recover").is_some()),
        (Feature::EnrollProfile, has_form("select-enroll-profile")),
        (Feature::RedirectIdp, has_form("redirect-idp")),
        (Feature::UnlockAccount, has_form("unlock-account")),
    ]
    .into_iter()
    .filter_map(|(feature, enabled)| enabled.then_some(feature))
    .collect()
}
