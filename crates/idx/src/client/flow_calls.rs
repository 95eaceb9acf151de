//! The calls of a flow: begin, proceed, poll, cancel and introspect.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde_json::{Map, Value};

use super::device_calls::LeftBy;
use super::org_client::{Client, Retries};
use crate::call_context::CallContext;
use crate::error::Error;
use crate::flow::answer::Answer;
use crate::flow::features::supports;
use crate::flow::flow_secrets::FlowSecrets;
use crate::flow::plan::{Decision, Plan};
use crate::flow::position::Position;
use crate::flow::stored_flow::{Flow, RequestedAssurance};
use crate::intent::Intent;
use crate::protocol::form_request::FormRequest;
use crate::protocol::hosted_page::state_token;
use crate::protocol::response::{EngineResponse, engine_response, oauth_response};
use crate::secret::Secret;
use crate::transport::Transport;
use crate::transport::message::{FlowId, request, text};

/// An org that answers with more forms in a row, none of which needs a person, is stopped.
const MAX_FORMS_PER_CALL: usize = 12;
/// The timeout of the introspection after a request whose outcome is unknown. That request has taken its time already.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(2);

const ION: &str = "application/ion+json; okta-version=1.0.0";
const JSON: &str = "application/json";

/// The options of a new flow.
#[derive(Debug, Clone, Default)]
pub struct BeginOptions {
    /// From a link that activates an account.
    pub activation_token: Option<Secret>,
    /// From a link that resets a password.
    pub recovery_token: Option<Secret>,
    /// From the address of a page for devices. The code is shown to the person, who confirms it.
    pub user_code: Option<String>,
    /// The username that the person probably uses.
    pub login_hint: Option<String>,
    /// The assurance to request. The id token is checked against it.
    pub acr_values: Option<String>,
    /// The maximum age of the sign-in, in seconds. The id token is checked against it.
    pub max_age: Option<u64>,
}

/// A flow that could not begin, or stopped on the way.
#[derive(Debug)]
pub struct BeginError {
    /// The cause.
    pub error: Error,
    /// The flow with the last document received, if there is one.
    pub flow: Option<Box<Flow>>,
}

/// How to poll a flow.
enum PollBy {
    /// By this form or action.
    Step(String),
    Introspection,
}

impl<T: Transport> Client<T> {
    /// Begins a flow, and submits forms as far as the answer goes.
    pub async fn begin(
        &self,
        intent: Intent,
        options: &BeginOptions,
        answer: &Answer,
        secrets: FlowSecrets,
        context: &CallContext,
    ) -> Result<Flow, BeginError> {
        let begun = match intent {
            Intent::ActivateDevice => self.activate(options, secrets, context).await,
            _ => self.interact(intent, options, secrets, context).await,
        };
        let mut flow = begun.map_err(BeginError::from)?;
        let is_activated = options.activation_token.is_some() && intent == Intent::Register;
        let outcome = match self.leave_first_challenges(&mut flow, context).await {
            Ok(()) if is_activated || supports(flow.document(), intent) => {
                self.run(&mut flow, Plan::new(intent, answer.clone()), context).await
            }
            Ok(()) => Err(Error::NotSupported(intent)),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => Ok(flow),
            Err(error) => Err(BeginError { error, flow: Some(Box::new(flow)) }),
        }
    }

    /// Gives an answer, and submits forms as far as it goes. The flow has the last document received, also after an error.
    pub async fn proceed(
        &self,
        flow: &mut Flow,
        answer: &Answer,
        context: &CallContext,
    ) -> Result<(), Error> {
        let plan = Plan::resumed(flow.intent(), answer.clone());
        self.run(flow, plan, context).await
    }

    /// Asks the org whether a step that ends on another device has ended.
    pub async fn poll(&self, flow: &mut Flow, context: &CallContext) -> Result<(), Error> {
        match poll_by(flow) {
            PollBy::Step(name) => self.proceed(flow, &Answer::default().with("step", name), context).await,
            PollBy::Introspection => self.introspect(flow, context).await,
        }
    }

    /// Cancels the flow at the org.
    pub async fn cancel(&self, flow: &mut Flow, context: &CallContext) -> Result<(), Error> {
        let plan = Plan::resumed(flow.intent(), Answer::default()).with_only_action("cancel");
        self.run(flow, plan, context).await
    }

    /// Fetches the current document of the flow. Nothing changes at the org, except that a device challenge is left which the page cannot
    /// pass on.
    pub async fn introspect(&self, flow: &mut Flow, context: &CallContext) -> Result<(), Error> {
        // The org shows such a flow itself and has no document of it.
        if flow.is_at_org() {
            return Ok(());
        }
        let response = self.fetch_document(flow.id(), handle_of(flow), context).await?;
        take_document(flow, response)?;
        self.leave_challenges(flow, LeftBy::Page, context).await
    }

