//! Okta's Identity Engine as types: pure functions and one async client.

#![forbid(unsafe_code)]

mod answer;
mod attempt;
mod client;
mod client_key;
mod config;
mod credentials;
mod discovery;
mod document;
mod engine;
mod error;
mod fill;
mod flow;
mod intent;
mod ion;
pub mod kept;
mod keys;
mod oauth;
pub mod pure;
mod reply;
mod request;
mod rules;
mod secret;
mod shorthand;
mod show;
mod sketch;
mod step;
mod token;
mod transaction;
mod transport;
mod words;

pub use answer::Answer;
pub use attempt::Attempt;
pub use client::{Client, Failed, Opening};
pub use client_key::PrivateKey;
pub use config::{Authentication, Config, Context};
pub use error::Error;
pub use flow::{Flow, InteractionCode};
pub use intent::Intent;
pub use request::{Body, Request, Verb};
pub use secret::Secret;
pub use step::{
    Authenticator, Choice, Chosen, Idp, Input, Kind, Message, PasswordRules, Poll, Profile, Question, Scalar,
    Step, Usage,
};
pub use token::{Flaw, IdToken, Tokens};
pub use transaction::Transaction;
pub use transport::{Http, Limits, Response, Transport};
pub use words::{Class, Feature, Key, Method, Name, Status};
