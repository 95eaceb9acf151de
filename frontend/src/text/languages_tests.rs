//! Every language has every sentence with the same placeholders, and a file.

use super::counted::{COUNTED, COUNTED_MESSAGES};
use super::filled;
use super::org_messages;
use super::phrase::{PHRASES, Phrase};
use crate::account::phrase::ACCOUNT_PHRASES;
use crate::read_contract::words;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The pseudo language: English with accents, longer, and in brackets. Text on a page without brackets is not translated.
const PSEUDO: &str = "en-XA";
/// Set it to update the pseudo language after a sentence has changed.
const WRITE: &str = "WRITE_PSEUDO";

/// Sentences by their key.
type Said = BTreeMap<String, String>;

fn folder() -> PathBuf {
    // Asked when it runs: another checkout may have compiled it.
    PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap())
}

fn read(file: &Path) -> Said {
    let text = fs::read_to_string(file).unwrap();
    let said = words(&serde_json::from_str::<serde_json::Value>(&text).unwrap());
    let keys = text.lines().filter(|line| line.contains("\": \"")).count();
    assert_eq!(said.len(), keys, "{} says something twice", file.display());
    said.into_iter().collect()
}

fn file(tag: &str) -> PathBuf {
    folder().join("text").join(format!("{tag}.json"))
}

/// The tags of all languages except English, which is built in. `boot.js` has the list.
fn others() -> impl Iterator<Item = String> {
    let script = fs::read_to_string(folder().join("boot.js")).unwrap();
    let list = script.split_once("const LANGUAGES = [").unwrap().1.split_once("];").unwrap().0;
    let tags: Vec<&str> = list.split("[\"").skip(1).map(|entry| entry.split('"').next().unwrap()).collect();
    assert_eq!(tags.len(), 11);
    tags.into_iter().filter(|tag| *tag != "en").map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// All texts that a language has, in English: our sentences, in each form for a number, and the org's messages and labels.
fn english(tag: &str) -> Said {
    let ours = PHRASES.iter().map(|(line, _)| (line.english().to_owned(), line.english().to_owned()));
    let mut all: Said = ours.collect();
    assert_eq!(all.len(), PHRASES.len(), "two sentences of ours are the same");
    all.extend(sentences_without_the_program().map(|english| (english.clone(), english)));
    all.extend(org_messages::sentences().map(|english| (english.to_owned(), english.to_owned())));
    all.extend(read(&folder().join("src/text/org.json")));
    let messages = COUNTED_MESSAGES.iter().map(|sentence| (*sentence, *sentence));
    for (one, other) in COUNTED.iter().map(|line| (line.one, line.other)).chain(messages) {
        all.insert(other.to_owned(), other.to_owned());
        for form in forms(tag) {
            all.insert([other, form].join("|"), if *form == "one" { one } else { other }.to_owned());
        }
    }
    all
}

/// The forms that CLDR has for numbers in a language, besides `other`.
fn forms(tag: &str) -> &'static [&'static str] {
    match tag {
        "ar" => &["zero", "one", "two", "few", "many"],
        "he" => &["one", "two"],
        "es" | "fr" | "pt-BR" => &["one", "many"],
        "de" | "hi" | PSEUDO => &["one"],
        "ja" | "ko" | "zh-CN" => &[],
        _ => panic!("which forms does {tag} have for numbers?"),
    }
}

/// The texts of scripts outside the program, in English.
fn sentences_without_the_program() -> impl Iterator<Item = String> {
    let script = fs::read_to_string(folder().join("unsupported.js")).unwrap();
    let quoted: Vec<String> = script.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let sentences: Vec<String> = quoted.into_iter().filter(|words| words.ends_with('.')).collect();
    assert_eq!(sentences.len(), 3, "{sentences:?}");
    assert!(sentences.iter().any(|english| english == Phrase::NoCookie.english()));
    sentences.into_iter()
}

/// The placeholders of a sentence: `{}` in ours, `{0}`, `{1}` … in the org's.
fn gaps(sentence: &str) -> Vec<&str> {
    let after = sentence.split('{').skip(1);
    let mut gaps: Vec<&str> = after.map(|rest| rest.split('}').next().unwrap()).collect();
    gaps.sort_unstable();
    gaps
}

fn pseudo(english: &str) -> String {
    const ACCENTS: [(char, char); 12] = [
        ('a', 'á'),
        ('c', 'ç'),
        ('e', 'ê'),
        ('i', 'ï'),
        ('n', 'ñ'),
        ('o', 'ö'),
        ('u', 'ü'),
        ('A', 'Å'),
        ('E', 'É'),
        ('I', 'Î'),
        ('O', 'Ø'),
        ('S', 'Š'),
    ];
    let accent =
        |letter| ACCENTS.iter().find(|(plain, _)| *plain == letter).map_or(letter, |(_, accented)| *accented);
    let accented: String = english.chars().map(accent).collect();
    // Other languages are longer, especially their short texts.
    format!("[{accented}{}]", " ~".repeat(1 + english.chars().count() / 6))
}

#[test]
fn every_language_has_every_sentence_and_no_others() {
    for tag in others() {
        let english = english(&tag);
        let said = read(&file(&tag));
        let missing: Vec<&String> = english.keys().filter(|key| !said.contains_key(*key)).collect();
        let superfluous: Vec<&String> = said.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && superfluous.is_empty(), "{tag} lacks {missing:?}, has {superfluous:?}");
    }
}

