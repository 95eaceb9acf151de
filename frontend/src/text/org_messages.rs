//! The org's messages in our words. A message without words of ours has the org's own text.

use super::{Text, filled, isolated};
use crate::flow::field::plain;
use latchkey_contract::Message;

/// The message in our words and in the current language; `None` for a key without words of ours.
pub(crate) fn in_our_words(text: Text, message: &Message) -> Option<String> {
    let i18n = message.i18n.as_ref()?;
    let params: Vec<String> =
        i18n.params.iter().map(|param| isolated(text.parameter(&plain(param)))).collect();
    // The operator may have a text for the key itself.
    let sentence = text.translation(&i18n.key).or_else(|| {
        let english = english(&i18n.key)?;
        let number = i18n.params.first().and_then(|param| plain(param).parse().ok());
        Some(number.and_then(|number| text.form(english, number)).unwrap_or_else(|| text.translated(english)))
    })?;
    filled(&sentence, &params)
}

/// The English sentence for an i18n key.
fn english(key: &str) -> Option<&'static str> {
    let has_key = |keys: &str| keys.split(' ').any(|own| own == key);
    SENTENCES.iter().find(|(_, keys)| has_key(keys)).map(|(english, _)| *english)
}

/// Every English sentence.
#[cfg(test)]
pub(super) fn sentences() -> impl Iterator<Item = &'static str> {
    SENTENCES.iter().map(|(english, _)| *english)
}

macro_rules! org_messages {
    ($($when:literal => $english:literal: $first:literal $(, $key:literal)*;)*) => {
        /// Each sentence, and the i18n keys that have it.
        const SENTENCES: &[(&str, &str)] = &[$(($english, concat!($first $(, " ", $key)*)),)*];

        /// When each sentence comes.
        #[cfg(test)]
        const OCCASIONS: &[&str] = &[$($when,)*];
    };
}

