//! The Okta Identity Engine (IDX) in types: pure functions and one async client.
//!
//! # The protocol in a page
//!
//! A sign-in is a *flow*. The org sends a *document*: what it asks now, as forms (*remediations*); what else is possible, as
//! *actions* (cancel, resend, recover); and *messages*. You fill a form and submit it to its address, and the org answers
//! with the next document, until one has an *interaction code* instead of forms. The code is redeemed for tokens, once and
//! within a minute.
//!
//! | in the protocol | here |
//! |---|---|
//! | `interact`: start a flow with PKCE, state and nonce, and get an interaction handle | [`Client::begin`], with [`FlowSecrets`] |
//! | `introspect`: fetch the current document | [`Client::introspect`] |
//! | the flow between two answers | [`Flow`], a value: serialise it, seal it, continue anywhere |
//! | the current step | [`Transaction::next_step`], a [`Step`] with [`Input`]s |
//! | the other steps | [`Transaction::available_steps`] |
//! | fill a form | an [`Answer`] to [`Client::proceed`] |
//! | wait for a push or a mailed link | [`Client::poll`] |
//! | an end without a code | [`Status::Terminal`] |
//! | redeem the code | [`Client::exchange`] |
//!
//! Documents differ in their forms. What happens with them depends on the [`Intent`] of the flow: of the forms it knows, the
//! first that the answer can fill is submitted; if there is none, the first is presented. Values that are left over remain
//! for the next form, so `username`, `password` and `authenticator` can be given at once or one by one. The names are those
//! of Okta's guides, not of the wire: `username` instead of `identifier`, `verificationCode` instead of
//! `credentials.passcode`, `authenticator: "okta_email"` instead of an id. Some names are commands: `skip`, `resend` and
//! `startPolling` (each `true`), and `step` with the name of an available step.
//!
//! A wrong password is not an error: the org answers it with the same step and a message. An [`Error`] means that there is
//! no response, or none that can be trusted. The flow then still has the last good document, and can continue.
//!
//! # A whole sign-in
//!
//! The org of this example is a closure. [`HttpTransport`] is the transport to a real org.
//!
//! ```
//! use latchkey_idx::{
//!     Answer, AuthenticatorKey, BeginOptions, CallContext, Client, ClientAuthentication, Config, Error, FlowSecrets, Intent,
//!     Request, Response, Secret, Status, StepName, json_response,
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
//! #     Ok(json_response(200, match request.uri().path().rsplit('/').next().unwrap_or_default() {
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
//!     authentication: ClientAuthentication::Secret(Secret::from("shared with the org")),
//!     redirect_uri: "https://app.example/login/callback".parse()?,
//!     device_ports: Vec::new(),
//!     scopes: vec!["profile".into()],
//! };
//! let client = Client::new(config, org);
//! let context = CallContext { user_agent: Some("a browser".into()), ..CallContext::default() };
//!
//! // Begin a flow and see what the org asks.
//! let secrets = FlowSecrets::random()?;
//! let mut flow = client.begin(Intent::Authenticate, &BeginOptions::default(), &Answer::default(), secrets, &context).await?;
//! let step = flow.transaction().next_step.ok_or("no step")?;
//! assert_eq!(step.name, StepName::Identify);
//! assert_eq!(step.inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>(), ["username", "password"]);
//!
//! // Answer it. The org mails a code and asks for it.
//! let answer = Answer::default().with("username", "mary@example.com").with("password", "correct horse");
//! client.proceed(&mut flow, &answer, &context).await?;
//! let step = flow.transaction().next_step.ok_or("no step")?;
//! assert_eq!(step.name, StepName::ChallengeAuthenticator);
//! let email = step.authenticator.ok_or("no authenticator")?;
//! assert_eq!(email.key, Some(AuthenticatorKey::Email));
//! assert_eq!(email.profile.email.as_deref(), Some("m***y@example.com"));
//!
//! // While the person reads mail, the flow is in a store.
//! let stored = serde_json::to_string(&flow)?;
//! let mut flow = serde_json::from_str(&stored)?;
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
//! # Other paths
//!
//! * **Another identity provider.** The step [`StepName::RedirectIdp`] has an `href` for the browser. The browser comes back
//!   with `interaction_code` and `state`: find the flow by [`Flow::state`] and redeem the code with
//!   [`Client::exchange_code`]. If it comes back with `error=interaction_required`, the org asks for more:
//!   [`Client::introspect`] the same flow.
//! * **A link in an e-mail.** The browser comes back with `otp` and `state`. If you have the flow of that state, `proceed`
//!   with `otp`; in another browser, display the code to be typed where the flow was started.
//! * **The org's own page.** For an app that may not embed the sign-in, [`Client::authorize`] makes a flow with one step, a
//!   redirect; the browser comes back with `code`, `state` and `iss`: [`Client::exchange_authorization_code`].
//! * **Step-up.** [`BeginOptions::acr_values`] and [`BeginOptions::max_age`] request a stronger or a fresher sign-in, and the
//!   id token is checked against them.
//! * **A CAPTCHA.** [`Transaction::captcha`] names it; its token goes into the answer as `captchaVerify`, with `captchaId` and
//!   `captchaToken`. Each token counts once. [`Client::captcha_challenge`] fetches the challenge of ALTCHA.
//! * **FastPass.** With [`Config::device_ports`] a step may have a [`DeviceChallenge`], which the page passes on to Okta Verify on the
//!   same device while it polls; without, the flow leaves such a step and goes on.
//! * **An unknown step** is presented with the fields of its form and answered by their names. `step` submits it unchanged.
//!
//! # Middleware
//!
//! Requests and responses are those of the [`http`] crate. A [`Transport`] is a closure, [`HttpTransport`], or any tower
//! service in a [`TowerTransport`]. A request that belongs to a flow has its [`FlowId`] as an extension, which rate limits
//! and metrics can use.
//!
//! # Structure
//!
//! | module | |
//! |---|---|
//! | `protocol` | documents and names as they come over the wire, and requests |
//! | `flow` | which form an answer fills, and what a person sees of it: three tables and one plan |
//! | `oauth` | discovery, keys, and the checks of tokens |
//! | `transport` | HTTP |
//! | `client` | the calls; the only module with a network, a clock and randomness |
//! | [`evaluation`] | the same decisions without a network |

