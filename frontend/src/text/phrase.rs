//! Our sentences, in English.

/// One of our sentences. `{}` is its placeholder.
///
/// It is its English text instead of an index into a table, so that sentences of the late part are in the late part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Phrase(&'static str);

impl Phrase {
    /// The English text.
    pub(crate) fn english(self) -> &'static str {
        self.0
    }
}

macro_rules! phrases {
    ($($name:ident: $english:literal,)*) => {
        #[expect(non_upper_case_globals, reason = "used like the variants of an enum")]
        impl Phrase {
            $(pub(crate) const $name: Self = Self($english);)*
        }

        #[cfg(test)]
        pub(super) const PHRASES: &[Phrase] = &[$(Phrase::$name,)*];
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
    MessageType: "Choose a message type",
    MessageTypeLead: "How would you like to receive your verification code?",
    HowToVerify: "How would you like to use {}?",
    HowToSetUp: "How would you like to set up {}?",
    Phone: "What is your phone number?",
    PhoneAdvice: "Please use the following format when entering your number: +1 555 666 7777 (US)",
    WhereToSend: "Where should the link for {} go?",
    EnterPassword: "Enter your password",
    SetPassword: "Set password",
    PasswordExpired: "Your password has expired",
    PasswordExpiredLead: "Choose a new one to continue.",
    PasswordExpires: "Your password will soon expire",
    PasswordExpiresIn: "It expires {}. You can change it now or later.",
    EnterCode: "Enter verification code",
    SmsSent: "An SMS was sent to your phone with a verification code. Enter the code in the box below to continue.",
    VoiceSent: "You will receive a call with a verification code. Enter the code in the box below to continue.",
    EmailSent: "An email was sent to {} with a verification code. Enter the code in the box below to continue.",
    EmailSentPlain: "An email was sent to you with a verification code. Enter the code in the box below to continue.",
    EmailLink: "You can also open the link in the email. This page then continues automatically.",
    CodeFrom: "Enter the code from {}.",
    CodeGiven: "Enter the code that you were given.",
    SetUpApp: "Set up {}",
    SetUpAppLead: "Scan this QR code with your authenticator app, then enter the code from the app.",
    SecretLead: "No camera? Type this key into the app:",
    Picture: "QR code to scan with the app",
    EnrollQuestion: "Set up a security question",
    AnswerQuestion: "Answer your security question",
    General: "One more step",
    Consent: "Allow access?",
    ConsentLead: "{} asks for this access:",
    EmailConsent: "Did you just try to sign in?",
    DeviceWarning: "Your device needs attention",
    ActivateDevice: "Activate your device",
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
    VerifyWithSomethingElse: "Verify with something else",
    SetUpSomethingElse: "Set up something else",
    SetUpAnotherWay: "Set up another way",
    ForgotPassword: "Forgot your password?",
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
    RuleLength: "At least {} characters",
    RuleLower: "A lowercase letter",
    RuleUpper: "An uppercase letter",
    RuleNumber: "A number",
    RuleSymbol: "A symbol",
    RuleUsername: "No parts of your username",
    RuleFirstName: "Not your first name",
    RuleLastName: "Not your last name",
    RuleRepeats: "No character more than {} times in a row",
    RuleHistory: "None of your last {} passwords",
    RulesBroken: "Your password does not follow all the rules.",
    CapsLock: "Caps Lock is on.",
    StrengthWeak: "Strength: weak",
    StrengthFair: "Strength: fair",
    StrengthGood: "Strength: good",
    StrengthStrong: "Strength: strong",

    // Waiting for another device.
    Approve: "Approve in {}",
    ApproveLead: "A notification was sent to your device. Approve it there, and this page continues automatically.",
    ApproveNumber: "In the notification, choose this number:",
    ScanLead: "Scan this QR code with the {} app. This page then continues automatically.",
    OpenLink: "Open the link that was sent",
    OpenLinkTo: "A link was sent to {}. Open it on your device, and this page continues automatically.",
    OpenLinkPlain: "A link was sent to your device. Open it there, and this page continues automatically.",
    Waiting: "Waiting for your confirmation",

    // Passkeys.
    PasskeyMake: "Set up a passkey or security key",
    PasskeyMakeLead: "Your browser will ask you to use this device or a key that you plug in.",
    PasskeyMakeDo: "Set up",
    PasskeyUse: "Use your passkey or security key",
    PasskeyUseLead: "Your browser will ask you to confirm with this device or a key that you plug in.",
    PasskeyUseDo: "Verify",
    PasskeyFailed: "That was cancelled or took too long. You can try again.",
    PasskeyKnown: "This device or key is set up already. Use another one.",
    PasskeyMissing: "This browser cannot use passkeys. Choose another way.",
    PasskeyOtherDomain: "Passkeys of your organization do not work at this address. Choose another way.",
    PasskeySignIn: "Sign in with a passkey",
    PasskeyInvalid: "This passkey cannot be used here. Sign in another way.",
    PasskeyOnlyMake: "Set up a passkey",
    PasskeyOnlyUse: "Use your passkey",
    PasskeyNamedUse: "Verify with {}",
    PasskeyExplained: "A passkey lets you sign in with your fingerprint, face or screen lock instead of a password. It works on the real site only, so a fake one cannot steal it.",
    PasskeyPromotion: "Sign in faster with a passkey",
    PasskeyCreate: "Create a passkey",
    NotNow: "Not now",

    // CAPTCHAs.
    CaptchaWorking: "Checking that you are not a robot…",
    CaptchaReady: "The check is complete.",
    CaptchaFailed: "The check could not be completed. Please try again.",
    CaptchaFrame: "Check that you are not a robot",
    CaptchaUnset: "This sign-in needs a CAPTCHA that is not set up here. The operator has to set {}.",

    // Ends of a flow.
    EndedError: "You cannot continue",
    EndedInfo: "You can close this page",
    EndedExpired: "This took too long",
    EndedPasswordReset: "Your password has been changed",
    EndedUnlocked: "Your account is unlocked",
    EndedDeviceActivated: "Your device is activated",
    EndedDeviceNotActivated: "Your device is not activated",
    EndedCheckEmail: "Check your email",
    EndedLinkExpired: "This link has expired",
    EndedLinkInvalid: "This link does not work",
    EndedOtherTab: "Continue in the other tab",
    EndedCancelled: "This was cancelled",
    Welcome: "Welcome, {}",
    WelcomePlain: "Welcome",
    Claims: "Your details",
    Sessions: "Where you are signed in",
    ThisDevice: "this device",
    OtherDevice: "Another device",
    EndSession: "End",
    SessionEnded: "That session has ended.",
    SignOutEverywhere: "Sign out everywhere",

    // Successes.
    CodeSentAgain: "A new code was sent.",
    SentAgain: "It was sent again.",

    // Problems.
    Needed: "Fill in this field.",
    NoDate: "Enter a valid date.",
    PasswordsDiffer: "The two passwords are not the same.",
    StepMoved: "You have already completed this step. Continue here.",
    Offline: "You seem to be offline. What you typed is still here.",
    OrgAway: "The sign-in service cannot be reached just now. What you typed is still here.",
    Slow: "The sign-in service took too long. What you typed is still here.",
    TooMany: "Too many tries. Please wait a moment.",
    TooManyFor: "Too many tries. Please try again {}.",
    Gone: "Your earlier sign-in has ended. You can sign in again here.",
    Expired: "This sign-in took too long and has ended. Your username is kept.",
    InvalidLink: "This link has expired or is not complete. Ask for a new one.",
    NoPage: "There is no page here",
    NoPageLead: "Check the address, or go back to sign in.",
    NoCookie: "Your browser does not keep this site's cookies. Allow cookies for this site, or open it in a window of its own, and start again.",
    Misconfigured: "This sign-in is not set up correctly. Please contact your administrator.",
    Broken: "Something went wrong on our side. What you typed is still here.",
    Loading: "One moment",

    // Below the form.
    Language: "Language",
}
