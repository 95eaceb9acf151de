//! A moment in words, such as "2 hours ago", with the date and the time as its title.

use super::page::AccountPage;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::{intl, now_ms};
use leptos::prelude::*;

/// The units of `Intl.RelativeTimeFormat`, with their seconds.
const UNITS: [(&str, f64); 6] = [
    ("year", 31_536_000.0),
    ("month", 2_592_000.0),
    ("week", 604_800.0),
    ("day", 86_400.0),
    ("hour", 3_600.0),
    ("minute", 60.0),
];

/// How far a moment is away, in whole units of the largest kind that it fills. Less than a minute is now.
fn distance(seconds: f64) -> (i32, &'static str) {
    let unit = UNITS.iter().find(|(_, length)| seconds.abs() >= *length);
    unit.map_or((0, "second"), |(unit, length)| ((seconds / length).trunc() as i32, *unit))
}

/// The moment at these milliseconds since 1970.
pub(super) fn moment(at: f64, page: AccountPage) -> AnyElement {
    let language = page.language();
    let (count, unit) = distance(((at - now_ms()) / 1_000.0).round());
    view! {
        <time datetime=intl::iso(at) title=intl::date_and_time(&language, at)>
            {intl::relative(&language, count, unit)}
        </time>
    }
    .into_any_element()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_moment_is_said_in_the_largest_unit_that_it_fills() {
        assert_eq!(distance(-7_300.0), (-2, "hour"));
        assert_eq!(distance(-59.0), (0, "second"));
        assert_eq!(distance(-90.0), (-1, "minute"));
        assert_eq!(distance(-3_599.0), (-59, "minute"));
        assert_eq!(distance(-86_400.0 * 10.0), (-1, "week"));
        assert_eq!(distance(86_400.0 * 400.0), (1, "year"));
    }
}
