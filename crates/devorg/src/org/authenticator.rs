//! The authenticators of an org, with their methods and factor types.

use serde::{Deserialize, Serialize};

/// An authenticator. The variants are Okta's authenticator keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Authenticator {
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
    OnpremMfa,
    SmartCardIdp,
    CustomApp,
    NfcPin,
}

/// A method of an authenticator.
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
    SignedNonce,
    Webauthn,
    Idp,
    Duo,
    Tac,
    Cert,
    NfcPin,
}

/// The factor type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FactorType {
    /// Something the user knows.
    Knowledge,
    /// Something the user has.
    Possession,
}

impl Authenticator {
    /// Every authenticator, in the order in which they are offered.
    pub(crate) const ALL: [Self; 18] = [
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
        Self::OnpremMfa,
        Self::SmartCardIdp,
        Self::CustomApp,
        Self::NfcPin,
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
            Self::OnpremMfa => "onprem_mfa",
            Self::SmartCardIdp => "smart_card_idp",
            Self::CustomApp => "custom_app",
            Self::NfcPin => "nfc_pin",
        }
    }

    /// The type on the wire. Several authenticators share one.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::OktaPassword => "password",
            Self::OktaEmail => "email",
            Self::PhoneNumber => "phone",
            Self::SecurityQuestion => "security_question",
            Self::GoogleOtp | Self::OktaVerify | Self::SymantecVip | Self::Duo | Self::CustomApp => "app",
            Self::Webauthn | Self::YubikeyToken | Self::RsaToken | Self::OnpremMfa | Self::CustomOtp => {
                "security_key"
            }
            Self::ExternalIdp | Self::SmartCardIdp => "federated",
            Self::Tac => "tac",
            Self::NfcPin => "proximity",
        }
    }

    /// The display name. Clients compare `Password` literally.
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
            Self::OnpremMfa => "On-Prem MFA",
            Self::SmartCardIdp => "Smart Card",
            Self::CustomApp => "Company App",
            Self::NfcPin => "NFC Card",
        }
    }

    /// The authenticator's id, the same in every dev org so that tests can spell it out.
    pub(crate) fn id(self) -> String {
        let tail: String = self.name().chars().filter(|c| *c != '_').collect();
        format!("aut{tail:0<17}")
    }

    /// The authenticator with this id.
    pub(crate) fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.id() == id)
    }

    /// The prefix of enrolment ids.
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

    /// The methods, the default one first.
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
            Self::SmartCardIdp => &[Method::Cert],
            Self::CustomApp => &[Method::Push],
            Self::NfcPin => &[Method::NfcPin],
            Self::GoogleOtp
            | Self::YubikeyToken
            | Self::SymantecVip
            | Self::RsaToken
            | Self::OnpremMfa
            | Self::CustomOtp => &[Method::Otp],
        }
    }

    /// The factor type.
    pub(crate) fn factor_type(self) -> FactorType {
        match self {
            Self::OktaPassword | Self::SecurityQuestion => FactorType::Knowledge,
            _ => FactorType::Possession,
        }
    }

    /// The authenticator that a value of `enroll_amr_values` names.
    pub(crate) fn by_amr_value(value: &str) -> Option<Self> {
        match value {
            "pwd" => Some(Self::OktaPassword),
            "email" => Some(Self::OktaEmail),
            "sms" | "tel" => Some(Self::PhoneNumber),
            "kba" => Some(Self::SecurityQuestion),
            "okta_verify" => Some(Self::OktaVerify),
            "google_otp" => Some(Self::GoogleOtp),
            "pop" => Some(Self::Webauthn),
            "duo" => Some(Self::Duo),
            "symantec" => Some(Self::SymantecVip),
            "yubikey" => Some(Self::YubikeyToken),
            "rsa" => Some(Self::RsaToken),
            _ => None,
        }
    }

    /// Whether a user can enrol it during sign-in.
    pub(crate) fn can_self_enrol(self) -> bool {
        !matches!(self, Self::CustomOtp | Self::Tac | Self::CustomApp)
    }
}

/// A method of Okta Verify as an authenticator of its own.
pub(crate) struct SplitAuthenticator {
    pub(crate) method: Method,
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
}

impl SplitAuthenticator {
    /// All three.
    pub(crate) const ALL: [Self; 3] = [
        Self { method: Method::SignedNonce, key: "okta_verify_fastpass", label: "Okta FastPass" },
        Self { method: Method::Push, key: "okta_verify_push", label: "Okta Verify push" },
        Self { method: Method::Totp, key: "okta_verify_totp", label: "Okta Verify code" },
    ];

    /// The authenticator's id.
    pub(crate) fn id(&self) -> String {
        format!("aut{}", self.key.replace('_', ""))
    }

    /// The method of the authenticator with this id.
    pub(crate) fn method_of(id: &str) -> Option<Method> {
        Self::ALL.iter().find(|split| split.id() == id).map(|split| split.method)
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
            Self::SignedNonce => "signed_nonce",
            Self::Webauthn => "webauthn",
            Self::Idp => "idp",
            Self::Duo => "duo",
            Self::Tac => "tac",
            Self::Cert => "cert",
            Self::NfcPin => "nfc_pin",
        }
    }

    /// The display name.
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
            Self::SignedNonce => "Use Okta FastPass",
            Self::Webauthn => "Security Key or Biometric",
            Self::Idp => "Identity provider",
            Self::Duo => "Duo",
            Self::Tac => "Temporary Access Code",
            Self::Cert => "Certificate",
            Self::NfcPin => "Card and PIN",
        }
    }

    /// The method with this name.
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        let methods = Authenticator::ALL.iter().flat_map(|key| key.methods()).copied();
        methods.chain([Self::SignedNonce]).find(|method| method.name() == name)
    }

    /// The value in the id token's `amr` (RFC 8176).
    pub(crate) fn amr(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Sms => "sms",
            Self::Voice => "tel",
            Self::SecurityQuestion => "kba",
            Self::Webauthn => "hwk",
            Self::Cert => "sc",
            Self::NfcPin => "pin",
            Self::Push | Self::SignedNonce => "swk",
            Self::Idp => "fed",
            Self::Email | Self::Otp | Self::Totp | Self::Duo | Self::Tac => "otp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authenticators_are_found_by_id_and_methods_by_name() {
        for key in Authenticator::ALL {
            assert_eq!(key.id().len(), 20);
            assert_eq!(Authenticator::by_id(&key.id()), Some(key));
            for method in key.methods() {
                assert_eq!(Method::by_name(method.name()), Some(*method));
            }
        }
    }
}
