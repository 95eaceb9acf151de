//! Prints figures, one on a line, each beside its bound.

use std::time::Duration;

/// The bound of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    fn holds(self, is: f64) -> bool {
        match self {
            Self::AtMost(most) => is <= most,
            Self::AtLeast(least) => is >= least,
        }
    }

    fn number(self) -> f64 {
        match self {
            Self::AtMost(number) | Self::AtLeast(number) => number,
        }
    }
}

/// Prints the heading of the figures that follow.
pub(crate) fn heading(what: &str) {
    println!("\n{what:<40} {:>9} {:>9}", "is", "bound");
}

/// Prints a figure without a bound.
pub(crate) fn figure(what: &str, is: f64) {
    println!("{what:<40} {is:>9.1}");
}

/// Prints figures with their bounds; true if all are within them.
pub(crate) fn check(figures: &[(&str, f64, Bound)]) -> bool {
    for (what, is, bound) in figures {
        println!("{}", line(what, *is, *bound));
    }
    figures.iter().all(|(_, is, bound)| bound.holds(*is))
}

/// The median.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn line(what: &str, is: f64, bound: Bound) -> String {
    let verdict = if bound.holds(is) { "within" } else { "OVER" };
    format!("{what:<40} {is:>9.1} {:>9.1}  {verdict}", bound.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_may_equal_its_bound_and_not_exceed_it() {
        for (is, bound, verdict) in [
            (5.0, Bound::AtMost(5.0), "within"),
            (5.1, Bound::AtMost(5.0), "OVER"),
            (5.0, Bound::AtLeast(5.0), "within"),
            (4.9, Bound::AtLeast(5.0), "OVER"),
        ] {
            assert!(line("steps a second", is, bound).ends_with(verdict), "{is} {bound:?}");
        }
    }

    #[test]
    fn outliers_do_not_change_the_median() {
        assert!((median(vec![9000.0, 2.0, 1.0, 3.0, -7.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }

    #[test]
    fn one_figure_over_its_bound_fails_the_check() {
        let good = ("a", 1.0, Bound::AtMost(2.0));
        assert!(check(&[good]));
        assert!(!check(&[("b", 3.0, Bound::AtMost(2.0)), good]));
    }
}
