//! Compression ahead of time, at the highest level, with brotli and gzip.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use latchkey_harness::{Context, Error};

/// The compressed forms by file extension, as far as they are smaller than the file.
pub(super) fn compress(bytes: &[u8]) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let mut encoded = vec![("br", brotli(bytes)?), ("gz", gzip(bytes)?)];
    encoded.retain(|(_, smaller)| smaller.len() < bytes.len());
    Ok(encoded)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    let mut input = bytes;
    brotli::BrotliCompress(&mut input, &mut out, &parameters).context("Cannot compress with brotli")?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).context("Cannot compress with gzip")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_compressed_file_decompresses_to_the_same() {
        let text = "sign in, sign up, sign out. ".repeat(50);
        let encoded = compress(text.as_bytes()).unwrap();
        let [("br", br), ("gz", gz)] = encoded.as_slice() else { panic!("both encodings are smaller here") };
        let (mut from_br, mut from_gz) = (Vec::new(), String::new());
        brotli::BrotliDecompress(&mut br.as_slice(), &mut from_br).unwrap();
        flate2::read::GzDecoder::new(gz.as_slice()).read_to_string(&mut from_gz).unwrap();
        assert_eq!(from_br, text.as_bytes());
        assert_eq!(from_gz, text);
    }

    #[test]
    fn a_form_that_is_not_smaller_is_left_out() {
        assert!(compress(b"x").unwrap().is_empty());
    }
}
