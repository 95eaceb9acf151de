//! The labels of fields and options: our own for those that are well known, so that they can be translated; else the org's.

use crate::text::{Phrase, Wording};
use latchkey_contract::{Input, InputKind, Value};

/// Our own label for well-known inputs, so that it can be translated; the org's for the rest.
pub(super) fn label(input: &Input) -> Wording {
    let ours = match input.name.as_str() {
        "rememberMe" | "keepMeSignedIn" => Phrase::RememberMe,
        "revokeSessions" => Phrase::RevokeSessions,
        // A scope may be called as an attribute is.
        name if input.kind == InputKind::Boolean => return Wording::Org(described(input, name)),
        "username" | "identifier" => Phrase::Username,
        "password" | "passcode" => Phrase::Password,
        "newPassword" => Phrase::NewPassword,
        "verificationCode" | "otp" | "totp" => Phrase::Code,
        "userCode" => Phrase::ActivationCode,
        "phoneNumber" => Phrase::PhoneNumber,
        "firstName" => Phrase::FirstName,
        "lastName" => Phrase::LastName,
        "email" => Phrase::Email,
        "answer" => Phrase::Answer,
        "authenticator" | "methodType" | "channel" => Phrase::Method,
        name => return Wording::Org(described(input, name)),
    };
    Wording::Ours(ours)
}

/// The org's words for an input, with what it is for.
fn described(input: &Input, name: &str) -> String {
    let label = input.label.clone().unwrap_or_else(|| spelled(name));
    match input.description.as_deref().filter(|description| !description.is_empty()) {
        Some(description) => format!("{label}: {description}"),
        None => label,
    }
}

/// Our own label for a method or a channel that the org abbreviates, or else the org's.
pub(super) fn option_label(name: &str, value: &Value, org: &str) -> Wording {
    let ours = match (name, value.text()) {
        ("channel", Some("qrcode")) => Phrase::ChannelQr,
        ("channel", Some("email")) => Phrase::ChannelEmail,
        ("channel", Some("sms")) => Phrase::ChannelSms,
        ("channel", Some("samedevice")) => Phrase::ChannelHere,
        (_, Some("sms")) => Phrase::Sms,
        (_, Some("voice")) => Phrase::Voice,
        _ => return Wording::Org(org.to_owned()),
    };
    Wording::Ours(ours)
}

/// `favouriteColour` and `favourite_colour` as "Favourite colour".
fn spelled(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter == '_' || letter == '-' {
            words.push(' ');
        } else if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
            words.push(letter.to_ascii_lowercase());
        } else if words.is_empty() {
            words.push(letter.to_ascii_uppercase());
        } else {
            words.push(letter);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_label_is_spelled_out() {
        for (name, words) in [("favouriteColour", "Favourite colour"), ("lucky_number", "Lucky number")] {
            assert_eq!(spelled(name), words);
        }
    }
}
