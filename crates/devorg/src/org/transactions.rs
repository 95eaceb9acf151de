//! All transactions of the org.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, minutes};
use crate::org::transaction::Transaction;

/// All transactions, by state handle and by interaction handle.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Transactions {
    open: HashMap<String, Transaction>,
    interactions: HashMap<String, String>,
    swept_at: Timestamp,
}

impl Transactions {
    /// Takes a transaction out by state handle. A suffix after `~` is ignored.
    pub(crate) fn take(&mut self, handle: &str) -> Option<Transaction> {
        self.open.remove(handle.split('~').next().unwrap_or(handle))
    }

    /// Takes a transaction out by interaction handle.
    pub(crate) fn take_by_interaction(&mut self, interaction: &str) -> Option<Transaction> {
        let handle = self.interactions.get(interaction)?;
        self.open.remove(handle)
    }

    /// Puts a transaction in or back.
    pub(crate) fn put(&mut self, transaction: Transaction) {
        self.interactions.insert(transaction.interaction.clone(), transaction.handle.clone());
        self.open.insert(transaction.handle.clone(), transaction);
    }

    /// A transaction for which a condition holds.
    pub(crate) fn find(&self, is: impl Fn(&Transaction) -> bool) -> Option<&Transaction> {
        self.open.values().find(|t| is(t))
    }

    /// All transactions.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Transaction> {
        self.open.values()
    }

    /// Drops what expired an hour ago, at most once a minute.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        if now.since(self.swept_at) < minutes(1) {
            return;
        }
        self.swept_at = now;
        self.open.retain(|_, t| t.expires_at.after(minutes(60)) > now);
        let open = &self.open;
        self.interactions.retain(|_, handle| open.contains_key(handle));
    }
}
