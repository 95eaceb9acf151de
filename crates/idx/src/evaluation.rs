//! Evaluates a response without a network: what a client would submit or present. For tests, fuzzing and comparisons.

use std::fmt;
use std::time::SystemTime;

use serde_json::Value;

use crate::error::Error;
use crate::flow::answer::Answer;
use crate::flow::features::supports;
use crate::flow::plan::{Decision, Plan};
use crate::flow::position::Position;
use crate::flow::transaction::Transaction;
use crate::flow::transaction_json::transaction_json;
use crate::intent::Intent;
use crate::oauth::id_token::{self, ExpectedNonce, RequiredClaims};
use crate::oauth::keys::KeySet;
use crate::oauth::tokens::IdToken;
use crate::protocol::document::Document;
pub use crate::protocol::form_request::FormRequest;
use crate::protocol::response::refusal;
use crate::transport::message::{Response, text};

/// What a client does with a response.
#[derive(Debug)]
pub enum Evaluation {
    /// It submits this form.
    Submit(FormRequest),
    /// It presents this to the person.
    Present(Presentation),
}

/// A transaction that is presented to the person.
#[derive(Clone)]
pub struct Presentation {
    document: Document,
    position: Position,
}

/// The point of the flow at which a response arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowStage {
    /// It is the first document of a flow. The org must offer the intent.
    Begin,
    /// The flow continues with a new answer.
    Resume,
    /// It is the response to a form that was just submitted.
    Submitted,
    /// The flow is being cancelled.
    Cancel,
}

/// What an id token must contain.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedIdToken<'e> {
    /// The issuer.
    pub issuer: &'e str,
    /// The client it is issued for.
    pub client_id: &'e str,
    /// The nonce of the flow.
    pub nonce: &'e str,
    /// The access token it was issued with.
    pub access_token: &'e str,
}

/// Evaluates a response for an intent and an answer.
pub fn evaluate(
    response: &Response,
    stage: FlowStage,
    intent: Intent,
    answer: &Answer,
) -> Result<Evaluation, Error> {
    let document = Document::read(text(response)?)?;
    let is_refused = !response.status().is_success() || document.has_error();
    let is_error_of_start = stage != FlowStage::Submitted && !document.has_version();
    if is_refused && (document.is_oauth_error() || is_error_of_start) {
        return Err(refusal_of(response, &document));
    }
    let plan = match stage {
        FlowStage::Begin if !supports(&document, intent) => return Err(Error::NotSupported(intent)),
        FlowStage::Begin => Plan::new(intent, answer.clone()),
        FlowStage::Resume | FlowStage::Submitted => Plan::resumed(intent, answer.clone()),
        FlowStage::Cancel => Plan::resumed(intent, Answer::default()).with_only_action("cancel"),
    };
    if is_refused && stage == FlowStage::Submitted {
        let position = Position::from_index(plan.form_after_refusal(&document));
        return Ok(Evaluation::Present(Presentation { document, position }));
    }
    let position = match plan.decide(&document)? {
        Decision::Submit { request, .. } => return Ok(Evaluation::Submit(request)),
        Decision::Present(index) => Position::AtForm(index),
        Decision::NoUsableForm if intent != Intent::Start => {
            return Err(Error::NoRemediation(document.forms().map(|form| form.name().to_owned()).collect()));
        }
        Decision::Done | Decision::NoUsableForm => Position::NoForm,
    };
    Ok(Evaluation::Present(Presentation { document, position }))
}

/// Checks an id token against a key set, as [`Client::exchange`](crate::Client::exchange) does.
pub fn verify_id_token(
    token: &str,
    key_set: &str,
    expected: &ExpectedIdToken<'_>,
    now: SystemTime,
) -> Result<IdToken, Error> {
    let expected = RequiredClaims {
        issuer: expected.issuer,
        client_id: expected.client_id,
        nonce: ExpectedNonce::Required(expected.nonce),
        subject: None,
        access_token: expected.access_token,
        code: None,
        acr_values: None,
        max_age: None,
    };
    id_token::verify(token, &KeySet::read(key_set)?, &expected, now).map_err(Error::Token)
}

impl Presentation {
    /// The transaction in types, as [`Flow::transaction`](crate::Flow::transaction) returns it.
    #[must_use]
    pub fn transaction(&self) -> Transaction {
        Transaction::read(&self.document, self.position, &[])
    }

    /// The transaction with the wire's own members, unknown ones included. It must not reach a browser.
    #[must_use]
    pub fn to_json(&self) -> Value {
        transaction_json(&self.document, self.position)
    }

    /// The form that an answer to it submits, if the answer suffices.
    pub fn submission(&self, intent: Intent, answer: &Answer) -> Result<Option<FormRequest>, Error> {
        match Plan::resumed(intent, answer.clone()).decide(&self.document)? {
            Decision::Submit { request, .. } => Ok(Some(request)),
            Decision::Present(_) | Decision::Done | Decision::NoUsableForm => Ok(None),
        }
    }
}

impl fmt::Debug for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Presentation({:?})", self.position)
    }
}

/// The error of a refusal. It counts as OAuth's only if it has a description too.
fn refusal_of(response: &Response, document: &Document) -> Error {
    match refusal(response) {
        Error::OAuth { error, .. } if !document.is_oauth_error() => {
            let status = response.status().as_u16();
            Error::Refused { status, code: Some(error), summary: String::new() }
        }
        refusal => refusal,
    }
}
