//! Our words for the org's messages, counted against Okta's keys; and the table of all messages in `docs/wording.md`.

use super::super::counted::{COUNTED, Counted};
use super::super::phrase::PHRASES;
use super::*;
use crate::account::phrase::ACCOUNT_PHRASES;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::{env, fs};

/// The keys of Okta's catalogue that an org can send at sign-in. `e2e/okta/catalogue.test.mjs` compares them with it.
const OKTA_KEYS: &str = include_str!("okta_keys.txt");
/// How many of them have words of ours. The rest has the org's text. The number may only grow.
const OKTA_KEYS_IN_OUR_WORDS: usize = 152;
/// Set it to update the tables after a message has changed.
const WRITE: &str = "WRITE_WORDING";
/// How long a line of the labels may be.
const MAX_LINE: usize = 130;
/// The messages of the server and of the pages outside the program, and when they come.
const OUTSIDE: [(&str, &str); 18] = [
    ("You are being signed in.", "A person comes back from an identity provider or a mailed link."),
    ("Enter this code where you started", "Heading: a mailed link was opened in another browser."),
    (
        "You started to sign in with another browser. Go back to it and enter this code:",
        "A mailed link was opened in another browser.",
    ),
    ("If you did not start to sign in, close this page and do not share the code.", "Below that code."),
    ("This sign-in is over", "Heading: the flow has ended before the person came back."),
    ("It took too long, or was finished elsewhere. Please start again.", "The same."),
    ("That did not work", "Heading: any other error when a person comes back."),
    ("The sign-in could not be finished just now. Please try again.", "The same."),
    ("You are offline", "Heading: the server could not be reached when a person comes back."),
    ("The sign-in could not be finished. Check your connection and open the link again.", "The same."),
    (
        "To sign in, continue on your organization's page.",
        "The org's page has to be shown, or the org does not let the app embed the sign-in.",
    ),
    (
        "You were not signed in, because access was not allowed. Try again, or contact your administrator.",
        "The person or a policy did not allow access, on the org's page; or the org lets no request through from a network.",
    ),
    (
        "Your organization now requires more for this sign-in. Please sign in again.",
        "The org does not redeem the code of a sign-in, because a policy requires more.",
    ),
    (
        "Your browser has blocked a new window. Allow pop-ups for this page, or press again to leave it. \
         What you typed on it may then be lost.",
        "An element leads to an identity provider, and the browser opens no window.",
    ),
    (
        "This sign-in needs a frame of Duo that is not set up here. The operator has to set {}.",
        "The org asks for Duo, and its origin is not listed.",
    ),
    (
        "This page needs WebAssembly, which your browser does not allow here. Turn Lockdown Mode off for this \
         site, or update your browser, and load the page again.",
        "The browser allows no WebAssembly.",
    ),
    (
        "Your browser is too old for this page. Update it, or use another one.",
        "The browser cannot run the program.",
    ),
    ("Choose another way", "Link: back from the page of Duo."),
];

fn keys() -> impl Iterator<Item = &'static str> {
    SENTENCES.iter().flat_map(|(_, keys)| keys.split(' '))
}

#[test]
fn a_key_has_one_sentence_and_a_sentence_stands_once() {
    let distinct: BTreeSet<&str> = keys().collect();
    assert_eq!(distinct.len(), keys().count());
    let distinct: BTreeSet<&str> = sentences().collect();
    assert_eq!(distinct.len(), SENTENCES.len());
    assert_eq!(OCCASIONS.len(), SENTENCES.len());
}

#[test]
fn every_key_of_okta_has_our_words_or_the_text_of_the_org() {
    let ours = OKTA_KEYS.lines().filter(|key| english(key).is_some()).count();
    assert_eq!(ours, OKTA_KEYS_IN_OUR_WORDS, "of {} keys", OKTA_KEYS.lines().count());
    assert_eq!(english("idx.a.key.of.next.year"), None);
    // The admin's own words.
    assert_eq!(english("security.access_denied_custom_message"), None);
}

#[test]
fn a_parameter_that_is_a_time_is_shown_as_a_day_of_the_readers_calendar() {
    assert!(super::super::is_time("2030-01-31T05:00:00.000Z"));
    for other in ["100", "Windows", "2030-01-31", "T", "The Tester-A-ZZ Z", "--------- TZ"] {
        assert!(!super::super::is_time(other), "{other}");
    }
    let due = english("idx.device_assurance.grace_period.warning.title.due_by_date").unwrap();
    assert!(due.contains("{0}"), "{due}");
}

