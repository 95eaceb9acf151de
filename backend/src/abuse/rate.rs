//! A rate, and the arithmetic of GCRA: each call moves the theoretical arrival time of the next one.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

/// A number of calls in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    calls: u32,
    within: Duration,
}

impl Rate {
    /// The number of calls.
    pub fn calls(self) -> usize {
        usize::try_from(self.calls).unwrap_or(usize::MAX)
    }

    /// The period.
    pub fn within(self) -> Duration {
        self.within
    }

    /// The rate with `factor` times the calls in the same period.
    pub(super) fn times(self, factor: u32) -> Self {
        Self { calls: self.calls.saturating_mul(factor), ..self }
    }

    /// The next theoretical arrival time after a call now; or how long the call has to wait.
    pub(super) fn take(self, arrival: SystemTime, now: SystemTime) -> Result<SystemTime, Duration> {
        let interval = self.within / self.calls.max(1);
        let next = arrival.max(now) + interval;
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

#[cfg(test)]
mod tests {
    use super::Rate;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_rate_allows_a_burst_and_then_one_call_at_a_time() {
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
        assert!(rate.take(paid, much_later).is_err(), "unused calls are not saved up");
    }
}
