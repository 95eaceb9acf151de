//! The protocol's own words: what is closed is an enum, what the org may add to is an enum with `Other`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Makes an open set: each variant with its word on the wire, and `Other` for a word we have never seen.
macro_rules! open_set {
    ($(#[$about:meta])* $set:ident { $($(#[$what:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $set {
            $($(#[$what])* $variant,)+
            /// A word that this version does not know. It is no error: it is passed on.
            Other(Box<str>),
        }

        impl $set {
            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $set {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.into()),
                }
            }
        }

        impl fmt::Display for $set {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $set {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $set {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from(String::deserialize(deserializer)?.as_str()))
            }
        }
    };
}

open_set! {
    /// What the org asks for: the name of a remediation, or of an action beside it.
    Name {
        /// Who is it? Perhaps with a password.
        Identify = "identify",
        /// Whose password is to be recovered?
        IdentifyRecovery = "identify-recovery",
        /// Back to the sign-in page.
        SelectIdentify = "select-identify",
        /// The way to self-service registration.
        SelectEnrollProfile = "select-enroll-profile",
        /// The attributes of a new account.
        EnrollProfile = "enroll-profile",
        /// Attributes that an existing account lacks.
        ProfileUpdate = "profile-update",
        /// Sign in at another identity provider; a link, not a form.
        RedirectIdp = "redirect-idp",
        /// A smart card; a link, not a form.
        PivIdp = "piv-idp",
        /// Identity verification elsewhere; a link, not a form.
        RedirectIdverify = "redirect-idverify",
        /// The way to unlocking an account.
        UnlockAccount = "unlock-account",
        /// The code a device shows.
        UserCode = "user-code",
        /// Send the activation mail again.
        RequestActivationEmail = "request-activation-email",
        /// Choose a factor to verify with.
        SelectAuthenticatorAuthenticate = "select-authenticator-authenticate",
        /// Choose a factor to enrol.
        SelectAuthenticatorEnroll = "select-authenticator-enroll",
        /// Choose the account and the factor that unlocks it.
        SelectAuthenticatorUnlockAccount = "select-authenticator-unlock-account",
        /// How should the code be sent?
        AuthenticatorVerificationData = "authenticator-verification-data",
        /// How and where should the first code be sent?
        AuthenticatorEnrollmentData = "authenticator-enrollment-data",
        /// Prove a factor.
        ChallengeAuthenticator = "challenge-authenticator",
        /// Wait until it is approved elsewhere.
        ChallengePoll = "challenge-poll",
        /// Send a rejected challenge again.
        Resend = "resend",
        /// Prove a new factor.
        EnrollAuthenticator = "enroll-authenticator",
        /// Offer a passkey after sign-in.
        EnrollAuthenticatorPromotion = "enroll-authenticator-promotion",
        /// Wait until a new factor has been set up elsewhere.
        EnrollPoll = "enroll-poll",
        /// How should the set-up reach the device?
        SelectEnrollmentChannel = "select-enrollment-channel",
        /// Where should the set-up be sent?
        EnrollmentChannelData = "enrollment-channel-data",
        /// The password has expired.
        ReenrollAuthenticator = "reenroll-authenticator",
        /// The password is about to expire.
        ReenrollAuthenticatorWarning = "reenroll-authenticator-warning",
        /// The password has expired and is changed elsewhere.
        ReenrollCustomPasswordExpiry = "reenroll-custom-password-expiry",
        /// The password is about to expire and is changed elsewhere.
        ReenrollCustomPasswordExpiryWarning = "reenroll-custom-password-expiry-warning",
        /// Set a new password at the end of a recovery.
        ResetAuthenticator = "reset-authenticator",
        /// Replace a factor by another.
        ReplaceAuthenticator = "replace-authenticator",
        /// Leave out what is optional.
        Skip = "skip",
        /// Wait; nothing else can be done.
        Poll = "poll",
        /// Let the app have what it asks for.
        Consent = "consent",
        /// Let the app have what it asks for, on behalf of all.
        AdminConsent = "admin-consent",
        /// Let the app have some of what it asks for.
        GranularConsent = "granular-consent",
        /// Approve a sign-in that was begun in another browser.
        EmailChallengeConsent = "email-challenge-consent",
        /// Stay signed in?
        KeepMeSignedIn = "keep-me-signed-in",
        /// The device must be put in order, but not yet.
        DeviceAssuranceGracePeriod = "device-assurance-grace-period",
        /// Wait for the device's answer.
        DeviceChallengePoll = "device-challenge-poll",
        /// Apple's single-sign-on extension.
        DeviceAppleSsoExtension = "device-apple-sso-extension",
        /// Give up the device's transaction.
        CancelTransaction = "cancel-transaction",
        /// Start Okta Verify on this device.
        LaunchAuthenticator = "launch-authenticator",
        /// Start the browser's own dialogue for security keys.
        LaunchWebauthnAuthenticator = "launch-webauthn-authenticator",
        /// Start the browser's own dialogue for passkeys.
        LaunchPasskeysAuthenticator = "launch-passkeys-authenticator",
        /// Start the reader for contactless cards.
        LaunchNfcAuthenticator = "launch-nfc-authenticator",
        /// Enrol a passkey that the device keeps.
        EnrollWebauthnResidentkey = "enroll-webauthn-residentkey",
        /// A passkey offered by the browser while the name is typed.
        ChallengeWebauthnAutofilluiAuthenticator = "challenge-webauthn-autofillui-authenticator",
        /// The hosted flow's end; a link.
        SuccessRedirect = "success-redirect",
        /// The hosted flow's bad end; a link.
        FailureRedirect = "failure-redirect",
        /// Start again from nothing.
        Cancel = "cancel",
    }
}

