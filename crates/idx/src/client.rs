//! The one client: sends what the engine decides, and keeps what comes back.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::answer::Answer;
use crate::attempt::Attempt;
use crate::config::{Authentication, Config, Context};
use crate::discovery::Discovery;
use crate::engine::{Course, Move, features};
use crate::error::Error;
use crate::flow::{Asked, Flow};
use crate::intent::Intent;
use crate::keys::KeyRing;
use crate::reply::{self, Arrived};
use crate::request::{Body, Mark, Request, Verb};
use crate::secret::Secret;
use crate::transaction::Standing;
use crate::transport::{Response, Transport};

/// More forms in a row than this no honest org lets us send unasked.
const MOST_FORMS: usize = 12;
const DISCOVERY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// For a look after a call that has taken its time already.
const SHORT: Duration = Duration::from_secs(2);
const ION: &str = "application/ion+json; okta-version=1.0.0";
const FORM: &str = "application/x-www-form-urlencoded";

/// A client of one app at one org. Clones share what is known of the org.
pub struct Client<T> {
    pub(crate) shared: Arc<Shared<T>>,
}

pub(crate) struct Shared<T> {
    pub(crate) config: Config,
    pub(crate) transport: T,
    discovery: Mutex<Option<(Instant, Arc<Discovery>)>>,
    pub(crate) keys: Mutex<KeyRing>,
}

/// What a flow may begin with, besides an answer.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// From a link that activates an account.
    pub activation_token: Option<Secret>,
    /// From a link that resets a password.
    pub recovery_token: Option<Secret>,
    /// The name that the person probably goes by.
    pub login_hint: Option<String>,
    /// How strong the sign-in must be. The id token is held to it.
    pub acr_values: Option<String>,
    /// How old a sign-in may be, in seconds. The id token is held to it.
    pub max_age: Option<u64>,
}

/// A flow that could not begin, or not get as far as it should.
#[derive(Debug)]
pub struct Failed {
    /// Why.
    pub error: Error,
    /// The flow as far as it got. What was learnt is not lost.
    pub flow: Option<Box<Flow>>,
}

/// What is called; it decides how often a call may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Discovery,
    Keys,
    Introspect,
    /// Whatever changes something: repeated, it might change it twice.
    Once,
}

impl<T> Clone for Client<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> std::fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({})", self.shared.config.client_id)
    }
}

impl<T: Transport> Client<T> {
    /// A client that knows nothing of the org yet.
    pub fn new(config: Config, transport: T) -> Self {
        let shared = Shared { config, transport, discovery: Mutex::default(), keys: Mutex::default() };
        Self { shared: Arc::new(shared) }
    }

    /// The app's registration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Reads what the org says of itself, unless that is known already.
    pub async fn discover(&self) -> Result<(), Error> {
        self.discovery().await.map(|_| ())
    }

    /// Begins a flow and goes as far as the answer leads.
    pub async fn begin(
        &self,
        intent: Intent,
        opening: &Opening,
        answer: &Answer,
        attempt: Attempt,
        context: &Context,
    ) -> Result<Flow, Failed> {
        let mut flow = self.open(intent, opening, attempt, context).await.map_err(Failed::from)?;
        let activated = opening.activation_token.is_some() && intent == Intent::Register;
        let outcome = if lacks_feature(&flow, intent) && !activated {
            Err(Error::NotSupported(intent))
        } else {
            self.run(&mut flow, Course::new(intent, answer.clone()), context).await
        };
        match outcome {
            Ok(()) => Ok(flow),
            Err(error) => Err(Failed { error, flow: Some(Box::new(flow)) }),
        }
    }

    /// Gives an answer and goes as far as it leads. The flow holds the last document read, also when this fails.
    pub async fn proceed(&self, flow: &mut Flow, answer: &Answer, context: &Context) -> Result<(), Error> {
        let course = Course::resumed(flow.intent(), answer.clone());
        self.run(flow, course, context).await
    }

    /// Asks whether what the flow waits for has happened.
    pub async fn poll(&self, flow: &mut Flow, context: &Context) -> Result<(), Error> {
        match waiting(flow) {
            Waiting::Form => self.proceed(flow, &Answer::default().with("startPolling", true), context).await,
            Waiting::Action(name) => self.proceed(flow, &Answer::default().with("step", name), context).await,
            Waiting::Not => self.introspect(flow, context).await,
        }
    }

    /// Gives the flow up.
    pub async fn cancel(&self, flow: &mut Flow, context: &Context) -> Result<(), Error> {
        let course = Course::resumed(flow.intent(), Answer::default()).only("cancel");
        self.run(flow, course, context).await
    }

