//! What a response leads to, worked out without sending anything: for tests, and to compare with other kits.

use std::fmt;
use std::time::SystemTime;

use serde_json::Value;

use crate::answer::Answer;
use crate::document::Document;
use crate::engine::{Course, Move, features};
use crate::error::Error;
use crate::intent::Intent;
use crate::keys::Keys;
use crate::reply;
use crate::request::Request;
use crate::show;
use crate::token::{self, Expected, IdToken, Nonce};
use crate::transaction::{Standing, Transaction};
use crate::transport::Response;

/// What a response leads to.
#[derive(Debug)]
pub enum Lead {
    /// To a form that is sent at once.
    Send(Request),
    /// To a person.
    Show(Shown),
}

/// What is shown to a person.
#[derive(Clone)]
pub struct Shown {
    document: Document,
    standing: Standing,
}

/// How a response came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is the first page of a flow; the org must offer what is wanted.
    First,
    /// The flow is under way.
    Later,
    /// It answers a form that has just been sent.
    Sent,
    /// The flow is being given up.
    GivenUp,
}

/// What an id token must say to be believed.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'t> {
    /// Whose word counts.
    pub issuer: &'t str,
    /// Whom it must be for.
    pub client_id: &'t str,
    /// Which attempt it must answer.
    pub nonce: &'t str,
    /// The access token it came with.
    pub access_token: &'t str,
}

/// What a response leads to, with this intent and this answer.
pub fn lead(response: &Response, turn: Turn, intent: Intent, answer: &Answer) -> Result<Lead, Error> {
    let document = Document::read(response.text()?)?;
    let refused = !response.is_success() || document.is_refusal();
    if refused && (document.is_oauth_error() || (turn != Turn::Sent && !document.has_version())) {
        return Err(refusal(response, &document));
    }
    let course = match turn {
        Turn::First if intent.needs().is_some_and(|needed| !features(&document).contains(&needed)) => {
            return Err(Error::NotSupported(intent));
        }
        Turn::First => Course::new(intent, answer.clone()),
        Turn::Later | Turn::Sent => Course::resumed(intent, answer.clone()),
        Turn::GivenUp => Course::resumed(intent, Answer::default()).only("cancel"),
    };
    if refused && turn == Turn::Sent {
        let standing = course.refused(&document).map_or(Standing::Nowhere, Standing::At);
        return Ok(Lead::Show(Shown { document, standing }));
    }
    let standing = match course.decide(&document)? {
        Move::Send { request, .. } => return Ok(Lead::Send(request)),
        Move::Ask(index) => Standing::At(index),
        Move::Lost if intent != Intent::Start => {
            return Err(Error::NoRemediation(document.forms().map(|form| form.name().to_owned()).collect()));
        }
        Move::Rest | Move::Lost => Standing::Nowhere,
    };
    Ok(Lead::Show(Shown { document, standing }))
}

/// Checks an id token against a key set, as [`Client::exchange`](crate::Client::exchange) does.
pub fn verify(token: &str, key_set: &str, trust: &Trust<'_>, now: SystemTime) -> Result<IdToken, Error> {
    let expected = Expected {
        issuer: trust.issuer,
        client_id: trust.client_id,
        nonce: Nonce::Must(trust.nonce),
        subject: None,
        access_token: trust.access_token,
        code: None,
        acr: None,
        max_age: None,
    };
    token::verify(token, &Keys::read(key_set)?, &expected, now).map_err(Error::Token)
}

impl Shown {
    /// In types, as a [`Flow`](crate::Flow) shows it.
    #[must_use]
    pub fn transaction(&self) -> Transaction {
        Transaction::read(&self.document, self.standing)
    }

    /// In the wire's own words, unknown members included: not for a browser.
    #[must_use]
    pub fn to_json(&self) -> Value {
        show::transaction(&self.document, self.standing)
    }

    /// The request an answer to it becomes, if the answer is enough for one.
    pub fn request(&self, intent: Intent, answer: &Answer) -> Result<Option<Request>, Error> {
        match Course::resumed(intent, answer.clone()).decide(&self.document)? {
            Move::Send { request, .. } => Ok(Some(request)),
            Move::Ask(_) | Move::Rest | Move::Lost => Ok(None),
        }
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown({:?})", self.standing)
    }
}

/// A refusal is one of OAuth's only if it is told in full.
fn refusal(response: &Response, document: &Document) -> Error {
    match reply::refusal(response) {
        Error::OAuth { error, .. } if !document.is_oauth_error() => {
            Error::Refused { status: response.status, code: Some(error), summary: String::new() }
        }
        refusal => refusal,
    }
}
