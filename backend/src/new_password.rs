//! How people type a new password: in one field or in two.

use latchkey_contract::{Input, Transaction};
use std::str::FromStr;

/// How a person types a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPasswordEntry {
    /// In one field.
    Once,
    /// In two fields, which are compared.
    Twice,
}

impl NewPasswordEntry {
    /// The name of it in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Twice => "twice",
        }
    }

    /// The transaction, in which each secret says so if it is typed once. Pages read that for a new password only.
    pub fn applied_to(self, mut transaction: Transaction) -> Transaction {
        if self == Self::Once {
            let steps = transaction.next_step.iter_mut().chain(&mut transaction.available_steps);
            steps.flat_map(|step| &mut step.inputs).for_each(ask_once);
        }
        transaction
    }
}

fn ask_once(input: &mut Input) {
    input.typed_once = input.secret;
    input.form.iter_mut().flat_map(|form| &mut form.value).for_each(ask_once);
}

impl FromStr for NewPasswordEntry {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Once, Self::Twice].into_iter().find(|one| one.name() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::NewPasswordEntry;
    use latchkey_contract::{Form, Input, Status, Step, Transaction};

    fn transaction() -> Transaction {
        let secret = Input { name: "password".to_owned(), secret: true, ..Input::default() };
        let group = Input { form: Some(Form { value: vec![secret.clone()] }), ..Input::default() };
        let name = Input { name: "username".to_owned(), ..Input::default() };
        Transaction {
            status: Status::Pending,
            next_step: Some(Step { inputs: vec![name, secret], ..Step::default() }),
            available_steps: vec![Step { inputs: vec![group], ..Step::default() }],
            ..Transaction::default()
        }
    }

    #[test]
    fn a_new_password_is_asked_for_once_at_every_step_if_the_setting_says_so() {
        let shown = NewPasswordEntry::Once.applied_to(transaction());
        let once: Vec<bool> = shown.next_step.unwrap().inputs.iter().map(|input| input.typed_once).collect();
        assert_eq!(once, [false, true]);
        assert!(shown.available_steps[0].inputs[0].form.as_ref().unwrap().value[0].typed_once);
        assert_eq!(NewPasswordEntry::Twice.applied_to(transaction()), transaction());
    }

    #[test]
    fn the_setting_is_once_or_twice() {
        assert_eq!("once".parse(), Ok(NewPasswordEntry::Once));
        assert_eq!("twice".parse(), Ok(NewPasswordEntry::Twice));
        assert_eq!("never".parse::<NewPasswordEntry>(), Err(()));
    }
}
