//! What is stored of one session: its flows, and the grant of a signed-in person. Time comes in as an argument.

use super::Grant;
use crate::abuse::identifier::Identifier;
use latchkey_contract::Values;
use latchkey_idx::Flow;
use latchkey_vault::{NoRandomness, RandomSource, hex};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// More flows than this are not kept; the oldest goes.
const MAX_FLOWS_PER_SESSION: usize = 5;
/// A flow that nobody answers is over after this long.
const FLOW_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// For so long a flow that is over is remembered, so that its browser learns what became of it.
const ENDED_FLOW_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// All of one session.
#[derive(Default, Serialize, Deserialize)]
pub struct Record {
    flows: Vec<StoredFlow>,
    grant: Option<Grant>,
    #[serde(default)]
    refreshing: Option<LeaseCounter>,
}

/// A flow under way.
#[derive(Serialize, Deserialize)]
struct StoredFlow {
    name: FlowName,
    flow: Flow,
    until: SystemTime,
    turn: Option<LeaseCounter>,
    answered: Option<Submission>,
    #[serde(default)]
    people: Vec<Identifier>,
}

/// Somebody has the turn, and counts on while they live. Nobody's clock has to be right for that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseCounter {
    mark: String,
    beats: u32,
}

/// A flow and the step it stands at; a browser echoes it without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowName {
    flow: String,
    step: u32,
}

/// A digest of an answer: enough to know the same answer again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission(String);

/// What is found when a turn is asked for.
pub enum Claim {
    /// The turn is given, under this mark.
    Given(Box<Flow>),
    /// Whoever had it is gone without a word; what the org has seen is not known.
    Inherited(Box<Flow>),
    /// Somebody else has it.
    Busy(LeaseCounter),
    /// This very answer has been given already.
    Answered,
    /// Another answer has been given already.
    Stale,
    /// The flow is over by time.
    Expired,
    /// There is no such flow.
    Unknown,
}

impl Record {
    /// Puts a new flow beside the others, the oldest out if there are too many.
    pub fn open(&mut self, flow: Flow, name: FlowName, now: SystemTime) {
        if self.flows.len() >= MAX_FLOWS_PER_SESSION {
            self.flows.remove(0);
        }
        let until = lifetime(&flow, now);
        self.flows.push(StoredFlow { name, flow, until, turn: None, answered: None, people: Vec::new() });
    }

    /// The latest flow, or the one of this name, whatever its step.
    pub fn flow(&self, name: Option<&FlowName>) -> Option<(&FlowName, &Flow)> {
        let stored = match name {
            None => self.flows.last(),
            Some(name) => self.flows.iter().find(|stored| stored.name.flow == name.flow),
        };
        stored.map(|stored| (&stored.name, &stored.flow))
    }

    /// Whether the flow of this name is over by time.
    pub fn is_over(&self, name: &FlowName, now: SystemTime) -> bool {
        self.flows.iter().any(|stored| stored.name.flow == name.flow && stored.until <= now)
    }

    /// The people whom the flow of this name may be about.
    pub fn people(&self, name: &FlowName) -> &[Identifier] {
        let stored = self.flows.iter().find(|stored| stored.name.flow == name.flow);
        stored.map_or(&[], |stored| &stored.people)
    }

    /// Notes whom the flow of this name may be about.
    pub fn set_people(&mut self, name: &FlowName, people: Vec<Identifier>) {
        if let Some(stored) = self.stored(name) {
            stored.people = people;
        }
    }

    /// The flow that began with this state.
    pub fn flow_of_state(&self, state: &str) -> Option<&FlowName> {
        self.flows.iter().find(|stored| stored.flow.state() == state).map(|stored| &stored.name)
    }

    /// Gives the turn to answer this step, if nobody has it but the dead and the step still stands.
    pub fn claim(
        &mut self,
        name: &FlowName,
        answer: Option<&Submission>,
        mark: &str,
        expired: Option<&LeaseCounter>,
        now: SystemTime,
    ) -> Claim {
        let Some(stored) = self.stored(name) else { return Claim::Unknown };
        if stored.until <= now {
            return Claim::Expired;
        }
        if let Some(other) = &stored.turn
            && Some(other) != expired
        {
            return Claim::Busy(other.clone());
        }
        if stored.name.step != name.step {
            let again = stored.name.step == name.step.wrapping_add(1) && stored.answered.as_ref() == answer;
            return if again && answer.is_some() { Claim::Answered } else { Claim::Stale };
        }
        let abandoned = stored.turn.is_some();
        stored.turn = Some(LeaseCounter::first(mark));
        let flow = Box::new(stored.flow.clone());
        if abandoned { Claim::Inherited(flow) } else { Claim::Given(flow) }
    }

    /// Ends the turn with the flow where it now stands. Says the new name, or nothing if the turn had been lost.
    pub fn advance(
        &mut self,
        name: &FlowName,
        mark: &str,
        flow: &Flow,
        answer: Option<&Submission>,
        now: SystemTime,
    ) -> Option<FlowName> {
        let stored = self.leased(name, mark)?;
        stored.turn = None;
        stored.flow = flow.clone();
        stored.until = lifetime(flow, now);
        stored.name.step = stored.name.step.wrapping_add(1);
        stored.answered = answer.cloned();
        Some(stored.name.clone())
    }

