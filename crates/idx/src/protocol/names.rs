//! The protocol's names: closed sets as enums, and sets that the org may add to as enums with `Other`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Makes an open set: each variant with its name on the wire, and `Other` for a name that is unknown.
macro_rules! open_set {
    ($(#[$about:meta])* $set:ident { $($(#[$what:meta])* $variant:ident = $wire:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $set {
            $($(#[$what])* $variant,)+
            /// A name that this version does not know. It is passed on and is not an error.
            Other(Box<str>),
        }

        impl $set {
            /// The name on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Other(name) => name,
                }
            }
        }

        impl From<&str> for $set {
            fn from(name: &str) -> Self {
                match name {
                    $($wire => Self::$variant,)+
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
    /// The name of a step: of a remediation, or of an action beside the remediations.
    StepName {
        /// Enter the username, in some orgs with the password.
        Identify = "identify",
        /// Enter the username of the account to recover.
        IdentifyRecovery = "identify-recovery",
        /// Go back to sign-in.
        SelectIdentify = "select-identify",
        /// Go to self-service registration.
        SelectEnrollProfile = "select-enroll-profile",
        /// The attributes of a new account.
        EnrollProfile = "enroll-profile",
        /// Attributes that an existing account is missing.
        ProfileUpdate = "profile-update",
        /// Sign in at another identity provider; a link, not a form.
        RedirectIdp = "redirect-idp",
        /// A smart card; a link, not a form.
        PivIdp = "piv-idp",
        /// Identity verification by another service; a link, not a form.
        RedirectIdverify = "redirect-idverify",
        /// Go to unlocking an account.
        UnlockAccount = "unlock-account",
        /// Enter the code that a device displays.
        UserCode = "user-code",
        /// Send the activation mail again.
        RequestActivationEmail = "request-activation-email",
        /// Choose an authenticator to verify.
        SelectAuthenticatorAuthenticate = "select-authenticator-authenticate",
        /// Choose an authenticator to enrol.
        SelectAuthenticatorEnroll = "select-authenticator-enroll",
        /// Choose the account and the authenticator that unlocks it.
        SelectAuthenticatorUnlockAccount = "select-authenticator-unlock-account",
        /// Choose how the code is sent.
        AuthenticatorVerificationData = "authenticator-verification-data",
        /// Choose how and where the first code is sent.
        AuthenticatorEnrollmentData = "authenticator-enrollment-data",
        /// Verify an authenticator.
        ChallengeAuthenticator = "challenge-authenticator",
        /// Poll until the challenge is approved on another device.
        ChallengePoll = "challenge-poll",
        /// Send a rejected challenge again.
        Resend = "resend",
        /// Verify an authenticator that is being enrolled.
        EnrollAuthenticator = "enroll-authenticator",
        /// Offer a passkey after sign-in.
        EnrollAuthenticatorPromotion = "enroll-authenticator-promotion",
        /// Poll until an authenticator has been set up on another device.
        EnrollPoll = "enroll-poll",
        /// Choose how the set-up reaches the device.
        SelectEnrollmentChannel = "select-enrollment-channel",
        /// Enter where the set-up is sent.
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
        /// Replace an authenticator by another one.
        ReplaceAuthenticator = "replace-authenticator",
        /// Skip an optional step.
        Skip = "skip",
        /// Poll; the flow continues elsewhere.
        Poll = "poll",
        /// Consent to the scopes the app requests.
        Consent = "consent",
        /// Consent to the scopes the app requests, for everyone in the org.
        AdminConsent = "admin-consent",
        /// Consent to some of the scopes the app requests.
        GranularConsent = "granular-consent",
        /// Approve a sign-in that was started in another browser.
        EmailChallengeConsent = "email-challenge-consent",
        /// Choose whether to stay signed in.
        KeepMeSignedIn = "keep-me-signed-in",
        /// The device will have to meet a policy later.
        DeviceAssuranceGracePeriod = "device-assurance-grace-period",
        /// Poll for the device's answer.
        DeviceChallengePoll = "device-challenge-poll",
        /// Apple's single-sign-on extension.
        DeviceAppleSsoExtension = "device-apple-sso-extension",
        /// Cancel the device's transaction.
        CancelTransaction = "cancel-transaction",
        /// Start Okta Verify on this device.
        LaunchAuthenticator = "launch-authenticator",
        /// Open the browser's dialog for security keys.
        LaunchWebauthnAuthenticator = "launch-webauthn-authenticator",
        /// Open the browser's dialog for passkeys.
        LaunchPasskeysAuthenticator = "launch-passkeys-authenticator",
        /// Start the reader for contactless cards.
        LaunchNfcAuthenticator = "launch-nfc-authenticator",
        /// Enrol a discoverable passkey (resident key).
        EnrollWebauthnResidentkey = "enroll-webauthn-residentkey",
        /// Use a passkey that the browser offers in the username field (autofill).
        ChallengeWebauthnAutofilluiAuthenticator = "challenge-webauthn-autofillui-authenticator",
        /// The success page of a hosted flow; a link.
        SuccessRedirect = "success-redirect",
        /// The failure page of a hosted flow; a link.
        FailureRedirect = "failure-redirect",
        /// Cancel the flow.
        Cancel = "cancel",
    }
}

open_set! {
    /// The type of a CAPTCHA.
    CaptchaType {
        /// A proof of work, made by the page itself.
        Altcha = "ALTCHA",
        /// hCaptcha.
        Hcaptcha = "HCAPTCHA",
        /// Google's reCAPTCHA, version 2.
        RecaptchaV2 = "RECAPTCHA_V2",
    }
}

open_set! {
    /// How a page passes a challenge on to Okta Verify.
    DeviceChallengeMethod {
        /// To a server of Okta Verify on the device itself.
        Loopback = "LOOPBACK",
        /// By an address with a scheme of its own.
        CustomUri = "CUSTOM_URI",
        /// By an address that Apple's systems open with the app.
        UniversalLink = "UNIVERSAL_LINK",
        /// By an address that Android opens with the app.
        AppLink = "APP_LINK",
        /// By a frame of the org, to which a managed Chrome adds signals of the device.
        ChromeDtc = "CHROME_DTC",
        /// By Apple's single-sign-on extension.
        AppleSsoExtension = "APPLE_SSO_EXTENSION",
    }
}

open_set! {
    /// The key of an authenticator.
    AuthenticatorKey {
        /// The password.
        Password = "okta_password",
        /// A code or a link by e-mail.
        Email = "okta_email",
        /// A code by SMS or voice call.
        Phone = "phone_number",
        /// A security question.
        SecurityQuestion = "security_question",
        /// Google Authenticator, or any other app that shows codes.
        GoogleOtp = "google_otp",
        /// Okta Verify: push, code, or a proof of the device.
        OktaVerify = "okta_verify",
        /// Okta Verify's codes as an authenticator of their own.
        OktaVerifyTotp = "okta_verify_totp",
        /// Okta Verify's push as an authenticator of its own.
        OktaVerifyPush = "okta_verify_push",
        /// Okta Verify's proof of the device as an authenticator of its own.
        OktaVerifyFastpass = "okta_verify_fastpass",
        /// A security key or passkey.
        Webauthn = "webauthn",
        /// Another identity provider as an authenticator.
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
        /// A hardware token of the company.
        CustomOtp = "custom_otp",
        /// The company's app, with push.
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
    /// The type of a method: how an authenticator is used.
    MethodType {
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
        /// A push notification.
        Push = "push",
        /// A proof of the device, signed by Okta Verify.
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
    /// The severity of a message (`class` on the wire).
    Severity {
        /// An error.
        Error = "ERROR",
        /// Information.
        Info = "INFO",
        /// A warning.
        Warning = "WARNING",
    }
}

/// What the org offers besides signing in.
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

/// The status of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// The next step waits for an answer.
    Pending,
    /// The org has granted an interaction code.
    Success,
    /// The flow has ended without an interaction code.
    Terminal,
    /// The flow was cancelled.
    Canceled,
}

impl Feature {
    /// The name on the wire.
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
    /// The status as Okta's guides write it.
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
