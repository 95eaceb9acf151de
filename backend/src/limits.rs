//! How often somebody may call: by address, by session, by the name a person goes by. Shared by all instances when
//! the store is, and by each for itself while the store is away.

use crate::{
    guard::counted_as,
    problem::ApiError,
    vault::{Opened, Vault, Write},
};
use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    fmt,
    net::IpAddr,
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// So many callers are remembered here; whoever comes then waits for the next sweep of the others.
const MOST: usize = 200_000;
const TRIES: usize = 4;

/// So many calls in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    calls: u32,
    within: Duration,
}

/// The paces that are set; without one, a thing is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paces {
    /// For each address, as it is counted.
    pub address: Option<Pace>,
    /// For each session.
    pub session: Option<Pace>,
    /// For each name that a person goes by.
    pub identifier: Option<Pace>,
    /// For the calls to the org in each flow.
    pub flow: Option<Pace>,
}

/// What is limited.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// An address.
    Address(IpAddr),
    /// A session, by its key.
    Session(&'a [u8]),
    /// A name that a person goes by.
    Identifier(&'a str),
}

/// Who may call again when.
#[derive(Debug)]
pub struct Limits {
    paces: Paces,
    shared: Option<Vault>,
    here: Mutex<HashMap<[u8; 16], SystemTime>>,
}

/// When the calls so far will have been paid for: the one number of this kind of limit.
#[derive(Serialize, Deserialize)]
struct Paid(u64);

impl Pace {
    /// So many calls.
    pub fn calls(self) -> usize {
        usize::try_from(self.calls).unwrap_or(usize::MAX)
    }

    /// In so long.
    pub fn within(self) -> Duration {
        self.within
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

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.calls, self.within.as_secs())
    }
}

impl FromStr for Pace {
    type Err = ();

    /// `20/60`: twenty calls in sixty seconds.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (calls, seconds) = text.split_once('/').ok_or(())?;
        let calls = calls.parse().ok().filter(|calls| *calls > 0).ok_or(())?;
        let seconds: u32 = seconds.parse().ok().filter(|seconds| *seconds > 0).ok_or(())?;
        Ok(Self { calls, within: Duration::from_secs(seconds.into()) })
    }
}

impl Limits {
    /// Limits at these paces; counted in the vault as well, if others count there.
    pub fn new(paces: Paces, shared: Option<Vault>) -> Self {
        Self { paces, shared, here: Mutex::default() }
    }

    /// Counts a call. When there were too many, says how long to wait.
    pub async fn take(&self, who: Who<'_>, now: SystemTime) -> Result<(), ApiError> {
        let pace = match who {
            Who::Address(_) => self.paces.address,
            Who::Session(_) => self.paces.session,
            Who::Identifier(_) => self.paces.identifier,
        };
        let Some(pace) = pace else { return Ok(()) };
        let name = name(who);
        self.take_here(name, pace, now).map_err(|wait| ApiError::RateLimited(Some(wait)))?;
        match &self.shared {
            Some(vault) => take_there(vault, name, pace, now).await,
            None => Ok(()),
        }
    }

    /// Forgets who has paid.
    pub fn sweep(&self, now: SystemTime) {
        self.here.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, paid| now < *paid);
    }

    fn take_here(&self, name: [u8; 16], pace: Pace, now: SystemTime) -> Result<(), Duration> {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if here.len() >= MOST && !here.contains_key(&name) {
            return Err(Duration::from_secs(1));
        }
        let paid = here.entry(name).or_insert(UNIX_EPOCH);
        *paid = pace.take(*paid, now)?;
        Ok(())
    }
}