#![forbid(unsafe_code)]

mod account;
mod call_context;
mod client;
mod config;
mod error;
pub mod evaluation;
mod flow;
mod intent;
mod oauth;
mod private_key;
mod protocol;
mod secret;
mod transport;

pub use account::refusal::AccountError;
pub use account::resources::{
    NewPasskey, OwnAuthenticator, OwnEmail, OwnEnrollment, OwnPasskey, OwnPassword, OwnPhone, PasskeyOptions,
    PhoneMethod,
};
pub use call_context::CallContext;
pub use client::account_calls::OwnAccount;
pub use client::authorize_calls::{AuthorizationResponse, AuthorizeOptions, Notice};
pub use client::flow_calls::{BeginError, BeginOptions};
pub use client::org_client::Client;
pub use config::{ClientAuthentication, Config};
pub use error::{Error, TokenError};
pub use flow::answer::Answer;
pub use flow::authenticator::{
    Authenticator, AuthenticatorContext, DuoFrame, PasswordRequirements, Profile, SecurityQuestion,
};
pub use flow::captcha::{Captcha, ProofOfWork};
pub use flow::consent::{ConsentForm, RequestDetail, RequestedScope};
pub use flow::device_challenge::DeviceChallenge;
pub use flow::device_set_up::{DeviceEnrollment, DeviceSetUp};
pub use flow::flow_secrets::FlowSecrets;
pub use flow::flow_user::FlowUser;
pub use flow::message::{DeviceCall, HelpLink, Message};
pub use flow::scalar::Scalar;
pub use flow::step::{Choice, EnrollmentGracePeriod, Idp, Input, InputType, OptionValue, Poll, Step};
pub use flow::stored_flow::{Flow, InteractionCode};
pub use flow::transaction::Transaction;
pub use http;
pub use intent::Intent;
pub use oauth::logout_token::LogoutNotice;
pub use oauth::serde_tokens;
pub use oauth::tokens::{ExchangeError, IdToken, Tokens};
pub use private_key::PrivateKey;
pub use protocol::names::{
    AuthenticatorKey, CaptchaType, DeviceChallengeMethod, Feature, MethodType, Severity, Status, StepName,
};
pub use protocol::retry_after::retry_after;
pub use secret::Secret;
pub use transport::Transport;
pub use transport::http_transport::{HttpLimits, HttpTransport};
pub use transport::message::{Body, FlowId, Request, Response, json_response};
pub use transport::tower_transport::TowerTransport;

/// Compiles and tests the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExample;
