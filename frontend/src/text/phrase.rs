//! Our sentences, in English.

/// One of our sentences. `{}` is its placeholder.
///
/// It is its English text instead of an index into a table, so that sentences of the late part are in the late part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Phrase(&'static str);

impl Phrase {
    /// A sentence of another room, which has languages of its own.
    pub(crate) const fn new(english: &'static str) -> Self {
        Self(english)
    }

    /// The English text.
    pub(crate) fn english(self) -> &'static str {
        self.0
    }
}

macro_rules! phrases {
    ($($(#[doc = $when:literal])? $name:ident: $english:literal,)*) => {
        #[expect(non_upper_case_globals, reason = "used like the variants of an enum")]
        impl Phrase {
            $($(#[doc = $when])? pub(crate) const $name: Self = Self($english);)*
        }

        /// Every sentence. The comment of a message says when it comes.
        #[cfg(test)]
        pub(super) const PHRASES: &[(Phrase, &str)] = &[$((Phrase::$name, concat!($($when)?)),)*];
    };
}

phrases! {
    // Headings.
    SignIn: "Sign In",
    SignUp: "Sign Up",
    Profile: "A little more about you",
    ResetPassword: "Reset password",
    UnlockAccount: "Unlock account",
    Choose: "Choose an authenticator",
    /// The org lists authenticators to verify with.
    ChooseToVerifyLead: "Choose how to verify that it is you. The next page says what to do.",
    /// The org lists authenticators to set up.
    ChooseToEnrollLead: "Choose what to set up. The next page says what to do.",
    /// The org lists authenticators that people need not set up.
    ChooseOptionalLead: "This is optional: another authenticator makes signing in faster next time, and helps if you lose your phone. You can skip it.",
    MessageType: "Choose a message type",
    MessageTypeLead: "How would you like to receive your verification code?",
    HowToVerify: "How would you like to use {}?",
    HowToSetUp: "How would you like to set up {}?",
    ChannelQr: "Scan a QR code",
    ChannelEmail: "Get a link by email",
    ChannelSms: "Get a link by SMS",
    ChannelHere: "Set up on this device",
    Phone: "What is your phone number?",
    PhoneAdvice: "Please use the following format when entering your number: {}",
    WhereToSend: "Where should the link for {} go?",
    EnterPassword: "Enter your password",
    SetPassword: "Set password",
    PasswordExpired: "Your password has expired",
    /// The password has expired.
    PasswordExpiredLead: "Choose a new one to continue.",
    PasswordExpires: "Your password will soon expire",
    /// The password expires soon; `{}` is a time such as "in 5 days".
    PasswordExpiresIn: "It expires {}. You can change it now or later.",
    EnterCode: "Enter verification code",
    /// A code was sent by SMS.
    SmsSent: "An SMS was sent to your phone with a verification code. Enter the code in the box below to continue.",
    /// Where the SMS went.
    SmsSentTo: "It was sent to {}.",
    /// A code comes by call.
    VoiceSent: "You will receive a call with a verification code. Enter the code in the box below to continue.",
    /// Where the call goes.
    CallGoesTo: "The call goes to {}.",
    /// A code was sent to this address.
    EmailSent: "An email was sent to {} with a verification code. Enter the code in the box below to continue.",
    /// A code was sent to an address that the org does not name.
    EmailSentPlain: "An email was sent to you with a verification code. Enter the code in the box below to continue.",
    /// The mail has a link beside the code.
    EmailLink: "You can also open the link in the email. This page then continues automatically.",
    /// An app or a token has the code.
    CodeFrom: "Enter the code from {}.",
    /// An administrator has given the code.
    CodeGiven: "Enter the code that you were given.",
    SetUpApp: "Set up {}",
    /// An authenticator app is set up.
    SetUpAppLead: "Scan this QR code with your authenticator app, then enter the code from the app.",
    SecretLead: "No camera? Type this key into the app:",
    Picture: "QR code to scan with the app",
    OpenInApp: "Open in an authenticator app",
    EnrollQuestion: "Set up a security question",
    AnswerQuestion: "Answer your security question",
    General: "One more step",
    Consent: "Allow access?",
    ConsentLead: "{} asks for this access:",
    ScopeOpenid: "Know who you are",
    ScopeProfile: "See your name and profile",
    ScopeEmail: "See your email address",
    ScopePhone: "See your phone number",
    ScopeAddress: "See your postal address",
    ScopeOfflineAccess: "Keep this access while you are away",
    EmailConsent: "Did you just try to sign in?",
    DeviceWarning: "Your device needs attention",
    ActivateDevice: "Activate your device",
    /// A device without a browser is activated.
    ActivateDeviceLead: "Enter the code that your device shows.",
    StaySignedIn: "Keep me signed in?",

    // Labels.
    Username: "Username",
    Password: "Password",
    NewPassword: "New password",
    NewPasswordAgain: "Re-enter new password",
    RememberMe: "Keep me signed in",
    RevokeSessions: "Sign me out of all other devices",
    Code: "Verification code",
    /// All digits of a code are there; read out, not shown.
    CodeComplete: "The code is complete. It is being checked.",
    ActivationCode: "Activation code",
    PhoneNumber: "Phone number",
    Country: "Country",
    FirstName: "First name",
    LastName: "Last name",
    Email: "Email",
    Answer: "Answer",
    Method: "Method",
    Question: "Question",
    OwnQuestion: "Your own question",
    PickQuestion: "Choose a security question",
    WriteQuestion: "Create my own security question",
    Sms: "SMS",
    Voice: "Voice",
    PleaseChoose: "Please choose",
    Optional: "optional",

    // Buttons and links.
    Next: "Next",
    Submit: "Submit",
    Skip: "Skip",
    RemindMeLater: "Remind me later",
    RequiredFrom: "required from {}",
    SkipsLeft: "can still be skipped: {}",
    Continue: "Continue",
    Cancel: "Cancel",
    Resend: "Resend",
    NotYou: "Not you?",
    VerifyWith: "Verify with {}",
    SendCodeTo: "Send a code to {}",
    SendCode: "Send a code",
    CallWithCode: "Call {} with a code",
    VerifyWithSomethingElse: "Verify with something else",
    SetUpSomethingElse: "Set up something else",
    SetUpAnotherWay: "Set up another way",
    ForgotPassword: "Forgot your password?",
    ForgotPin: "Forgot your PIN?",
    BackToSignIn: "Back to sign in",
    SignOut: "Sign out",
    Show: "Show",
    Hide: "Hide",
    Copy: "Copy",
    TryAgain: "Try again",
    StartAgain: "Start again",
    Or: "or",
    ContinueWith: "Continue with {}",

    // Rules for a new password.
    RuleUsername: "No parts of your username",
    RuleFirstName: "Not your first name",
    RuleLastName: "Not your last name",
    /// The org refuses a new password for a rule, which is marked.
    RulesBroken: "Your password does not follow all the rules.",
    /// A password is typed with Caps Lock on.
    CapsLock: "Caps Lock is on.",
    StrengthWeak: "Strength: weak",
    StrengthFair: "Strength: fair",
    StrengthGood: "Strength: good",
    StrengthStrong: "Strength: strong",

    // Waiting for another device.
    Approve: "Approve in {}",
    /// A push was sent.
    ApproveLead: "A notification was sent to your device. Approve it there, and this page continues automatically.",
    ApproveNumber: "In the notification, choose this number:",
    /// Okta Verify is set up by a QR code.
    ScanLead: "Scan this QR code with the {} app. This page then continues automatically.",
    OpenLink: "Open the link that was sent",
    /// Okta Verify is set up by a link that was sent there.
    OpenLinkTo: "A link was sent to {}. Open it on your device, and this page continues automatically.",
    /// Okta Verify is set up by a link, and the org does not name the address.
    OpenLinkPlain: "A link was sent to your device. Open it there, and this page continues automatically.",
    /// The org needs a moment, or waits for something that the program does not know.
    ContinuesAlone: "This page continues automatically.",

    // Other vendors.
    /// An authenticator asks on a page of its vendor.
    ElsewhereLead: "{} continues on its own page. You come back here afterwards.",
    /// The browser is asked for a certificate.
    CertificateLead: "If you use a smart card, insert it first. Your browser then asks for its certificate. If that does not work, go back and choose another way.",
    VerifyIdentity: "Verify your identity with {}",
    /// A service verifies who the person is.
    VerifyIdentityLead: "{} checks who you are, for example with an identity document. You come back here afterwards.",
    /// A service verifies who the person is, by its terms.
    VerifyIdentityTerms: "By continuing, you agree to the terms of use and the privacy policy of {}.",
    /// A card with a PIN has to be read.
    CardLead: "A browser cannot read this card, but an app on this device can. Hold the card to the reader when the app asks. This page then continues automatically. Without the app, choose another way.",
    OpenApp: "Open the app",
    CardPin: "Enter the PIN of your card",
    NewCardPin: "Choose a PIN for your card",
    CardSignIn: "Sign in with a card",
    /// A YubiKey is verified or set up.
    KeyLead: "Touch your key while the cursor is in the field: it types the code and sends it.",

    // Passkeys.
    PasskeyMake: "Set up a passkey or security key",
    /// Before a passkey or security key is set up.
    PasskeyMakeLead: "Your browser will ask you to use this device or a key that you plug in.",
    PasskeyMakeDo: "Set up",
    PasskeyUse: "Use your passkey or security key",
    /// Before a passkey or security key is used.
    PasskeyUseLead: "Your browser will ask you to confirm with this device or a key that you plug in.",
    PasskeyUseDo: "Verify",
    /// The browser's dialog was closed, or no answer came in time.
    PasskeyFailed: "That was cancelled or took too long. You can try again.",
    /// The device or key is set up already.
    PasskeyKnown: "This device or key is already set up. Use another one.",
    /// The browser has no passkeys.
    PasskeyMissing: "This browser cannot use passkeys. Choose another way.",
    /// The org's passkeys belong to another domain.
    PasskeyOtherDomain: "Your organization's passkeys do not work at this address. Choose another way.",
    PasskeySignIn: "Sign in with a passkey",
    /// A passkey from autofill cannot be used.
    PasskeyInvalid: "This passkey cannot be used here. Sign in another way.",
    PasskeyOnlyMake: "Set up a passkey",
    PasskeyOnlyUse: "Use your passkey",
    /// A passkey is offered.
    PasskeyExplained: "A passkey lets you sign in with your fingerprint, face or screen lock instead of a password. It works on the real site only, so a fake one cannot steal it.",
    PasskeyPromotion: "Sign in faster with a passkey",
    PasskeyCreate: "Create a passkey",
    NotNow: "Not now",

    // Okta Verify on this device (FastPass).
    FastPassSignIn: "Sign in with Okta FastPass",
    /// The org takes nothing but FastPass.
    FastPassRequired: "Your organization asks you to sign in with Okta FastPass on this device.",
    WithoutFastPass: "Continue without Okta FastPass",
    /// The page looks for Okta Verify, or Okta Verify asks the person to confirm.
    DeviceWaiting: "Looking for Okta Verify on this device. This page then continues automatically.",
    /// The browser may ask for permission before the page reaches Okta Verify.
    DeviceAsking: "Your browser may ask whether this page may connect to apps on this device. Allow it, so that Okta Verify can answer.",
    /// The person has refused that permission.
    DeviceRefused: "Your browser does not let this page connect to Okta Verify on this device. To allow it:",
    /// The first thing to do about it.
    DeviceRefusedOne: "Open the site settings at the start of the address bar.",
    /// The second thing to do about it.
    DeviceRefusedTwo: "Allow this site to connect to apps on this device or on the local network.",
    /// The third thing to do about it.
    DeviceRefusedThree: "Come back to this page and try again.",
    DeviceOpen: "Open Okta Verify",
    /// The org has Okta Verify opened by a link.
    DeviceOpenLead: "Open Okta Verify on this device and confirm there. This page then continues automatically.",
    DeviceDownload: "Download Okta Verify",
    /// An app on the device was asked to make the device fulfil a policy.
    DeviceAppAsked: "An app on this device takes care of this. When it is done, start again.",
    Help: "Help",

    // CAPTCHAs.
    /// ALTCHA's proof of work is being made.
    CaptchaWorking: "Checking that you are not a robot…",
    /// The CAPTCHA is solved.
    CaptchaReady: "The check is complete.",
    /// The CAPTCHA could not be solved or loaded.
    CaptchaFailed: "The check could not be completed. Please try again.",
    CaptchaFrame: "Check that you are not a robot",
    /// The org asks for a vendor's CAPTCHA, and no frame is configured.
    CaptchaUnset: "This sign-in needs a CAPTCHA that is not set up here. The operator has to set {}.",

    // Ends of a flow.
    /// Heading: any other error ends the flow.
    EndedError: "You cannot continue",
    /// Heading: any other information ends the flow.
    EndedInfo: "You can close this page",
    /// Heading: the flow or the org's session has expired.
    EndedExpired: "This took too long",
    /// Heading: the password was reset.
    EndedPasswordReset: "Your password has been changed",
    /// Heading: the account was unlocked.
    EndedUnlocked: "Your account is unlocked",
    /// Heading: a device was activated.
    EndedDeviceActivated: "Your device is activated",
    /// Heading: a device was not activated.
    EndedDeviceNotActivated: "Your device is not activated",
    /// Heading: an email has what comes next.
    EndedCheckEmail: "Check your email",
    /// Heading: a mailed link was used before or has expired.
    EndedLinkExpired: "This link has expired",
    /// Heading: a mailed link is broken or forged, or the server refuses an option in the address.
    EndedLinkInvalid: "This link does not work",
    /// Heading: the flow continues in another tab.
    EndedOtherTab: "Continue in the other tab",
    /// Heading: the person has cancelled.
    EndedCancelled: "This was cancelled",
    SignedInAlready: "You are signed in",
    ContinueAs: "Continue as {}",
    UseAnotherAccount: "Use another account",
    /// A signed-in person has to sign in again, because the last sign-in is too old.
    StepUpAge: "Your last sign-in was a while ago. Sign in again to continue.",
    /// A signed-in person has to sign in again in a stronger way.
    StepUpStrength: "What comes next needs a stronger sign-in. Sign in again to continue.",
    Welcome: "Welcome, {}",
    WelcomePlain: "Welcome",
    SignOutEverywhere: "Sign out everywhere",

    // Successes.
    /// Resend was pressed for a code.
    CodeSentAgain: "A new code was sent.",
    /// Resend was pressed for a link or a push.
    SentAgain: "It was sent again.",
    /// The person has signed out.
    SignedOut: "You are signed out.",

    // Problems.
    /// A required field is empty.
    Needed: "Fill in this field.",
    /// A date is not complete.
    NoDate: "Enter a valid date.",
    /// The new password differs from its repetition.
    PasswordsDiffer: "The two passwords are not the same.",
    /// The step was answered in another tab.
    StepMoved: "You have already completed this step. Continue here.",
    /// The server could not be reached.
    Offline: "You seem to be offline. What you typed is still here.",
    /// The client program or its late part could not be loaded.
    NotLoaded: "Part of this page could not be loaded. Check your connection. What you typed is still here.",
    /// The part of the program with the account could not be loaded.
    AccountNotLoaded: "Part of this page could not be loaded. Check your connection.",
    /// The org or the store could not be reached.
    OrgAway: "The sign-in service cannot be reached just now. What you typed is still here.",
    /// The org did not answer in time.
    Slow: "The sign-in service took too long. What you typed is still here.",
    /// The server or the org limits the calls.
    TooMany: "Too many tries. Please wait a moment.",
    /// The same, with a time such as "in 20 seconds".
    TooManyFor: "Too many tries. Please try again {}.",
    /// A bookmarked or reloaded step belongs to no flow.
    Gone: "Your earlier sign-in has ended. You can sign in again here.",
    /// The flow has expired, or was finished elsewhere.
    Expired: "This sign-in took too long and has ended. Your username is kept.",
    /// A mailed link has a token that the org refuses, or the address has an option that the server refuses.
    InvalidLink: "This link has expired or is not complete. Ask for a new one.",
    /// Heading: the address belongs to no page.
    NoPage: "There is no page here",
    /// The address belongs to no page.
    NoPageLead: "Check the address, or go back to sign in.",
    /// The browser blocks cookies.
    NoCookie: "Your browser does not keep this site's cookies. Allow cookies for this site, or open it in a window of its own, and start again.",
    /// The org refuses the client, or the host or origin is not allowed.
    Misconfigured: "This sign-in is not set up correctly. Please contact your administrator.",
    /// The server has an error, or its response is garbled.
    Broken: "Something went wrong on our side. What you typed is still here.",
    Loading: "One moment",

    // Below the form.
    Language: "Language",
}
