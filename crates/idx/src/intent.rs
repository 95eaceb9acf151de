//! The intent of a flow: sign in, register, recover a password or unlock an account.

use serde::{Deserialize, Serialize};

/// What a person wants of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// No intent yet: see which steps the org offers.
    Start,
    /// Sign in.
    Authenticate,
    /// Create an account.
    Register,
    /// Set a new password in place of a forgotten one.
    RecoverPassword,
    /// Unlock a locked account.
    UnlockAccount,
    /// Activate a device that shows a code.
    ActivateDevice,
}
