//! The drawn icons. Each is a mask in `style/parts/icon.css`.

use super::look::look;
use crate::any_element::{AnyElement, IntoAnyElement};
use leptos::prelude::*;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A choice of authenticators.
    Key,
    Password,
    Email,
    Phone,
    Sms,
    Voice,
    /// An app that shows codes.
    App,
    Push,
    /// Any other authenticator, and consents.
    Shield,
    Passkey,
    Question,
    /// A device that shows codes, or a key to plug in.
    Token,
    /// A code from an administrator.
    Ticket,
    /// A smart card, or another identity provider.
    Card,
    Qr,
    Person,
    Device,
}

impl Icon {
    /// The icon of an authenticator's key, of a method, or of a channel.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "okta_password" => Self::Password,
            "okta_email" | "email" => Self::Email,
            "phone_number" => Self::Phone,
            "sms" => Self::Sms,
            "voice" => Self::Voice,
            "okta_verify" | "custom_app" | "duo" | "signed_nonce" | "samedevice" => Self::Shield,
            "google_otp" | "totp" | "otp" => Self::App,
            "push" => Self::Push,
            "webauthn" => Self::Passkey,
            "security_question" => Self::Question,
            "yubikey_token" | "onprem_mfa" | "rsa_token" | "symantec_vip" | "custom_otp" => Self::Token,
            "tac" => Self::Ticket,
            "external_idp" | "smart_card_idp" => Self::Card,
            "qrcode" => Self::Qr,
            _ => return None,
        })
    }

    fn look(self) -> &'static str {
        match self {
            Self::Key => "icon icon--key",
            Self::Password => "icon icon--password",
            Self::Email => "icon icon--email",
            Self::Phone => "icon icon--phone",
            Self::Sms => "icon icon--sms",
            Self::Voice => "icon icon--voice",
            Self::App => "icon icon--app",
            Self::Push => "icon icon--push",
            Self::Shield => "icon icon--shield",
            Self::Passkey => "icon icon--passkey",
            Self::Question => "icon icon--question",
            Self::Token => "icon icon--token",
            Self::Ticket => "icon icon--ticket",
            Self::Card => "icon icon--card",
            Self::Qr => "icon icon--qr",
            Self::Person => "icon icon--person",
            Self::Device => "icon icon--device",
        }
    }
}

/// The icon. What it shows is said in words beside it.
pub(crate) fn icon(icon: Icon) -> AnyElement {
    view! { <span {..look(icon.look())} aria-hidden="true"></span> }.into_any_element()
}

/// The icon in a circle.
pub(crate) fn badge(of: Icon) -> AnyElement {
    view! { <span {..look("badge")} aria-hidden="true">{icon(of)}</span> }.into_any_element()
}

#[cfg(test)]
mod tests {
    use super::Icon;

    #[test]
    fn every_authenticator_of_okta_has_an_icon() {
        for key in [
            "okta_password",
            "okta_email",
            "phone_number",
            "security_question",
            "google_otp",
            "okta_verify",
            "webauthn",
            "external_idp",
            "yubikey_token",
            "duo",
            "symantec_vip",
            "rsa_token",
            "onprem_mfa",
            "custom_otp",
            "custom_app",
            "tac",
            "smart_card_idp",
        ] {
            assert!(Icon::of(key).is_some(), "{key}");
        }
        assert_eq!(Icon::of("crystal_ball"), None);
    }
}
