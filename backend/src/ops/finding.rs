//! What a check of the doctor finds.

use std::fmt;

/// The result of one check.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub what: &'static str,
    /// The result.
    pub verdict: Verdict,
}

/// The result of a check.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is right.
    Fine,
    /// It is wrong; what to do about it.
    Wrong(String),
    /// Only a person can tell; what to look at.
    Look(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Fine => write!(f, "ok     {}", self.what),
            Verdict::Wrong(advice) => write!(f, "wrong  {}: {advice}", self.what),
            Verdict::Look(advice) => write!(f, "look   {}: {advice}", self.what),
        }
    }
}
