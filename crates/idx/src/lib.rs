//! Okta's Identity Engine as types: pure functions and one async client.
//!
//! # The protocol in a page
//!
//! Signing in is a conversation. The org sends a *document*: what it wants to know now, as forms (*remediations*); what
//! can be done beside that, as *actions* (cancel, send again, recover); and what it has to say, as *messages*. One
//! fills a form and sends it to the address it names, and the org answers with the next document, until one carries an
//! *interaction code* instead of forms. The code is redeemed for tokens, once and within a minute.
//!
//! | in the protocol | here |
//! |---|---|
//! | `interact`: announce an attempt with PKCE, state and nonce, get a handle | [`Client::begin`], with an [`Attempt`] |
//! | `introspect`: where does it stand? | [`Client::introspect`] |
//! | a document, kept between two answers | [`Flow`], which is a value: serialise it, seal it, go on anywhere |
//! | what it asks | [`Transaction::next_step`], a [`Step`] with [`Input`]s |
//! | the other ways on | [`Transaction::available_steps`] |
//! | filling a form | an [`Answer`] to [`Client::proceed`] |
//! | waiting for a push or a mailed link | [`Client::poll`] |
//! | the end without a code | [`Status::Terminal`] |
//! | redeeming the code | [`Client::exchange`] |
//!
//! What differs from one document to the next is which forms there are. What a flow does with them depends on what the
//! person wants, the [`Intent`]: of the forms it knows, the first that the answer can fill is sent; if none can, the
//! first is shown. What an answer leaves over is kept for the next form, so that `username`, `password` and
//! `authenticator` may be given at once or one by one. The names are those of Okta's guides, not of the wire: `username`
//! and not `identifier`, `verificationCode` and not `credentials.passcode`, `authenticator: "okta_email"` and not an id.
//! A few names are wishes: `skip`, `resend` and `startPolling` (each `true`), and `step` with the name of an available
//! step.
//!
//! A wrong password is not an error: the org answers it with the same step and a message. An [`Error`] means that there
//! is no answer, or none that can be trusted; the flow keeps the last good document, and one can go on from it.
//!
//! # A whole sign-in
//!
//! The org of this example is a closure. [`Http`] is the transport for a real one.
//!
//! ```
//! use latchkey_idx::{
//!     Answer, Attempt, Authentication, Client, Config, Context, Error, Intent, Key, Name, Opening, Request, Response,
//!     Secret, Status,
//! };
//! use serde_json::{Value, json};
//!
//! # fn form(name: &str, fields: Value) -> Value {
//! #     json!({"rel": ["create-form"], "name": name, "method": "POST", "value": fields,
//! #         "href": format!("https://org.example/idp/idx/{name}")})
//! # }
//! # fn page(forms: Value) -> Value {
//! #     json!({"version": "1.0.0", "stateHandle": "s", "remediation": {"type": "array", "value": forms}})
//! # }
//! # fn passcode(name: &str) -> Value {
//! #     json!({"name": "credentials", "type": "object", "required": true,
//! #         "form": {"value": [{"name": "passcode", "label": name}]}})
//! # }
//! # async fn org(request: Request) -> Result<Response, Error> {
//! #     let issuer = "https://org.example/oauth2/default";
//! #     Ok(Response::json(200, match request.url.rsplit('/').next().unwrap_or_default() {
//! #         "openid-configuration" => json!({"issuer": issuer, "code_challenge_methods_supported": ["S256"]}),
//! #         "interact" => json!({"interaction_handle": "h"}),
//! #         "introspect" => page(json!([form("identify", json!([
//! #             {"name": "identifier", "label": "Username", "required": true}, passcode("Password")]))])),
//! #         "identify" => {
//! #             let mut challenge = form("challenge-authenticator", json!([passcode("Enter code")]));
//! #             challenge["relatesTo"] = json!("$.currentAuthenticatorEnrollment");
//! #             let mut page = page(json!([challenge]));
//! #             page["currentAuthenticatorEnrollment"] = json!({"type": "object", "value": {
//! #                 "type": "email", "key": "okta_email", "profile": {"email": "m***y@example.com"}}});
//! #             page
//! #         }
//! #         "challenge-authenticator" => json!({"version": "1.0.0", "successWithInteractionCode": {"value": [
//! #             {"name": "interaction_code", "value": "c"}]}}),
//! #         _ => json!({"token_type": "Bearer", "access_token": "a", "expires_in": 3600}),
//! #     }.to_string()))
//! # }
//! #
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config {
//!     issuer: "https://org.example/oauth2/default".parse()?,
//!     client_id: "0oa1".into(),
//!     authentication: Authentication::Secret(Secret::from("shared with the org")),
//!     redirect_uri: "https://app.example/login/callback".parse()?,
//!     scopes: vec!["profile".into()],
//! };
//! let client = Client::new(config, org);
//! let context = Context { user_agent: Some("a browser".into()), ..Context::default() };
//!
//! // Announce the attempt and see what the org asks.
//! let attempt = Attempt::fresh()?;
//! let mut flow = client.begin(Intent::Authenticate, &Opening::default(), &Answer::default(), attempt, &context).await?;
//! let step = flow.transaction().next_step.ok_or("nothing is asked")?;
//! assert_eq!(step.name, Name::Identify);
//! assert_eq!(step.inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), ["username", "password"]);
//!
//! // Answer it. The org has mailed a code and asks for it.
//! let answer = Answer::default().with("username", "mary@example.com").with("password", "correct horse");
//! client.proceed(&mut flow, &answer, &context).await?;
//! let step = flow.transaction().next_step.ok_or("nothing is asked")?;
//! assert_eq!(step.name, Name::ChallengeAuthenticator);
//! let email = step.authenticator.ok_or("no authenticator")?;
//! assert_eq!(email.key, Some(Key::Email));
//! assert_eq!(email.profile.email.as_deref(), Some("m***y@example.com"));
//!
//! // The person reads mail, and meanwhile the flow lies in a store. It is all one needs to go on.
//! let kept = serde_json::to_string(&flow)?;
//! let mut flow = serde_json::from_str(&kept)?;
//!
//! client.proceed(&mut flow, &Answer::default().with("verificationCode", "123456"), &context).await?;
//! assert_eq!(flow.transaction().status, Status::Success);
//!
//! let tokens = client.exchange(&flow, std::time::SystemTime::now(), &context).await?;
//! assert_eq!(tokens.access_token.reveal(), "a");
//! # Ok(())
//! # }
//! ```
//!
//! # Ways round
//!
//! * **Another identity provider.** The step [`Name::RedirectIdp`] has an `href` for the browser. The browser comes back
//!   with `interaction_code` and `state`: find the flow by [`Flow::state`] and redeem with [`Client::exchange_code`]. If
//!   it comes back with `error=interaction_required`, the org wants more: [`Client::introspect`] the same flow.
//! * **A link in a mail.** The browser comes back with `otp` and `state`. If the flow of that state is at hand,
//!   `proceed` with `otp`; in a foreign browser, show the code to be typed where the flow was begun.
//! * **Step-up.** [`Opening::acr_values`] and [`Opening::max_age`] ask for a stronger or a fresher sign-in; the id token
//!   is held to them.
//! * **A step nobody has coded for** is shown with its raw fields and answered by their names, or sent as it is with
//!   `step`.
//!
//! # Rooms
//!
//! Everything but the client is a function of its arguments: no clock, no chance, no network. Which forms an intent uses,
//! which guide names fill which field, and what proves which authenticator are three tables, read by one small engine.
//! [`pure`] lets one ask that engine without a network.

#![forbid(unsafe_code)]

mod answer;
mod attempt;
mod authenticator;
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
mod notice;
mod oauth;
mod packed;
pub mod pure;
mod reply;
mod request;
mod rules;
mod secret;
mod show;
mod sketch;
mod step;
mod token;
mod transaction;
mod transport;
mod words;

pub use answer::Answer;
pub use attempt::Attempt;
pub use authenticator::{Authenticator, PasswordRules, Profile, Question, Usage};
pub use client::{Client, Failed, Opening};
pub use client_key::PrivateKey;
pub use config::{Authentication, Config, Context};
pub use error::{Error, ExchangeError};
pub use flow::{Flow, InteractionCode};
pub use intent::Intent;
pub use notice::Notice;
pub use request::{Body, Mark, Request, Verb};
pub use secret::Secret;
pub use step::{Choice, Chosen, Idp, Input, Kind, Message, Poll, Scalar, Step};
pub use token::{Flaw, IdToken, Tokens};
pub use transaction::Transaction;
pub use transport::{Http, Limits, Response, Transport};
pub use words::{Class, Feature, Key, Method, Name, Status};