/// The same in the store. While that is away, what each instance counts by itself has to do.
async fn take_there(vault: &Vault, name: [u8; 16], pace: Pace, now: SystemTime) -> Result<(), ApiError> {
    let Ok(place) = vault.place_of(&format!("limit {}", u128::from_be_bytes(name))) else { return Ok(()) };
    for _ in 0..TRIES {
        let (paid, version) = match vault.load::<Paid>(&place).await {
            Ok(Opened::Live(at)) => (UNIX_EPOCH + Duration::from_millis(at.record.0), Some(at.version)),
            Ok(Opened::Gone(_) | Opened::Nothing) => (UNIX_EPOCH, None),
            Err(_) => return Ok(()),
        };
        let next = pace.take(paid, now).map_err(|wait| ApiError::RateLimited(Some(wait)))?;
        let millis = next.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let record = Paid(u64::try_from(millis).unwrap_or(u64::MAX));
        let written = match version {
            Some(version) => vault.swap(&place, version, &record, pace.within).await,
            None => vault.create(&place, &record, pace.within).await,
        };
        match written {
            Ok(Write::Done) | Err(_) => return Ok(()),
            Ok(Write::Refused) => {}
        }
    }
    // So many at once for one name that it cannot be counted: that is too many.
    Err(ApiError::RateLimited(Some(Duration::from_secs(1))))
}

/// What a caller is counted under: a digest, since an address or a name is nobody's business in a store.
fn name(who: Who<'_>) -> [u8; 16] {
    let (kind, bytes) = match who {
        Who::Address(address) => match counted_as(address) {
            IpAddr::V4(address) => (0, address.octets().to_vec()),
            IpAddr::V6(address) => (1, address.octets().to_vec()),
        },
        Who::Session(key) => (2, key.to_vec()),
        Who::Identifier(text) => (3, text.trim().to_lowercase().into_bytes()),
    };
    let digest = digest::digest(&digest::SHA256, &[&[kind], bytes.as_slice()].concat());
    let mut name = [0; 16];
    name.iter_mut().zip(digest.as_ref()).for_each(|(name, byte)| *name = *byte);
    name
}

#[cfg(test)]
mod tests {
    use super::{Limits, Pace, Paces, Who, name};
    use crate::{
        problem::ApiError,
        vault::{KeyRing, MasterKey, Memory, Vault},
    };
    use std::{
        net::IpAddr,
        sync::Arc,
        time::{Duration, SystemTime},
    };

    #[test]
    fn a_pace_lets_a_burst_through_and_then_one_at_a_time() {
        let pace: Pace = "3/30".parse().unwrap();
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let mut paid = SystemTime::UNIX_EPOCH;
        for _ in 0..3 {
            paid = pace.take(paid, start).unwrap();
        }
        assert_eq!(pace.take(paid, start), Err(Duration::from_secs(10)));
        let later = start + Duration::from_secs(10);
        paid = pace.take(paid, later).unwrap();
        assert_eq!(pace.take(paid, later), Err(Duration::from_secs(10)));
        let much_later = start + Duration::from_secs(3_600);
        for _ in 0..3 {
            paid = pace.take(paid, much_later).unwrap();
        }
        assert!(pace.take(paid, much_later).is_err(), "what was not used is not saved up");
    }

    #[test]
    fn a_network_of_addresses_is_one_caller_and_letters_do_not_matter() {
        let of = |text: &str| name(Who::Address(text.parse::<IpAddr>().unwrap()));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(name(Who::Identifier("Mary@Example.com ")), name(Who::Identifier("mary@example.com")));
    }

    #[tokio::test]
    async fn sec_81_what_one_instance_has_counted_the_other_knows() {
        let key = MasterKey::fresh().unwrap();
        let store = Arc::new(Memory::default());
        let instance = || {
            let ring = KeyRing::new(key.clone(), vec![], "issuer", "client");
            let paces = Paces { identifier: "3/60".parse().ok(), ..Paces::default() };
            Limits::new(paces, Some(Vault::new(store.clone(), ring)))
        };
        let (one, other) = (instance(), instance());
        let now = SystemTime::now();
        for limits in [&one, &other, &one] {
            limits.take(Who::Identifier("mary"), now).await.unwrap();
        }
        for limits in [&one, &other] {
            let refused = limits.take(Who::Identifier("mary"), now).await;
            assert!(matches!(refused, Err(ApiError::RateLimited(Some(_)))));
            limits.take(Who::Identifier("john"), now).await.unwrap();
        }
        one.take(Who::Address([192, 0, 2, 1].into()), now).await.unwrap();
    }
}
