//! Identifiers: usernames and e-mail addresses in the form in which they are compared.

use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// A username or an e-mail address in normal form: compatibility characters replaced (NFKC), case folded, and with the
/// domain that the org adds to a name without one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier(String);

impl Identifier {
    /// The normal form of what was typed.
    pub fn new(typed: &str, login_domain: Option<&str>) -> Self {
        let folded = fold(typed);
        match login_domain {
            Some(domain) if !folded.contains('@') => Self(fold(&format!("{folded}@{domain}"))),
            Some(_) | None => Self(folded),
        }
    }

    /// The normal form, which is compared and never shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identifier(…)")
    }
}

/// To lower case by way of upper case is case folding: it takes `ß` for `ss`, and a final sigma for any other.
fn fold(text: &str) -> String {
    let upper = text.nfkc().flat_map(char::to_lowercase).flat_map(char::to_uppercase);
    let folded: String = upper.flat_map(char::to_lowercase).nfkc().collect();
    folded.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Identifier, fold};

    #[test]
    fn sec_213_spellings_of_one_name_are_one_identifier() {
        let mary = Identifier::new("mary@example.com", None);
        for typed in [
            "Mary@Example.com",
            " mary@example.com\t",
            "\u{ff2d}\u{ff41}\u{ff52}\u{ff59}\u{ff20}example.com",
            "\u{1d426}ary@example.com",
            "mary@example\u{ff0e}com",
            "\u{2003}mary@example.com\u{a0}",
        ] {
            assert_eq!(Identifier::new(typed, None), mary, "{typed:?}");
        }
        for (one, other) in [
            ("stra\u{df}e", "STRASSE"),
            ("STRA\u{1e9e}E", "strasse"),
            ("\u{3c3}\u{3bf}\u{3c6}\u{3cc}\u{3c2}", "\u{3a3}\u{39f}\u{3a6}\u{38c}\u{3a3}"),
            ("caf\u{e9}", "CAFE\u{301}"),
            ("\u{fb01}ona", "Fiona"),
            ("\u{212a}arl", "karl"),
        ] {
            assert_eq!(Identifier::new(one, None), Identifier::new(other, None), "{one} {other}");
        }
        assert_ne!(Identifier::new("john@example.com", None), mary);
        assert!(!format!("{mary:?}").contains("mary"));
    }

    #[test]
    fn sec_213_a_name_without_a_domain_gets_the_login_domain() {
        let of = |typed| Identifier::new(typed, Some("Example.com"));
        assert_eq!(of("mary"), of("MARY@example.com"));
        assert_ne!(of("mary"), of("mary@other.example"));
        assert_ne!(Identifier::new("mary", None), Identifier::new("mary@example.com", None));
    }

    #[test]
    fn sec_213_the_normal_form_of_a_normal_form_is_itself() {
        for letter in '\0'..='\u{1ffff}' {
            let folded = fold(&format!("a{letter}z"));
            assert_eq!(fold(&folded), folded, "{:x}", u32::from(letter));
        }
    }
}