    /// Asks the org where the flow stands, and changes nothing there.
    pub async fn introspect(&self, flow: &mut Flow, context: &Context) -> Result<(), Error> {
        let arrived = self.look(flow.mark(), flow.handle(), context).await?;
        self.settle(flow, arrived)
    }

    pub(crate) async fn discovery(&self) -> Result<Arc<Discovery>, Error> {
        // Held while asking, so that many callers ask once.
        let mut known = self.shared.discovery.lock().await;
        if let Some((read, discovery)) = known.as_ref()
            && read.elapsed() < DISCOVERY_LIFETIME
        {
            return Ok(Arc::clone(discovery));
        }
        let config = &self.shared.config;
        let request = get(Discovery::address(config), &Context::default());
        let response = self.send(Call::Discovery, request).await?;
        let discovery = Arc::new(Discovery::read(config, &reply::oauth(&response, SystemTime::now())?)?);
        *known = Some((Instant::now(), Arc::clone(&discovery)));
        Ok(discovery)
    }

    pub(crate) async fn send(&self, call: Call, request: Request) -> Result<Response, Error> {
        for _ in 0..call.repetitions() {
            match self.shared.transport.send(request.clone()).await {
                Err(Error::Unreachable(_) | Error::Broken(_)) => {}
                outcome => return outcome,
            }
        }
        self.shared.transport.send(request).await
    }

    /// A form of the older kind, with what the app proves itself by.
    pub(crate) fn proven_form(
        &self,
        address: String,
        mut pairs: Vec<(&'static str, String)>,
        context: &Context,
    ) -> Result<Request, Error> {
        let config = &self.shared.config;
        pairs.insert(0, ("client_id", config.client_id.clone()));
        match &config.authentication {
            Authentication::None => {}
            Authentication::Secret(secret) => pairs.push(("client_secret", secret.reveal().to_owned())),
            Authentication::PrivateKey(key) => {
                let mut id = [0; 16];
                getrandom::fill(&mut id).map_err(|_| Error::NoRandomness)?;
                let assertion = key.assertion(&config.client_id, &address, SystemTime::now(), id)?;
                pairs.push((
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned(),
                ));
                pairs.push(("client_assertion", assertion));
            }
        }
        let mut headers = context.headers(self.is_proven());
        headers.extend([("content-type", FORM.to_owned()), ("accept", "application/json".to_owned())]);
        Ok(Request { verb: Verb::Post, url: address, headers, body: Body::Form(pairs), flow: None })
    }

    fn is_proven(&self) -> bool {
        !matches!(self.shared.config.authentication, Authentication::None)
    }

    /// Announces the attempt to the org and reads the first page.
    async fn open(
        &self,
        intent: Intent,
        opening: &Opening,
        attempt: Attempt,
        context: &Context,
    ) -> Result<Flow, Error> {
        self.discover().await?;
        let config = &self.shared.config;
        let mut pairs = vec![
            ("scope", config.scopes.join(" ")),
            ("redirect_uri", config.redirect_uri.to_string()),
            ("code_challenge", attempt.challenge()),
            ("code_challenge_method", "S256".to_owned()),
            ("state", attempt.state().reveal().to_owned()),
            ("nonce", attempt.nonce().reveal().to_owned()),
        ];
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.reveal().to_owned());
        let optional = [
            ("activation_token", secret(&opening.activation_token)),
            ("recovery_token", secret(&opening.recovery_token)),
            ("max_age", opening.max_age.map(|seconds| seconds.to_string())),
            ("acr_values", opening.acr_values.clone()),
            ("login_hint", opening.login_hint.clone()),
        ];
        pairs.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        let request = self.proven_form(format!("{}/v1/interact", config.oauth_base()), pairs, context)?;
        let response = self.send(Call::Once, request).await?;
        let body = reply::oauth(&response, SystemTime::now())?;
        let handle = body.get("interaction_handle").and_then(Value::as_str);
        let handle =
            Secret::from(handle.ok_or_else(|| Error::NotIon("it has no interaction handle".into()))?);
        let mark = Mark::of_state(attempt.state().reveal());
        let arrived = self.look(mark, &handle, context).await?;
        let asked = Asked { acr_values: opening.acr_values.clone(), max_age: opening.max_age };
        Ok(Flow::new(intent, attempt, handle, asked, arrived))
    }

    async fn look(&self, flow: Mark, handle: &Secret, context: &Context) -> Result<Arrived, Error> {
        let mut headers = context.headers(self.is_proven());
        headers.extend([("content-type", ION.to_owned()), ("accept", ION.to_owned())]);
        let body = Map::from_iter([("interactionHandle".to_owned(), handle.reveal().into())]);
        let url = self.shared.config.engine_address("introspect");
        let request = Request { verb: Verb::Post, url, headers, body: Body::Json(body), flow: Some(flow) };
        reply::engine(&self.send(Call::Introspect, request).await?, SystemTime::now())
    }

