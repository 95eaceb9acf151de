//! How often somebody may call: by address, by session, by the name a person goes by. Shared by all instances when
//! the store is, and by each for itself while the store is away.

use crate::{abuse::identifier::Identifier, http::counted_as, problem::ApiError};
use aws_lc_rs::digest;
use latchkey_vault::{Commit, Contended, Unavailable, UpdateTarget, Vault};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    net::IpAddr,
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// So many callers are remembered here. Tests have no time.
const MAX_KEYS: usize = if cfg!(test) { 1_000 } else { 200_000 };
const MAX_ATTEMPTS: usize = 4;
/// A sign-in that an address begins may take so many answers.
const ANSWERS_PER_START: u32 = 4;
/// An address may poll so many times as often as it may begin a sign-in: hundreds of people behind it may wait at once.
const ADDRESS_POLLS_PER_START: u32 = 10;
/// A session may poll so many times as often as it may answer: all its flows in several tabs, each once a second.
const SESSION_POLLS_PER_ANSWER: u32 = 4;

/// So many calls in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    calls: u32,
    within: Duration,
}

/// The paces that are set; without one, a thing is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// For each address, as it is counted.
    pub address: Option<Rate>,
    /// For each session.
    pub session: Option<Rate>,
    /// For each name that a person goes by.
    pub identifier: Option<Rate>,
    /// For the calls to the org in each flow.
    pub flow: Option<Rate>,
}

