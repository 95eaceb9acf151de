//! The client assertions that were used: each is accepted once (RFC 7523, section 3).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// The assertions that were used and have not expired.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct UsedAssertions {
    /// By client and `jti`, when the assertion expires, in seconds.
    expiry: HashMap<String, HashMap<String, u64>>,
}

impl UsedAssertions {
    /// Notes the use of an assertion. Returns whether it is the first one.
    pub(crate) fn is_first_use(&mut self, client: &str, id: &str, expires_at: u64, now: Timestamp) -> bool {
        let of_client = self.expiry.entry(client.to_owned()).or_default();
        of_client.retain(|_, expiry| *expiry > now.seconds());
        of_client.insert(id.to_owned(), expires_at).is_none()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_assertion_works_once_for_each_client_until_it_expires() {
        let mut used = UsedAssertions::default();
        let at = |seconds| Timestamp::default().after(Duration::from_secs(seconds));
        assert!(used.is_first_use("a", "1", 100, at(50)));
        assert!(!used.is_first_use("a", "1", 100, at(60)));
        assert!(used.is_first_use("b", "1", 100, at(60)));
        assert!(used.is_first_use("a", "2", 200, at(150)));
        assert_eq!(used.expiry["a"].len(), 1, "an expired assertion is forgotten");
    }
}
