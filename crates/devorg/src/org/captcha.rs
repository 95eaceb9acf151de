//! CAPTCHAs: ALTCHA's proof of work for real, and the tokens of the stand-ins for hCaptcha and reCAPTCHA.

use std::collections::HashMap;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::clock::{Timestamp, minutes};
use crate::org::settings::captcha::CaptchaKind;
use crate::random::Random;

/// The challenges that were solved and the tokens that were issued.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Captchas {
    /// Signs ALTCHA challenges.
    key: String,
    /// Solved ALTCHA challenges until they expire. Each counts once.
    solved: HashMap<String, Timestamp>,
    /// Tokens of the vendors' stand-ins until they expire or are verified.
    tokens: HashMap<String, VendorToken>,
}

/// A token that a vendor's stand-in has issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct VendorToken {
    kind: CaptchaKind,
    expires_at: Timestamp,
}

/// An ALTCHA challenge in the library's format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct AltchaChallenge {
    algorithm: &'static str,
    pub(crate) challenge: String,
    maxnumber: u32,
    pub(crate) salt: String,
    pub(crate) signature: String,
}

/// A solved ALTCHA challenge. `took` is informative and ignored.
#[derive(Deserialize)]
struct AltchaPayload {
    algorithm: String,
    challenge: String,
    number: u64,
    salt: String,
    signature: String,
}

/// Why a token is refused, in hCaptcha's and reCAPTCHA's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaptchaError {
    /// The token is not one of ours.
    Invalid,
    /// The token has expired or was used before.
    Used,
}

impl Captchas {
    pub(crate) fn new(random: &mut Random) -> Self {
        Self { key: random.secret(), ..Self::default() }
    }

    /// A new ALTCHA challenge.
    pub(crate) fn challenge(
        &self,
        max_number: u32,
        lifetime: Duration,
        now: Timestamp,
        random: &mut Random,
    ) -> AltchaChallenge {
        let salt = format!("{}?expires={}", hex(&random.bytes::<12>()), now.after(lifetime).seconds());
        let number = u32::from_le_bytes(random.bytes()) % max_number.saturating_add(1).max(1);
        let challenge = hash(&salt, u64::from(number));
        let signature = self.sign(&challenge);
        AltchaChallenge { algorithm: ALGORITHM, challenge, maxnumber: max_number, salt, signature }
    }

    /// A token of a vendor's stand-in.
    pub(crate) fn issue(&mut self, kind: CaptchaKind, now: Timestamp, random: &mut Random) -> String {
        let token = format!("P1_{}", random.secret());
        self.tokens.insert(token.clone(), VendorToken { kind, expires_at: now.after(TOKEN_LIFETIME) });
        token
    }

    /// Verifies a token, which then counts no more.
    pub(crate) fn verify(
        &mut self,
        kind: CaptchaKind,
        token: &str,
        now: Timestamp,
    ) -> Result<(), CaptchaError> {
        match kind {
            CaptchaKind::Altcha => self.verify_altcha(token, now),
            CaptchaKind::Hcaptcha | CaptchaKind::RecaptchaV2 => match self.tokens.remove(token) {
                Some(issued) if issued.kind != kind => Err(CaptchaError::Invalid),
                Some(issued) if issued.expires_at > now => Ok(()),
                Some(_) => Err(CaptchaError::Used),
                None if token.starts_with("P1_") => Err(CaptchaError::Used),
                None => Err(CaptchaError::Invalid),
            },
        }
    }

    fn verify_altcha(&mut self, token: &str, now: Timestamp) -> Result<(), CaptchaError> {
        let payload: Option<AltchaPayload> =
            STANDARD.decode(token).ok().and_then(|json| serde_json::from_slice(&json).ok());
        let AltchaPayload { algorithm, challenge, number, salt, signature } =
            payload.ok_or(CaptchaError::Invalid)?;
        let is_ours = algorithm == ALGORITHM
            && hash(&salt, number) == challenge
            && self.is_signature(&challenge, &signature);
        if !is_ours {
            return Err(CaptchaError::Invalid);
        }
        let expires = salt.rsplit_once("?expires=").and_then(|(_, seconds)| seconds.parse::<u64>().ok());
        let expires = expires.ok_or(CaptchaError::Invalid)?;
        self.solved.retain(|_, until| *until > now);
        if expires <= now.seconds() {
            return Err(CaptchaError::Used);
        }
        let until = now.after(Duration::from_secs(expires - now.seconds()));
        match self.solved.insert(challenge, until) {
            None => Ok(()),
            Some(_) => Err(CaptchaError::Used),
        }
    }

