//! The authenticators an org can have: their keys, their methods, and what kind of proof each is.

use serde::{Deserialize, Serialize};

/// An authenticator, by the key clients know it under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Key {
    OktaPassword,
    OktaEmail,
    PhoneNumber,
    SecurityQuestion,
    GoogleOtp,
    OktaVerify,
    Webauthn,
    ExternalIdp,
    YubikeyToken,
    SymantecVip,
    RsaToken,
    Duo,
    CustomOtp,
    Tac,
}

/// The way an authenticator is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Method {
    Password,
    Email,
    Sms,
    Voice,
    SecurityQuestion,
    Otp,
    Push,
    Totp,
    Webauthn,
    Idp,
    Duo,
    Tac,
}

/// What a proof shows about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// They know something.
    Knowledge,
    /// They have something.
    Possession,
}

impl Key {
    /// Every authenticator, in the order they are offered.
    pub(crate) const ALL: [Self; 14] = [
        Self::OktaPassword,
        Self::OktaEmail,
        Self::PhoneNumber,
        Self::SecurityQuestion,
        Self::GoogleOtp,
        Self::OktaVerify,
        Self::Webauthn,
        Self::ExternalIdp,
        Self::YubikeyToken,
        Self::SymantecVip,
        Self::RsaToken,
        Self::Duo,
        Self::CustomOtp,
        Self::Tac,
    ];

    /// The key on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OktaPassword => "okta_password",
            Self::OktaEmail => "okta_email",
            Self::PhoneNumber => "phone_number",
            Self::SecurityQuestion => "security_question",
            Self::GoogleOtp => "google_otp",
            Self::OktaVerify => "okta_verify",
            Self::Webauthn => "webauthn",
            Self::ExternalIdp => "external_idp",
            Self::YubikeyToken => "yubikey_token",
            Self::SymantecVip => "symantec_vip",
            Self::RsaToken => "rsa_token",
            Self::Duo => "duo",
            Self::CustomOtp => "custom_otp",
            Self::Tac => "tac",
        }
    }

    /// The type on the wire, which several authenticators share.
    pub(crate) fn kind_name(self) -> &'static str {
        match self {
            Self::OktaPassword => "password",
            Self::OktaEmail => "email",
            Self::PhoneNumber => "phone",
            Self::SecurityQuestion => "security_question",
            Self::GoogleOtp | Self::OktaVerify | Self::SymantecVip | Self::Duo => "app",
            Self::Webauthn | Self::YubikeyToken | Self::RsaToken | Self::CustomOtp => "security_key",
            Self::ExternalIdp => "federated",
            Self::Tac => "tac",
        }
    }

    /// What a person reads. Clients compare `Password` literally.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::OktaPassword => "Password",
            Self::OktaEmail => "Email",
            Self::PhoneNumber => "Phone",
            Self::SecurityQuestion => "Security Question",
            Self::GoogleOtp => "Google Authenticator",
            Self::OktaVerify => "Okta Verify",
            Self::Webauthn => "Security Key or Biometric",
            Self::ExternalIdp => "Identity provider",
            Self::YubikeyToken => "YubiKey Authenticator",
            Self::SymantecVip => "Symantec VIP",
            Self::RsaToken => "RSA SecurID",
            Self::Duo => "Duo Security",
            Self::CustomOtp => "Custom OTP",
            Self::Tac => "Temporary Access Code",
        }
    }

    /// The authenticator's id in this org; the same in every one, so that tests may write it down.
    pub(crate) fn id(self) -> String {
        let tail: String = self.name().chars().filter(|c| *c != '_').collect();
        format!("aut{tail:0<17}")
    }

    /// The authenticator with this id.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.id() == id)
    }

    /// What enrolment ids begin with.
    pub(crate) fn enrolment_prefix(self) -> &'static str {
        match self {
            Self::OktaPassword => "lae",
            Self::OktaEmail => "eae",
            Self::PhoneNumber => "pae",
            Self::SecurityQuestion => "qae",
            Self::Webauthn => "fwf",
            Self::OktaVerify => "pfd",
            _ => "ufv",
        }
    }

    /// The ways it can be used, the usual one first.
    pub(crate) fn methods(self) -> &'static [Method] {
        match self {
            Self::OktaPassword => &[Method::Password],
            Self::OktaEmail => &[Method::Email],
            Self::PhoneNumber => &[Method::Sms, Method::Voice],
            Self::SecurityQuestion => &[Method::SecurityQuestion],
            Self::OktaVerify => &[Method::Push, Method::Totp],
            Self::Webauthn => &[Method::Webauthn],
            Self::ExternalIdp => &[Method::Idp],
            Self::Duo => &[Method::Duo],
            Self::Tac => &[Method::Tac],
            Self::GoogleOtp | Self::YubikeyToken | Self::SymantecVip | Self::RsaToken | Self::CustomOtp => {
                &[Method::Otp]
            }
        }
    }

    /// Knowledge or possession.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::OktaPassword | Self::SecurityQuestion => Kind::Knowledge,
            _ => Kind::Possession,
        }
    }

    /// Whether a person can set it up by themselves during sign-in.
    pub(crate) fn is_self_enrolled(self) -> bool {
        !matches!(self, Self::CustomOtp | Self::Tac | Self::ExternalIdp)
    }
}

impl Method {
    /// The method on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::SecurityQuestion => "security_question",
            Self::Otp => "otp",
            Self::Push => "push",
            Self::Totp => "totp",
            Self::Webauthn => "webauthn",
            Self::Idp => "idp",
            Self::Duo => "duo",
            Self::Tac => "tac",
        }
    }

    /// What a person reads beside it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Password => "Password",
            Self::Email => "Email",
            Self::Sms => "SMS",
            Self::Voice => "Voice call",
            Self::SecurityQuestion => "Security Question",
            Self::Otp => "Enter a code",
            Self::Push => "Get a push notification",
            Self::Totp => "Enter a code",
            Self::Webauthn => "Security Key or Biometric",
            Self::Idp => "Identity provider",
            Self::Duo => "Duo",
            Self::Tac => "Temporary Access Code",
        }
    }

    /// The method with this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Key::ALL.iter().flat_map(|key| key.methods()).copied().find(|method| method.name() == name)
    }

    /// How the id token's `amr` tells of it (RFC 8176).
    pub(crate) fn amr(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Sms => "sms",
            Self::Voice => "tel",
            Self::SecurityQuestion => "kba",
            Self::Webauthn => "hwk",
            Self::Push => "swk",
            Self::Idp => "fed",
            Self::Email | Self::Otp | Self::Totp | Self::Duo | Self::Tac => "otp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_authenticator_is_found_again_by_its_id_and_its_methods_by_their_names() {
        for key in Key::ALL {
            assert_eq!(key.id().len(), 20);
            assert_eq!(Key::of_id(&key.id()), Some(key));
            for method in key.methods() {
                assert_eq!(Method::of_name(method.name()), Some(*method));
            }
        }
    }
}
