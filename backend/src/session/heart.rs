//! Signs of life of whoever has a turn, and those who watch them: a process that dies cannot give its turn back.

use super::{
    Kept, Next,
    record::{Pulse, mark},
};
use crate::{
    problem::ApiError,
    vault::{Ticket, Vault},
};
use std::time::{Duration, SystemTime};
use tokio::{task::JoinHandle, time::Instant};

/// What is a second elsewhere; tests have no time.
const SECOND: Duration = Duration::from_millis(if cfg!(test) { 50 } else { 1000 });
/// Most turns are over before the first beat.
const BEAT: Duration = SECOND;
/// Whoever has not counted on for so long has died. Longer than a store may take to keep a beat.
const STILL: Duration = SECOND.saturating_mul(4);

/// Beats until it is dropped.
pub(super) struct Heart {
    mark: String,
    beating: Option<JoinHandle<()>>,
}

impl Heart {
    /// One that does not beat yet.
    pub(super) fn new() -> Result<Self, ApiError> {
        Ok(Self { mark: mark()?, beating: None })
    }

    /// What its turn is known by.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Beats for the turn that was given under its mark.
    pub(super) fn start(&mut self, kept: &Kept) {
        let (vault, ticket) = kept.place();
        self.beating = Some(tokio::spawn(beat(vault, ticket, self.mark.clone())));
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        if let Some(beating) = &self.beating {
            beating.abort();
        }
    }
}

/// Beats as long as the turn is there. While the store is away nobody can see that it does not.
async fn beat(vault: Vault, ticket: Ticket, mark: String) {
    loop {
        tokio::time::sleep(BEAT).await;
        let beaten = match Kept::find(&vault, &ticket).await {
            Ok(Some(mut kept)) => {
                let beat = kept.change(SystemTime::now(), |record| {
                    let is_ours = record.beat(&mark);
                    Ok(if is_ours { Next::Write(true) } else { Next::Leave(false) })
                });
                beat.await
            }
            Ok(None) => Ok(false),
            Err(error) => Err(error),
        };
        if matches!(beaten, Ok(false)) {
            return;
        }
    }
}

/// Watches somebody else's heart.
#[derive(Default)]
pub(super) struct Watch {
    seen: Option<(Pulse, Instant)>,
}

impl Watch {
    /// Notes what is seen now.
    pub(super) fn see(&mut self, pulse: Pulse) {
        if self.seen.as_ref().is_none_or(|(seen, _)| *seen != pulse) {
            self.seen = Some((pulse, Instant::now()));
        }
    }

    /// Who has stood still for too long.
    pub(super) fn dead(&self) -> Option<&Pulse> {
        self.seen.as_ref().filter(|(_, since)| since.elapsed() >= STILL).map(|(pulse, _)| pulse)
    }

    /// Whether there was anybody to watch.
    pub(super) fn has_seen(&self) -> bool {
        self.seen.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{BEAT, Heart, Kept, STILL, Watch};
    use crate::{
        session::{Next, Record, record::Pulse},
        vault::{Half, KeyRing, MasterKey, Memory, Ticket, Vault},
    };
    use std::{sync::Arc, time::SystemTime};
    use tokio::time::{Instant, sleep};
    use tower_sessions::session::Id;

    async fn kept() -> Kept {
        let ring = KeyRing::new(MasterKey::fresh().unwrap(), vec![], "issuer", "client");
        let vault = Vault::new(Arc::new(Memory::default()), ring);
        let ticket = Ticket::new(Id::default(), Half::fresh().unwrap());
        Kept::create(vault, ticket, Record::default(), SystemTime::now()).await.unwrap()
    }

    async fn claim(kept: &mut Kept, heart: &Heart, watch: &Watch) -> Option<Pulse> {
        kept.reload().await.unwrap();
        let claimed = kept.change(SystemTime::now(), |record| {
            Ok(Next::Write(record.claim_refresh(heart.mark(), watch.dead())))
        });
        claimed.await.unwrap()
    }

    /// Whether another one gets the turn, given time enough for two to die.
    async fn is_claimed(kept: &mut Kept) -> bool {
        let (began, other, mut watch) = (Instant::now(), Heart::new().unwrap(), Watch::default());
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
        let mut heart = Heart::new().unwrap();
        assert_eq!(claim(&mut kept, &heart, &Watch::default()).await, None);
        heart.start(&kept);
        assert!(!is_claimed(&mut kept).await);
    }

    #[tokio::test]
    async fn rel_03_the_turn_of_the_dead_goes_to_whoever_waits_and_does_not_come_back() {
        let mut kept = kept().await;
        let heart = Heart::new().unwrap();
        assert_eq!(claim(&mut kept, &heart, &Watch::default()).await, None);
        assert!(is_claimed(&mut kept).await);
        kept.reload().await.unwrap();
        let late =
            kept.change(SystemTime::now(), |record| Ok(Next::Leave(record.end_refresh(heart.mark(), None))));
        assert!(!late.await.unwrap());
    }
}
