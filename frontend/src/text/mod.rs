//! All texts on screen: ours by name, and the org's messages in our words if there are any.

mod counted;
pub(crate) mod org_messages;
mod phrase;
mod wording;

pub(crate) use counted::Counted;
pub(crate) use phrase::Phrase;
pub(crate) use wording::Wording;

use crate::browser::{intl, language};
use crate::read_contract;
use latchkey_contract::Message;
use leptos::prelude::{Get, Notify, RwSignal, Set, WithUntracked};
use leptos::task::spawn_local;

/// A fetched language.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Language {
    /// Its tag, such as `pt-BR`; empty for English.
    pub(crate) tag: String,
    /// Every sentence and label by its English text. The operator may add texts by i18n key.
    pub(crate) words: Vec<(String, String)>,
}

/// Texts in the person's language. English is built in, and an operator or a page may have texts of their own for it.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    pub(crate) language: RwSignal<Language>,
    /// The org's messages in our words, as soon as the late part is here. Until then they have the org's text.
    org_words: RwSignal<Option<OrgWords>>,
}

/// Returns a message of the org in our words, if there are any.
pub(crate) type OrgWords = fn(Text, &Message) -> Option<String>;

impl Text {
    /// English.
    pub(crate) fn new() -> Self {
        Self { language: RwSignal::new(Language::default()), org_words: RwSignal::new(None) }
    }

    /// Takes our words for the org's messages from the late part.
    pub(crate) fn install(self, org_words: OrgWords) {
        self.org_words.set(Some(org_words));
    }

    /// Switches to the requested language as soon as its texts are fetched. Without them the language stays.
    pub(crate) fn speak(self) {
        let tag = language::wanted();
        spawn_local(async move {
            match language::texts(&tag).await {
                // The person chose another one meanwhile.
                _ if tag != language::wanted() => {}
                Ok(texts) => {
                    language::speak(&tag);
                    self.language.set(Language { tag, words: read_contract::words(&texts) });
                }
                // The list shows the current language again.
                Err(_) => self.language.notify(),
            }
        });
    }

    /// The tag of the current language.
    pub(crate) fn tag(self) -> String {
        let tag = self.language.with_untracked(|language| language.tag.clone());
        if tag.is_empty() { ENGLISH.to_owned() } else { tag }
    }

    pub(crate) fn phrase(self, phrase: Phrase) -> String {
        self.translated(phrase.english())
    }

    /// A sentence with `what` as its placeholder.
    pub(crate) fn phrase_with(self, phrase: Phrase, what: &str) -> String {
        let sentence = self.phrase(phrase);
        filled(&sentence, &[isolated(self.translated(what))]).unwrap_or(sentence)
    }

    /// A sentence with a number, in the form that the language has for it.
    pub(crate) fn counted(self, sentence: Counted, number: u32) -> String {
        let english = if number == 1 { sentence.one } else { sentence.other };
        let form = self.form(sentence.other, number).or_else(|| self.translation(sentence.other));
        let template = form.unwrap_or_else(|| english.to_owned());
        filled(&template, &[isolated(self.number(number))]).unwrap_or(template)
    }

    /// The form of a sentence for a number, if the language has one of its own.
    fn form(self, english: &str, number: u32) -> Option<String> {
        self.translation(&[english, intl::plural(&self.tag(), number).as_str()].join("|"))
    }

    /// A number in the current language.
    pub(crate) fn number(self, number: u32) -> String {
        intl::number(&self.tag(), number)
    }

    /// A relative time, such as "in 5 days" or "tomorrow". `unit` is one of `Intl.RelativeTimeFormat`'s.
    pub(crate) fn ahead(self, number: u32, unit: &str) -> String {
        intl::relative(&self.tag(), i32::try_from(number).unwrap_or(i32::MAX), unit)
    }

    /// A day, given in RFC 3339, as it is written here.
    pub(crate) fn date(self, time: &str) -> String {
        intl::date(&self.tag(), time)
    }

    /// A parameter of a message: a time as a day, and any other text in the current language if it has a translation.
    fn parameter(self, param: &str) -> String {
        if is_time(param) { self.date(param) } else { self.translated(param) }
    }

    pub(crate) fn wording(self, words: &Wording) -> String {
        match words {
            Wording::Ours(phrase) => self.phrase(*phrase),
            Wording::Org(words) => self.translated(words),
            Wording::Message(message) => self.message(message),
        }
    }

    /// The translation of an English text, or the text itself without one.
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
        let ours = self.org_words.get().and_then(|in_our_words| in_our_words(self, message));
        ours.unwrap_or_else(|| self.translated(&message.message))
    }
}

/// Whether a text is a time in RFC 3339, as the org gives it.
fn is_time(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    text.split_once('T').is_some_and(|(day, time)| {
        day.len() == 10 && day.split('-').map(is_number).eq([true; 3]) && time.ends_with('Z')
    })
}

/// A text that keeps its own direction within a sentence that is read from the right.
fn isolated(text: String) -> String {
    if language::is_right_to_left() { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// A sentence with its placeholders filled; none if a parameter is missing.
pub(crate) fn filled(template: &str, params: &[String]) -> Option<String> {
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

/// The tag of English, which is built in.
const ENGLISH: &str = "en";

#[cfg(test)]
#[path = "languages_tests.rs"]
mod tests;
