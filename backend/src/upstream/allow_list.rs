//! Which paths of an upstream may be called: those of its list, if every server interprets them alike.

use unicode_normalization::UnicodeNormalization;

/// Characters that no decoded segment may have: separators, and those that a second decoding would turn into one.
const REFUSED: [char; 5] = ['/', '\\', '%', ':', '@'];

/// Whether the list has the path, which is undecoded, as the browser sent it. A `*` at the end of an entry allows every path with
/// that prefix.
pub(super) fn allows(list: &[String], path: &str) -> bool {
    let is_listed = list.iter().any(|entry| match entry.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == entry,
    });
    is_listed && is_unambiguous(path)
}

/// Whether every segment of a path is unambiguous: no `..`, and no hidden separator.
fn is_unambiguous(path: &str) -> bool {
    // A path may end with a slash; an empty segment elsewhere could lead to another host.
    path.strip_suffix('/').unwrap_or(path).split('/').all(is_plain)
}

/// Whether a segment is a name. Text after a semicolon is a parameter, which many servers cut off.
fn is_plain(part: &str) -> bool {
    let Some(decoded) = decoded(part) else { return false };
    // Some servers treat wide and other forms of a character as the character itself.
    let read: String = decoded.nfkc().collect();
    [decoded, read].iter().all(|text| {
        let name = text.split(';').next().unwrap_or_default();
        let has_blank_end =
            [text.as_str(), name].iter().any(|text| text.trim_matches(char::is_whitespace) != *text);
        !name.trim_matches('.').is_empty()
            && !has_blank_end
            && !text.contains(REFUSED)
            && !text.contains(char::is_control)
    })
}

/// The segment without percent escapes, if these are UTF-8 and the rest is visible ASCII.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(match byte {
            b'%' => u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?,
            byte if byte.is_ascii_graphic() => byte,
            _ => return None,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::is_unambiguous;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn sec_211_a_path_that_servers_read_differently_is_refused() {
        for path in [
            "orders/..;/admin",
            "orders/..;x=1/admin",
            "orders/.;/x",
            "orders/..%3b/admin",
            "orders/..%3Bx/admin",
            "orders/;x/admin",
            "orders/...;/admin",
            "orders/%c0%ae%c0%ae/admin",
            "orders/%e0%80%ae/admin",
            "orders/%c0%af",
            "orders/%ff",
            "orders/%u002e%u002e/admin",
            "orders/%u002e",
            "orders/%",
            "orders/%2",
            "orders/%2x",
            "orders/..%20/admin",
            "orders/..%09/admin",
            "orders/%20../admin",
            "orders/7%20",
            "orders/7%20;x",
            "orders/7%C2%A0",
            "orders/%0d%0ax",
            "orders/%7f",
            "orders/%C2%85x",
            "orders/%EF%BC%8E%EF%BC%8E/admin",
            "orders/%E2%80%A5/admin",
            "orders/a%EF%BC%8Fadmin",
            "orders/..",
            "orders//x",
            "/",
            "",
        ] {
            assert!(!is_unambiguous(path), "{path}");
        }
        for path in [
            "orders",
            "orders/",
            "orders/7",
            "orders/a%20b",
            "orders/a%2eb",
            "orders/v1.2",
            "orders/..a",
            "orders/7;version=2",
            "orders/caf%C3%A9",
            "orders/a,b+c",
        ] {
            assert!(is_unambiguous(path), "{path}");
        }
    }

    /// Normalisations of some servers.
    fn readings(path: &str) -> Vec<Vec<u8>> {
        let mut readings = vec![path.as_bytes().to_vec()];
        for step in [unescape, unescape, shorten, normalise, |it: &[u8]| it.replace(b'\\', b'/')] {
            let more: Vec<_> = readings.iter().map(|reading| step(reading)).collect();
            readings.extend(more);
        }
        readings
    }

    /// Escapes are decoded, `%u` and overlong ones, too.
    fn unescape(path: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(path).to_lowercase();
        let text = text.replace("%u00", "%").replace("%c0%ae", ".").replace("%c0%af", "/");
        let (mut bytes, mut at) = (Vec::new(), 0);
        while let Some(byte) = text.as_bytes().get(at) {
            let escaped = text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
            match escaped.filter(|_| *byte == b'%') {
                Some(escaped) => {
                    bytes.push(escaped);
                    at += 3;
                }
                None => {
                    bytes.push(*byte);
                    at += 1;
                }
            }
        }
        bytes
    }

    /// Cuts off parameters and surrounding blanks of each segment.
    fn shorten(path: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(path).into_owned();
        let parts = text.split('/').map(|part| part.split(';').next().unwrap().trim());
        parts.collect::<Vec<_>>().join("/").into_bytes()
    }

    fn normalise(path: &[u8]) -> Vec<u8> {
        String::from_utf8_lossy(path).nfkc().collect::<String>().into_bytes()
    }

    trait Replace {
        fn replace(&self, from: u8, to: u8) -> Vec<u8>;
    }

    impl Replace for [u8] {
        fn replace(&self, from: u8, to: u8) -> Vec<u8> {
            self.iter().map(|byte| if *byte == from { to } else { *byte }).collect()
        }
    }

    /// Whether this interpretation of a path leads out of `orders/`.
    fn leads_out(reading: &[u8]) -> bool {
        let mut depth = 0;
        for part in reading.split(|byte| *byte == b'/') {
            depth += match part {
                b".." => -1,
                b"." | b"" => 0,
                _ => 1,
            };
            if depth < 1 {
                return true;
            }
        }
        false
    }

    fn piece() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "a",
            "7",
            ".",
            "..",
            "...",
            "/",
            "//",
            "\\",
            ";",
            ";x=1",
            "%3b",
            "%2e",
            "%2E",
            "%2f",
            "%5c",
            "%20",
            "%09",
            "%00",
            "%0a",
            "%25",
            "%252e",
            "%",
            "%u002e",
            "%u002f",
            "%c0%ae",
            "%c0%af",
            "%e0%80%ae",
            "%ff",
            "%c3%a9",
            "%c2%a0",
            "%ef%bc%8e",
            "%ef%bc%8f",
            "%e2%80%a4",
            "%e2%80%a5",
            "%e3%80%80",
            ":",
            "@",
            "?",
            "#",
            " ",
            "\t",
            "é",
        ])
    }

    proptest! {
        #[test]
        fn sec_211_no_reading_of_a_path_leads_out_of_what_is_listed(pieces in prop::collection::vec(piece(), 0..8)) {
            let path = format!("orders/{}", pieces.concat());
            if is_unambiguous(&path) {
                for reading in readings(&path) {
                    prop_assert!(!leads_out(&reading), "{path} is read as {:?}", String::from_utf8_lossy(&reading));
                }
            }
        }
    }
}
