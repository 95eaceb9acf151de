//! Every sentence on screen: ours, by name, and the org's, by i18n key where a language has words for it.

mod line;

pub(crate) use line::Line;

use crate::flow::field::{Label, plain};
use crate::flow::note::Words;
use latchkey_contract::Message;
use leptos::prelude::{RwSignal, WithUntracked};

/// A language that was fetched.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Language {
    /// Its tag, such as `pt-BR`; empty for English.
    pub(crate) tag: String,
    /// Our lines by what they are in English, and the org's messages by i18n key.
    pub(crate) words: Vec<(String, String)>,
}

/// Says things in the person's language. English is built in.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    pub(crate) language: RwSignal<Language>,
}

impl Text {
    /// English.
    pub(crate) fn new() -> Self {
        Self { language: RwSignal::new(Language::default()) }
    }

    /// The tag of the language that is spoken.
    pub(crate) fn tag(self) -> String {
        let tag = self.language.with_untracked(|language| language.tag.clone());
        if tag.is_empty() { "en".to_owned() } else { tag }
    }

    pub(crate) fn line(self, line: Line) -> String {
        let english = line.english();
        self.own(english).unwrap_or_else(|| english.to_owned())
    }

    /// A line with `what` in its gap.
    pub(crate) fn with(self, line: Line, what: &str) -> String {
        self.line(line).replace("{}", what)
    }

    pub(crate) fn label(self, label: &Label) -> String {
        match label {
            Label::Ours(line) => self.line(*line),
            Label::Org(words) => words.clone(),
        }
    }

    pub(crate) fn words(self, words: &Words) -> String {
        match words {
            Words::Ours(line) => self.line(*line),
            Words::Org(message) => self.message(message),
        }
    }

    fn own(self, key: &str) -> Option<String> {
        let find = |language: &Language| {
            language.words.iter().find(|(known, _)| known == key).map(|(_, words)| words.clone())
        };
        self.language.with_untracked(find)
    }

    fn message(self, message: &Message) -> String {
        let Some(i18n) = &message.i18n else { return message.message.clone() };
        let Some(template) = self.own(&i18n.key) else { return message.message.clone() };
        let put = |words: String, (at, param)| words.replace(&format!("{{{at}}}"), &plain(param));
        i18n.params.iter().enumerate().fold(template, put)
    }
}
