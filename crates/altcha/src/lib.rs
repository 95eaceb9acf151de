//! ALTCHA's proof of work: the search for the number whose hash, after the salt, is the challenge. Pure, and done in slices.
//!
//! It is a crate of its own so that the client's build can optimise it for speed and all else for size.

mod lane_search;
mod lanes;
mod sha2;
#[cfg(test)]
mod tests;

pub use lane_search::SearchState;

use lane_search::LaneSearch;
use latchkey_contract::AltchaTask;

/// A search for the number.
#[derive(Debug)]
pub struct Search(Hash);

/// The search by the size of the hash function's words.
#[derive(Debug)]
enum Hash {
    Words32(Box<LaneSearch<sha2::Words32, 4>>),
    Words64(Box<LaneSearch<sha2::Words64, 2>>),
}

impl Search {
    /// A search from 0. `None`: the hash function or the challenge is not one that can be searched for.
    #[must_use]
    pub fn new(task: &AltchaTask) -> Option<Self> {
        let max_number = task.max_number.into();
        let (salt, challenge) = (task.salt.as_bytes(), task.challenge.as_str());
        Some(Self(match task.algorithm.as_str() {
            "SHA-256" => Hash::Words32(Box::new(LaneSearch::new(
                sha2::SHA_256,
                salt,
                sha2::words_32(challenge, 8)?,
                max_number,
            ))),
            "SHA-384" => Hash::Words64(Box::new(LaneSearch::new(
                sha2::SHA_384,
                salt,
                sha2::words_64(challenge, 6)?,
                max_number,
            ))),
            "SHA-512" => Hash::Words64(Box::new(LaneSearch::new(
                sha2::SHA_512,
                salt,
                sha2::words_64(challenge, 8)?,
                max_number,
            ))),
            _ => return None,
        }))
    }

    /// Tries the next `count` numbers, and a few more if `count` does not fill the lanes.
    pub fn advance(&mut self, count: u32) -> SearchState {
        match &mut self.0 {
            Hash::Words32(search) => search.advance(count),
            Hash::Words64(search) => search.advance(count),
        }
    }
}