#[test]
fn no_message_is_in_the_words_of_a_program() {
    for sentence in sentences() {
        for word in
            ["Authentication failed", "pattern", "property", "factor", "log in", "login", "Bad request"]
        {
            assert!(!sentence.contains(word), "{sentence}");
        }
        let is_heading = sentence.contains("security requirements");
        let is_rule = sentence == Counted::RuleLength.other;
        assert!(sentence.ends_with(['.', ':']) || is_heading || is_rule, "{sentence}");
    }
    for (key, sentence) in [
        ("errors.E0000004", "Unable to sign in. Check your username and password, and try again."),
        (
            "registration.error.doesNotMatchPattern",
            "“{0}” is not in the expected format. Check it, and try again.",
        ),
        ("registration.error.invalidLoginEmail", "Enter an email address, such as name@example.com."),
    ] {
        assert_eq!(english(key), Some(sentence));
    }
}

#[test]
fn docs_wording_has_every_message_and_when_it_comes() {
    for (line, when) in PHRASES {
        let is_sentence = line.english().ends_with(['.', '…']);
        assert!(!is_sentence || !when.is_empty(), "say in a comment when this comes: {}", line.english());
    }
    let path = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../docs/wording.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut made = page.clone();
    let tables = [ours(), counted(), outside(), account(), org()];
    let labels = labels(&tables.concat());
    let [ours, counted, outside, account, org] = tables;
    for (name, table) in [
        ("ours", ours),
        ("counted", counted),
        ("outside", outside),
        ("account", account),
        ("labels", labels),
        ("org", org),
    ] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let (before, rest) = made.split_once(&begin).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        made = [before, &begin, "\n", &table, "\n", &end, after].concat();
    }
    if env::var_os(WRITE).is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(made == page, "a message has changed: run this test once more with {WRITE}=1");
}

fn ours() -> String {
    let rows = PHRASES.iter().filter(|(_, when)| !when.is_empty());
    let rows = rows.map(|(line, when)| row(&[line.english(), when.trim()]));
    table(["message", "when"], rows)
}

fn counted() -> String {
    let rows = COUNTED.iter().map(|Counted { one, other }| row(&[one, other]));
    table(["for 1", "for other numbers"], rows)
}

fn outside() -> String {
    table(["message", "when"], OUTSIDE.iter().map(|(english, when)| row(&[english, when])))
}

fn account() -> String {
    for (phrase, when) in ACCOUNT_PHRASES {
        let is_sentence = phrase.english().ends_with(['.', ':']);
        assert!(!is_sentence || !when.is_empty(), "say in a comment when this comes: {}", phrase.english());
    }
    let rows = ACCOUNT_PHRASES.iter().filter(|(_, when)| !when.is_empty());
    table(["message", "when"], rows.map(|(phrase, when)| row(&[phrase.english(), when.trim()])))
}

/// The texts of the languages that are in none of these tables: each is a heading, a label or a button, and no message.
fn labels(tables: &str) -> String {
    let files = ["text/en-XA.json", "account/text/en-XA.json"];
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let texts = files.map(|file| fs::read_to_string(folder.join(file)).unwrap());
    let texts = texts.iter().flat_map(|text| serde_json::from_str::<BTreeMap<String, String>>(text).unwrap());
    let all: BTreeSet<String> = texts.map(|(english, _)| english).filter(|key| !key.contains('|')).collect();
    let labels =
        all.iter().map(|english| cell(english)).filter(|text| !tables.contains(&format!("| {text} |")));
    let lines = labels.fold(vec![String::new()], |mut lines, label| {
        assert!(!label.ends_with('.'), "say when this message comes: {label}");
        let last = lines.last_mut().unwrap();
        if last.len() + label.len() > MAX_LINE {
            last.push_str(" ·");
            lines.push(label);
        } else {
            *last = [last.as_str(), &label]
                .iter()
                .filter(|part| !part.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join(" · ");
        }
        lines
    });
    lines.join("\n") + "\n"
}

fn org() -> String {
    let rows = SENTENCES.iter().zip(OCCASIONS);
    let rows = rows.map(|((english, keys), when)| {
        row(&[english, when, &keys.split(' ').map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")])
    });
    table(["message", "when", "keys of the org"], rows)
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = String>) -> String {
    let head = row(&head) + &row(&["---"; N]).replace(' ', "");
    rows.fold(head, |table, row| table + &row)
}

fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(" | "))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
