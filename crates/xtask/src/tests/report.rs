//! The results of the steps: a table, and one last line for machines.

use std::fmt;
use std::process::ExitCode;
use std::time::Duration;

/// The result of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StepResult {
    pub(crate) kind: &'static str,
    pub(crate) tally: Tally,
    pub(crate) took: Duration,
}

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Tally {
    /// The tally of a step that is one check.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed) }
    }

    /// Adds a failure if the program failed without counting one.
    pub(crate) fn counted(self, success: bool) -> Self {
        if !success && self.failed == 0 { Self { failed: 1, ..self } } else { self }
    }
}

/// The results in order.
#[derive(Default)]
pub(crate) struct Report(Vec<StepResult>);

impl Report {
    /// Adds a result. A step that ran no test has failed: its tests may be missing.
    pub(crate) fn add(&mut self, kind: &'static str, tally: Tally, took: Duration) {
        let tally = if tally == Tally::default() { Tally::one(false) } else { tally };
        self.0.push(StepResult { kind, tally, took });
    }

    /// Adds the results of another report. An empty report has failed.
    pub(crate) fn append(&mut self, other: Self) {
        if other.0.is_empty() {
            self.add("lost", Tally::default(), Duration::ZERO);
        }
        self.0.extend(other.0);
    }

    /// Prints the table, with the sum as the last line.
    pub(crate) fn conclude(&self) -> ExitCode {
        println!("{self}");
        if self.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Whether there are results and none has failed.
    fn passed(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|result| result.tally.failed == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:<14} {:>7} {:>7} {:>9}", "kind", "passed", "failed", "seconds")?;
        for result in &self.0 {
            let Tally { passed, failed } = result.tally;
            writeln!(f, "{:<14} {passed:>7} {failed:>7} {:>9.1}", result.kind, result.took.as_secs_f64())?;
        }
        let passed: usize = self.0.iter().map(|result| result.tally.passed).sum();
        let failed: usize = self.0.iter().map(|result| result.tally.failed).sum();
        write!(f, "\n{passed} passed, {failed} failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_sum() {
        let mut report = Report::default();
        report.add("unit", Tally { passed: 12, failed: 0 }, Duration::from_secs(3));
        report.add("browser", Tally { passed: 4, failed: 1 }, Duration::from_secs(9));
        assert_eq!(report.to_string().lines().last(), Some("16 passed, 1 failed"));
        assert!(!report.passed());
    }

    #[test]
    fn a_step_without_tests_has_failed() {
        let mut report = Report::default();
        report.add("doc", Tally::default(), Duration::ZERO);
        assert!(!report.passed());
    }

    #[test]
    fn a_program_that_fails_without_a_count_adds_one_failure() {
        assert_eq!(Tally { passed: 3, failed: 0 }.counted(false), Tally { passed: 3, failed: 1 });
        assert_eq!(Tally { passed: 3, failed: 0 }.counted(true), Tally { passed: 3, failed: 0 });
    }

    #[test]
    fn results_of_another_report_follow_and_an_empty_report_is_a_failure() {
        let mut report = Report::default();
        let mut beside = Report::default();
        beside.add("doc", Tally { passed: 7, failed: 0 }, Duration::from_secs(1));
        report.append(beside);
        assert!(report.passed());
        assert_eq!(report.to_string().lines().last(), Some("7 passed, 0 failed"));
        report.append(Report::default());
        assert!(!report.passed());
    }

    #[test]
    fn an_empty_report_has_not_passed() {
        assert!(!Report::default().passed());
    }
}