/// What is limited. Each is counted by itself.
#[derive(Clone, Copy, Debug)]
pub enum RateKey<'a> {
    /// The sign-ins that an address begins.
    Address(IpAddr),
    /// The answers of an address.
    AnswersOfAddress(IpAddr),
    /// The polls of an address.
    PollsOfAddress(IpAddr),
    /// The logout notices of an address that were not the org's.
    FalseNotices(IpAddr),
    /// The frames that an address opens to sign out. Any page on the web can have a browser open them.
    FrontChannel(IpAddr),
    /// The answers of a session, by its key.
    Session(&'a [u8]),
    /// The polls of a session.
    PollsOfSession(&'a [u8]),
    /// The attempts at a person's account.
    Identifier(&'a Identifier),
    /// The same on one device, on which that person has signed in before.
    IdentifierOnDevice(&'a Identifier, &'a str),
}

/// Who may call again when.
#[derive(Debug)]
pub struct RateLimiter {
    paces: Rates,
    shared: Option<Vault>,
    here: Mutex<Counts>,
}

/// What a caller is counted under.
type Name = [u8; 16];

/// When the calls of each caller will have been paid for.
#[derive(Debug, Default)]
struct Counts {
    by_name: HashMap<Name, SystemTime>,
    by_time: BTreeSet<(SystemTime, Name)>,
}

/// When the calls so far will have been paid for: the one number of this kind of limit.
#[derive(Default, Serialize, Deserialize)]
struct PaidUntil(u64);

impl Rate {
    /// So many calls.
    pub fn calls(self) -> usize {
        usize::try_from(self.calls).unwrap_or(usize::MAX)
    }

    /// In so long.
    pub fn within(self) -> Duration {
        self.within
    }

    /// So many times as many calls in the same time.
    fn times(self, factor: u32) -> Self {
        Self { calls: self.calls.saturating_mul(factor), ..self }
    }

    /// When the calls so far, and this one, will have been paid for; or how long this one has to wait.
    fn take(self, paid: SystemTime, now: SystemTime) -> Result<SystemTime, Duration> {
        let price = self.within / self.calls.max(1);
        let next = paid.max(now) + price;
        match next.duration_since(now + self.within) {
            Ok(wait) if wait > Duration::ZERO => Err(wait),
            _ => Ok(next),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.calls, self.within.as_secs())
    }
}

impl FromStr for Rate {
    type Err = ();

    /// `20/60`: twenty calls in sixty seconds.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (calls, seconds) = text.split_once('/').ok_or(())?;
        let calls = calls.parse().ok().filter(|calls| *calls > 0).ok_or(())?;
        let seconds: u32 = seconds.parse().ok().filter(|seconds| *seconds > 0).ok_or(())?;
        Ok(Self { calls, within: Duration::from_secs(seconds.into()) })
    }
}

impl RateLimiter {
    /// Limits at these paces; counted in the vault as well, if others count there.
    pub fn new(paces: Rates, shared: Option<Vault>) -> Self {
        Self { paces, shared, here: Mutex::default() }
    }

    /// Counts a call. When there were too many, says how long to wait.
    pub async fn take(&self, who: RateKey<'_>, now: SystemTime) -> Result<(), ApiError> {
        let Some(rate) = self.paces.of(who) else { return Ok(()) };
        let name = name(who);
        let counted = self.counts().take(name, rate, now);
        counted.map_err(|wait| ApiError::RateLimited(Some(wait)))?;
        match self.shared.as_ref().filter(|_| who.is_shared()) {
            Some(vault) => take_shared(vault, name, rate, now).await,
            None => Ok(()),
        }
    }

    /// Forgets who has paid.
    pub fn sweep(&self, now: SystemTime) {
        self.counts().sweep(now);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rates {
    fn of(&self, who: RateKey<'_>) -> Option<Rate> {
        match who {
            RateKey::Address(_) | RateKey::FalseNotices(_) | RateKey::FrontChannel(_) => self.address,
            RateKey::AnswersOfAddress(_) => self.address.map(|rate| rate.times(ANSWERS_PER_START)),
            RateKey::PollsOfAddress(_) => self.address.map(|rate| rate.times(ADDRESS_POLLS_PER_START)),
            RateKey::Session(_) => self.session,
            RateKey::PollsOfSession(_) => self.session.map(|rate| rate.times(SESSION_POLLS_PER_ANSWER)),
            RateKey::Identifier(_) | RateKey::IdentifierOnDevice(..) => self.identifier,
        }
    }
}

impl RateKey<'_> {
    /// Whether all instances count it together. What is frequent, and limited generously, is not worth a write in the
    /// store for each call.
    fn is_shared(self) -> bool {
        match self {
            Self::Address(_) | Self::Session(_) | Self::Identifier(_) | Self::IdentifierOnDevice(..) => true,
            Self::AnswersOfAddress(_)
            | Self::PollsOfAddress(_)
            | Self::FalseNotices(_)
            | Self::FrontChannel(_)
            | Self::PollsOfSession(_) => false,
        }
    }
}

impl Counts {
    fn take(&mut self, name: Name, rate: Rate, now: SystemTime) -> Result<(), Duration> {
        let paid = self.by_name.get(&name).copied();
        let next = rate.take(paid.unwrap_or(UNIX_EPOCH), now)?;
        match paid {
            Some(paid) => {
                self.by_time.remove(&(paid, name));
            }
            None if self.by_name.len() >= MAX_KEYS => self.forget_first(),
            None => {}
        }
        self.by_name.insert(name, next);
        self.by_time.insert((next, name));
        Ok(())
    }

    /// Makes room by forgetting the caller that will have paid first: a caller that is refused just now, or nearly so,
    /// will have paid last and stays.
    fn forget_first(&mut self) {
        if let Some((_, name)) = self.by_time.pop_first() {
            self.by_name.remove(&name);
        }
    }

    fn sweep(&mut self, now: SystemTime) {
        while self.by_time.first().is_some_and(|(paid, _)| *paid <= now) {
            self.forget_first();
        }
    }
}

/// The same in the store. While that is away, each instance's own counts must do.
async fn take_shared(vault: &Vault, name: Name, rate: Rate, now: SystemTime) -> Result<(), ApiError> {
    let subject = format!("limit {}", u128::from_be_bytes(name));
    match count_in(vault, &subject, rate, now).await {
        Ok(()) | Err(NotCounted::Store) => Ok(()),
        Err(NotCounted::TooMany(wait)) => Err(ApiError::RateLimited(Some(wait))),
    }
}

async fn count_in(vault: &Vault, subject: &str, rate: Rate, now: SystemTime) -> Result<(), NotCounted> {
    let location = vault.location_of(subject)?;
    let mut paid_until = vault.load_or_default(&location).await?;
    let take = |paid_until: &mut PaidUntil| {
        let paid = UNIX_EPOCH + Duration::from_millis(paid_until.0);
        let next = rate.take(paid, now).map_err(NotCounted::TooMany)?;
        let millis = next.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        paid_until.0 = u64::try_from(millis).unwrap_or(u64::MAX);
        Ok(Commit::Write(()))
    };
    let target = UpdateTarget::at(&location).attempts(MAX_ATTEMPTS);
    vault.update(target, &mut paid_until, take, |_, _| rate.within, |_| Ok(PaidUntil(0))).await
}

/// Why a call was not counted in the store.
enum NotCounted {
    TooMany(Duration),
    Store,
}

impl From<Unavailable> for NotCounted {
    fn from(_: Unavailable) -> Self {
        Self::Store
    }
}

/// So many calls at once that they cannot be counted are too many.
impl From<Contended> for NotCounted {
    fn from(_: Contended) -> Self {
        Self::TooMany(Duration::from_secs(1))
    }
}

/// What a caller is counted under: a digest, since an address or a name is nobody's business in a store.
fn name(who: RateKey<'_>) -> Name {
    let (kind, bytes) = match who {
        RateKey::Address(address) => (0, octets(address)),
        RateKey::Session(key) => (2, key.to_vec()),
        RateKey::Identifier(identifier) => (3, identifier.as_str().as_bytes().to_vec()),
        RateKey::AnswersOfAddress(address) => (4, octets(address)),
        RateKey::PollsOfAddress(address) => (5, octets(address)),
        RateKey::FalseNotices(address) => (6, octets(address)),
        RateKey::FrontChannel(address) => (7, octets(address)),
        RateKey::PollsOfSession(key) => (8, key.to_vec()),
        RateKey::IdentifierOnDevice(identifier, device) => {
            (9, [device.as_bytes(), b" ", identifier.as_str().as_bytes()].concat())
        }
    };
    let digest = digest::digest(&digest::SHA256, &[&[kind], bytes.as_slice()].concat());
    let mut name = [0; 16];
    name.iter_mut().zip(digest.as_ref()).for_each(|(name, byte)| *name = *byte);
    name
}

/// The address as it is counted; the two kinds of addresses differ in length.
fn octets(address: IpAddr) -> Vec<u8> {
    match counted_as(address) {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_KEYS, Rate, RateKey, RateLimiter, Rates, name};
    use crate::{abuse::identifier::Identifier, problem::ApiError};
    use latchkey_vault::{KeyRing, MasterKey, Memory, RandomSource, Vault};
    use std::{
        net::IpAddr,
        sync::Arc,
        time::{Duration, SystemTime},
    };

    #[test]
    fn a_pace_lets_a_burst_through_and_then_one_at_a_time() {
        let rate: Rate = "3/30".parse().unwrap();
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let mut paid = SystemTime::UNIX_EPOCH;
        for _ in 0..3 {
            paid = rate.take(paid, start).unwrap();
        }
        assert_eq!(rate.take(paid, start), Err(Duration::from_secs(10)));
        let later = start + Duration::from_secs(10);
        paid = rate.take(paid, later).unwrap();
        assert_eq!(rate.take(paid, later), Err(Duration::from_secs(10)));
        let much_later = start + Duration::from_secs(3_600);
        for _ in 0..3 {
            paid = rate.take(paid, much_later).unwrap();
        }
        assert!(rate.take(paid, much_later).is_err(), "what was not used is not saved up");
    }

    #[test]
    fn a_network_of_addresses_is_one_caller() {
        let of = |text: &str| name(RateKey::Address(text.parse::<IpAddr>().unwrap()));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        let mary = &Identifier::new("mary", None);
        assert_ne!(name(RateKey::Identifier(mary)), name(RateKey::IdentifierOnDevice(mary, "device")));
    }

    #[tokio::test]
    async fn sec_81_what_one_instance_has_counted_the_other_knows() {
        let key = MasterKey::random(&RandomSource::system()).unwrap();
        let store = Arc::new(Memory::default());
        let instance = || {
            let ring = KeyRing::new(key.clone(), vec![], "issuer", "client");
            let paces = Rates { identifier: "3/60".parse().ok(), ..Rates::default() };
            RateLimiter::new(paces, Some(Vault::new(store.clone(), ring, RandomSource::system())))
        };
        let (one, other) = (instance(), instance());
        let now = SystemTime::now();
        for limits in [&one, &other, &one] {
            limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await.unwrap();
        }
        for limits in [&one, &other] {
            let refused = limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await;
            assert!(matches!(refused, Err(ApiError::RateLimited(Some(_)))));
            limits.take(RateKey::Identifier(&Identifier::new("john", None)), now).await.unwrap();
        }
        one.take(RateKey::Address([192, 0, 2, 1].into()), now).await.unwrap();
    }

    #[tokio::test]
    async fn sec_218_a_newcomer_is_never_refused_for_the_number_of_others_and_a_guesser_is_not_forgotten() {
        let paces =
            Rates { address: "3/60".parse().ok(), identifier: "3/60".parse().ok(), ..Rates::default() };
        let (limits, now) = (RateLimiter::new(paces, None), SystemTime::now());
        for _ in 0..3 {
            limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await.unwrap();
        }
        for newcomer in 0..2 * MAX_KEYS {
            limits
                .take(RateKey::Identifier(&Identifier::new(&newcomer.to_string(), None)), now)
                .await
                .unwrap();
        }
        assert!(limits.counts().by_name.len() <= MAX_KEYS && limits.counts().by_time.len() <= MAX_KEYS);
        assert!(limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await.is_err());
        limits.sweep(now + Duration::from_secs(61));
        assert!(limits.counts().by_name.is_empty() && limits.counts().by_time.is_empty());
    }

    #[tokio::test]
    async fn sec_202_polls_once_a_second_in_five_tabs_are_never_too_many() {
        let paces =
            Rates { address: "600/60".parse().ok(), session: "240/60".parse().ok(), ..Rates::default() };
        let (limits, began) = (RateLimiter::new(paces, None), SystemTime::now());
        for second in 0..600 {
            let now = began + Duration::from_secs(second);
            for _ in 0..5 {
                limits.take(RateKey::PollsOfSession(b"session"), now).await.unwrap();
                limits.take(RateKey::PollsOfAddress([192, 0, 2, 1].into()), now).await.unwrap();
            }
        }
        let mut polls = 0;
        while limits.take(RateKey::PollsOfSession(b"another"), began).await.is_ok() {
            polls += 1;
        }
        assert_eq!(polls, 960);
    }
}