    fn sign(&self, challenge: &str) -> String {
        hex(hmac::sign(&self.key(), challenge.as_bytes()).as_ref())
    }

    fn is_signature(&self, challenge: &str, signature: &str) -> bool {
        crate::credentials::constant_time::equal(&self.sign(challenge), signature)
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.key.as_bytes())
    }
}

const ALGORITHM: &str = "SHA-256";
/// How long a vendor's token is valid.
const TOKEN_LIFETIME: Duration = minutes(2);

fn hash(salt: &str, number: u64) -> String {
    hex(digest(&SHA256, format!("{salt}{number}").as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The payload that solves a challenge, as the library writes it.
#[cfg(test)]
pub(crate) fn solve(challenge: &AltchaChallenge) -> String {
    let AltchaChallenge { algorithm, challenge, maxnumber, salt, signature } = challenge;
    let number = (0..=u64::from(*maxnumber)).find(|number| hash(salt, *number) == *challenge).unwrap();
    let payload = serde_json::json!({ "algorithm": algorithm, "challenge": challenge, "number": number, "salt": salt,
        "signature": signature, "took": 1 });
    STANDARD.encode(payload.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> (Captchas, Timestamp, Random) {
        let mut random = Random::seeded(7);
        (Captchas::new(&mut random), Timestamp::read("2030-01-01T00:00:00Z").unwrap(), random)
    }

    #[test]
    fn a_solved_challenge_counts_once_and_only_until_it_expires() {
        let (mut captchas, now, mut random) = start();
        let challenge = captchas.challenge(100, minutes(5), now, &mut random);
        let token = solve(&challenge);
        assert_eq!(
            captchas.verify(CaptchaKind::Altcha, &token, now.after(minutes(5))),
            Err(CaptchaError::Used)
        );
        assert_eq!(captchas.verify(CaptchaKind::Altcha, &token, now), Ok(()));
        assert_eq!(captchas.verify(CaptchaKind::Altcha, &token, now), Err(CaptchaError::Used));
    }

    #[test]
    fn a_challenge_that_another_key_signed_or_a_wrong_number_is_refused() {
        let (mut captchas, now, mut random) = start();
        let other = Captchas::new(&mut random).challenge(100, minutes(5), now, &mut random);
        let mut forged = captchas.challenge(100, minutes(5), now, &mut random);
        forged.salt = forged.salt.replace("?expires=1", "?expires=9");
        forged.challenge = hash(&forged.salt, 1);
        for challenge in [other, forged] {
            assert_eq!(
                captchas.verify(CaptchaKind::Altcha, &solve(&challenge), now),
                Err(CaptchaError::Invalid)
            );
        }
        assert_eq!(captchas.verify(CaptchaKind::Altcha, "e30=", now), Err(CaptchaError::Invalid));
    }

    #[test]
    fn a_vendor_token_counts_once_for_its_vendor() {
        let (mut captchas, now, mut random) = start();
        let token = captchas.issue(CaptchaKind::Hcaptcha, now, &mut random);
        assert_eq!(captchas.verify(CaptchaKind::Hcaptcha, &token, now), Ok(()));
        assert_eq!(captchas.verify(CaptchaKind::Hcaptcha, &token, now), Err(CaptchaError::Used));
        let token = captchas.issue(CaptchaKind::Hcaptcha, now, &mut random);
        assert_eq!(captchas.verify(CaptchaKind::RecaptchaV2, &token, now), Err(CaptchaError::Invalid));
    }
}
