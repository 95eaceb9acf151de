//! The sentences and labels of the account page, in English. The other languages are files of their own, `account/text`.

use crate::text::Phrase;

macro_rules! phrases {
    ($($(#[doc = $when:literal])? $name:ident: $english:literal,)*) => {
        $($(#[doc = $when])? pub(super) const $name: Phrase = Phrase::new($english);)*

        /// Every one of them. The comment of a message says when it comes.
        #[cfg(test)]
        pub(crate) const ACCOUNT_PHRASES: &[(Phrase, &str)] = &[$(($name, concat!($($when)?)),)*];
    };
}

phrases! {
    /// A code was sent to a new address or number.
    CODE_SENT_TO: "A code was sent to {}.",
    /// Before a passkey is added.
    PASSKEY_LEAD: "A passkey signs you in with your fingerprint, face, screen lock or security key.",
    ADD_A_PASSKEY: "Add a passkey",
    ADD_A_PHONE_NUMBER: "Add a phone number",
    ADD_AN_EMAIL_ADDRESS: "Add an email address",
    ADDED_AT: "Added {}",
    ADDRESS: "Address",
    ANOTHER_DEVICE: "Another device",
    CALL: "Call",
    CANCEL: "Cancel",
    CHANGE: "Change",
    CHANGED_AT: "Changed {}",
    CONFIRM: "Confirm",
    CONTINUE: "Continue",
    CURRENT_PASSWORD: "Current password",
    EMAIL: "Email",
    EMAIL_CONFIRMED: "Email confirmed",
    /// A field is empty.
    FILL_IN: "Fill in this field.",
    FIRST_NAME: "First name",
    GROUPS: "Groups",
    MESSAGE_TYPE: "How would you like to receive your verification code?",
    JUST_NOW: "just now",
    LANGUAGE: "Language",
    LAST_CHANGED: "Last changed",
    LAST_NAME: "Last name",
    USED_AT: "Last used {}",
    NAME: "Name",
    NEW_EMAIL_ADDRESS: "New email address",
    NEW_PASSWORD: "New password",
    NEW_PHONE_NUMBER: "New phone number",
    NICKNAME: "Nickname",
    NO: "No",
    NOT_CONFIRMED: "Not confirmed",
    NOT_SET: "Not set",
    NOT_SET_UP: "Not set up",
    OTHER_AUTHENTICATORS: "Other authenticators",
    PASSKEY: "Passkey",
    PASSKEYS: "Passkeys",
    /// The org's passkeys belong to another domain.
    PASSKEY_OTHER_DOMAIN: "Your organization's passkeys do not work on this site. Ask your administrator.",
    PASSWORD: "Password",
    PHONE: "Phone",
    /// The org or the server limits the calls; `{}` is a time such as "in 20 seconds".
    TOO_MANY: "Too many tries. Please try again {}.",
    PRIMARY: "Primary",
    REPEAT_PASSWORD: "Re-enter new password",
    REMOVE: "Remove",
    /// Before something is removed.
    REMOVE_LEAD: "Remove {}? You will no longer be able to sign in with it.",
    RENAME: "Rename",
    SMS: "SMS",
    SAVE: "Save",
    SECURITY: "Security",
    SEND_A_CODE: "Send a code",
    RESEND: "Send the code again",
    SET_A_PASSWORD: "Set a password",
    SET_UP: "Set up",
    SHOW: "Show",
    SIGN_IN_AGAIN: "Sign in again",
    SIGN_OUT: "Sign out",
    SIGN_OUT_THERE: "Sign out there",
    SIGNED_IN_AT: "Signed in {}",
    MISSING_SUMMARY: "Is something missing?",
    /// Any other error.
    FAILED: "That did not work. Please try again.",
    /// A session elsewhere was ended.
    SESSION_ENDED: "That session has ended.",
    /// A passkey or an authenticator has another name.
    RENAMED: "The name is now {}.",
    /// The browser's dialog was closed, or the browser made no passkey.
    PASSKEY_NOT_MADE: "The passkey was not created. Please try again.",
    /// The new password differs from its repetition.
    PASSWORDS_DIFFER: "The two passwords are not the same.",
    /// The address or number belongs to the account already.
    DUPLICATE: "This is already part of your account.",
    /// The browser has no passkeys.
    NO_PASSKEYS: "This browser cannot use passkeys.",
    /// A code is wrong or too old.
    WRONG_CODE: "This code is wrong or has expired.",
    /// The device has a passkey of the account.
    PASSKEY_KNOWN: "This device already has a passkey for your account.",
    TIME_ZONE: "Time zone",
    /// The org wants a newer or stronger sign-in for the change.
    STEP_UP_AS: "To change this, sign in again as {}. You come back here afterwards.",
    /// The same, if the username is not known.
    STEP_UP: "To change this, sign in again. You come back here afterwards.",
    TRY_AGAIN: "Try again",
    USER_ID: "User ID",
    USERNAME: "Username",
    VERIFICATION_CODE: "Verification code",
    /// Before a code is sent to an unconfirmed address.
    CODE_GOES_TO: "We will send a code to {}.",
    CLAIMS: "What your organization knows about you",
    SESSIONS: "Where you are signed in",
    PHONE_HINT: "With the country code, such as +1 555 666 7777",
    YES: "Yes",
    /// The server could not be reached.
    OFFLINE: "You seem to be offline. What you typed is still here.",
    /// The org does not let the app make this change.
    MISSING_SCOPE: "Your organization does not allow this change here. Ask your administrator.",
    /// Behind “Is something missing?”: the app lacks scopes, which are listed.
    MISSING_SCOPES: "Your organization does not let you change everything here. Ask your administrator to grant this app these scopes, and to add them to LATCHKEY_SCOPES:",
    /// The password was changed.
    PASSWORD_CHANGED: "Your password has been changed.",
    THIS_DEVICE: "This device",
    /// A passkey, an address or a number was added.
    ADDED: "{} has been added.",
    /// An address or a number was confirmed.
    CONFIRMED: "{} has been confirmed.",
    /// A passkey, an address, a number or an authenticator was removed.
    REMOVED: "{} has been removed.",
}
