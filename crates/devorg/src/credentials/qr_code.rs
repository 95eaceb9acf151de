//! QR codes as PNG images.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcodegen::{QrCode, QrCodeEcc};
use serde_json::{Value, json};

/// The `otpauth:` URI that authenticator apps read.
pub(crate) fn otpauth(org: &str, login: &str, secret: &str) -> String {
    let plain = |text: &str| {
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let (org, login) = (plain(org), plain(login));
    format!("otpauth://totp/{org}:{login}?secret={secret}&issuer={org}&algorithm=SHA1&digits=6&period=30")
}

/// The `qrcode` of an authenticator: a PNG in a data URL.
pub(crate) fn image(text: &str) -> Value {
    let png = QrCode::encode_text(text, QrCodeEcc::Medium).map(|code| png(&code)).unwrap_or_default();
    json!({ "method": "embedded", "href": format!("data:image/png;base64,{}", STANDARD.encode(png)), "type": "image/png" })
}

/// The quiet zone around a QR code, in modules.
const QUIET_ZONE: i32 = 4;
/// Pixels per module.
const SCALE: i32 = 4;

/// A PNG with one bit per pixel, uncompressed.
fn png(code: &QrCode) -> Vec<u8> {
    let side = (code.size() + 2 * QUIET_ZONE) * SCALE;
    let mut rows = Vec::new();
    for y in 0..side {
        rows.push(0);
        for first in (0..side).step_by(8) {
            let bit = |n: i32| {
                let x = first + n;
                let dark = x < side && code.get_module(x / SCALE - QUIET_ZONE, y / SCALE - QUIET_ZONE);
                u8::from(!dark) << (7 - n)
            };
            rows.push((0..8).map(bit).sum());
        }
    }
    let mut head = [side.to_be_bytes(), side.to_be_bytes()].concat();
    head.extend([1, 0, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &head);
    chunk(&mut out, b"IDAT", &stored(&rows));
    chunk(&mut out, b"IEND", &[]);
    out
}

/// A zlib stream of stored blocks.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = bytes.chunks(0xffff);
    let last = blocks.len().saturating_sub(1);
    for (n, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(n == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let named = [&kind[..], body].concat();
    let crc = named.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    });
    out.extend(length.to_be_bytes());
    out.extend(named);
    out.extend((!crc).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_a_png_with_a_valid_end_chunk() {
        let code = QrCode::encode_text("otpauth://totp/a", QrCodeEcc::Medium).unwrap();
        let png = png(&code);
        assert!(png.starts_with(b"\x89PNG"));
        assert!(png.ends_with(&[0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82]));
    }
}
