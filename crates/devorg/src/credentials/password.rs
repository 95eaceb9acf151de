//! Passwords: how they are kept, and what the policy asks of them.

use std::cell::RefCell;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::random::Chance;

/// Hashes with Argon2id. The cost is modest: the org must start at once, and nobody's real password lives here.
pub(crate) fn hash(passcode: &str, chance: &mut Chance) -> String {
    let salt = chance.bytes::<16>();
    let encode = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
    // A password too long to be hashed gets a hash that nothing matches.
    let digest = digest(passcode, &salt).map_or_else(String::new, |digest| encode(&digest));
    format!("$argon2id$v=19$m={MEMORY},t=1,p=1${}${digest}", encode(&salt))
}

/// Whether this is the password that was hashed.
pub(crate) fn verify(passcode: &str, hash: &str) -> bool {
    let mut parts = hash.rsplit('$');
    let (Some(kept), Some(salt)) = (parts.next(), parts.next()) else { return false };
    let (Ok(kept), Ok(salt)) = (STANDARD_NO_PAD.decode(kept), STANDARD_NO_PAD.decode(salt)) else {
        return false;
    };
    digest(passcode, &salt)
        .is_some_and(|made| aws_lc_rs::constant_time::verify_slices_are_equal(&kept, &made).is_ok())
}

/// A security answer as it is compared: without case and outer space.
pub(crate) fn plain_answer(answer: &str) -> String {
    answer.trim().to_lowercase()
}

/// In KiB.
const MEMORY: u32 = 256;

fn digest(passcode: &str, salt: &[u8]) -> Option<[u8; 32]> {
    thread_local! {
        // Taken and given back ten thousand times, this much memory would leave the heap in pieces.
        static BLOCKS: RefCell<Vec<Block>> = RefCell::new(vec![Block::new(); MEMORY as usize]);
    }
    let mut out = [0; 32];
    let params = Params::new(MEMORY, 1, 1, Some(out.len())).ok()?;
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
    fn a_hash_takes_its_password_and_no_other() {
        let hash = hash("Correct-Horse-9", &mut Chance::row(3));
        assert!(verify("Correct-Horse-9", &hash));
        assert!(!verify("Correct-Horse-8", &hash));
        assert!(!verify("Correct-Horse-9", "nonsense"));
    }
}