open_set! {
    /// Which authenticator it is.
    Key {
        /// The password.
        Password = "okta_password",
        /// A code or a link by e-mail.
        Email = "okta_email",
        /// A code by SMS or voice call.
        Phone = "phone_number",
        /// A question only the person can answer.
        SecurityQuestion = "security_question",
        /// Google Authenticator, or any other app that shows codes.
        GoogleOtp = "google_otp",
        /// Okta's own app: push, code, or its own proof of the device.
        OktaVerify = "okta_verify",
        /// A security key or passkey.
        Webauthn = "webauthn",
        /// Another identity provider as a factor.
        ExternalIdp = "external_idp",
        /// A YubiKey that types a code.
        YubikeyToken = "yubikey_token",
        /// Duo.
        Duo = "duo",
        /// Symantec VIP.
        SymantecVip = "symantec_vip",
        /// RSA SecurID.
        RsaToken = "rsa_token",
        /// A one-time password server on the company's premises.
        OnpremMfa = "onprem_mfa",
        /// A hardware token of the company's own.
        CustomOtp = "custom_otp",
        /// The company's own app, with push.
        CustomApp = "custom_app",
        /// A smart card.
        SmartCardIdp = "smart_card_idp",
        /// A temporary access code from the help desk.
        TemporaryAccessCode = "tac",
        /// A contactless card with a PIN.
        NfcPin = "nfc_pin",
    }
}

open_set! {
    /// How an authenticator is used.
    Method {
        /// The password.
        Password = "password",
        /// By e-mail.
        Email = "email",
        /// By text message.
        Sms = "sms",
        /// By a call.
        Voice = "voice",
        /// A question.
        SecurityQuestion = "security_question",
        /// A code from an app or a token.
        Otp = "otp",
        /// A code from Okta Verify.
        Totp = "totp",
        /// Approve on the phone.
        Push = "push",
        /// The device's own proof.
        SignedNonce = "signed_nonce",
        /// A security key or passkey.
        Webauthn = "webauthn",
        /// Another identity provider.
        Idp = "idp",
        /// A certificate.
        Cert = "cert",
        /// Duo.
        Duo = "duo",
        /// A temporary access code.
        TemporaryAccessCode = "tac",
        /// A contactless card with a PIN.
        NfcPin = "nfc_pin",
    }
}

open_set! {
    /// How serious a message is.
    Class {
        /// Something went wrong.
        Error = "ERROR",
        /// Something to know.
        Info = "INFO",
        /// Something to heed.
        Warning = "WARNING",
    }
}

/// What the org lets people do from the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Recover a forgotten password.
    RecoverPassword,
    /// Register.
    EnrollProfile,
    /// Sign in at another identity provider.
    RedirectIdp,
    /// Unlock a locked account.
    UnlockAccount,
}

/// Where a flow stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// The org asks for something.
    Pending,
    /// The org has granted an interaction code.
    Success,
    /// The org asks for nothing more and grants nothing.
    Terminal,
    /// The flow was given up.
    Canceled,
}

impl Feature {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecoverPassword => "recover-password",
            Self::EnrollProfile => "enroll-profile",
            Self::RedirectIdp => "redirect-idp",
            Self::UnlockAccount => "unlock-account",
        }
    }
}

impl Status {
    /// The guides' word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Terminal => "TERMINAL",
            Self::Canceled => "CANCELED",
        }
    }
}