org_messages! {
    // Passwords and codes.
    "The username or the password is wrong; the org does not say which."
        => "Unable to sign in. Check your username and password, and try again."
        : "errors.E0000004", "errors.E0000207";
    "The password is wrong."
        => "Your password is incorrect. Check it, and try again."
        : "incorrectPassword", "oie.password.incorrect.message";
    "No account has this username."
        => "There is no account with the username {0}."
        : "idx.unknown.user";
    "A code is wrong."
        => "Invalid code. Try again."
        : "api.authn.error.PASSCODE_INVALID", "idx.invalid.device.code";
    "The code of an app or token is wrong."
        => "This code is not correct. Check the current code, and try again."
        : "authfactor.challenge.soft_token.invalid_passcode";
    "A code was used before."
        => "Each code can only be used once. Wait for a new code, and try again."
        : "authfactor.challenge.soft_token.used_passcode", "errors.E0000082";
    "A code is too old."
        => "This code has expired. Enter a new one."
        : "errors.E0000083";
    "A hardware token needs its next code."
        => "Wait until your token shows a new code, and enter that one."
        : "errors.E0000106", "errors.E0000113";
    "The answer to the security question is wrong."
        => "Your answer is not correct. Try again."
        : "authfactor.challenge.question_factor.answer_invalid", "errors.E0000087";
    "The answer to the security question is too short."
        => "Use at least {0} characters in your answer."
        : "securityQuestion.answer.tooShort.arg";
    "A new password is on a list of common ones."
        => "This password was found in a list of commonly used passwords. Choose another one."
        : "password.common";
    "A new password breaks a rule, at sign-up."
        => "Your password does not follow all the rules."
        : "registration.error.password.passwordRequirementsNotMet", "password.passwordRequirementsNotMet";
    "A password may not be changed here."
        => "Your password cannot be changed here. Please contact your administrator."
        : "errors.E0000035";
    "The password has expired."
        => "Your password has expired. Change it to continue."
        : "errors.E0000064";
    "A password expires soon."
        => "When your password expires, you will have to change it before you can sign in to {0}."
        : "idx.password.expiring.message";
    "A password could not be reset."
        => "Your password could not be reset. Please contact your administrator."
        : "app.ldap.password.reset.failed", "errors.E0000017";
    "A password was reset, and the sign-in failed."
        => "Your password was changed, but you could not be signed in. Please sign in with the new one."
        : "api.users.auth.error.POST_PASSWORD_UPDATE_AUTH_FAILURE",
          "oie.post.password.update.auth.failure.error";
    "A password was reset."
        => "You can now sign in with your existing username and new password."
        : "idx.recovery.completed";
    "Passwords may not be reset here."
        => "You cannot reset your password here at this time. Please contact your administrator."
        : "oie.selfservice.reset.password.not.allowed", "oie.forgot.password.is.not.enabled",
          "errors.E0000034", "errors.E0000095";
    "Security questions may not be changed here."
        => "Your security question cannot be changed here. Please contact your administrator."
        : "errors.E0000036";

    // Fields of a form.
    "A field that is an email address has something else."
        => "Enter an email address, such as name@example.com."
        : "registration.error.invalidLoginEmail", "registration.error.invalidLoginEmail.Email",
          "registration.error.invalidLoginEmail.custom", "registration.error.userName.invalidEmail",
          "api.factors.error.email.invalid", "registration.error.doesNotMatchPattern.Email";
    "A field does not have the form that the org asks for."
        => "“{0}” is not in the expected format. Check it, and try again."
        : "registration.error.doesNotMatchPattern", "registration.error.doesNotMatchPattern.custom";
    "A value of another account is entered."
        => "There is already an account with this {0}. Sign in, or enter another one."
        : "registration.error.notUniqueWithinOrg", "registration.error.notUniqueWithinOrg.custom",
          "registration.error.userName.notUniqueWithinOrg";
    "An email address or a username of another account is entered."
        => "There is already an account with this email or username. Sign in, or enter another one."
        : "registration.error.notUniqueWithinOrg.Email", "errors.E0000114";
    "A required field is empty."
        => "“{0}” is required."
        : "registration.error.requiredAttribute", "api.error.field_required";
    "A field has a value of another type."
        => "“{0}” does not have the right form."
        : "registration.error.typeMismatch";
    "A value is too short."
        => "“{0}” is too short." : "registration.error.minLength";
    "What a person typed is shorter than the org accepts. The page says it before it sends anything."
        => "At least {} characters" : "model.validation.field.string.minLength";
    "A value is too long."
        => "“{0}” is too long." : "registration.error.maxLength";
    "A text contains markup."
        => "Remove the characters < and > from this field."
        : "tagsNotAllowed";
    "A phone number is wrong."
        => "Enter a valid phone number."
        : "api.factors.error.sms.invalid_phone", "oie.phone.invalid", "errors.E0000098";
    "The account has no phone number."
        => "There is no verified phone number for your account. Use another method, or contact your administrator."
        : "errors.E0000097";
    "The check of a CAPTCHA failed."
        => "The check that you are not a robot failed. Please try again."
        : "captcha.verification.failed";

    // Sign-up and activation.
    "A sign-up could not be completed."
        => "Your sign-up could not be completed. Please try again later."
        : "registration.error.generic", "registration.error.request.not.completed",
          "registration.default.callbackhook.error";
    "There is no sign-up here."
        => "Sign-up is not available here."
        : "idx.error.registration.unavailable", "oie.registration.is.not.enabled";
    "The link of an activation mail has expired."
        => "Your activation link has expired. Ask for a new one."
        : "idx.expired.activation.token";
    "The link of an activation mail is not complete."
        => "Your activation link is not complete. Open it from the email again, or ask for a new one."
        : "idx.missing.activation.token";
    "A suspended account is activated."
        => "Your account cannot be activated. Please contact your administrator."
        : "idx.activating.inactive.user";
    "A new activation mail was asked for."
        => "If we know your address, you will soon receive an email to activate your account."
        : "idx.request.activation.email";
    "An active account is activated again."
        => "Your account is already active. You can sign in."
        : "errors.E0000016";
    "An account is still being made."
        => "Your account is still being activated. Try again in a few minutes."
        : "errors.E0000112";
    "The link of a reset mail has expired or is forged."
        => "Your reset link has expired or is not complete. Ask for a new one."
        : "idx.invalid.reset.password.token", "idx.invalid.forgot.password.token",
          "oie.invalid.recovery.token";
    "A reset link comes before the activation."
        => "This link cannot be used to reset your password. Please contact your administrator."
        : "idx.reset.password.activating.user";

    // Links in emails, other tabs and other devices.
    "A mailed link was used before or has expired."
        => "This link has expired or was used already. Return to the tab where you asked for it to get a new one."
        : "idx.return.link.expired", "idx.return.stale", "errors.E0000105", "errors.E0000110";
    "A mailed link is broken."
        => "This link could not be opened. Return to the tab where you asked for it."
        : "idx.return.error";
    "A mailed link was opened in another tab."
        => "To continue, return to the tab where you asked for the email."
        : "idx.return.to.original.tab", "oie.return.to.original.tab";
    "The sign-in continues in another tab."
        => "Success! Your sign-in continues in another tab. You may close this one."
        : "idx.transferred.to.new.tab";
    "A code belongs into another tab."
        => "Enter the code in the tab or on the device where you asked for it."
        : "idx.enter.otp.in.original.tab";
    "An email finishes the sign-in."
        => "To finish signing in, check your email."
        : "idx.email.verification.required";
    "The person has cancelled."
        => "You have cancelled this."
        : "idx.operation.cancelled.by.user";
    "The person has cancelled on another device."
        => "This was cancelled on your other device."
        : "idx.operation.cancelled.on.other.device";
    "A device is activated."
        => "Follow the instructions on your device for next steps."
        : "idx.device.activated";
    "The person did not allow a device."
        => "Your device cannot be activated because you did not allow access."
        : "idx.device.not.activated.consent.denied";
    "A device could not be activated."
        => "Your device cannot be activated because of an error."
        : "idx.device.not.activated.internal.error";

    // Sessions, accounts and access.
    "The org's session has ended."
        => "Your session has expired. Reload the page, or return to the sign-in page."
        : "idx.session.expired", "errors.E0000005", "errors.E0000011";
    "A challenge has ended."
        => "Verification timed out. Please try again."
        : "core.system.transaction_resource_not_found";
    "The org's policy denies access."
        => "You do not have permission to do this. Please contact your administrator."
        : "security.access_denied", "errors.E0000006", "errors.E0000015", "errors.E0000085";
    "The app is not assigned to the user."
        => "You do not have access to this app. Ask your administrator for it."
        : "idx.error.user.not.assigned.to.app", "idx.error.code.user_not_assigned";
    "No policy of the app lets the user in."
        => "Your organization does not allow you to use this app. Please contact your administrator."
        : "idx.error.code.no_matching_policy", "errors.E0000057";
    "The user has too few methods for an app."
        => "Unable to sign in to “{0}” at this time. Please contact your administrator."
        : "oie.assurance.unsatisfiable";
    "The user has too few methods for the account page."
        => "You cannot sign in at this time. Please contact your administrator."
        : "api.policy.okta.account.management.insufficient.authenticators.unable.to.sign.in";
    "The account is locked."
        => "Your account is locked. Please contact your administrator."
        : "errors.E0000119", "errors.E0000069";
    "Accounts may not be unlocked here."
        => "You cannot unlock your account here at this time. Please contact your administrator."
        : "oie.selfservice.user.unlock.not.allowed", "errors.E0000032";
    "An account could not be unlocked."
        => "Your account could not be unlocked. Please contact your administrator."
        : "oie.selfservice.unlock_user.failed.message",
          "oie.selfservice.unlock_user.challenge.failed.permissions";
    "An account is unlocked."
        => "You can sign in with your existing username and password."
        : "oie.selfservice.unlock_user.success.message";
    "An account is unlocked, and the sign-in continues."
        => "Your account is unlocked. Verify it with a security method to continue."
        : "oie.selfservice.unlock_user.landing.to.app.success.message";

    // Limits.
    "Too many requests."
        => "Too many attempts. Wait a moment, and try again."
        : "tooManyRequests", "oie.tooManyRequests", "E0000047", "errors.E0000047";
    "Too many text messages were sent."
        => "You have reached the limit of text messages. Please try again later."
        : "errors.E0000150";
    "Too many calls were made."
        => "You have reached the limit of calls. Please try again later."
        : "errors.E0000151";
    "A message was sent less than 30 seconds ago."
        => "A message was sent just now. Please wait 30 seconds before you try again."
        : "errors.E0000109", "E0000109", "E0000133", "errors.E0000133";
    "A method is blocked after wrong answers."
        => "This method is blocked after too many failed attempts. Use another one, or contact your administrator."
        : "authfactor.challenge.suspended_factor";

    // Methods and devices.
    "A method does not work at the org."
        => "This method is not available right now. Try again, or use another one."
        : "errors.E0000067", "errors.E0000074";
    "A push was rejected."
        => "The sign-in was rejected on your device. Try again, or use another method."
        : "api.authn.poll.error.push_rejected", "errors.E0000073";
    "A method could not be set up."
        => "This could not be set up. Please try again."
        : "oie.authenticator.enroll.error.fail";
    "A method could not verify the user."
        => "You could not be verified. Please try again."
        : "oie.authenticator.verify.error.fail", "user.fail.verifyIdentity";
    "An identity provider failed."
        => "The identity provider could not sign you in. Please try again."
        : "idx.identity.provider.auth.error";
    "Duo failed."
        => "Duo could not verify you. Please try again."
        : "oie.authenticator.duo.method.duo.verification_failed", "oie.authenticator.duo.error";
    "Duo had no answer in time."
        => "Duo took too long. Please try again."
        : "oie.authenticator.duo.method.duo.verification_timeout";
    "A passkey or security key failed."
        => "Your passkey or security key could not be confirmed. Please try again."
        : "authfactor.webauthn.error.assertion_validation_failure",
          "authfactor.webauthn.error.attestation_validation_failure", "authfactor.webauthn.error";
    "The browser has no passkeys."
        => "This browser cannot use passkeys. Choose another way."
        : "oie.webauthn.error.not.supported", "oie.webauthn.passkeysRebrand.error.not.supported";
    "A passkey cannot be used."
        => "This passkey cannot be used here. Sign in another way."
        : "oie.webauthn.error.invalidPasskey";
    "The browser's dialog was closed, or no answer came in time."
        => "That was cancelled or took too long. You can try again."
        : "oie.browser.error.NotAllowedError";
    "The PIN of a smart card is wrong."
        => "Incorrect PIN. Please try again."
        : "api.authenticator.error.nfc.pin_incorrect";
    "A method cannot be used on this device."
        => "This method cannot be used here. Use another one, or contact your administrator."
        : "api.authenticator.error.nfc.unavailable", "api.authenticator.error.nfc.sign_in_to_use",
          "api.authenticator.error.fastpass.blocked_shared_device";
    "Okta Verify on a device is too old."
        => "Update Okta Verify on your device, and try again."
        : "oie.authenticator.app.non_fips_compliant_enrollment_app_update_required",
          "oie.authenticator.app.method.push.force.upgrade.number_challenge";
    "A device is not good enough for the org."
        => "This device does not meet your organization's security requirements. Use another device or another method."
        : "oie.authenticator.app.non_fips_compliant_enrollment_device_incompatible";
    "The org asks for biometrics in an app."
        => "Your organization requires biometrics. Turn them on in the app on your device, and try again."
        : "oie.authenticator.app.method.push.verify.enable.biometrics",
          "oie.authenticator.app.method.push.enroll.enable.biometrics",
          "oie.authenticator.oktaverify.method.totp.verify.enable.biometrics",
          "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.mobile",
          "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.desktop",
          "oie.authenticator.custom_app.method.push.verify.enable.biometrics";
    "The org asks for Windows Hello in Okta Verify."
        => "Your organization requires Windows Hello. Turn it on in Okta Verify, and try again."
        : "oie.authenticator.oktaverify.method.fastpass.verify.enable.biometrics.windows";
    "A device was removed at the org."
        => "This device is no longer registered. Set up Okta Verify on it again, or contact your administrator."
        : "core.auth.factor.signedNonce.error", "core.auth.factor.signedNonce.error.invalidDevice",
          "core.auth.factor.signedNonce.error.invalidEnrollment",
          "core.auth.factor.signedNonce.error.invalidFactor", "core.auth.factor.signedNonce.error.deletedDevice",
          "core.auth.factor.signedNonce.error.invalidDeviceStatus";
    "A device does not fulfil the policy of an app."
        => "Your device does not meet the security requirements"
        : "idx.error.code.access_denied.device_assurance.remediation.title";
    "One thing is to be done on the device."
        => "To sign in, make the following updates. Then open the app again."
        : "idx.error.code.access_denied.device_assurance.remediation.explanation_one_rule";
    "One of several things is to be done on the device."
        => "To sign in, pick one of the following options and make the updates. Then open the app again."
        : "idx.error.code.access_denied.device_assurance.remediation.explanation_multiple_rules";
    "Before each of these options."
        => "Option {0}:"
        : "idx.error.code.access_denied.device_assurance.remediation.option_index";
    "Below the things to be done on the device."
        => "For more information, follow the instructions on the help page or contact your administrator for help."
        : "idx.error.code.access_denied.device_assurance.remediation.additional_help_default",
          "idx.error.code.access_denied.device_assurance.remediation.additional_help_custom";
    "A device does not fulfil the policy of an app, and has to by a date."
        => "Your device does not meet the security requirements. Fix this by {0} to keep your access."
        : "idx.device_assurance.grace_period.warning.title.due_by_date";

    // Okta Verify on this device. The keys are our server's.
    "A device has to be managed before a person signs in on it. The server's text is for an org that does not name the vendor."
        => "To sign in, enroll this device in the device management of your organization: {0}."
        : "latchkey.device.managed";
    "Okta Verify is set up on this device, without a link that opens it."
        => "Install Okta Verify on this device, and add an account there with the address {0}."
        : "latchkey.set.up.with.address";
    "Okta Verify is set up on this device from another device."
        => "Open Okta Verify on {0}, and add your account to another device. Follow what it says on this device."
        : "latchkey.set.up.from.device";

    // FastPass.
    "The person chose Okta FastPass, and pages cannot reach the device. The key is our server's."
        => "Okta FastPass cannot be used from this page. Choose another way."
        : "latchkey.fastpass.unreachable";

    // Errors of the org.
    "The org does not understand a request."
        => "Something went wrong with this request. Start again, or contact your administrator."
        : "E0000020", "errors.E0000020", "errors.E0000001", "errors.E0000003", "errors.E0000018",
          "errors.E0000019", "errors.E0000021", "errors.E0000022", "errors.E0000028", "errors.E0000012",
          "errors.E0000013", "errors.E0000008", "errors.E0000007", "errors.E0000048",
          "oie.configuration.error", "oie.feature.disabled";
    "The state of the account does not allow it."
        => "This is not possible right now. Reload the page, and try again."
        : "errors.E0000079", "errors.E0000038", "errors.E0000107", "errors.E0000060";
    "The org has an error of its own."
        => "Something went wrong at the sign-in service. Please try again later."
        : "E0000009", "E0000010", "errors.E0000009", "errors.E0000010";
    "The org is under maintenance."
        => "Setting up is not available during maintenance. Please try again later."
        : "idx.error.server.safe.mode.enrollment.unavailable";
}

#[cfg(test)]
#[path = "org_messages_tests.rs"]
mod tests;
