//! Makes the changes of an account at the server.

use super::change::{AccountChange, AccountGroup, Enrolled, Removal};
use super::failure::AccountFailure;
use super::page::AccountPage;
use super::phrase;
use super::read;
use crate::api::account::AccountCall;
use crate::browser::passkey::{self, PasskeyRefusal};
use crate::text::Phrase;
use crate::{read_contract, values};
use latchkey_contract::{AccountPasskey, Value, Values};

/// What follows an answered form.
pub(super) enum Changed {
    /// The next form of the change.
    Next(AccountChange),
    /// The change is made: what is said about it, and the group that it is in.
    Done(String, AccountGroup),
}

/// Makes a change with the values of its form.
pub(super) async fn make(
    change: AccountChange,
    values: &Values,
    page: AccountPage,
) -> Result<Changed, AccountFailure> {
    let group = change.group();
    let done = |phrase: Phrase, about: &str| Ok(Changed::Done(page.say_about(phrase, about), group));
    match change {
        AccountChange::Password { .. } => {
            let mut body = values.clone();
            body.remove("again");
            page.call(AccountCall::Post("/api/account/password", body)).await?;
            done(phrase::PASSWORD_CHANGED, "")
        }
        AccountChange::AddEmail { is_primary } => {
            let address = text(values, "email").trim().to_owned();
            let body =
                values::both(values::one("email", address.as_str()), values::one("isPrimary", is_primary));
            let sent = page.call(AccountCall::Post("/api/account/emails", body)).await?;
            let [id, challenge] = ["id", "challenge"].map(|key| read::word(&sent, key));
            Ok(Changed::Next(AccountChange::EmailCode { id, challenge, address }))
        }
        AccountChange::ConfirmEmail { id, address } => {
            let challenge = challenge_email(&id, page).await?;
            Ok(Changed::Next(AccountChange::EmailCode { id, challenge, address }))
        }
        AccountChange::EmailCode { id, challenge, address } => {
            let body = values::both(values::one("challenge", challenge), code(values));
            page.call(AccountCall::Post(&format!("/api/account/emails/{id}/verify"), body)).await?;
            done(phrase::CONFIRMED, &address)
        }
        AccountChange::AddPhone { replaces } => add_phone(values, replaces, page).await,
        AccountChange::ConfirmPhone { id, number } => {
            let message_type = text(values, "methodType").to_owned();
            challenge_phone(&id, &message_type, page).await?;
            Ok(Changed::Next(AccountChange::PhoneCode { id, number, message_type, replaces: None }))
        }
        AccountChange::PhoneCode { id, number, replaces, .. } => {
            page.call(AccountCall::Post(&format!("/api/account/phones/{id}/verify"), code(values))).await?;
            if let Some(old) = replaces {
                // An org with room for one number has replaced it already.
                let _ = page.call(AccountCall::Delete(&format!("/api/account/phones/{old}"))).await;
            }
            done(phrase::CONFIRMED, &number)
        }
        AccountChange::AddPasskey { authenticator } => add_passkey(authenticator, page).await,
        AccountChange::NamePasskey(Enrolled { authenticator, id, .. })
        | AccountChange::Rename(_, Enrolled { authenticator, id, .. }) => {
            let name = text(values, "nickname").trim();
            let path = format!("/api/account/authenticators/{authenticator}/enrollments/{id}");
            page.call(AccountCall::Post(&path, values::one("nickname", name))).await?;
            done(phrase::RENAMED, name)
        }
        AccountChange::Remove(removal) => {
            remove(&removal, page).await?;
            done(phrase::REMOVED, &removal.name)
        }
    }
}

/// Sends the code of a change again. A code for an address comes with a new challenge.
pub(super) async fn resend(
    change: AccountChange,
    page: AccountPage,
) -> Result<AccountChange, AccountFailure> {
    match change {
        AccountChange::EmailCode { id, address, .. } => {
            let challenge = challenge_email(&id, page).await?;
            Ok(AccountChange::EmailCode { id, challenge, address })
        }
        AccountChange::PhoneCode { ref id, ref message_type, .. } => {
            challenge_phone(id, message_type, page).await?;
            Ok(change)
        }
        other => Ok(other),
    }
}

async fn challenge_email(id: &str, page: AccountPage) -> Result<String, AccountFailure> {
    let path = format!("/api/account/emails/{id}/challenge");
    let sent = page.call(AccountCall::Post(&path, Values::new())).await?;
    Ok(read::word(&sent, "challenge"))
}

async fn challenge_phone(id: &str, message_type: &str, page: AccountPage) -> Result<(), AccountFailure> {
    let path = format!("/api/account/phones/{id}/challenge");
    page.call(AccountCall::Post(&path, values::one("methodType", message_type))).await.map(|_| ())
}

async fn add_phone(
    values: &Values,
    replaces: Option<String>,
    page: AccountPage,
) -> Result<Changed, AccountFailure> {
    let message_type = text(values, "methodType").to_owned();
    let number = dialled(text(values, "phoneNumber"));
    let body =
        values::both(values::one("phoneNumber", number), values::one("methodType", message_type.as_str()));
    let phone = read::phone(&page.call(AccountCall::Post("/api/account/phones", body)).await?);
    Ok(Changed::Next(AccountChange::PhoneCode { id: phone.id, number: phone.number, message_type, replaces }))
}

