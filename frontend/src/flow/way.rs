//! Where a person can go from a step, besides answering it.

use super::page::Page;
use super::route::Entry;
use super::screen::About;
use crate::text::Line;
use latchkey_contract::{ChoiceValue, Feature, Step};

/// What else can be done at a step, besides answering it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Another way in, with an address of its own.
    Enter(Entry, Line),
    /// A new code.
    Resend,
    /// Another of the steps that are open, shown without asking anybody.
    Show(String, Line),
    /// Another of the steps that are open, taken at once.
    Take(String, Line),
    /// Giving up.
    Cancel,
}

/// Another identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) href: String,
}

impl About<'_> {
    pub(super) fn ways(&self, page: &Page) -> Vec<Way> {
        let back = Way::Enter(Entry::SignIn, Line::BackToSignIn);
        match page {
            Page::SignIn => self.entries(),
            Page::SignUp | Page::ResetPassword | Page::UnlockAccount => vec![back],
            _ => self.ways_on(),
        }
    }

    fn entries(&self) -> Vec<Way> {
        let offers = [
            (Feature::RecoverPassword, Entry::RecoverPassword, Line::ForgotPassword),
            (Feature::EnrollProfile, Entry::SignUp, Line::SignUp),
            (Feature::UnlockAccount, Entry::UnlockAccount, Line::UnlockAccount),
        ];
        let enabled = |feature: &Feature| self.transaction.enabled_features.contains(feature);
        offers
            .into_iter()
            .filter(|(feature, _, _)| enabled(feature))
            .map(|(_, entry, line)| Way::Enter(entry, line))
            .collect()
    }

    pub(super) fn ways_on(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.step.can_resend {
            ways.push(Way::Resend);
        }
        for other in self.transaction.available_steps.iter().filter(|other| other.name != self.step.name) {
            match other.name.as_str() {
                "select-authenticator-authenticate" if self.leads_elsewhere(other) => {
                    ways.push(Way::Show(other.name.clone(), Line::VerifyWithSomethingElse));
                }
                "select-authenticator-enroll" if self.leads_elsewhere(other) => {
                    ways.push(Way::Show(other.name.clone(), Line::SetUpSomethingElse));
                }
                "select-enrollment-channel" => {
                    ways.push(Way::Show(other.name.clone(), Line::SetUpAnotherWay));
                }
                name if name.ends_with("-recover") => {
                    ways.push(Way::Take(other.name.clone(), Line::ForgotPassword));
                }
                _ => {}
            }
        }
        ways.push(Way::Cancel);
        ways
    }

    /// A list in which the current authenticator stands alone leads nowhere.
    fn leads_elsewhere(&self, other: &Step) -> bool {
        let here = self.key();
        other.inputs.iter().flat_map(|input| &input.options).any(|option| match &option.value {
            Some(ChoiceValue::Plain(value)) => value.text() != Some(here),
            Some(ChoiceValue::Form { .. }) | None => true,
        })
    }

    pub(super) fn providers(&self) -> Vec<Provider> {
        let all = self.transaction.available_steps.iter().chain(&self.transaction.next_step);
        let mut providers: Vec<Provider> = Vec::new();
        for step in all.filter(|step| step.name == "redirect-idp") {
            let Some(href) = step.href.clone().filter(|href| is_address(href)) else { continue };
            let name = step.idp.as_ref().map(|idp| idp.name.clone()).filter(|name| !name.is_empty());
            let provider =
                Provider { name: name.or_else(|| step.kind.clone()).unwrap_or_else(|| href.clone()), href };
            if !providers.contains(&provider) {
                providers.push(provider);
            }
        }
        providers
    }
}

/// An address that a link may have; never a script.
fn is_address(href: &str) -> bool {
    href.starts_with("https://")
        || href.starts_with("http://")
        || (href.starts_with('/') && !href.starts_with("//"))
}
