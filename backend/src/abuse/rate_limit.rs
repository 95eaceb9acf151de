//! Rate limits (GCRA): how often an address, a session or an identifier may call. Instances that share a store count
//! together, and each for itself while the store is unavailable.

use super::{counted_address, identifier::Identifier, rate::Rate};
use aws_lc_rs::digest;
use latchkey_vault::{Commit, Contended, Unavailable, UpdateTarget, Vault};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The most keys that this process counts; fewer in tests, which reach it.
const MAX_KEYS: usize = if cfg!(test) { 1_000 } else { 200_000 };
/// The most attempts to write a count that other calls write, too.
const MAX_ATTEMPTS: usize = 4;
/// When a call may come again whose count could not be written.
const CONTENDED_RETRY_AFTER: Duration = Duration::from_secs(1);
/// The answers that an address may give for each sign-in that it may begin.
const ANSWERS_PER_START: u32 = 4;
/// The polls of an address for each sign-in that it may begin: hundreds of people behind it may wait at once.
const ADDRESS_POLLS_PER_START: u32 = 10;
/// The polls of a session for each of its answers: flows in several tabs poll once a second each.
const SESSION_POLLS_PER_ANSWER: u32 = 4;

/// The rates that are configured; a key without a rate is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// For each address.
    pub address: Option<Rate>,
    /// For each session.
    pub session: Option<Rate>,
    /// For each identifier of a person.
    pub identifier: Option<Rate>,
    /// For the calls to the org in each flow.
    pub flow: Option<Rate>,
}

