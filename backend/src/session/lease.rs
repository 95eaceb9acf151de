//! Signs of life of whoever has a turn, and those who watch them: a process that dies cannot give its turn back.

use super::{
    Kept, Next as Change,
    record::{Pulse, mark},
};
use crate::{
    problem::ApiError,
    vault::{Place, Vault},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};
use tokio::time::Instant;

/// Most turns are over before the first beat. Tests have no time.
const BEAT: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 500 });
/// Whoever has not counted on for so long has died. Longer than a store may take to keep a beat.
const STILL: Duration = BEAT.saturating_mul(5);
/// No beat takes longer than this: the store is asked a few times, and each time for a second at most.
const LONGEST: Duration = Duration::from_secs(5);
/// How often whoever waits looks again: often at first, since most turns are over soon, and then ever less, since each
/// look is work for the store.
const OFTEN: Duration = Duration::from_millis(10);
const SELDOM: Duration = Duration::from_millis(200);

/// All that beat in this process. One task looks after them: most turns are over before it comes round, and cost no more
/// than a line in a list.
#[derive(Clone, Default)]
pub struct Hearts(Arc<Mutex<Beating>>);

#[derive(Default)]
struct Beating {
    by_mark: HashMap<String, Next>,
    /// Whether there is a task that looks after them.
    is_watched: bool,
}

/// When one beats next, and where.
struct Next {
    due: Instant,
    vault: Vault,
    place: Place,
}

/// Beats until it is dropped.
pub(super) struct Heart {
    mark: String,
    hearts: Hearts,
}

impl Hearts {
    fn beating(&self) -> MutexGuard<'_, Beating> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Beats for all whose time has come, until there are none any more.
    async fn watch(self) {
        loop {
            tokio::time::sleep(BEAT / 4).await;
            let now = Instant::now();
            let mut beating = self.beating();
            if beating.by_mark.is_empty() {
                beating.is_watched = false;
                return;
            }
            for (mark, next) in beating.by_mark.iter_mut().filter(|(_, next)| next.due <= now) {
                // While the store takes its time, one beat waits for the other.
                next.due = now + LONGEST;
                tokio::spawn(self.clone().beat(mark.clone(), next.vault.clone(), next.place.clone()));
            }
        }
    }

    /// One beat. While the store is away nobody can see that it does not come.
    async fn beat(self, mark: String, vault: Vault, place: Place) {
        let is_ours = match Kept::at(&vault, &place).await {
            Ok(Some(mut kept)) => {
                let beat = kept.change_unattended(SystemTime::now(), |record| {
                    let is_ours = record.beat(&mark);
                    Ok(if is_ours { Change::Write(true) } else { Change::Leave(false) })
                });
                beat.await.unwrap_or(true)
            }
            Ok(None) => false,
            Err(_) => true,
        };
        let mut beating = self.beating();
        match beating.by_mark.get_mut(&mark) {
            Some(next) if is_ours => next.due = Instant::now() + BEAT,
            _ => drop(beating.by_mark.remove(&mark)),
        }
    }
}

impl Heart {
    /// One that does not beat yet.
    pub(super) fn new(hearts: &Hearts) -> Result<Self, ApiError> {
        Ok(Self { mark: mark()?, hearts: hearts.clone() })
    }

    /// What its turn is known by.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Beats for the turn that was given under its mark.
    pub(super) fn start(&self, kept: &Kept) {
        let (vault, place) = kept.place();
        let mut beating = self.hearts.beating();
        beating.by_mark.insert(self.mark.clone(), Next { due: Instant::now() + BEAT, vault, place });
        if !std::mem::replace(&mut beating.is_watched, true) {
            tokio::spawn(self.hearts.clone().watch());
        }
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.hearts.beating().by_mark.remove(&self.mark);
    }
}

/// Watches somebody else's heart.
pub(super) struct Watch {
    seen: Option<(Pulse, Instant)>,
    is_alive: bool,
    pause: Duration,
}

impl Default for Watch {
    fn default() -> Self {
        Self { seen: None, is_alive: false, pause: OFTEN }
    }
}

impl Watch {
    /// Notes what is seen now.
    pub(super) fn see(&mut self, pulse: Pulse) {
        if self.seen.as_ref().is_none_or(|(seen, _)| *seen != pulse) {
            self.is_alive = self.seen.is_some();
            self.seen = Some((pulse, Instant::now()));
        }
    }

    /// Waits until it is time to look again.
    pub(super) async fn pause(&mut self) {
        tokio::time::sleep(self.pause).await;
        self.pause = SELDOM.min(self.pause * 2);
    }

    /// Who has stood still for too long.
    pub(super) fn dead(&self) -> Option<&Pulse> {
        self.seen.as_ref().filter(|(_, since)| since.elapsed() >= STILL).map(|(pulse, _)| pulse)
    }

    /// Whether it has beaten since the first look: whoever has the turn is at it, and only slow.
    pub(super) fn is_alive(&self) -> bool {
        self.is_alive
    }

    /// Whether there was anybody to watch.
    pub(super) fn has_seen(&self) -> bool {
        self.seen.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{BEAT, Change, Heart, Hearts, Kept, STILL, Watch};
    use crate::{
        session::{Record, record::Pulse},
        vault::{Half, KeyRing, MasterKey, Memory, Ticket, Vault},
    };
    use std::{sync::Arc, time::SystemTime};
    use tokio::time::{Instant, sleep};
    use tower_sessions::session::Id;

    async fn kept() -> Kept {
        let ring = KeyRing::new(MasterKey::fresh().unwrap(), vec![], "issuer", "client");
        let vault = Vault::new(Arc::new(Memory::default()), ring);
        let ticket = Ticket::new(Id::default(), Half::fresh().unwrap());
        Kept::create(vault, &ticket, Record::default(), SystemTime::now()).await.unwrap()
    }

    async fn claim(kept: &mut Kept, heart: &Heart, watch: &Watch) -> Option<Pulse> {
        kept.reload().await.unwrap();
        let claimed = kept.change(SystemTime::now(), |record| {
            Ok(Change::Write(record.claim_refresh(heart.mark(), watch.dead())))
        });
        claimed.await.unwrap()
    }

    /// Whether another one gets the turn, given time enough for two to die.
    async fn is_claimed(kept: &mut Kept) -> bool {
        let (began, other, mut watch) =
            (Instant::now(), Heart::new(&Hearts::default()).unwrap(), Watch::default());
        while began.elapsed() < STILL * 2 {
            match claim(kept, &other, &watch).await {
                None => return true,
                Some(pulse) => watch.see(pulse),
            }
            sleep(BEAT / 10).await;
        }
        false
    }

    #[tokio::test]
    async fn rel_03_a_turn_stays_with_the_living_however_long_they_take() {
        let mut kept = kept().await;
        let heart = Heart::new(&Hearts::default()).unwrap();
        assert_eq!(claim(&mut kept, &heart, &Watch::default()).await, None);
        heart.start(&kept);
        assert!(!is_claimed(&mut kept).await);
    }

    #[tokio::test]
    async fn rel_03_the_turn_of_the_dead_goes_to_whoever_waits_and_does_not_come_back() {
        let mut kept = kept().await;
        let heart = Heart::new(&Hearts::default()).unwrap();
        assert_eq!(claim(&mut kept, &heart, &Watch::default()).await, None);
        assert!(is_claimed(&mut kept).await);
        kept.reload().await.unwrap();
        let late = kept
            .change(SystemTime::now(), |record| Ok(Change::Leave(record.end_refresh(heart.mark(), None))));
        assert!(!late.await.unwrap());
    }
}
