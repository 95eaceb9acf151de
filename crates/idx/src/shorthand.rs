//! Writes a document shorter: what every document repeats is written as one sign.

use memchr::{memchr, memchr2};

/// The text as it is follows: it uses signs of its own.
const PLAIN: char = '\u{80}';
/// Stands for the first phrase; the others follow in order.
const FIRST: u32 = 0x81;
/// Stands for the state handle, which a document repeats in every form.
const HANDLE: char = '\u{9f}';
/// Stands for a quotation mark that begins nothing of the sort: it would be written with an escape.
const QUOTE: char = '\u{7f}';
/// What the other signs begin with, as they are encoded.
const OTHERS: u8 = 0xc2;

/// What documents are full of, sorted by the first letter; of those that begin alike, the longest first.
///
/// A flow that was kept yesterday is read by this table: change it only with the version of a kept flow.
const PHRASES: [&str; 30] = [
    r#""accepts":"application/json; okta-version=1.0.0""#,
    r#""authenticator"#,
    r#""displayName":""#,
    r#""form":{"value":[{"name":""#,
    r#""href":""#,
    r#""id":""#,
    r#""key":""#,
    r#""label":""#,
    r#""methods":[{"type":""#,
    r#""method":"POST","#,
    r#""mutable":false}"#,
    r#""name":"stateHandle","required":true,"value":"#,
    r#""name":""#,
    r#""options":[{"label":""#,
    r#""produces":"application/ion+json; okta-version=1.0.0","accepts":"application/json; okta-version=1.0.0""#,
    r#""profile":{""#,
    r#""rel":["create-form"],"name":""#,
    r#""required":true,"value":""#,
    r#""rel":["create-form"],"#,
    r#""relatesTo":["$."#,
    r#""relatesTo":"$."#,
    r#""required":"#,
    r#""type":"object","value":{""#,
    r#""type":"array","value":[{""#,
    r#""type":"string","#,
    r#""type":""#,
    r#""visible":false,"mutable":false}"#,
    r#""value":[{"#,
    r#""value":["#,
    r#""value":""#,
];

/// The same text in shorthand, without repeating the state handle in it.
pub(crate) fn write(text: &str, handle: Option<&str>) -> String {
    if first_sign(text).is_some() && text.contains(is_sign) {
        return format!("{PLAIN}{text}");
    }
    // What is written with an escape may be a sign.
    let handle = handle.filter(|handle| !handle.contains(is_sign)).unwrap_or_default();
    let quoted = format!("\"{handle}\"");
    let mut short = String::with_capacity(text.len());
    short.push_str(handle);
    short.push(HANDLE);
    let mut rest = text;
    // Every phrase begins with a quotation mark, so there is nothing to look for between two of them.
    while let Some((before, at)) = cut(rest, memchr(b'"', rest.as_bytes())) {
        short.push_str(before);
        let handle = || at.strip_prefix(quoted.as_str()).filter(|_| !handle.is_empty());
        let (sign, after) = phrase(at)
            .or_else(|| Some((HANDLE, handle()?)))
            .unwrap_or_else(|| (QUOTE, at.strip_prefix('"').unwrap_or_default()));
        short.push(sign);
        rest = after;
    }
    short.push_str(rest);
    short
}

/// The text that was written in shorthand.
pub(crate) fn read(short: &str) -> Option<String> {
    if let Some(plain) = short.strip_prefix(PLAIN) {
        return Some(plain.to_owned());
    }
    let (handle, mut rest) = short.split_once(HANDLE)?;
    let mut text = String::with_capacity(short.len() * 2);
    while let Some((before, at)) = cut(rest, first_sign(rest)) {
        text.push_str(before);
        let mut after = at.chars();
        match after.next()? {
            QUOTE => text.push('"'),
            HANDLE => text.extend(["\"", handle, "\""]),
            sign if is_sign(sign) => {
                text.push_str(PHRASES.get(usize::try_from(u32::from(sign).checked_sub(FIRST)?).ok()?)?);
            }
            other => text.push(other),
        }
        rest = after.as_str();
    }
    text.push_str(rest);
    Some(text)
}

/// What is before this place, and what begins there.
fn cut(text: &str, at: Option<usize>) -> Option<(&str, &str)> {
    text.split_at_checked(at?)
}

/// The phrase that the text begins with: its sign, and what comes after it.
fn phrase(text: &str) -> Option<(char, &str)> {
    let letter = usize::from(text.as_bytes().get(1)?.checked_sub(b'a')?);
    let (start, end) = (*STARTS.get(letter)?, *STARTS.get(letter + 1)?);
    let mut alike = PHRASES.get(start..end)?.iter().zip(FIRST + start as u32..);
    let (phrase, sign) = alike.find(|(phrase, _)| text.starts_with(**phrase))?;
    Some((char::from_u32(sign)?, text.get(phrase.len()..)?))
}

/// Where the phrases of each letter start; those of the last end where the table does.
const STARTS: [usize; 27] = starts();

#[expect(clippy::indexing_slicing, reason = "it runs while this is compiled, and not after")]
const fn starts() -> [usize; 27] {
    let mut starts = [PHRASES.len(); 27];
    let mut phrase = PHRASES.len();
    while phrase > 0 {
        phrase -= 1;
        let mut letter = (PHRASES[phrase].as_bytes()[1] - b'a') as usize + 1;
        // A letter without phrases starts where the next one does.
        while letter > 0 {
            letter -= 1;
            starts[letter] = phrase;
        }
    }
    starts
}

/// The first place where a sign may be: other letters begin with the same byte.
fn first_sign(text: &str) -> Option<usize> {
    memchr2(QUOTE as u8, OTHERS, text.as_bytes())
}

fn is_sign(c: char) -> bool {
    (QUOTE..=HANDLE).contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_every_document_repeats_is_written_once() {
        let form = r#"{"rel":["create-form"],"name":"skip","method":"POST","value":[{"name":"stateHandle","required":true,"value":"02.id.abcdef","visible":false,"mutable":false}]}"#;
        let text = format!(r#"{{"stateHandle":"02.id.abcdef","remediation":{{"value":[{form},{form}]}}}}"#);
        let short = write(&text, Some("02.id.abcdef"));
        assert_eq!(short.matches("02.id.abcdef").count(), 1);
        assert!(short.len() * 2 < text.len());
        assert_eq!(read(&short), Some(text));
    }

    #[test]
    fn the_phrases_stand_in_the_order_they_are_looked_up_by() {
        assert!(PHRASES.is_sorted_by_key(|phrase| (phrase.as_bytes()[1], std::cmp::Reverse(phrase.len()))));
    }

    #[test]
    fn a_document_with_signs_of_its_own_is_kept_as_it_is() {
        let text = "{\"stateHandle\":\"a\",\"odd\":\"\u{81}\u{9f}\"}";
        assert_eq!(read(&write(text, Some("a"))).as_deref(), Some(text));
    }

    proptest! {
        #[test]
        fn whatever_is_written_can_be_read(text in r#"(\{|"stateHandle":"|"a\\?b"|"|:|,|\[|"value":|"name":"|[a-c\u{7f}-\u{a0}é]|\\){0,40}"#) {
            for handle in [None, Some("a"), Some("a\\\\b"), Some("\u{9f}")] {
                prop_assert_eq!(read(&write(&text, handle)), Some(text.clone()));
            }
        }

        #[test]
        fn nothing_that_is_read_ends_in_a_panic(short in r"[a\u{7f}-\u{a1}]{0,20}") {
            let _ = read(&short);
        }
    }
}
