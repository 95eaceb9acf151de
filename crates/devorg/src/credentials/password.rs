//! Password hashes (Argon2id).

use std::cell::RefCell;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::random::Random;

/// Hashes a password with Argon2id. The cost is low so that the org starts at once; it holds no real passwords.
pub(crate) fn hash(passcode: &str, random: &mut Random) -> String {
    let salt = random.bytes::<16>();
    let encode = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
    // A password too long for Argon2 gets a hash that matches nothing.
    let digest = digest(passcode, &salt).map_or_else(String::new, |digest| encode(&digest));
    format!("$argon2id$v=19$m={MEMORY_KIB},t=1,p=1${}${digest}", encode(&salt))
}

/// Whether a password matches a hash.
pub(crate) fn verify(passcode: &str, hash: &str) -> bool {
    let mut parts = hash.rsplit('$');
    let (Some(expected), Some(salt)) = (parts.next(), parts.next()) else { return false };
    let (Ok(expected), Ok(salt)) = (STANDARD_NO_PAD.decode(expected), STANDARD_NO_PAD.decode(salt)) else {
        return false;
    };
    digest(passcode, &salt)
        .is_some_and(|actual| aws_lc_rs::constant_time::verify_slices_are_equal(&expected, &actual).is_ok())
}

/// Normalises the answer to a security question: lower case, trimmed.
pub(crate) fn normalise_answer(answer: &str) -> String {
    answer.trim().to_lowercase()
}

/// Argon2's memory, in KiB.
const MEMORY_KIB: u32 = 256;

fn digest(passcode: &str, salt: &[u8]) -> Option<[u8; 32]> {
    thread_local! {
        // Reused, because ten thousand allocations of this size fragment the heap.
        static BLOCKS: RefCell<Vec<Block>> = RefCell::new(vec![Block::new(); MEMORY_KIB as usize]);
    }
    let mut out = [0; 32];
    let params = Params::new(MEMORY_KIB, 1, 1, Some(out.len())).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    BLOCKS.with_borrow_mut(|blocks| {
        argon.hash_password_into_with_memory(passcode.as_bytes(), salt, &mut out, blocks).ok()
    })?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_own_password_only() {
        let hash = hash("Correct-Horse-9", &mut Random::seeded(3));
        assert!(verify("Correct-Horse-9", &hash));
        assert!(!verify("Correct-Horse-8", &hash));
        assert!(!verify("Correct-Horse-9", "nonsense"));
    }
}
