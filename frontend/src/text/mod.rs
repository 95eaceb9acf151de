//! Every sentence on screen: ours, by name, and the org's, by i18n key where a language has words for it.

mod phrase;

pub(crate) use phrase::Phrase;

use crate::api::language_file;
use crate::browser::{intl, language};
use crate::flow::field::{Label, plain};
use crate::flow::note::Wording;
use latchkey_contract::Message;
use leptos::prelude::{Notify, RwSignal, Set, WithUntracked};
use leptos::task::spawn_local;

/// A language that was fetched.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Language {
    /// Its tag, such as `pt-BR`; empty for English.
    pub(crate) tag: String,
    /// Our lines by what they are in English, the org's messages by i18n key, its labels by what they are in English.
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

    /// Speaks the language that is wanted of the page, as soon as its words are here. Without them it stays as it is.
    pub(crate) fn speak(self) {
        let tag = language::wanted();
        spawn_local(async move {
            let words = if tag == ENGLISH { Some(Vec::new()) } else { language_file::fetch(&tag).await };
            match words {
                // Another one was chosen while this one was on its way.
                _ if tag != language::wanted() => {}
                Some(words) => {
                    language::speak(&tag);
                    self.language.set(Language { tag, words });
                }
                // The choice shows what is spoken after all.
                None => self.language.notify(),
            }
        });
    }

    /// The tag of the language that is spoken.
    pub(crate) fn tag(self) -> String {
        let tag = self.language.with_untracked(|language| language.tag.clone());
        if tag.is_empty() { ENGLISH.to_owned() } else { tag }
    }

    pub(crate) fn phrase(self, line: Phrase) -> String {
        self.translated(line.english())
    }

    /// A line with `what` in its gap.
    pub(crate) fn phrase_with(self, line: Phrase, what: &str) -> String {
        let sentence = self.phrase(line);
        filled(&sentence, &[self.translated(what)]).unwrap_or(sentence)
    }

    /// A number as it is written here.
    pub(crate) fn number(self, number: u32) -> String {
        intl::number(&self.tag(), number)
    }

    /// How long until then, such as "in 5 days" or "tomorrow". `unit` is one of `Intl.RelativeTimeFormat`'s.
    pub(crate) fn ahead(self, number: u32, unit: &str) -> String {
        intl::ahead(&self.tag(), number, unit)
    }

    /// A moment, in seconds since 1970, as it is written here.
    pub(crate) fn moment(self, seconds: i64) -> String {
        intl::moment(&self.tag(), seconds as f64)
    }

    pub(crate) fn label(self, label: &Label) -> String {
        match label {
            Label::Ours(line) => self.phrase(*line),
            Label::Org(words) => self.translated(words),
        }
    }

    pub(crate) fn wording(self, words: &Wording) -> String {
        match words {
            Wording::Ours(line) => self.phrase(*line),
            Wording::Org(message) => self.message(message),
        }
    }

    /// Words of ours or of the org, given in English; as they are if this language does not know them.
    pub(crate) fn translated(self, english: &str) -> String {
        self.translation(english).unwrap_or_else(|| english.to_owned())
    }

    fn translation(self, key: &str) -> Option<String> {
        let find = |language: &Language| {
            language.words.iter().find(|(known, _)| known == key).map(|(_, words)| words.clone())
        };
        self.language.with_untracked(find)
    }

    fn message(self, message: &Message) -> String {
        let ours = message.i18n.as_ref().and_then(|i18n| {
            let params: Vec<String> =
                i18n.params.iter().map(|param| self.translated(&plain(param))).collect();
            filled(&self.translation(&i18n.key)?, &params)
        });
        ours.unwrap_or_else(|| self.translated(&message.message))
    }
}

/// A sentence with what belongs in its gaps, which are numbered or just one; none if nobody said what does.
fn filled(template: &str, params: &[String]) -> Option<String> {
    let (first, gaps) = template.split_once('{').unwrap_or((template, ""));
    let mut words = first.to_owned();
    for gap in gaps.split('{').filter(|gap| !gap.is_empty()) {
        let (number, rest) = gap.split_once('}')?;
        let at: usize = if number.is_empty() { 0 } else { number.parse().ok()? };
        words.push_str(params.get(at)?);
        words.push_str(rest);
    }
    Some(words)
}

/// The language that needs no words.
const ENGLISH: &str = "en";

#[cfg(test)]
#[path = "languages_tests.rs"]
mod tests;
