//! The flow that a request is about, and the lease to answer its step.

use super::{
    Browser, CookieLifetime, FlowName, Grant, Record, Sessions, StoredRecord, Submission,
    lease::{LEASE_WAIT_TIMEOUT, Lease, LeaseWatcher},
    record::Claim,
    step_comparison,
};
use crate::{abuse::identifier::Identifier, http::ApiError, translate};
use axum::extract::{FromRef, FromRequestParts};
use http::{HeaderMap, request::Parts};
use latchkey_contract::{ProblemCode, Transaction, Value, Values};
use latchkey_idx::Flow;
use latchkey_vault::{Commit, RecordKey, SessionHandle};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// The header that names the flow and its step.
const TRANSACTION_HEADER: &str = "x-transaction";
/// The inputs for "Keep me signed in": on the first step, and on a step of its own after the sign-in.
const STAY_SIGNED_IN_INPUTS: [&str; 2] = ["rememberMe", "keepMeSignedIn"];

/// A flow of this browser.
pub struct CurrentFlow {
    stored: StoredRecord,
    name: FlowName,
    sessions: Arc<Sessions>,
}

/// The outcome of asking for the lease.
pub enum FlowTurn {
    /// The lease is held: the step can be answered.
    Leased(Box<LeasedFlow>),
    /// The same answer was given a moment ago, and led to this.
    Answered(Box<Transaction>),
}

/// What an answer says beside its values for the org.
#[derive(Default)]
struct Choices {
    people: Option<Vec<Identifier>>,
    stays_signed_in: Option<bool>,
}

/// A flow with the lease to answer its step: no other request answers it.
pub struct LeasedFlow {
    /// The flow as it stands; the org's client moves it on.
    pub flow: Flow,
    /// The lease was taken over after it expired: it is not known which answer the org has received.
    pub is_taken_over: bool,
    stored: StoredRecord,
    name: FlowName,
    lease: Lease,
    answer: Option<Submission>,
    sessions: Arc<Sessions>,
}

/// A flow that has ended with the person signed in.
pub struct SignedInFlow {
    /// The transaction that the page gets.
    pub transaction: Transaction,
    /// The grant that the session had before.
    pub earlier_grant: Option<Grant>,
}

impl<S> FromRequestParts<S> for CurrentFlow
where
    S: Send + Sync,
    Arc<Sessions>: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let browser = Browser::from_request_parts(parts, state).await?;
        Self::find(&Arc::from_ref(state), &browser, &parts.headers).await
    }
}

impl CurrentFlow {
    /// The flow that the request names; the latest, if it names none.
    pub async fn find(
        sessions: &Arc<Sessions>,
        browser: &Browser,
        headers: &HeaderMap,
    ) -> Result<Self, ApiError> {
        let value = headers.get(TRANSACTION_HEADER).filter(|value| !value.is_empty());
        match value.map(|value| value.to_str().unwrap_or_default().parse()) {
            Some(Ok(name)) => Self::named(sessions, browser, name).await,
            Some(Err(())) => Err(ApiError::invalid("X-Transaction is none of ours")),
            None => Self::select(sessions, browser, |record| record.latest_flow().cloned()).await,
        }
    }

    /// The flow of this name.
    pub async fn named(
        sessions: &Arc<Sessions>,
        browser: &Browser,
        name: FlowName,
    ) -> Result<Self, ApiError> {
        // Cookies were set together with that name: the browser does not store them, or does not send them from there.
        if browser.has_no_cookie() {
            return Err(ProblemCode::NoCookie.into());
        }
        Self::select(sessions, browser, |record| record.flow(&name).is_some().then_some(name)).await
    }

    /// The flow of this browser that began with this state.
    pub async fn of_state(
        sessions: &Arc<Sessions>,
        browser: &Browser,
        state: &str,
    ) -> Result<Self, ApiError> {
        Self::select(sessions, browser, |record| record.flow_of_state(state).cloned()).await
    }

    /// The flow that `select` names in the record of this browser.
    async fn select(
        sessions: &Arc<Sessions>,
        browser: &Browser,
        select: impl FnOnce(&Record) -> Option<FlowName>,
    ) -> Result<Self, ApiError> {
        let handle = browser.handle().ok_or(ProblemCode::NoTransaction)?;
        let stored = StoredRecord::find(&sessions.vault, handle).await?.ok_or(ProblemCode::NoTransaction)?;
        let name = select(stored.record()).ok_or(ProblemCode::NoTransaction)?;
        Ok(Self { stored, name, sessions: sessions.clone() })
    }

    /// Whether the request names a flow.
    pub fn is_named(headers: &HeaderMap) -> bool {
        headers.get(TRANSACTION_HEADER).is_some_and(|value| !value.is_empty())
    }

