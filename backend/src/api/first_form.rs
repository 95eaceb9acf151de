//! The first form of a sign-in, as the org last sent it: its fields, its links and the number of its buttons. The page draws
//! it before the client program has started. It has no personal data, and no text of the org.

use latchkey_contract::{Feature, Step, Transaction};
use std::collections::BTreeMap;

/// A part of the form that only some orgs have. The page has it between `{{#name}}` and `{{/name}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    /// The field for the password.
    Password,
    /// The checkbox "Keep me signed in".
    RememberMe,
    /// The word between the form and the buttons of identity providers.
    Or,
    /// The list of identity providers.
    Providers,
    /// One of its buttons.
    Provider,
    /// The button for a passkey.
    Passkey,
    /// The list of links.
    Links,
    /// The link for a forgotten password.
    RecoverPassword,
    /// The link for a new account.
    SignUp,
    /// The link for a locked account.
    UnlockAccount,
}

/// A section and its name in the page. A section comes before those inside it.
const SECTIONS: [(Section, &str); 10] = [
    (Section::Password, "password"),
    (Section::RememberMe, "rememberMe"),
    (Section::Or, "or"),
    (Section::Providers, "providers"),
    (Section::Provider, "provider"),
    (Section::Passkey, "passkey"),
    (Section::Links, "links"),
    (Section::RecoverPassword, "recover"),
    (Section::SignUp, "register"),
    (Section::UnlockAccount, "unlock"),
];
/// The most buttons of identity providers that the page draws.
const MAX_PROVIDERS: usize = 20;
/// The input for the token of a CAPTCHA.
const CAPTCHA: &str = "captchaVerify";
/// The steps of the button for a passkey, Okta's newer one and its older one.
const PASSKEY_BUTTONS: [&str; 2] = ["launch-passkeys-authenticator", "launch-webauthn-authenticator"];

/// How often the form has each section. Without one it has a username and a button.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FirstForm(BTreeMap<Section, usize>);

impl FirstForm {
    /// The form of this transaction; the smallest one, if the page cannot draw its fields.
    pub(crate) fn of(transaction: &Transaction) -> Self {
        let Some(step) = transaction.next_step.as_ref().filter(|step| step.name == "identify") else {
            return Self::default();
        };
        // The frame of a CAPTCHA takes no room.
        let inputs = step.inputs.iter().filter(|input| input.is_shown() && input.name != CAPTCHA);
        let names: Vec<&str> = inputs.map(|input| input.name.as_str()).collect();
        let (has_password, has_checkbox) = match names.as_slice() {
            ["username"] => (false, false),
            ["username", "password"] => (true, false),
            ["username", "rememberMe"] => (false, true),
            ["username", "password", "rememberMe"] => (true, true),
            _ => return Self::default(),
        };
        let providers = providers(transaction).min(MAX_PROVIDERS);
        let is_enabled = |feature| usize::from(transaction.enabled_features.contains(&feature));
        let has_passkey =
            transaction.available_steps.iter().any(|step| PASSKEY_BUTTONS.contains(&step.name.as_str()));
        let is_any = |count: usize| count.min(1);
        let (recover, register, unlock) = (
            is_enabled(Feature::RecoverPassword),
            is_enabled(Feature::EnrollProfile),
            is_enabled(Feature::UnlockAccount),
        );
        Self(BTreeMap::from([
            (Section::Password, usize::from(has_password)),
            (Section::RememberMe, usize::from(has_checkbox)),
            (Section::Or, is_any(providers)),
            (Section::Providers, is_any(providers)),
            (Section::Provider, providers),
            (Section::Passkey, usize::from(has_passkey)),
            (Section::Links, is_any(recover + register + unlock)),
            (Section::RecoverPassword, recover),
            (Section::SignUp, register),
            (Section::UnlockAccount, unlock),
        ]))
    }

    /// The page with the sections of this form, and without the others.
    pub(crate) fn draw(&self, page: &str) -> String {
        SECTIONS.iter().fold(page.to_owned(), |page, (section, name)| {
            let count = self.0.get(section).copied().unwrap_or_default();
            repeated(&page, name, count).unwrap_or(page)
        })
    }
}