    /// Announces the flow to the org (`interact`) and fetches its first document.
    async fn interact(
        &self,
        intent: Intent,
        options: &BeginOptions,
        secrets: FlowSecrets,
        context: &CallContext,
    ) -> Result<Flow, Error> {
        self.discover().await?;
        let config = self.config();
        let mut parameters = vec![
            ("scope", config.scopes.join(" ")),
            ("redirect_uri", config.redirect_uri.to_string()),
            ("code_challenge", secrets.code_challenge()),
            ("code_challenge_method", "S256".to_owned()),
            ("state", secrets.state().reveal().to_owned()),
            ("nonce", secrets.nonce().reveal().to_owned()),
        ];
        parameters.extend(options.parameters());
        let address = format!("{}/v1/interact", config.oauth_base());
        let request = self.oauth_request(&address, parameters, context)?;
        let response = self.send(Retries::None, request).await?;
        let body = oauth_response(&response, SystemTime::now())?;
        let handle = body.get("interaction_handle").and_then(Value::as_str);
        let handle = handle.ok_or_else(|| Error::NotIon("it has no interaction handle".into()))?;
        let handle = Secret::from(handle);
        let flow = FlowId::from_state(secrets.state().reveal());
        let response = self.fetch_document(flow, ("interactionHandle", &handle), context).await?;
        let assurance =
            RequestedAssurance { acr_values: options.acr_values.clone(), max_age: options.max_age };
        let device_ports = config.device_ports.clone();
        Ok(Flow::new(intent, secrets, handle, assurance, device_ports, response.document))
    }

    /// Opens the org's page for devices, which begins a flow of its own, and fetches its first document.
    async fn activate(
        &self,
        options: &BeginOptions,
        secrets: FlowSecrets,
        context: &CallContext,
    ) -> Result<Flow, Error> {
        let mut address = self.config().org_address("/activate");
        if let Some(user_code) = &options.user_code {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("user_code", user_code)
                .finish();
            address = format!("{address}?{query}");
        }
        let mut headers = context.headers(self.config().is_confidential());
        headers.insert(ACCEPT, HeaderValue::from_static("text/html"));
        let response = self.send(Retries::Once, request(Method::GET, &address, headers, "")?).await?;
        let token = state_token(text(&response)?);
        let token = token.ok_or_else(|| Error::NotIon("the page for devices has no state token".into()))?;
        let token = Secret::from(token);
        let flow = FlowId::from_state(secrets.state().reveal());
        let response = self.fetch_document(flow, ("stateToken", &token), context).await?;
        let assurance = RequestedAssurance::default();
        let device_ports = self.config().device_ports.clone();
        Ok(Flow::new(Intent::ActivateDevice, secrets, token, assurance, device_ports, response.document))
    }

    /// `introspect`: the current document of the flow with this handle, which is named after its kind.
    async fn fetch_document(
        &self,
        flow: FlowId,
        (kind, handle): (&str, &Secret),
        context: &CallContext,
    ) -> Result<EngineResponse, Error> {
        let form = FormRequest {
            method: Method::POST,
            address: self.config().engine_address("introspect"),
            accept: ION.to_owned(),
            body: Map::from_iter([(kind.to_owned(), handle.reveal().into())]),
        };
        self.send_form(Retries::Once, form, ION, flow, context).await
    }

    /// Submits forms until one must be presented to the person, or the plan is done.
    async fn run(&self, flow: &mut Flow, mut plan: Plan, context: &CallContext) -> Result<(), Error> {
        let is_launch = plan.has_chosen("launch-authenticator");
        let left_by = if is_launch { LeftBy::Launch } else { LeftBy::Page };
        for _ in 0..MAX_FORMS_PER_CALL {
            self.leave_challenges(flow, left_by, context).await?;
            let decision = plan.decide_with_unknown_forms(flow.document(), flow.position())?;
            let (request, rest, cancels) = match decision {
                Decision::Submit { request, rest, cancels } => (request, rest, cancels),
                Decision::Present(index) => {
                    flow.set_position(Position::AtForm(index));
                    return Ok(());
                }
                Decision::Done | Decision::NoUsableForm => {
                    flow.set_position(Position::NoForm);
                    return Ok(());
                }
            };
            let response = match self.submit(flow.id(), request, context).await {
                Ok(response) => response,
                Err(error) if error.leaves_outcome_unknown() => {
                    return self.recover(flow, error, context).await;
                }
                Err(error) => return Err(error),
            };
            let is_success = response.is_success;
            flow.set_document(response.document);
            if !is_success {
                // A form that no table knows is presented again, too.
                let document = flow.document();
                let form = plan.form_after_refusal(document);
                let form = form.or_else(|| plan.form_of_unanswered_document(document));
                flow.set_position(Position::from_index(form));
                return check_expired(flow);
            }
            if cancels {
                flow.set_position(Position::Canceled);
                return Ok(());
            }
            plan = *rest;
        }
        Err(Error::Endless)
    }