    /// Ends the turn with the same question still standing, in the org's latest words.
    pub fn stay(&mut self, name: &FlowName, mark: &str, flow: &Flow) -> Option<FlowName> {
        let stored = self.leased(name, mark)?;
        stored.turn = None;
        stored.flow = flow.clone();
        Some(stored.name.clone())
    }

    /// Ends the turn and the flow with it.
    pub fn close(&mut self, name: &FlowName, mark: &str) -> Option<FlowName> {
        let closed = self.leased(name, mark)?.name.clone();
        self.flows.retain(|stored| stored.name.flow != name.flow);
        Some(closed)
    }

    /// Signs a person in; says who was signed in before.
    pub fn sign_in(&mut self, grant: Grant) -> Option<Grant> {
        self.grant.replace(grant)
    }

    /// Gives the turn to refresh the tokens, unless somebody has it who is not dead; says who.
    pub fn claim_refresh(&mut self, mark: &str, expired: Option<&LeaseCounter>) -> Option<LeaseCounter> {
        if let Some(other) = &self.refreshing
            && Some(other) != expired
        {
            return Some(other.clone());
        }
        self.refreshing = Some(LeaseCounter::first(mark));
        None
    }

    /// Counts on for whoever has a turn under this mark. Says whether they still have it.
    pub fn heartbeat(&mut self, mark: &str) -> bool {
        let turns = self.flows.iter_mut().filter_map(|stored| stored.turn.as_mut());
        match turns.chain(&mut self.refreshing).find(|pulse| pulse.mark == mark) {
            Some(pulse) => {
                pulse.beats = pulse.beats.wrapping_add(1);
                true
            }
            None => false,
        }
    }

    /// Ends that turn, with new tokens or without. Says whether it had not been lost.
    pub fn end_refresh(&mut self, mark: &str, refreshed: Option<&Grant>) -> bool {
        if self.refreshing.take_if(|pulse| pulse.mark == mark).is_none() {
            return false;
        }
        if let Some(refreshed) = refreshed {
            self.grant = Some(refreshed.clone());
        }
        true
    }

    /// Who is signed in.
    pub fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    /// Notes that the list of the person's sessions has these tokens, if they are still the ones in use.
    pub fn note_listed(&mut self, listed: &Grant) -> bool {
        let token = listed.access_token.reveal();
        let grant = self.grant.as_mut().filter(|grant| grant.access_token.reveal() == token);
        grant.map(|grant| grant.is_listed = true).is_some()
    }

    /// Gives up what a person is signed in with.
    pub fn into_grant(self) -> Option<Grant> {
        self.grant
    }

    /// How long it is worth keeping.
    pub fn life(&self, now: SystemTime) -> Duration {
        let signed_in = self.grant.as_ref().map(|grant| grant.life(now));
        let flows = self.flows.iter().map(|stored| until(stored.until, now) + ENDED_FLOW_LIFETIME);
        signed_in.unwrap_or_else(|| flows.max().unwrap_or_default()).max(Duration::from_secs(1))
    }

    /// The same after a change that is no sign of life, with so much of its life left.
    pub fn life_unattended(&self, left: Duration, now: SystemTime) -> Duration {
        match self.grant {
            // The store needs some life to write with.
            Some(_) => left.min(self.life(now)).max(Duration::from_millis(1)),
            None => self.life(now),
        }
    }

    fn stored(&mut self, name: &FlowName) -> Option<&mut StoredFlow> {
        self.flows.iter_mut().find(|stored| stored.name.flow == name.flow)
    }

    fn leased(&mut self, name: &FlowName, mark: &str) -> Option<&mut StoredFlow> {
        self.stored(name).filter(|stored| stored.turn.as_ref().is_some_and(|pulse| pulse.mark == mark))
    }
}

impl LeaseCounter {
    fn first(mark: &str) -> Self {
        Self { mark: mark.to_owned(), beats: 0 }
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
        let plain = flow.len() == 24 && flow.bytes().all(|byte| byte.is_ascii_hexdigit());
        let step = step.parse().map_err(|_| ())?;
        if plain { Ok(Self { flow: flow.to_owned(), step }) } else { Err(()) }
    }
}

impl Submission {
    /// The digest of these answers. It is kept under seal only, and for one step.
    pub fn of(values: &Values) -> Self {
        let text = serde_json::to_vec(values).unwrap_or_default();
        Self(hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &text).as_ref()))
    }
}

/// A flow lives as long as somebody answers, and never longer than the org lets it.
fn lifetime(flow: &Flow, now: SystemTime) -> SystemTime {
    let ours = now + FLOW_LIFETIME;
    flow.expires_at().map_or(ours, |theirs| ours.min(theirs))
}

fn until(then: SystemTime, now: SystemTime) -> Duration {
    then.duration_since(now).unwrap_or_default()
}

/// Seconds since 1970.
pub(crate) fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