/// The number of identity providers, each counted once.
fn providers(transaction: &Transaction) -> usize {
    let steps = transaction.available_steps.iter().chain(&transaction.next_step);
    let mut providers: Vec<&Step> = Vec::new();
    for step in steps.filter(|step| step.name == "redirect-idp" && step.href.is_some()) {
        if !providers.contains(&step) {
            providers.push(step);
        }
    }
    providers.len()
}

/// The page with the section `name` this many times. `None`: the page does not have it.
fn repeated(page: &str, name: &str, count: usize) -> Option<String> {
    let (before, rest) = page.split_once(&format!("{{{{#{name}}}}}"))?;
    let (section, after) = rest.split_once(&format!("{{{{/{name}}}}}"))?;
    Some([before, &section.repeat(count), after].concat())
}

#[cfg(test)]
mod tests {
    use super::{FirstForm, PASSKEY_BUTTONS};
    use latchkey_contract::{Feature, Input, Status, Step, Transaction};

    const PAGE: &str = "name{{#password}} password{{/password}}{{#rememberMe}} keep{{/rememberMe}}{{#or}} or{{/or}}\
        {{#providers}} [{{#provider}}.{{/provider}}]{{/providers}}{{#passkey}} passkey{{/passkey}}\
        {{#links}} <{{#recover}}forgot{{/recover}}{{#register}}new{{/register}}{{#unlock}}locked{{/unlock}}>{{/links}}";

    fn step(name: &str, href: Option<&str>, inputs: &[&str]) -> Step {
        let inputs = inputs.iter().map(|name| Input { name: (*name).to_owned(), ..Input::default() });
        Step {
            name: name.to_owned(),
            href: href.map(str::to_owned),
            inputs: inputs.collect(),
            ..Step::default()
        }
    }

    fn transaction(next: Step, others: &[Step], enabled_features: &[Feature]) -> Transaction {
        Transaction {
            status: Status::Pending,
            next_step: Some(next),
            available_steps: others.to_vec(),
            enabled_features: enabled_features.to_vec(),
            ..Transaction::default()
        }
    }

    #[test]
    fn the_page_has_the_fields_the_links_and_the_buttons_of_the_form() {
        let providers = [step("redirect-idp", Some("/a"), &[]), step("redirect-idp", Some("/b"), &[])];
        let form = |inputs: &[&str], others: &[Step], features: &[Feature]| {
            FirstForm::of(&transaction(step("identify", None, inputs), others, features)).draw(PAGE)
        };
        assert_eq!(form(&["username"], &[], &[]), "name");
        assert_eq!(
            form(&["username", "password"], &[], &[Feature::RecoverPassword]),
            "name password <forgot>"
        );
        let all = [Feature::UnlockAccount, Feature::EnrollProfile, Feature::RecoverPassword];
        assert_eq!(
            form(&["username", "password", "rememberMe"], &providers, &all),
            "name password keep or [..] <forgotnewlocked>"
        );
        let passkey = PASSKEY_BUTTONS.map(|name| step(name, None, &[]));
        for offered in [&passkey[..1], &passkey[1..], &passkey] {
            assert_eq!(form(&["username", "rememberMe"], offered, &[]), "name keep passkey");
        }
    }

    #[test]
    fn a_form_that_the_page_cannot_draw_is_a_username_and_a_button() {
        for inputs in [&["username", "size"][..], &["password"], &["username", "rememberMe", "password"]] {
            let form =
                FirstForm::of(&transaction(step("identify", None, inputs), &[], &[Feature::EnrollProfile]));
            assert_eq!(form.draw(PAGE), "name", "{inputs:?}");
        }
        let elsewhere = transaction(step("redirect-idp", Some("/a"), &[]), &[], &[]);
        assert_eq!(FirstForm::of(&elsewhere).draw(PAGE), "name");
    }

    #[test]
    fn a_page_without_sections_stays_as_it_is() {
        assert_eq!(FirstForm::default().draw("<title>Sign In</title>"), "<title>Sign In</title>");
    }
}
