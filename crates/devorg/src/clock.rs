//! Time on the org's clock, which tests can move.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A time in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The timestamp of a system time.
    pub fn from_system_time(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    /// Parses an RFC 3339 time after 1970.
    pub fn read(text: &str) -> Option<Self> {
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        u64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok().map(Self)
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// The time `duration` later.
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)))
    }

    /// The time since `earlier`; zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Formats as Okta does: `2030-01-01T00:00:00.000Z`.
    pub fn iso(self) -> String {
        let nanos = i128::from(self.0) * 1_000_000;
        let Ok(t) = OffsetDateTime::from_unix_timestamp_nanos(nanos) else {
            return "9999-12-31T23:59:59.999Z".to_owned();
        };
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.millisecond()
        )
    }
}

/// Whether a text is a calendar date such as `2030-01-31`.
pub(crate) fn is_date(text: &str) -> bool {
    OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339).is_ok()
}

/// A duration of `n` minutes, the unit of every lifetime here.
pub(crate) const fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_parses_from_what_it_formats_to() {
        let at = Timestamp(1_893_456_000_123);
        assert_eq!(at.iso(), "2030-01-01T00:00:00.123Z");
        assert_eq!(Timestamp::read(&at.iso()), Some(at));
    }

    #[test]
    fn a_date_must_exist_in_the_calendar() {
        for day in ["1815-12-10", "2028-02-29", "2030-01-31"] {
            assert!(is_date(day), "{day}");
        }
        for other in ["", "2027-02-29", "31/01/2030", "2030-1-31", "2030-01-31T00:00:00Z"] {
            assert!(!is_date(other), "{other}");
        }
    }
}