    /// Opens a new flow: in the session that the browser has, or in a new one. After it the browser goes to `return_to`.
    pub async fn open(
        sessions: &Arc<Sessions>,
        browser: &Browser,
        flow: Flow,
        return_to: Option<String>,
        now: SystemTime,
    ) -> Result<Self, ApiError> {
        let name = FlowName::random(&sessions.random)?;
        let found = match browser.handle() {
            Some(handle) => StoredRecord::find_unless_ended(&sessions.vault, handle).await?,
            None => None,
        };
        let stored = match found {
            Some(mut stored) => {
                stored
                    .change(now, |record| {
                        record.open(flow.clone(), name.clone(), return_to.clone(), now);
                        Ok(Commit::Write(()))
                    })
                    .await?;
                stored
            }
            None => {
                let mut record = Record::default();
                record.open(flow, name.clone(), return_to, now);
                let handle = browser.new_handle().await?;
                let stored = StoredRecord::create(sessions.vault.clone(), &handle, record, now).await?;
                browser.adopt(CookieLifetime::Browser);
                stored
            }
        };
        Ok(Self { stored, name, sessions: sessions.clone() })
    }

    /// The record key of the session.
    pub fn key(&self) -> RecordKey {
        self.stored.key()
    }

    /// The flow as it stands.
    pub fn flow(&self) -> Result<&Flow, ApiError> {
        let (_, flow) = self.stored.record().flow(&self.name).ok_or(ProblemCode::NoTransaction)?;
        Ok(flow)
    }

    /// The transaction that the page gets.
    pub fn shown(&self, now: SystemTime) -> Result<Transaction, ApiError> {
        if self.stored.record().is_over(&self.name, now) {
            return Err(ProblemCode::FlowExpired.into());
        }
        let (name, flow) = self.stored.record().flow(&self.name).ok_or(ProblemCode::NoTransaction)?;
        Ok(transaction(&self.sessions, name, flow, self.stored.record(), now))
    }

    /// The persons whom the flow may be about, as they were named in it.
    pub fn people(&self) -> &[Identifier] {
        self.stored.record().people(&self.name)
    }

    /// Takes the lease for this answer, which may name the persons whom the flow may be about from then on. Waits while
    /// another request holds it; the same answer is not sent twice.
    pub async fn answer(
        self,
        values: &Values,
        people: Option<Vec<Identifier>>,
    ) -> Result<FlowTurn, ApiError> {
        let stays_signed_in = STAY_SIGNED_IN_INPUTS.iter().find_map(|name| match values.get(name)? {
            Value::Bool(choice) => Some(*choice),
            _ => None,
        });
        self.lease(Some(Submission::of(values)), Choices { people, stays_signed_in }).await
    }

    /// Takes the lease to poll. An answer that another request gives meanwhile counts as a change.
    pub async fn poll(self) -> Result<FlowTurn, ApiError> {
        self.lease(None, Choices::default()).await
    }

    async fn lease(mut self, answer: Option<Submission>, choices: Choices) -> Result<FlowTurn, ApiError> {
        let lease = Lease::new(&self.sessions.leases)?;
        let mut watcher = LeaseWatcher::new(&self.sessions.clock);
        let started = self.sessions.clock.instant();
        loop {
            let now = self.sessions.clock.now();
            let name = self.name.clone();
            let claim = |record: &mut Record| {
                Ok(match record.claim(&name, answer.as_ref(), lease.mark(), watcher.expired(), now) {
                    granted @ (Claim::Granted(_) | Claim::TakenOver(_)) => {
                        // Before the org gets the answer: a wrong guess counts against them, whatever its outcome.
                        if let Some(people) = &choices.people {
                            record.set_people(&name, people.clone());
                        }
                        if let Some(stays_signed_in) = choices.stays_signed_in {
                            record.set_stays_signed_in(&name, stays_signed_in);
                        }
                        Commit::Write(granted)
                    }
                    other => Commit::Skip(other),
                })
            };
            let claim = change(&mut self.stored, answer.as_ref(), now, claim).await?;
            let (flow, is_taken_over) = match claim {
                Claim::Granted(flow) => (*flow, false),
                Claim::TakenOver(flow) => (*flow, true),
                Claim::Answered => return self.shown(now).map(|shown| FlowTurn::Answered(Box::new(shown))),
                Claim::Stale if answer.is_none() && watcher.has_seen() => {
                    return self.shown(now).map(|shown| FlowTurn::Answered(Box::new(shown)));
                }
                Claim::Stale => return Err(self.stale(now)),
                Claim::Held(_)
                    if self.sessions.clock.instant().duration_since(started) >= LEASE_WAIT_TIMEOUT =>
                {
                    return Err(ProblemCode::OrgTimeout.into());
                }
                Claim::Expired => return Err(ProblemCode::FlowExpired.into()),
                Claim::Unknown => return Err(ProblemCode::NoTransaction.into()),
                Claim::Held(counter) => {
                    watcher.observe(counter);
                    watcher.pause().await;
                    self.stored.reload().await?;
                    continue;
                }
            };
            lease.start(&self.stored);
            let Self { stored, name, sessions } = self;
            let leased = LeasedFlow { flow, is_taken_over, stored, name, lease, answer, sessions };
            return Ok(FlowTurn::Leased(Box::new(leased)));
        }
    }

    fn stale(&self, now: SystemTime) -> ApiError {
        self.shown(now).map_or_else(|error| error, |transaction| ApiError::Stale(Box::new(transaction)))
    }
}