/// What is limited. Each key is counted by itself.
#[derive(Clone, Copy, Debug)]
pub enum RateKey<'a> {
    /// The sign-ins that an address begins.
    Address(IpAddr),
    /// The answers of an address.
    AnswersOfAddress(IpAddr),
    /// The polls of an address.
    PollsOfAddress(IpAddr),
    /// The logout notices from an address that the org did not sign.
    FalseNotices(IpAddr),
    /// The front-channel logout frames from an address. Any page on the web can make a browser open them.
    FrontChannel(IpAddr),
    /// The answers of a session, by its record key.
    Session(&'a [u8]),
    /// The polls of a session.
    PollsOfSession(&'a [u8]),
    /// The attempts at a person's account.
    Identifier(&'a Identifier),
    /// The same on one known device of that person.
    IdentifierOnDevice(&'a Identifier, &'a str),
}

/// The call comes too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyCalls {
    /// When it may come again.
    pub retry_after: Duration,
}

/// Counts calls by key.
#[derive(Debug)]
pub struct RateLimiter {
    rates: Rates,
    shared: Option<Vault>,
    here: Mutex<Counts>,
}

/// A digest of a key.
type Name = [u8; 16];

/// The theoretical arrival time (GCRA) of each key's next call.
#[derive(Debug, Default)]
struct Counts {
    by_name: HashMap<Name, SystemTime>,
    by_time: BTreeSet<(SystemTime, Name)>,
}

/// The theoretical arrival time in milliseconds since 1970, as it is stored.
#[derive(Default, Serialize, Deserialize)]
struct PaidUntil(u64);

impl TooManyCalls {
    fn after(retry_after: Duration) -> Self {
        Self { retry_after }
    }
}

impl RateLimiter {
    /// Limits at these rates; counted in the vault as well, if other instances count there.
    pub fn new(rates: Rates, shared: Option<Vault>) -> Self {
        Self { rates, shared, here: Mutex::default() }
    }

    /// Counts a call, unless there were too many.
    pub async fn take(&self, key: RateKey<'_>, now: SystemTime) -> Result<(), TooManyCalls> {
        let Some(rate) = self.rates.of(key) else { return Ok(()) };
        let name = name(key);
        self.counts().take(name, rate, now)?;
        match self.shared.as_ref().filter(|_| key.is_shared()) {
            Some(vault) => take_shared(vault, name, rate, now).await,
            None => Ok(()),
        }
    }

    /// Forgets keys that have all their calls again.
    pub fn sweep(&self, now: SystemTime) {
        self.counts().sweep(now);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rates {
    fn of(&self, key: RateKey<'_>) -> Option<Rate> {
        match key {
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
    /// Whether all instances count it together. Frequent calls with generous limits are not worth a write in the store
    /// each.
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
    fn take(&mut self, name: Name, rate: Rate, now: SystemTime) -> Result<(), TooManyCalls> {
        let paid = self.by_name.get(&name).copied();
        let next = rate.take(paid.unwrap_or(UNIX_EPOCH), now).map_err(TooManyCalls::after)?;
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

    /// Makes room by forgetting the key with the earliest arrival time. A key that is refused now has a late one and stays.
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

/// Counts in the store. While it is unavailable, the counts of each instance are enough.
async fn take_shared(vault: &Vault, name: Name, rate: Rate, now: SystemTime) -> Result<(), TooManyCalls> {
    let subject = format!("limit {}", u128::from_be_bytes(name));
    match count_in(vault, &subject, rate, now).await {
        Ok(()) | Err(NotCounted::Store) => Ok(()),
        Err(NotCounted::TooMany(wait)) => Err(TooManyCalls::after(wait)),
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
    vault.update(target, &mut paid_until, take, |_, _| rate.within(), |_| Ok(PaidUntil(0))).await
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

/// A count that cannot be written because of other calls for the same key: these calls are too many.
impl From<Contended> for NotCounted {
    fn from(_: Contended) -> Self {
        Self::TooMany(CONTENDED_RETRY_AFTER)
    }
}

/// A digest of the key, so that no address and no identifier is in the store.
fn name(key: RateKey<'_>) -> Name {
    let (kind, bytes) = match key {
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

/// The counted address; the two kinds of addresses differ in length.
fn octets(address: IpAddr) -> Vec<u8> {
    match counted_address(address) {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_KEYS, RateKey, RateLimiter, Rates, TooManyCalls, name};
    use crate::abuse::identifier::Identifier;
    use latchkey_vault::{KeyRing, MasterKey, Memory, RandomSource, Vault};
    use std::{
        net::IpAddr,
        sync::Arc,
        time::{Duration, SystemTime},
    };

    #[test]
    fn the_addresses_of_a_network_are_one_key() {
        let of = |text: &str| name(RateKey::Address(text.parse::<IpAddr>().unwrap()));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        let mary = &Identifier::new("mary", None);
        assert_ne!(name(RateKey::Identifier(mary)), name(RateKey::IdentifierOnDevice(mary, "device")));
    }

    #[tokio::test]
    async fn sec_81_instances_that_share_a_store_count_together() {
        let key = MasterKey::random(&RandomSource::system()).unwrap();
        let store = Arc::new(Memory::default());
        let instance = || {
            let ring = KeyRing::new(key.clone(), vec![], "issuer", "client");
            let rates = Rates { identifier: "3/60".parse().ok(), ..Rates::default() };
            RateLimiter::new(rates, Some(Vault::new(store.clone(), ring, RandomSource::system())))
        };
        let (one, other) = (instance(), instance());
        let now = SystemTime::now();
        for limits in [&one, &other, &one] {
            limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await.unwrap();
        }
        for limits in [&one, &other] {
            let refused = limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await;
            assert!(matches!(refused, Err(TooManyCalls { .. })));
            limits.take(RateKey::Identifier(&Identifier::new("john", None)), now).await.unwrap();
        }
        one.take(RateKey::Address([192, 0, 2, 1].into()), now).await.unwrap();
    }

    #[tokio::test]
    async fn sec_218_many_new_keys_are_neither_refused_nor_push_out_one_that_is_refused() {
        let rates =
            Rates { address: "3/60".parse().ok(), identifier: "3/60".parse().ok(), ..Rates::default() };
        let (limits, now) = (RateLimiter::new(rates, None), SystemTime::now());
        for _ in 0..3 {
            limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await.unwrap();
        }
        for number in 0..2 * MAX_KEYS {
            limits.take(RateKey::Identifier(&Identifier::new(&number.to_string(), None)), now).await.unwrap();
        }
        assert!(limits.counts().by_name.len() <= MAX_KEYS && limits.counts().by_time.len() <= MAX_KEYS);
        assert!(limits.take(RateKey::Identifier(&Identifier::new("mary", None)), now).await.is_err());
        limits.sweep(now + Duration::from_secs(61));
        assert!(limits.counts().by_name.is_empty() && limits.counts().by_time.is_empty());
    }

    #[tokio::test]
    async fn sec_202_polls_once_a_second_in_five_tabs_are_never_too_many() {
        let rates =
            Rates { address: "600/60".parse().ok(), session: "240/60".parse().ok(), ..Rates::default() };
        let (limits, began) = (RateLimiter::new(rates, None), SystemTime::now());
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