    pub(super) async fn submit(
        &self,
        flow: FlowId,
        form: FormRequest,
        context: &CallContext,
    ) -> Result<EngineResponse, Error> {
        let Some(address) = self.config().own_engine_address(&form.address) else {
            return Err(Error::ForeignAddress(form.address));
        };
        // The parsed address is the one that was checked.
        let form = FormRequest { address: address.into(), ..form };
        self.send_form(Retries::None, form, JSON, flow, context).await
    }

    async fn send_form(
        &self,
        retries: Retries,
        form: FormRequest,
        content_type: &'static str,
        flow: FlowId,
        context: &CallContext,
    ) -> Result<EngineResponse, Error> {
        let mut headers = context.headers(self.config().is_confidential());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        let accept =
            HeaderValue::from_str(&form.accept).map_err(|error| Error::Unreachable(error.to_string()))?;
        headers.insert(ACCEPT, accept);
        let body = Value::Object(form.body).to_string();
        let mut request = request(form.method, &form.address, headers, body)?;
        request.extensions_mut().insert(flow);
        engine_response(&self.send(retries, request).await?, SystemTime::now())
    }

    /// Introspects once after a request whose outcome is unknown. It is not submitted again, which could count as a second
    /// try; if the flow has moved on there is no error.
    pub(super) async fn recover(
        &self,
        flow: &mut Flow,
        error: Error,
        context: &CallContext,
    ) -> Result<(), Error> {
        let introspection = self.fetch_document(flow.id(), handle_of(flow), context);
        let outcome = tokio::time::timeout(RECOVERY_TIMEOUT, introspection).await;
        let Ok(Ok(response)) = outcome else { return Err(error) };
        let has_moved_on = flow.document().step_identity() != response.document.step_identity();
        take_document(flow, response)?;
        if has_moved_on { Ok(()) } else { Err(error) }
    }
}

impl BeginOptions {
    /// The parameters of `interact` that are set.
    fn parameters(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
        let optional = [
            ("activation_token", secret(&self.activation_token)),
            ("recovery_token", secret(&self.recovery_token)),
            ("max_age", self.max_age.map(|seconds| seconds.to_string())),
            ("acr_values", self.acr_values.clone()),
            ("login_hint", self.login_hint.clone()),
        ];
        optional.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }
}

impl From<Error> for BeginError {
    fn from(error: Error) -> Self {
        Self { error, flow: None }
    }
}

impl fmt::Display for BeginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for BeginError {}

/// Takes a document that was not the response to an answer, and finds the step in it.
fn take_document(flow: &mut Flow, response: EngineResponse) -> Result<(), Error> {
    let EngineResponse { document, is_success } = response;
    let plan = Plan::resumed(flow.intent(), Answer::default());
    let position = Position::from_index(plan.form_of_unanswered_document(&document));
    flow.set_document(document);
    flow.set_position(position);
    if is_success { Ok(()) } else { check_expired(flow) }
}

/// The handle that a flow began with, and what the org calls it.
fn handle_of(flow: &Flow) -> (&'static str, &Secret) {
    let kind = match flow.intent() {
        Intent::ActivateDevice => "stateToken",
        _ => "interactionHandle",
    };
    (kind, flow.interaction_handle())
}

fn poll_by(flow: &Flow) -> PollBy {
    let document = flow.document();
    let is_poll = |name: &str| name == "poll" || name.ends_with("-poll");
    let current_form = match flow.position() {
        Position::AtForm(index) => document.form_at(index).map(|form| form.name().to_owned()),
        Position::NoForm | Position::Canceled => None,
    };
    if let Some(form) = current_form.filter(|form| is_poll(form)) {
        return PollBy::Step(form);
    }
    let action = document.actions().into_iter().map(|action| action.full_name()).find(|name| is_poll(name));
    action.map_or(PollBy::Introspection, PollBy::Step)
}

/// An error if the org has just ended the flow because it expired.
fn check_expired(flow: &Flow) -> Result<(), Error> {
    let document = flow.document();
    let is_expiry = |message: &crate::protocol::ion::Ion<'_>| {
        message.get("i18n").and_then(|i18n| i18n.text("key")) == Some("idx.session.expired")
    };
    if document.is_terminal() && document.messages().iter().any(is_expiry) {
        Err(Error::FlowExpired)
    } else {
        Ok(())
    }
}
