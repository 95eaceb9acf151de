//! How small the client is made.

use crate::cargo::BuildProfile;

/// How small the client is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finish {
    /// For development: built fast, not compressed, and the page reloads after a build.
    Draft,
    /// For `run`: optimised by the compiler and compressed, without Node.
    Plain,
    /// For a release and the browser tests: optimised by the tools that npm installs, too.
    Full,
}

impl Finish {
    pub(super) fn profile(self) -> BuildProfile {
        match self {
            Self::Draft => BuildProfile::Dev,
            Self::Plain | Self::Full => BuildProfile::Client,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Plain => "plain",
            Self::Full => "full",
        }
    }
}
