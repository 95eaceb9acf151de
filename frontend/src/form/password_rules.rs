//! The org's rules for a new password, ticked off as one types.

use crate::text::Line;
use latchkey_contract::Settings;

/// One rule, in words, and whether the password keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) line: Line,
    pub(crate) number: Option<u32>,
    pub(crate) kept: bool,
}

/// What the page knows of the person, for rules that forget it in passwords.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) username: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// Every rule there is, in the order in which they are told.
pub(crate) fn rules(settings: &Settings, password: &str, known: &Known) -> Vec<Rule> {
    let complexity = settings.complexity.clone().unwrap_or_default();
    let count = |is: fn(char) -> bool| password.chars().filter(|letter| is(*letter)).count() as u32;
    let is_in =
        |part: &[u8]| password.as_bytes().windows(part.len()).any(|some| some.eq_ignore_ascii_case(part));
    let without = |part: &str| part.is_empty() || !is_in(part.as_bytes());
    let excluded = |name: &str| complexity.exclude_attributes.iter().any(|attribute| attribute == name);
    let symbol = |letter: char| letter.is_ascii_punctuation();
    let digit = |letter: char| letter.is_ascii_digit();

    let mut told = Vec::new();
    let mut least = |line, number: u32, has: u32| {
        if number > 0 {
            told.push(Rule { line, number: Some(number), kept: has >= number });
        }
    };
    least(Line::RuleLength, complexity.min_length, password.chars().count() as u32);
    least(Line::RuleLower, complexity.min_lower_case, count(|letter| letter.is_ascii_lowercase()));
    least(Line::RuleUpper, complexity.min_upper_case, count(|letter| letter.is_ascii_uppercase()));
    least(Line::RuleNumber, complexity.min_number, count(digit));
    least(Line::RuleSymbol, complexity.min_symbol, count(symbol));

    let typed = !password.is_empty();
    let mut avoid = |asked: bool, line, kept: bool| {
        if asked {
            told.push(Rule { line, number: None, kept: typed && kept });
        }
    };
    avoid(complexity.exclude_username, Line::RuleUsername, parts(&known.username).all(without));
    avoid(excluded("firstName"), Line::RuleFirstName, without(&known.first_name));
    avoid(excluded("lastName"), Line::RuleLastName, without(&known.last_name));
    if let Some(most) = complexity.max_consecutive_repeating_characters {
        told.push(Rule {
            line: Line::RuleRepeats,
            number: Some(most),
            kept: typed && longest_run(password) <= most,
        });
    }
    if let Some(last) = settings.history_count {
        // Only the org knows them.
        told.push(Rule { line: Line::RuleHistory, number: Some(last), kept: false });
    }
    told
}

/// How hard a password is to guess, in a word; of nothing there is nothing to say.
pub(crate) fn strength(password: &str) -> Option<Line> {
    let has = |is: fn(&char) -> bool| password.chars().any(|letter| is(&letter));
    let kinds = [char::is_ascii_lowercase, char::is_ascii_uppercase, char::is_ascii_digit]
        .into_iter()
        .filter(|is| has(*is))
        .count()
        + usize::from(has(|letter| !letter.is_ascii_alphanumeric()));
    // A letter that was there before adds half of what a new one does.
    let letters = password.chars().count();
    let new = password.char_indices().filter(|(at, letter)| password.find(*letter) == Some(*at)).count();
    match (letters + new) * (kinds + 3) {
        0 => None,
        1..80 => Some(Line::StrengthWeak),
        80..125 => Some(Line::StrengthFair),
        125..180 => Some(Line::StrengthGood),
        _ => Some(Line::StrengthStrong),
    }
}

/// The parts of a username that are long enough to be looked for.
fn parts(username: &str) -> impl Iterator<Item = &str> {
    username.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| part.chars().count() >= 4)
}

fn longest_run(password: &str) -> u32 {
    let (mut longest, mut run, mut last) = (0, 0, None);
    for letter in password.chars() {
        run = if last == Some(letter) { run + 1 } else { 1 };
        last = Some(letter);
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_contract::Complexity;

    fn with(complexity: &Complexity) -> Settings {
        Settings { complexity: Some(complexity.clone()), ..Settings::default() }
    }

    fn broken(complexity: &Complexity, password: &str) -> Vec<Line> {
        let known = Known {
            username: "mary.smith@example.com".into(),
            first_name: "Mary".into(),
            last_name: String::new(),
        };
        rules(&with(complexity), password, &known)
            .into_iter()
            .filter(|rule| !rule.kept)
            .map(|rule| rule.line)
            .collect()
    }

    #[test]
    fn each_rule_is_ticked_off_when_it_is_kept() {
        let complexity = Complexity {
            min_length: 8,
            min_lower_case: 1,
            min_upper_case: 1,
            min_number: 1,
            min_symbol: 1,
            ..Complexity::default()
        };
        assert_eq!(
            broken(&complexity, ""),
            [Line::RuleLength, Line::RuleLower, Line::RuleUpper, Line::RuleNumber, Line::RuleSymbol]
        );
        assert_eq!(broken(&complexity, "abcdefgh"), [Line::RuleUpper, Line::RuleNumber, Line::RuleSymbol]);
        assert_eq!(broken(&complexity, "Correct-Horse-9"), []);
    }

    #[test]
    fn what_the_page_knows_of_the_person_may_not_be_in_it() {
        let complexity = Complexity {
            exclude_username: true,
            exclude_attributes: vec!["firstName".into(), "lastName".into()],
            ..Complexity::default()
        };
        assert_eq!(broken(&complexity, "xxSMITHxx"), [Line::RuleUsername]);
        assert_eq!(broken(&complexity, "maryland"), [Line::RuleUsername, Line::RuleFirstName]);
        assert_eq!(broken(&complexity, "Correct-Horse-9"), []);
    }

    #[test]
    fn characters_in_a_row_are_counted() {
        let complexity =
            Complexity { max_consecutive_repeating_characters: Some(2), ..Complexity::default() };
        assert_eq!(broken(&complexity, "aabbcc"), []);
        assert_eq!(broken(&complexity, "aaab"), [Line::RuleRepeats]);
    }

    #[test]
    fn strength_grows_with_length_and_variety_and_not_with_repetition() {
        for (password, said) in [
            ("", None),
            ("secret", Some(Line::StrengthWeak)),
            ("aaaaaaaaaaaa", Some(Line::StrengthWeak)),
            ("Abcdef12", Some(Line::StrengthFair)),
            ("Correct-Horse-9", Some(Line::StrengthGood)),
            ("correct horse battery staple", Some(Line::StrengthStrong)),
        ] {
            assert_eq!(strength(password), said, "{password}");
        }
    }

    #[test]
    fn that_an_old_password_may_not_come_back_is_told_and_never_ticked_off() {
        let settings = Settings { history_count: Some(4), ..Settings::default() };
        let told = rules(&settings, "Correct-Horse-9", &Known::default());
        assert_eq!(told, [Rule { line: Line::RuleHistory, number: Some(4), kept: false }]);
    }

    #[test]
    fn an_org_without_rules_tells_none() {
        assert_eq!(rules(&Settings::default(), "", &Known::default()), []);
    }
}
