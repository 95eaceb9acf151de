//! The flow that a request is about, and the lease to answer its step.

use super::{
    Browser, FlowName, Grant, Record, StoredRecord, Submission,
    lease::{Lease, LeaseWatcher, Leases},
    record::Claim,
};
use crate::{abuse::identifier::Identifier, api::translate, app::App, http::ApiError};
use axum::extract::{FromRef, FromRequestParts};
use http::{HeaderMap, request::Parts};
use latchkey_contract::{ProblemCode, Transaction};
use latchkey_idx::Flow;
use latchkey_vault::{Commit, RecordKey, SessionHandle};
use std::time::{Duration, SystemTime};

/// The header that names the flow and its step.
const NAMED_BY: &str = "x-transaction";
/// How long a second answer waits for the first.
const LEASE_WAIT_TIMEOUT: Duration = Duration::from_secs(12);

/// A flow of this browser.
pub struct CurrentFlow {
    stored: StoredRecord,
    name: FlowName,
    leases: Leases,
}

/// What became of the wish to answer.
pub enum FlowTurn {
    /// It is ours to answer.
    Ours(Box<LeasedFlow>),
    /// The same answer has been given a moment ago; this is what it led to.
    Given(Box<Transaction>),
}

/// A flow while it is being answered: nobody else answers it.
pub struct LeasedFlow {
    /// Where it stands; moved by the client.
    pub flow: Flow,
    /// Whoever had the turn before has died; what the org has taken of their answer is not known.
    pub inherited: bool,
    stored: StoredRecord,
    name: FlowName,
    lease: Lease,
    answer: Option<Submission>,
}

impl<S> FromRequestParts<S> for CurrentFlow
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let browser = Browser::from_request_parts(parts, state).await?;
        Self::find(&App::from_ref(state), &browser, &parts.headers).await
    }
}

impl CurrentFlow {
    /// The flow that the request names; the latest, if it names none.
    pub async fn find(app: &App, browser: &Browser, headers: &HeaderMap) -> Result<Self, ApiError> {
        let named = headers.get(NAMED_BY).filter(|value| !value.is_empty());
        let named = match named.map(|value| value.to_str().unwrap_or_default().parse()) {
            Some(Err(())) => return Err(ApiError::invalid("X-Transaction is none of ours")),
            Some(Ok(name)) => Some(name),
            None => None,
        };
        Self::named(app, browser, named).await
    }

    /// The flow of this name; the latest, without one.
    pub async fn named(app: &App, browser: &Browser, named: Option<FlowName>) -> Result<Self, ApiError> {
        // It was given cookies together with that name: it does not keep them, or does not send them from where it is.
        if named.is_some() && browser.has_no_cookie() {
            return Err(ProblemCode::NoCookie.into());
        }
        let handle = browser.handle().ok_or(ProblemCode::NoTransaction)?;
        let stored = StoredRecord::find(&app.vault, handle).await?.ok_or(ProblemCode::NoTransaction)?;
        let held = stored.record().flow(named.as_ref()).map(|(name, _)| name.clone());
        let name = held.map(|held| named.unwrap_or(held)).ok_or(ProblemCode::NoTransaction)?;
        Ok(Self { stored, name, leases: app.leases.clone() })
    }

    /// The flow of this browser that began with this state.
    pub async fn of_state(app: &App, browser: &Browser, state: &str) -> Result<Self, ApiError> {
        let handle = browser.handle().ok_or(ProblemCode::NoTransaction)?;
        let stored = StoredRecord::find(&app.vault, handle).await?.ok_or(ProblemCode::NoTransaction)?;
        let name = stored.record().flow_of_state(state).cloned().ok_or(ProblemCode::NoTransaction)?;
        Ok(Self { stored, name, leases: app.leases.clone() })
    }

    /// Whether the request names a flow.
    pub fn is_named(headers: &HeaderMap) -> bool {
        headers.get(NAMED_BY).is_some_and(|value| !value.is_empty())
    }

    /// Begins with a new flow: in the session that the browser has, or in a new one.
    pub async fn open(app: &App, browser: &Browser, flow: Flow, now: SystemTime) -> Result<Self, ApiError> {
        let name = FlowName::random(&app.random).map_err(|_| ProblemCode::Internal)?;
        let held = match browser.handle() {
            Some(handle) => StoredRecord::find_to_begin(&app.vault, handle).await?,
            None => None,
        };
        let stored = match held {
            Some(mut stored) => {
                stored
                    .change(now, |record| {
                        record.open(flow.clone(), name.clone(), now);
                        Ok(Commit::Write(()))
                    })
                    .await?;
                stored
            }
            None => {
                let mut record = Record::default();
                record.open(flow, name.clone(), now);
                let stored =
                    StoredRecord::create(app.vault.clone(), &browser.rename().await?, record, now).await?;
                browser.adopt();
                stored
            }
        };
        Ok(Self { stored, name, leases: app.leases.clone() })
    }

    /// What the session is known by in the store.
    pub fn key(&self) -> RecordKey {
        self.stored.key()
    }

    /// Where it stands.
    pub fn flow(&self) -> Result<&Flow, ApiError> {
        let (_, flow) = self.stored.record().flow(Some(&self.name)).ok_or(ProblemCode::NoTransaction)?;
        Ok(flow)
    }

    /// What the page is shown of it.
    pub fn shown(&self, now: SystemTime) -> Result<Transaction, ApiError> {
        if self.stored.record().is_over(&self.name, now) {
            return Err(ProblemCode::FlowExpired.into());
        }
        let (name, flow) = self.stored.record().flow(Some(&self.name)).ok_or(ProblemCode::NoTransaction)?;
        Ok(translate::transaction(name.to_string(), &flow.transaction()))
    }

