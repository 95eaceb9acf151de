//! The record of one session: its flows, and the grant of a signed-in person. Time is an argument.
//!
//! A field that was renamed keeps its old name in the store, so that instances of two versions read each other's records.

use super::Grant;
use crate::abuse::identifier::Identifier;
use latchkey_contract::Values;
use latchkey_idx::Flow;
use latchkey_vault::{NoRandomness, RandomSource, hex};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

/// The most flows; with more, the oldest is dropped.
const MAX_FLOWS_PER_SESSION: usize = 5;
/// A flow without answers is over after this long.
const FLOW_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How long a flow that is over is stored, so that its browser learns that it has expired.
const ENDED_FLOW_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The record of one session.
#[derive(Default, Serialize, Deserialize)]
pub struct Record {
    flows: Vec<StoredFlow>,
    grant: Option<Grant>,
    #[serde(default, rename = "refreshing")]
    refresh_lease: Option<LeaseCounter>,
}

/// A flow that is not over.
#[derive(Serialize, Deserialize)]
struct StoredFlow {
    name: FlowName,
    flow: Flow,
    until: SystemTime,
    #[serde(rename = "turn")]
    lease: Option<LeaseCounter>,
    answered: Option<Submission>,
    #[serde(default)]
    people: Vec<Identifier>,
    /// The person's choice in "Keep me signed in", once made.
    #[serde(default)]
    stays_signed_in: Option<bool>,
    /// Where the browser goes after signing in.
    #[serde(default)]
    return_to: Option<String>,
}

/// The mark of a lease's holder, and the heartbeats so far: a counter that stands still shows an expired lease, whatever the
/// clocks say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseCounter {
    mark: String,
    #[serde(rename = "beats")]
    heartbeats: u32,
}

/// A flow and its current step; a browser sends it back without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowName {
    flow: String,
    step: u32,
}

/// A digest of an answer, which recognises the same answer when it comes twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission(String);

/// The outcome of claiming the lease on a flow's step.
pub enum Claim {
    /// The lease is granted.
    Granted(Box<Flow>),
    /// An expired lease is taken over; it is not known what the org has received.
    TakenOver(Box<Flow>),
    /// Another request holds the lease.
    Held(LeaseCounter),
    /// This answer has been given already.
    Answered,
    /// Another answer has been given already.
    Stale,
    /// The flow is over by time.
    Expired,
    /// There is no such flow.
    Unknown,
}

impl Record {
    /// Adds a new flow, and drops the oldest of too many.
    pub fn open(&mut self, flow: Flow, name: FlowName, return_to: Option<String>, now: SystemTime) {
        if self.flows.len() >= MAX_FLOWS_PER_SESSION {
            self.flows.remove(0);
        }
        let until = lifetime(&flow, now);
        self.flows.push(StoredFlow {
            name,
            flow,
            until,
            lease: None,
            answered: None,
            people: Vec::new(),
            stays_signed_in: None,
            return_to,
        });
    }

    /// The flow that began last.
    pub fn latest_flow(&self) -> Option<&FlowName> {
        self.flows.last().map(|stored| &stored.name)
    }

    /// The flow of this name, whatever its step, with the name that it has now.
    pub fn flow(&self, name: &FlowName) -> Option<(&FlowName, &Flow)> {
        self.find(name).map(|stored| (&stored.name, &stored.flow))
    }

    /// Whether the flow of this name is over by time.
    pub fn is_over(&self, name: &FlowName, now: SystemTime) -> bool {
        self.find(name).is_some_and(|stored| stored.until <= now)
    }

    /// The persons whom the flow of this name may be about.
    pub fn people(&self, name: &FlowName) -> &[Identifier] {
        self.find(name).map_or(&[], |stored| &stored.people)
    }

    /// Where the browser goes after this flow.
    pub fn return_to(&self, name: &FlowName) -> Option<&str> {
        self.find(name)?.return_to.as_deref()
    }