impl LeasedFlow {
    /// Whether a page shows the same step as when the lease was granted.
    pub fn shows_the_same(&self) -> bool {
        self.before().is_some_and(|before| step_comparison::shows_the_same(before, &self.flow))
    }

    /// Whether the step takes the same answer as when the lease was granted.
    pub fn takes_the_same_answer(&self) -> bool {
        self.before().is_some_and(|before| step_comparison::takes_the_same_answer(before, &self.flow))
    }

    /// The flow as it was when the lease was granted: nothing is stored before the lease ends.
    fn before(&self) -> Option<&Flow> {
        self.stored.record().flow(&self.name).map(|(_, flow)| flow)
    }

    /// Where the browser goes after this flow.
    pub fn return_to(&self) -> Option<&str> {
        self.stored.record().return_to(&self.name)
    }

    /// Stores the flow where it stands now: the step was answered.
    pub async fn advance(self) -> Result<Transaction, ApiError> {
        let now = self.sessions.clock.now();
        let Self { flow, mut stored, name, lease, answer, sessions, .. } = self;
        let advance = |record: &mut Record| {
            unless_lost(record.advance(&name, lease.mark(), &flow, answer.as_ref(), now))
        };
        let name =
            change(&mut stored, answer.as_ref(), now, |record| advance(record).map(Commit::Write)).await?;
        Ok(transaction(&sessions, &name, &flow, stored.record(), now))
    }

    /// Gives the lease back; the same step is still to be answered.
    pub async fn stay(self) -> Result<Transaction, ApiError> {
        let now = self.sessions.clock.now();
        let Self { flow, mut stored, name, lease, answer, sessions, .. } = self;
        let stay =
            |record: &mut Record| unless_lost(record.stay(&name, lease.mark(), &flow)).map(Commit::Write);
        let name = change(&mut stored, answer.as_ref(), now, stay).await?;
        Ok(transaction(&sessions, &name, &flow, stored.record(), now))
    }

    /// Ends the flow.
    pub async fn close(self) -> Result<Transaction, ApiError> {
        let now = self.sessions.clock.now();
        let Self { flow, mut stored, name, lease, answer, sessions, .. } = self;
        let close = |record: &mut Record| unless_lost(record.close(&name, lease.mark())).map(Commit::Write);
        let name = change(&mut stored, answer.as_ref(), now, close).await?;
        Ok(transaction(&sessions, &name, &flow, stored.record(), now))
    }

    /// The record key of the session.
    pub fn key(&self) -> RecordKey {
        self.stored.key()
    }

    /// Ends the flow with the person signed in, and moves the session to the next handle.
    pub async fn sign_in(
        self,
        browser: &Browser,
        next: &SessionHandle,
        grant: &Grant,
    ) -> Result<SignedInFlow, ApiError> {
        let now = self.sessions.clock.now();
        let Self { flow, mut stored, name, lease, sessions, .. } = self;
        let (name, earlier_grant, stays_signed_in) = stored
            .change_and_move(now, next, |record| {
                let choice = record.stays_signed_in(&name);
                let name = unless_lost(record.close(&name, lease.mark()))?;
                // A step-up of the same person does not ask again.
                let before = record.grant().filter(|before| before.subject() == grant.subject());
                let stays_signed_in = choice.unwrap_or(before.is_some_and(|before| before.stays_signed_in));
                let earlier_grant = record.sign_in(Grant { stays_signed_in, ..grant.clone() });
                Ok((name, earlier_grant, stays_signed_in))
            })
            .await?;
        let lifetime = grant.lifetime.absolute;
        browser.adopt(if stays_signed_in {
            CookieLifetime::Fixed(lifetime)
        } else {
            CookieLifetime::Browser
        });
        let transaction = transaction(&sessions, &name, &flow, stored.record(), now);
        Ok(SignedInFlow { transaction, earlier_grant })
    }
}

/// An answer extends a session's idle time; a poll, which a page makes by itself, does not.
async fn change<T>(
    stored: &mut StoredRecord,
    answer: Option<&Submission>,
    now: SystemTime,
    change: impl FnMut(&mut Record) -> Result<Commit<T>, ApiError>,
) -> Result<T, ApiError> {
    match answer {
        Some(_) => stored.change(now, change).await,
        None => stored.change_unattended(now, change).await,
    }
}

fn transaction(
    sessions: &Sessions,
    name: &FlowName,
    flow: &Flow,
    record: &Record,
    now: SystemTime,
) -> Transaction {
    let shown =
        sessions.new_password.applied_to(translate::transaction(name.to_string(), &flow.transaction()));
    match record.grant().filter(|grant| grant.life(now) > Duration::ZERO) {
        Some(grant) => translate::beside_session(shown, flow, &grant.claims),
        None => shown,
    }
}

/// The name, or an error if the lease was lost: the request was slow for so long that another one has taken it over.
fn unless_lost(name: Option<FlowName>) -> Result<FlowName, ApiError> {
    name.ok_or_else(|| ProblemCode::OrgTimeout.into())
}