#[test]
fn every_sentence_has_the_placeholders_of_its_english() {
    for tag in others() {
        let english = english(&tag);
        for (key, sentence) in read(&file(&tag)) {
            // "One" and "two" may be words.
            let is_word = ["|zero", "|one", "|two"].iter().any(|form| key.ends_with(form));
            let is_same = gaps(&sentence) == gaps(&english[&key]);
            assert!(is_same || is_word && gaps(&sentence).is_empty(), "{tag}: {sentence}");
            assert_eq!(sentence.trim(), sentence, "{tag}");
            assert!(!sentence.is_empty(), "{tag} is silent on {key}");
        }
    }
}

#[test]
fn no_sentence_is_left_in_english() {
    for tag in others() {
        let english = english(&tag);
        for (key, sentence) in read(&file(&tag)) {
            // Single words may be the same in two languages.
            assert!(!sentence.contains(' ') || sentence != english[&key], "{tag}: {sentence}");
        }
    }
}

/// The sentences that people read on the callback page and before the program has started.
fn pages_without_the_program() -> String {
    let files = ["callback/callback.html", "callback/callback.js", "index.html", "unsupported.js"];
    files.map(|file| fs::read_to_string(folder().join(file)).unwrap()).concat()
}

#[test]
fn the_texts_on_screen_are_in_plain_words() {
    let said = english(PSEUDO).into_values().collect::<Vec<_>>().join("\n") + &pages_without_the_program();
    let said = said.to_lowercase();
    for strange in [
        "nobody",
        "somebody",
        "anybody",
        "everybody",
        "whoever",
        "to go on",
        "goes on by itself",
        "go on in",
        "what is known about",
        "this is needed",
        "has to look at it",
        "that is all here",
    ] {
        assert!(!said.contains(strange), "a text says \"{strange}\"");
    }
}

#[test]
fn the_pseudo_language_is_made_from_english() {
    let made: Said = english(PSEUDO).into_iter().map(|(key, words)| (key, pseudo(&words))).collect();
    if env::var_os(WRITE).is_some() {
        fs::write(file(PSEUDO), serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    assert!(made == read(&file(PSEUDO)), "a sentence has changed: run this test once more with {WRITE}=1");
}

#[test]
fn each_file_belongs_to_an_offered_language() {
    let names = fs::read_dir(folder().join("text")).unwrap();
    let mut files: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let mut expected: Vec<String> =
        others().chain([PSEUDO.to_owned()]).map(|tag| format!("{tag}.json")).collect();
    expected.sort();
    assert_eq!(files, expected);
}

#[test]
fn parameters_of_the_org_fill_placeholders_and_without_them_there_is_no_sentence() {
    let params = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(filled("{1} of {0}", &params(&["b", "a"])).as_deref(), Some("a of b"));
    assert_eq!(filled("Hello, {}.", &params(&["Mary"])).as_deref(), Some("Hello, Mary."));
    assert_eq!(filled("Nothing to put in.", &params(&["extra"])).as_deref(), Some("Nothing to put in."));
    assert_eq!(filled("No account {0}.", &[]), None);
}

/// The file of the account page in a language.
fn account_file(tag: &str) -> PathBuf {
    folder().join("account/text").join(format!("{tag}.json"))
}

/// The texts of the account page, in English.
fn account_english() -> Said {
    let phrases = ACCOUNT_PHRASES.iter().map(|(phrase, _)| phrase.english().to_owned());
    let said: Said = phrases.map(|english| (english.clone(), english)).collect();
    assert_eq!(said.len(), ACCOUNT_PHRASES.len(), "two texts of the account page are the same");
    said
}

#[test]
fn every_language_has_every_text_of_the_account_page_with_its_placeholders_and_no_others() {
    let english = account_english();
    for tag in others() {
        let said = read(&account_file(&tag));
        let keys = |said: &Said| said.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&said), keys(&english), "{tag}");
        for (key, sentence) in said {
            assert_eq!(gaps(&sentence), gaps(&key), "{tag}: {sentence}");
            assert!(!key.contains(' ') || sentence != key, "{tag}: {sentence} is left in English");
        }
    }
}

#[test]
fn a_text_that_begins_with_a_capital_in_english_does_so_in_every_language() {
    for file in others().flat_map(|tag| [file(&tag), account_file(&tag)]) {
        for (english, words) in read(&file) {
            let is_capital = english.starts_with(char::is_uppercase);
            let first = words.trim_start_matches(['¿', '¡', '«']).chars().next();
            assert!(!is_capital || !first.is_some_and(char::is_lowercase), "{}: {words}", file.display());
        }
    }
}

#[test]
fn spanish_speaks_to_a_person_in_one_form() {
    for file in [file("es"), account_file("es")] {
        for words in read(&file).into_values() {
            let said = format!(" {} ", words.to_lowercase());
            for formal in
                [" usted", "inténtelo", " su cuenta", " su dispositivo", " su navegador", " su organización"]
            {
                assert!(!said.contains(formal), "\"{words}\" has \"{formal}\"");
            }
        }
    }
}

#[test]
fn the_pseudo_language_of_the_account_page_is_made_from_english() {
    let made: Said = account_english().into_iter().map(|(key, words)| (key, pseudo(&words))).collect();
    if env::var_os(WRITE).is_some() {
        fs::write(account_file(PSEUDO), serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    assert!(
        made == read(&account_file(PSEUDO)),
        "a text has changed: run this test once more with {WRITE}=1"
    );
}