    /// Stores whom the flow of this name may be about.
    pub fn set_people(&mut self, name: &FlowName, people: Vec<Identifier>) {
        if let Some(stored) = self.find_mut(name) {
            stored.people = people;
        }
    }

    /// The choice in "Keep me signed in", once the flow of this name has one.
    pub fn stays_signed_in(&self, name: &FlowName) -> Option<bool> {
        self.find(name)?.stays_signed_in
    }

    /// Stores the choice in "Keep me signed in".
    pub fn set_stays_signed_in(&mut self, name: &FlowName, choice: bool) {
        if let Some(stored) = self.find_mut(name) {
            stored.stays_signed_in = Some(choice);
        }
    }

    /// The flow that began with this state.
    pub fn flow_of_state(&self, state: &str) -> Option<&FlowName> {
        self.flows.iter().find(|stored| stored.flow.state() == state).map(|stored| &stored.name)
    }

    /// Claims the lease to answer this step: granted if no lease is held or the lease has expired, and the step is current.
    pub fn claim(
        &mut self,
        name: &FlowName,
        answer: Option<&Submission>,
        mark: &str,
        expired: Option<&LeaseCounter>,
        now: SystemTime,
    ) -> Claim {
        let Some(stored) = self.find_mut(name) else { return Claim::Unknown };
        if stored.until <= now {
            return Claim::Expired;
        }
        if let Some(other) = &stored.lease
            && Some(other) != expired
        {
            return Claim::Held(other.clone());
        }
        if stored.name.step != name.step {
            let again = stored.name.step == name.step.wrapping_add(1) && stored.answered.as_ref() == answer;
            return if again && answer.is_some() { Claim::Answered } else { Claim::Stale };
        }
        let is_taken_over = stored.lease.is_some();
        stored.lease = Some(LeaseCounter::first(mark));
        let flow = Box::new(stored.flow.clone());
        if is_taken_over { Claim::TakenOver(flow) } else { Claim::Granted(flow) }
    }

    /// Ends the lease and stores the flow at its next step. Returns the new name; none if the lease was lost.
    pub fn advance(
        &mut self,
        name: &FlowName,
        mark: &str,
        flow: &Flow,
        answer: Option<&Submission>,
        now: SystemTime,
    ) -> Option<FlowName> {
        let stored = self.leased(name, mark)?;
        stored.lease = None;
        stored.flow = flow.clone();
        stored.until = lifetime(flow, now);
        stored.name.step = stored.name.step.wrapping_add(1);
        stored.answered = answer.cloned();
        Some(stored.name.clone())
    }

    /// Ends the lease at the same step, in the org's latest version of it.
    pub fn stay(&mut self, name: &FlowName, mark: &str, flow: &Flow) -> Option<FlowName> {
        let stored = self.leased(name, mark)?;
        stored.lease = None;
        stored.flow = flow.clone();
        Some(stored.name.clone())
    }

    /// Ends the lease and the flow.
    pub fn close(&mut self, name: &FlowName, mark: &str) -> Option<FlowName> {
        let closed = self.leased(name, mark)?.name.clone();
        self.flows.retain(|stored| stored.name.flow != name.flow);
        Some(closed)
    }

    /// Signs a person in; returns the grant from before.
    pub fn sign_in(&mut self, grant: Grant) -> Option<Grant> {
        self.grant.replace(grant)
    }

    /// Claims the lease to refresh the tokens. Returns the counter of another request that holds it.
    pub fn claim_refresh(&mut self, mark: &str, expired: Option<&LeaseCounter>) -> Option<LeaseCounter> {
        if let Some(other) = &self.refresh_lease
            && Some(other) != expired
        {
            return Some(other.clone());
        }
        self.refresh_lease = Some(LeaseCounter::first(mark));
        None
    }

