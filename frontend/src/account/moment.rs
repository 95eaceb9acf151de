//! A moment in words, such as "2 hours ago", with the date and the time as its title.

use super::page::AccountPage;
use super::phrase;
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

/// How far a moment is away, in whole units of the largest kind that it fills. None: less than a minute.
fn distance(seconds: f64) -> Option<(i32, &'static str)> {
    let (unit, length) = UNITS.iter().find(|(_, length)| seconds.abs() >= *length)?;
    Some(((seconds / length).trunc() as i32, unit))
}

/// The moment at these milliseconds since 1970.
pub(super) fn moment(at: f64, page: AccountPage) -> AnyElement {
    let language = page.language();
    let words = match distance(((at - now_ms()) / 1_000.0).round()) {
        Some((count, unit)) => intl::relative(&language, count, unit),
        None => page.say(phrase::JUST_NOW),
    };
    view! {
        <time datetime=intl::iso(at) title=intl::date_and_time(&language, at)>
            {words}
        </time>
    }
    .into_any_element()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_moment_is_said_in_the_largest_unit_that_it_fills() {
        assert_eq!(distance(-7_300.0), Some((-2, "hour")));
        assert_eq!(distance(-59.0), None);
        assert_eq!(distance(-90.0), Some((-1, "minute")));
        assert_eq!(distance(-3_599.0), Some((-59, "minute")));
        assert_eq!(distance(-86_400.0 * 10.0), Some((-1, "week")));
        assert_eq!(distance(86_400.0 * 400.0), Some((1, "year")));
    }
}