async fn add_passkey(authenticator: Option<String>, page: AccountPage) -> Result<Changed, AccountFailure> {
    let response = page.call(AccountCall::Post("/api/account/passkeys/options", Values::new())).await?;
    let options = read_contract::user(&response).remove("options").unwrap_or(Value::Object(Values::new()));
    let made = passkey::make(&options, &excluded(&options)).await;
    let made = made.map_err(|refusal| AccountFailure::NoPasskey(why_no_passkey(&refusal)))?;
    let passkey = read::passkey(&page.call(AccountCall::Post("/api/account/passkeys", made)).await?);
    let name = passkey.name.unwrap_or_else(|| page.say(phrase::PASSKEY));
    Ok(match authenticator {
        Some(authenticator) => {
            Changed::Next(AccountChange::NamePasskey(Enrolled { authenticator, id: passkey.id, name }))
        }
        None => Changed::Done(page.say_about(phrase::ADDED, &name), AccountGroup::Passkey),
    })
}

fn why_no_passkey(refusal: &PasskeyRefusal) -> Phrase {
    match refusal {
        PasskeyRefusal::Known => phrase::PASSKEY_KNOWN,
        PasskeyRefusal::Missing => phrase::NO_PASSKEYS,
        PasskeyRefusal::Domain => phrase::PASSKEY_OTHER_DOMAIN,
        PasskeyRefusal::Cancelled | PasskeyRefusal::Invalid => phrase::PASSKEY_NOT_MADE,
    }
}

/// The ids of the passkeys that the account has already.
fn excluded(options: &Value) -> Vec<String> {
    let Value::Object(options) = options else { return Vec::new() };
    let Some(Value::List(known)) = options.get("excludeCredentials") else { return Vec::new() };
    let id = |credential: &Value| match credential {
        Value::Object(credential) => credential.get("id").and_then(Value::text).map(str::to_owned),
        _ => None,
    };
    known.iter().filter_map(id).collect()
}

/// Removes something. The browser forgets a removed passkey, too, if it can.
async fn remove(removal: &Removal, page: AccountPage) -> Result<(), AccountFailure> {
    page.call(AccountCall::Delete(&removal.path)).await?;
    if let Some((passkey, others)) = &removal.passkey {
        passkey::forget(&forgotten(passkey, others, page.user_id())).await;
    }
    Ok(())
}

/// What the browser learns about a removed passkey. Without the ids of all others, it would hide passkeys that still work.
fn forgotten(passkey: &AccountPasskey, others: &[AccountPasskey], user_id: Option<String>) -> Values {
    let unknown = passkey.credential_id.as_deref().map(|id| values::one("credentialId", id));
    let accepted: Option<Vec<Value>> =
        others.iter().map(|other| other.credential_id.as_deref().map(Value::from)).collect();
    let accepted = user_id.zip(accepted).map(|(user_id, accepted)| {
        values::both(values::one("userId", user_id), values::one("accepted", Value::List(accepted)))
    });
    values::both(unknown.unwrap_or_default(), accepted.unwrap_or_default())
}

fn text<'a>(values: &'a Values, name: &str) -> &'a str {
    values.get(name).and_then(Value::text).unwrap_or_default()
}

/// A number as it is dialled, of what a person has typed.
fn dialled(typed: &str) -> String {
    typed.chars().filter(|letter| *letter == '+' || letter.is_ascii_digit()).collect()
}

/// A code, which people paste in groups or with blanks around it.
fn code(values: &Values) -> Values {
    let typed = text(values, "verificationCode");
    let code: String = typed.chars().filter(|letter| *letter != '-' && !letter.is_whitespace()).collect();
    values::one("verificationCode", code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passkey(id: Option<&str>) -> AccountPasskey {
        AccountPasskey { credential_id: id.map(str::to_owned), ..AccountPasskey::default() }
    }

    #[test]
    fn a_pasted_code_and_a_written_number_lose_what_is_only_for_people() {
        let pasted = code(&values::one("verificationCode", " 533-286 "));
        assert_eq!(text(&pasted, "verificationCode"), "533286");
        assert_eq!(dialled("+1 (555) 765-4321"), "+15557654321");
    }

    #[test]
    fn the_browser_learns_the_other_passkeys_only_if_all_their_ids_are_known() {
        let names = |others: &[AccountPasskey], user_id: Option<&str>| {
            let signal = forgotten(&passkey(Some("gone")), others, user_id.map(str::to_owned));
            signal.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[passkey(Some("a"))], Some("00u1")), ["accepted", "credentialId", "userId"]);
        assert_eq!(names(&[], Some("00u1")), ["accepted", "credentialId", "userId"]);
        assert_eq!(names(&[passkey(None)], Some("00u1")), ["credentialId"]);
        assert_eq!(names(&[], None), ["credentialId"]);
    }

    #[test]
    fn a_device_with_a_passkey_of_the_account_is_known_by_its_id() {
        let credential = Value::Object(values::one("id", "abc"));
        let options = Value::Object(values::one("excludeCredentials", Value::List(vec![credential])));
        assert_eq!(excluded(&options), ["abc"]);
        assert!(excluded(&Value::Object(Values::new())).is_empty());
    }
}
