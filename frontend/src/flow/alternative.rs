//! Alternatives to answering a step: other actions, entries and identity providers.

use super::form_kind::FormKind;
use super::step_reader::{CARD, StepReader};
use crate::text::Phrase;
use latchkey_contract::route::Entry;
use latchkey_contract::{ChoiceValue, Feature, Step, Values};

/// An alternative to answering a step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Alternative {
    /// Another entry, with a path of its own.
    Enter(Entry, Phrase),
    /// A new code.
    Resend,
    /// Another available step, shown without a call.
    Show(String, Phrase),
    /// Another available step, answered at once.
    Take(String, Phrase),
    /// Another available step with this whole answer.
    Answer(Values, Phrase),
    /// Cancelling the flow.
    Cancel,
}

/// Another identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) name: String,
    /// Its type, such as `GOOGLE`.
    pub(crate) kind: String,
    pub(crate) href: String,
    /// Whether the browser is asked for a certificate there.
    pub(crate) is_certificate: bool,
}

impl StepReader<'_> {
    pub(super) fn alternatives(&self, kind: &FormKind) -> Vec<Alternative> {
        let back = Alternative::Enter(Entry::SignIn, Phrase::BackToSignIn);
        match kind {
            FormKind::SignUp | FormKind::ResetPassword | FormKind::UnlockAccount => vec![back],
            FormKind::ActivateDevice => Vec::new(),
            _ => self.other_alternatives(),
        }
    }

    /// The other entries that the org offers.
    pub(super) fn entries(&self) -> Vec<Alternative> {
        let offers = [
            (Feature::RecoverPassword, Entry::RecoverPassword, Phrase::ForgotPassword),
            (Feature::EnrollProfile, Entry::SignUp, Phrase::SignUp),
            (Feature::UnlockAccount, Entry::UnlockAccount, Phrase::UnlockAccount),
        ];
        let enabled = |feature: &Feature| self.transaction.enabled_features.contains(feature);
        offers
            .into_iter()
            .filter(|(feature, _, _)| enabled(feature))
            .map(|(_, entry, phrase)| Alternative::Enter(entry, phrase))
            .collect()
    }

    pub(super) fn other_alternatives(&self) -> Vec<Alternative> {
        let mut alternatives = Vec::new();
        if self.step.can_resend {
            alternatives.push(Alternative::Resend);
        }
        for other in self.transaction.available_steps.iter().filter(|other| other.name != self.step.name) {
            match other.name.as_str() {
                "select-authenticator-authenticate" if self.leads_elsewhere(other) => {
                    alternatives.push(Alternative::Show(other.name.clone(), Phrase::VerifyWithSomethingElse));
                }
                "select-authenticator-enroll" if self.leads_elsewhere(other) => {
                    alternatives.push(Alternative::Show(other.name.clone(), Phrase::SetUpSomethingElse));
                }
                "select-enrollment-channel" => alternatives.extend(self.channels(other)),
                name if name.ends_with("-recover") => {
                    let label = if self.key() == CARD { Phrase::ForgotPin } else { Phrase::ForgotPassword };
                    alternatives.push(Alternative::Take(other.name.clone(), label));
                }
                _ => {}
            }
        }
        alternatives.push(Alternative::Cancel);
        alternatives
    }

    /// A list with only the current authenticator offers no alternative, unless this is one of several methods.
    fn leads_elsewhere(&self, other: &Step) -> bool {
        let here = self.key();
        let is_method = self.step.name != "authenticator-verification-data";
        other.inputs.iter().flat_map(|input| &input.options).any(|option| match &option.value {
            Some(ChoiceValue::Plain(value)) => {
                value.text() != Some(here) || is_method && !option.methods.is_empty()
            }
            Some(ChoiceValue::Form { .. }) | None => true,
        })
    }

    pub(super) fn providers(&self) -> Vec<Provider> {
        let all = self.transaction.available_steps.iter().chain(&self.transaction.next_step);
        let mut providers: Vec<Provider> = Vec::new();
        for step in all.filter(|step| step.name == "redirect-idp") {
            let Some(href) = step.href.clone().filter(|href| is_address(href)) else { continue };
            let name = step.idp.as_ref().map(|idp| idp.name.clone()).filter(|name| !name.is_empty());
            let is_certificate = step.kind.as_deref() == Some(CERTIFICATE);
            let kind = step.kind.clone().unwrap_or_default();
            let name = name.or_else(|| step.kind.clone()).unwrap_or_else(|| href.clone());
            let provider = Provider { name, kind, href, is_certificate };
            if !providers.contains(&provider) {
                providers.push(provider);
            }
        }
        providers
    }
}

/// The type of an identity provider that asks the browser for a certificate.
pub(super) const CERTIFICATE: &str = "X509";

/// An address that is safe in a link, which a `javascript:` address is not.
pub(super) fn is_address(href: &str) -> bool {
    href.starts_with("https://")
        || href.starts_with("http://")
        || (href.starts_with('/') && !href.starts_with("//"))
}