    /// The people whom the flow may be about, as they were named in it.
    pub fn people(&self) -> &[Identifier] {
        self.stored.record().people(&self.name)
    }

    /// Takes the turn for this answer, which may name the people whom the flow may be about from then on. While somebody
    /// else has it, waits: the same answer is not sent twice.
    pub async fn answer(
        self,
        answer: Submission,
        people: Option<Vec<Identifier>>,
    ) -> Result<FlowTurn, ApiError> {
        self.turn(Some(answer), people).await
    }

    /// Takes the turn to look whether something has happened elsewhere. What somebody answers meanwhile has.
    pub async fn look(self) -> Result<FlowTurn, ApiError> {
        self.turn(None, None).await
    }

    async fn turn(
        mut self,
        answer: Option<Submission>,
        people: Option<Vec<Identifier>>,
    ) -> Result<FlowTurn, ApiError> {
        let lease = Lease::new(&self.leases)?;
        let mut watcher = LeaseWatcher::default();
        let began = tokio::time::Instant::now();
        loop {
            let now = SystemTime::now();
            let name = self.name.clone();
            let claim = |record: &mut Record| {
                Ok(match record.claim(&name, answer.as_ref(), lease.mark(), watcher.expired(), now) {
                    given @ (Claim::Given(_) | Claim::Inherited(_)) => {
                        // Before the org hears the answer: what is guessed next counts, whatever becomes of this one.
                        if let Some(people) = &people {
                            record.set_people(&name, people.clone());
                        }
                        Commit::Write(given)
                    }
                    other => Commit::Skip(other),
                })
            };
            let claim = change(&mut self.stored, answer.as_ref(), now, claim).await?;
            let (flow, inherited) = match claim {
                Claim::Given(flow) => (*flow, false),
                Claim::Inherited(flow) => (*flow, true),
                Claim::Answered => return self.shown(now).map(|shown| FlowTurn::Given(Box::new(shown))),
                Claim::Stale if answer.is_none() && watcher.has_seen() => {
                    return self.shown(now).map(|shown| FlowTurn::Given(Box::new(shown)));
                }
                Claim::Stale => return Err(self.stale(now)),
                Claim::Busy(_) if began.elapsed() >= LEASE_WAIT_TIMEOUT => {
                    return Err(ProblemCode::OrgTimeout.into());
                }
                Claim::Expired => return Err(ProblemCode::FlowExpired.into()),
                Claim::Unknown => return Err(ProblemCode::NoTransaction.into()),
                Claim::Busy(pulse) => {
                    watcher.observe(pulse);
                    watcher.pause().await;
                    self.stored.reload().await?;
                    continue;
                }
            };
            lease.start(&self.stored);
            return Ok(FlowTurn::Ours(Box::new(LeasedFlow {
                flow,
                inherited,
                stored: self.stored,
                name,
                lease,
                answer,
            })));
        }
    }

    fn stale(&self, now: SystemTime) -> ApiError {
        self.shown(now).map_or_else(|error| error, |transaction| ApiError::Stale(Box::new(transaction)))
    }
}

impl LeasedFlow {
    /// Keeps where the flow has come to.
    pub async fn keep(self) -> Result<Transaction, ApiError> {
        let now = SystemTime::now();
        let Self { flow, mut stored, name, lease, answer, .. } = self;
        let advanced =
            |record: &mut Record| lost(record.advance(&name, lease.mark(), &flow, answer.as_ref(), now));
        let name =
            change(&mut stored, answer.as_ref(), now, |record| advanced(record).map(Commit::Write)).await?;
        Ok(translate::transaction(name.to_string(), &flow.transaction()))
    }

    /// Gives the turn back; the same question still stands.
    pub async fn stay(self) -> Result<Transaction, ApiError> {
        let now = SystemTime::now();
        let Self { flow, mut stored, name, lease, answer, .. } = self;
        let stayed = |record: &mut Record| lost(record.stay(&name, lease.mark(), &flow)).map(Commit::Write);
        let name = change(&mut stored, answer.as_ref(), now, stayed).await?;
        Ok(translate::transaction(name.to_string(), &flow.transaction()))
    }

    /// Ends the flow.
    pub async fn close(self) -> Result<Transaction, ApiError> {
        let now = SystemTime::now();
        let Self { flow, mut stored, name, lease, answer, .. } = self;
        let closed = |record: &mut Record| lost(record.close(&name, lease.mark())).map(Commit::Write);
        let name = change(&mut stored, answer.as_ref(), now, closed).await?;
        Ok(translate::transaction(name.to_string(), &flow.transaction()))
    }

    /// What the session is known by in the store.
    pub fn key(&self) -> RecordKey {
        self.stored.key()
    }

    /// Ends the flow with the person signed in, under this next name for the session. Says who was signed in before.
    pub async fn sign_in(
        self,
        browser: &Browser,
        next: &SessionHandle,
        grant: &Grant,
    ) -> Result<(Transaction, Option<Grant>), ApiError> {
        let now = SystemTime::now();
        let Self { flow, mut stored, name, lease, .. } = self;
        let (name, before) = stored
            .change_and_move(now, next, |record| {
                let name = lost(record.close(&name, lease.mark()))?;
                Ok((name, record.sign_in(grant.clone())))
            })
            .await?;
        browser.adopt();
        Ok((translate::transaction(name.to_string(), &flow.transaction()), before))
    }
}

/// An answer is a sign of life; a poll, which a page makes by itself, is none.
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

/// Whoever loses the turn was away for so long that another has it now.
fn lost(name: Option<FlowName>) -> Result<FlowName, ApiError> {
    name.ok_or_else(|| ProblemCode::OrgTimeout.into())
}
