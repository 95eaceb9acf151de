//! Base32 (RFC 4648), which authenticator apps read secrets in.

/// Encodes without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1)).collect::<Vec<_>>();
    let letter = |five: &[u8]| {
        let index = (0..5).fold(0, |sum, n| sum << 1 | usize::from(five.get(n).copied().unwrap_or(0)));
        char::from(ALPHABET.get(index).copied().unwrap_or(b'A'))
    };
    bits.chunks(5).map(letter).collect()
}

/// Reads what [`encode`] writes.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for c in text.chars().filter(char::is_ascii_alphanumeric) {
        let value = match c.to_ascii_uppercase() {
            c @ 'A'..='Z' => u32::from(c) - u32::from('A'),
            c @ '2'..='7' => u32::from(c) - u32::from('2') + 26,
            _ => continue,
        };
        held = held << 5 | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xff) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_reverses_encoding() {
        assert_eq!(encode(b"foobar"), "MZXW6YTBOI");
        assert_eq!(decode("mzxw 6ytb oi"), b"foobar");
    }
}
