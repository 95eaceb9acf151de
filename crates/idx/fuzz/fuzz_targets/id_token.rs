//! Any token with any key set is refused: the fuzzer has no private key to sign with.

#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use latchkey_idx::evaluation::{ExpectedIdToken, verify_id_token};
use libfuzzer_sys::fuzz_target;

const KEYS: &str = concat!(
    r#"{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"key-1","e":"AQAB","n":""#,
    "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0_IzW7yWR7QkrmBL7jTKEn5u-qKhbwKfBstIs-bMY2Zkp18gnTx",
    "KLxoS2tFczGkPLPgizskuemMghRniWaoLcyehkd3qqGElvW_VDL5AaWTg0nLVkjRo9z-40RQzuVaE8AkAFmxZzow3x-VJYKdjykkJ0iT9wCS0DR",
    "TXu269V264Vf_3jvredZiKRkgwlL9xNAwxXFg0x_XFw005UWVRIkdgcKWTjpBP2dPwVZ4WWC-9aGVd-Gyn1o0CLelf4rEjGoXbAAEgAqeGUxrcI",
    r#"lbjXfbcmw"}]}"#,
);

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (token, keys) = text.split_once('\n').unwrap_or((text, KEYS));
    let expected = ExpectedIdToken {
        issuer: "https://org.example",
        client_id: "app-1",
        nonce: "nonce-1",
        access_token: "access-1",
    };
    let now = UNIX_EPOCH + Duration::from_secs(1_900_000_000);
    assert!(verify_id_token(token, keys, &expected, now).is_err());
});
