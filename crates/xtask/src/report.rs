//! What ran and how it went: a table, and one last line for machines.

use std::fmt;
use std::process::ExitCode;
use std::time::Duration;

/// How many of one kind passed, how many did not, and how long that took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) kind: &'static str,
    pub(crate) tally: Tally,
    pub(crate) took: Duration,
}

/// Passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Tally {
    /// One check that either holds or does not.
    pub(crate) fn one(holds: bool) -> Self {
        Self { passed: usize::from(holds), failed: usize::from(!holds) }
    }

    /// What a program counted; one that fails without saying of what counts as a failure all the same.
    pub(crate) fn counted(self, success: bool) -> Self {
        if !success && self.failed == 0 { Self { failed: 1, ..self } } else { self }
    }
}

/// All that ran, in order.
#[derive(Default)]
pub(crate) struct Report(Vec<Ran>);

impl Report {
    /// Adds what ran. A kind of which nothing ran has failed: the tests may be lost.
    pub(crate) fn add(&mut self, kind: &'static str, tally: Tally, took: Duration) {
        let tally = if tally == Tally::default() { Tally::one(false) } else { tally };
        self.0.push(Ran { kind, tally, took });
    }

    /// Adds what ran elsewhere. A report of which nothing is left has failed.
    pub(crate) fn append(&mut self, other: Self) {
        if other.0.is_empty() {
            self.add("lost", Tally::default(), Duration::ZERO);
        }
        self.0.extend(other.0);
    }

    /// Shows the table; its last line stands at the very end.
    pub(crate) fn conclude(&self) -> ExitCode {
        println!("{self}");
        if self.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Whether all is well.
    fn holds(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|ran| ran.tally.failed == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<14} {:>7} {:>7} {:>9}", "kind", "passed", "failed", "seconds")?;
        for ran in &self.0 {
            let Tally { passed, failed } = ran.tally;
            writeln!(f, "{:<14} {passed:>7} {failed:>7} {:>9.1}", ran.kind, ran.took.as_secs_f64())?;
        }
        let passed: usize = self.0.iter().map(|ran| ran.tally.passed).sum();
        let failed: usize = self.0.iter().map(|ran| ran.tally.failed).sum();
        write!(f, "\n{passed} passed, {failed} failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_sums_up_and_stands_alone() {
        let mut report = Report::default();
        report.add("unit", Tally { passed: 12, failed: 0 }, Duration::from_secs(3));
        report.add("browser", Tally { passed: 4, failed: 1 }, Duration::from_secs(9));
        assert_eq!(report.to_string().lines().last(), Some("16 passed, 1 failed"));
        assert!(!report.holds());
    }

    #[test]
    fn a_kind_of_which_nothing_ran_has_failed() {
        let mut report = Report::default();
        report.add("doc", Tally::default(), Duration::ZERO);
        assert!(!report.holds());
    }

    #[test]
    fn a_program_that_fails_without_a_count_counts_as_one_failure() {
        assert_eq!(Tally { passed: 3, failed: 0 }.counted(false), Tally { passed: 3, failed: 1 });
        assert_eq!(Tally { passed: 3, failed: 0 }.counted(true), Tally { passed: 3, failed: 0 });
    }

    #[test]
    fn what_ran_elsewhere_follows_and_an_empty_report_is_a_failure() {
        let mut report = Report::default();
        let mut beside = Report::default();
        beside.add("doc", Tally { passed: 7, failed: 0 }, Duration::from_secs(1));
        report.append(beside);
        assert!(report.holds());
        assert_eq!(report.to_string().lines().last(), Some("7 passed, 0 failed"));
        report.append(Report::default());
        assert!(!report.holds());
    }

    #[test]
    fn an_empty_report_does_not_hold() {
        assert!(!Report::default().holds());
    }
}
