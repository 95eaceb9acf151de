//! The changes of an account: a closed set, each with its form.

use super::change_field::ChangeField;
use super::failure::Sentence;
use super::phrase;
use crate::text::Phrase;
use latchkey_contract::AccountPasskey;

/// A group of the security part, by its name in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountGroup {
    Password,
    Email,
    Phone,
    Passkey,
    Other,
}

impl AccountGroup {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Passkey => "passkey",
            Self::Other => "other",
        }
    }
}

/// A change. A code or a name makes a second form of the same change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AccountChange {
    Password {
        is_set: bool,
    },
    /// A new primary address replaces the old one once it is confirmed.
    AddEmail {
        is_primary: bool,
    },
    /// An address that was added before.
    ConfirmEmail {
        id: String,
        address: String,
    },
    EmailCode {
        id: String,
        challenge: String,
        address: String,
    },
    /// In place of another number, by its id, if there is one to change.
    AddPhone {
        replaces: Option<String>,
    },
    /// A number that was added before.
    ConfirmPhone {
        id: String,
        number: String,
    },
    PhoneCode {
        id: String,
        number: String,
        message_type: String,
        replaces: Option<String>,
    },
    /// A passkey on this device, and the id of the authenticator with which it can be named.
    AddPasskey {
        authenticator: Option<String>,
    },
    /// The passkey that was just added.
    NamePasskey(Enrolled),
    Rename(AccountGroup, Enrolled),
    Remove(Removal),
}

/// What a name is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Enrolled {
    pub(super) authenticator: String,
    pub(super) id: String,
    pub(super) name: String,
}

/// What is removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Removal {
    pub(super) group: AccountGroup,
    /// The path of the call.
    pub(super) path: String,
    pub(super) name: String,
    /// The passkey, and the others, for the browser to forget it.
    pub(super) passkey: Option<(AccountPasskey, Vec<AccountPasskey>)>,
}

/// The form of a change.
#[derive(Debug, PartialEq)]
pub(super) struct ChangeForm {
    pub(super) lead: Option<Sentence>,
    pub(super) fields: Vec<ChangeField>,
    pub(super) button: Phrase,
    /// Where a code was sent that can be sent again.
    pub(super) sent_to: Option<String>,
}

impl AccountChange {
    pub(super) fn group(&self) -> AccountGroup {
        match self {
            Self::Password { .. } => AccountGroup::Password,
            Self::AddEmail { .. } | Self::ConfirmEmail { .. } | Self::EmailCode { .. } => AccountGroup::Email,
            Self::AddPhone { .. } | Self::ConfirmPhone { .. } | Self::PhoneCode { .. } => AccountGroup::Phone,
            Self::AddPasskey { .. } | Self::NamePasskey(_) => AccountGroup::Passkey,
            Self::Rename(group, _) => *group,
            Self::Remove(removal) => removal.group,
        }
    }

    /// The button to press again after a person had to sign in for the change.
    pub(super) fn resumed_by(&self) -> String {
        let group = self.group().name();
        match self {
            Self::Password { .. } | Self::Rename(..) | Self::Remove(_) => group.to_owned(),
            _ => add_trigger(self.group()),
        }
    }

    pub(super) fn form(&self) -> ChangeForm {
        let asking = |fields, button| ChangeForm { lead: None, fields, button, sent_to: None };
        let code_sent = |to: &String| ChangeForm {
            lead: Some(Sentence::About(phrase::CODE_SENT_TO, to.clone())),
            sent_to: Some(to.clone()),
            ..asking(vec![ChangeField::Code], phrase::CONFIRM)
        };
        let sending = |fields, to: Option<&String>| ChangeForm {
            lead: to.map(|to| Sentence::About(phrase::CODE_GOES_TO, to.clone())),
            ..asking(fields, phrase::SEND_A_CODE)
        };
        match self {
            Self::Password { is_set } => {
                let current = is_set.then_some(ChangeField::CurrentPassword);
                let new = [ChangeField::NewPassword, ChangeField::RepeatedPassword];
                asking(current.into_iter().chain(new).collect(), phrase::SAVE)
            }
            Self::AddEmail { .. } => sending(vec![ChangeField::Email], None),
            Self::ConfirmEmail { address, .. } => sending(Vec::new(), Some(address)),
            Self::EmailCode { address, .. } => code_sent(address),
            Self::AddPhone { .. } => sending(vec![ChangeField::PhoneNumber, ChangeField::MessageType], None),
            Self::ConfirmPhone { number, .. } => sending(vec![ChangeField::MessageType], Some(number)),
            Self::PhoneCode { number, .. } => code_sent(number),
            Self::AddPasskey { .. } => ChangeForm {
                lead: Some(Sentence::Ours(phrase::PASSKEY_LEAD)),
                ..asking(Vec::new(), phrase::CONTINUE)
            },
            Self::NamePasskey(enrolled) | Self::Rename(_, enrolled) => {
                asking(vec![ChangeField::Nickname(enrolled.name.clone())], phrase::SAVE)
            }
            Self::Remove(removal) => ChangeForm {
                lead: Some(Sentence::About(phrase::REMOVE_LEAD, removal.name.clone())),
                ..asking(Vec::new(), phrase::REMOVE)
            },
        }
    }
}

/// The name of the button that adds to a group.
pub(super) fn add_trigger(group: AccountGroup) -> String {
    format!("{}:add", group.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_without_a_password_is_not_asked_for_it() {
        let fields = |is_set| AccountChange::Password { is_set }.form().fields;
        assert_eq!(fields(false), [ChangeField::NewPassword, ChangeField::RepeatedPassword]);
        assert_eq!(fields(true).first(), Some(&ChangeField::CurrentPassword));
    }

    #[test]
    fn after_another_sign_in_a_change_goes_on_where_its_first_form_opens() {
        let code = AccountChange::PhoneCode {
            id: String::new(),
            number: String::new(),
            message_type: String::new(),
            replaces: None,
        };
        assert_eq!(code.resumed_by(), "phone:add");
        assert_eq!(AccountChange::Password { is_set: true }.resumed_by(), "password");
    }

    #[test]
    fn the_form_for_a_code_says_where_it_was_sent_and_sends_it_again() {
        let change = AccountChange::EmailCode {
            id: "1".to_owned(),
            challenge: "2".to_owned(),
            address: "mary@example.com".to_owned(),
        };
        let form = change.form();
        let lead = Sentence::About(phrase::CODE_SENT_TO, "mary@example.com".to_owned());
        assert_eq!((form.lead, form.sent_to.as_deref()), (Some(lead), Some("mary@example.com")));
        assert_eq!(form.fields, [ChangeField::Code]);
    }
}
