//! A concurrency limit for each key: how many requests of one address or of one flow are served at once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The permits in use, by key.
#[derive(Debug)]
pub struct PermitsByKey<K>(Arc<Mutex<HashMap<K, usize>>>);

/// The right to be served; it is given back when it is dropped.
#[derive(Debug)]
pub struct KeyPermit<K: Eq + Hash> {
    permits: PermitsByKey<K>,
    key: K,
}

impl<K: Copy + Eq + Hash> PermitsByKey<K> {
    /// A permit for this key, unless `max` of its permits are in use.
    pub fn acquire(&self, key: K, max: usize) -> Option<KeyPermit<K>> {
        let mut in_use = self.in_use();
        let of_key = in_use.get(&key).copied().unwrap_or_default();
        if of_key >= max {
            return None;
        }
        in_use.insert(key, of_key + 1);
        Some(KeyPermit { permits: self.clone(), key })
    }
}

impl<K> PermitsByKey<K> {
    /// Whether no permit is in use.
    pub fn is_empty(&self) -> bool {
        self.in_use().is_empty()
    }

    fn in_use(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for KeyPermit<K> {
    fn drop(&mut self) {
        let mut in_use = self.permits.in_use();
        match in_use.get_mut(&self.key) {
            Some(of_key) if *of_key > 1 => *of_key -= 1,
            _ => drop(in_use.remove(&self.key)),
        }
    }
}

impl<K> Clone for PermitsByKey<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K> Default for PermitsByKey<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

#[cfg(test)]
mod tests {
    use super::PermitsByKey;

    #[test]
    fn each_key_has_its_own_permits() {
        let permits = PermitsByKey::default();
        let (first, second) = (permits.acquire("mary", 2), permits.acquire("mary", 2));
        assert!(first.is_some() && second.is_some() && permits.acquire("mary", 2).is_none());
        assert!(permits.acquire("mary", 3).is_some(), "the limit is the caller's");
        assert!(permits.acquire("john", 2).is_some());
        drop(first);
        assert!(permits.acquire("mary", 2).is_some(), "a dropped permit is free again");
        drop(second);
        assert!(permits.is_empty(), "a key without permits in use is forgotten");
    }
}