    /// Sends forms until a person has to be asked, or nothing is left to do.
    async fn run(&self, flow: &mut Flow, mut course: Course, context: &Context) -> Result<(), Error> {
        for _ in 0..MOST_FORMS {
            let next = course.decide_or_show(flow.document(), flow.standing())?;
            let (request, left, gives_up) = match next {
                Move::Send { request, left, gives_up } => (request, left, gives_up),
                Move::Ask(index) => {
                    flow.stand(Standing::At(index));
                    return Ok(());
                }
                Move::Rest | Move::Lost => {
                    flow.stand(Standing::Nowhere);
                    return Ok(());
                }
            };
            let arrived = match self.submit(flow.mark(), request, context).await {
                Ok(arrived) => arrived,
                Err(error) if error.leaves_outcome_unknown() => {
                    return self.learn(flow, error, context).await;
                }
                Err(error) => return Err(error),
            };
            let succeeded = arrived.succeeded;
            flow.take(arrived);
            if !succeeded {
                let refused = course.refused(flow.document());
                flow.stand(refused.map_or(Standing::Nowhere, Standing::At));
                return expired(flow);
            }
            if gives_up {
                flow.stand(Standing::Canceled);
                return Ok(());
            }
            course = *left;
        }
        Err(Error::Endless)
    }

    async fn submit(&self, flow: Mark, mut request: Request, context: &Context) -> Result<Arrived, Error> {
        if !self.shared.config.owns_engine_address(&request.url) {
            return Err(Error::ForeignAddress(request.url));
        }
        request.headers.extend(context.headers(self.is_proven()));
        request.flow = Some(flow);
        reply::engine(&self.send(Call::Once, request).await?, SystemTime::now())
    }

    /// After an answer that the org may have taken or not, looks once, and never gives it again: that might count as
    /// a second try. Nothing is wrong if the flow has moved on.
    async fn learn(&self, flow: &mut Flow, error: Error, context: &Context) -> Result<(), Error> {
        let look = tokio::time::timeout(SHORT, self.look(flow.mark(), flow.handle(), context)).await;
        let Ok(Ok(arrived)) = look else { return Err(error) };
        let has_moved = flow.document().place() != arrived.document.place();
        self.settle(flow, arrived)?;
        if has_moved { Ok(()) } else { Err(error) }
    }

    /// Takes a document that came without an answer of ours, and finds the step in it.
    fn settle(&self, flow: &mut Flow, arrived: Arrived) -> Result<(), Error> {
        let succeeded = arrived.succeeded;
        flow.take(arrived);
        let course = Course::resumed(flow.intent(), Answer::default());
        let shown = course.shown(flow.document());
        flow.stand(shown.map_or(Standing::Nowhere, Standing::At));
        if succeeded { Ok(()) } else { expired(flow) }
    }
}

impl Call {
    /// Only what changes nothing may be repeated.
    pub(crate) fn repetitions(self) -> u8 {
        match self {
            Self::Discovery | Self::Keys => 2,
            Self::Introspect => 1,
            Self::Once => 0,
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, flow: None }
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Failed {}

/// How a flow waits.
enum Waiting {
    Form,
    Action(String),
    Not,
}

fn waiting(flow: &Flow) -> Waiting {
    let document = flow.document();
    let is_wait = |name: &str| name == "poll" || name.ends_with("-poll");
    let stands_at = match flow.standing() {
        Standing::At(index) => document.form_at(index).map(|form| form.name().to_owned()),
        Standing::Nowhere | Standing::Canceled => None,
    };
    if stands_at.as_deref().is_some_and(is_wait) {
        return Waiting::Form;
    }
    let action = document.actions().into_iter().map(|action| action.name()).find(|name| is_wait(name));
    action.map_or(Waiting::Not, Waiting::Action)
}

fn lacks_feature(flow: &Flow, intent: Intent) -> bool {
    intent.needs().is_some_and(|needed| !features(flow.document()).contains(&needed))
}

/// Whether the org has just said that the flow stood too long.
fn expired(flow: &Flow) -> Result<(), Error> {
    let document = flow.document();
    let says = |message: &crate::ion::Ion<'_>| {
        message.get("i18n").and_then(|i18n| i18n.text("key")) == Some("idx.session.expired")
    };
    if document.is_terminal() && document.messages().iter().any(says) {
        Err(Error::FlowExpired)
    } else {
        Ok(())
    }
}

pub(crate) fn get(url: String, context: &Context) -> Request {
    let mut headers = context.headers(false);
    headers.push(("accept", "application/json".to_owned()));
    Request { verb: Verb::Get, url, headers, body: Body::Empty, flow: None }
}