    /// One heartbeat of the lease with this mark. Returns whether it is still held.
    pub fn heartbeat(&mut self, mark: &str) -> bool {
        let leases = self.flows.iter_mut().filter_map(|stored| stored.lease.as_mut());
        match leases.chain(&mut self.refresh_lease).find(|lease| lease.mark == mark) {
            Some(lease) => {
                lease.heartbeats = lease.heartbeats.wrapping_add(1);
                true
            }
            None => false,
        }
    }

    /// Ends the lease to refresh, with new tokens or without. Returns whether it was still held.
    pub fn end_refresh(&mut self, mark: &str, refreshed: Option<&Grant>) -> bool {
        if self.refresh_lease.take_if(|lease| lease.mark == mark).is_none() {
            return false;
        }
        if let Some(refreshed) = refreshed {
            self.grant = Some(refreshed.clone());
        }
        true
    }

    /// The grant of the person who is signed in.
    pub fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    /// Notes that the session index has these tokens, if they are still the current ones.
    pub fn set_indexed(&mut self, indexed: &Grant) -> bool {
        let token = indexed.access_token.reveal();
        let grant = self.grant.as_mut().filter(|grant| grant.access_token.reveal() == token);
        grant.map(|grant| grant.is_indexed = true).is_some()
    }

    /// The grant alone.
    pub fn into_grant(self) -> Option<Grant> {
        self.grant
    }

    /// How long it lives from now if nothing happens.
    pub fn life(&self, now: SystemTime) -> Duration {
        let signed_in = self.grant.as_ref().map(|grant| grant.life(now));
        let flows = self.flows.iter().map(|stored| time_left(stored.until, now) + ENDED_FLOW_LIFETIME);
        signed_in.unwrap_or_else(|| flows.max().unwrap_or_default()).max(Duration::from_secs(1))
    }

    /// The same after a change that does not extend the idle time, with this remaining life.
    pub fn life_unattended(&self, left: Duration, now: SystemTime) -> Duration {
        match self.grant {
            // The store takes no record without a life.
            Some(_) => left.min(self.life(now)).max(Duration::from_millis(1)),
            None => self.life(now),
        }
    }

    fn find(&self, name: &FlowName) -> Option<&StoredFlow> {
        self.flows.iter().find(|stored| stored.name.flow == name.flow)
    }

    fn find_mut(&mut self, name: &FlowName) -> Option<&mut StoredFlow> {
        self.flows.iter_mut().find(|stored| stored.name.flow == name.flow)
    }

    fn leased(&mut self, name: &FlowName, mark: &str) -> Option<&mut StoredFlow> {
        self.find_mut(name).filter(|stored| stored.lease.as_ref().is_some_and(|lease| lease.mark == mark))
    }
}

impl LeaseCounter {
    fn first(mark: &str) -> Self {
        Self { mark: mark.to_owned(), heartbeats: 0 }
    }
}

impl FlowName {
    /// The first step of a new flow.
    pub fn random(random: &RandomSource) -> Result<Self, NoRandomness> {
        Ok(Self { flow: random.hex::<12>()?, step: 0 })
    }
}

impl fmt::Display for FlowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.flow, self.step)
    }
}

impl FromStr for FlowName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (flow, step) = text.split_once('.').ok_or(())?;
        let is_ours = flow.len() == 24 && flow.bytes().all(|byte| byte.is_ascii_hexdigit());
        let step = step.parse().map_err(|_| ())?;
        if is_ours { Ok(Self { flow: flow.to_owned(), step }) } else { Err(()) }
    }
}

impl Submission {
    /// The digest of these values. It is stored sealed, and for one step.
    pub fn of(values: &Values) -> Self {
        let text = serde_json::to_vec(values).unwrap_or_default();
        Self(hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &text).as_ref()))
    }
}

/// A flow lives while it is answered, but never longer than the org allows.
fn lifetime(flow: &Flow, now: SystemTime) -> SystemTime {
    let ours = now + FLOW_LIFETIME;
    flow.expires_at().map_or(ours, |theirs| ours.min(theirs))
}

fn time_left(until: SystemTime, now: SystemTime) -> Duration {
    until.duration_since(now).unwrap_or_default()
}
