//! The org's rules for a new password, ticked while a person types.

use crate::text::{Counted, Phrase};
use latchkey_contract::AuthenticatorSettings;

/// One rule as text, and what the page knows about the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) line: RuleText,
    pub(crate) state: RuleState,
}

/// The text of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleText {
    Plain(Phrase),
    Counted(Counted, u32),
}

/// Whether a password satisfies a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleState {
    Met,
    Unmet,
    /// Only the org can check it.
    Unknown,
    /// The org has refused the password for it.
    Refused,
}

/// What the page knows about the person, for rules that forbid it in passwords.
#[derive(Clone, Debug, Default)]
pub(crate) struct PersonalNames {
    pub(crate) username: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// Every rule, in the order of display.
pub(crate) fn rules(settings: &AuthenticatorSettings, password: &str, known: &PersonalNames) -> Vec<Rule> {
    let complexity = settings.complexity.clone().unwrap_or_default();
    let count = |is: fn(char) -> bool| password.chars().filter(|letter| is(*letter)).count() as u32;
    let is_in =
        |part: &[u8]| password.as_bytes().windows(part.len()).any(|some| some.eq_ignore_ascii_case(part));
    let without = |part: &str| part.is_empty() || !is_in(part.as_bytes());
    let excluded = |name: &str| complexity.exclude_attributes.iter().any(|attribute| attribute == name);
    let symbol = |letter: char| letter.is_ascii_punctuation();
    let digit = |letter: char| letter.is_ascii_digit();

    let mut rules_shown = Vec::new();
    let mut least = |line, number: u32, has: u32| {
        if number > 0 {
            rules_shown.push(Rule { line: RuleText::Counted(line, number), state: checked(has >= number) });
        }
    };
    least(Counted::RuleLength, complexity.min_length, password.chars().count() as u32);
    least(Counted::RuleLower, complexity.min_lower_case, count(|letter| letter.is_ascii_lowercase()));
    least(Counted::RuleUpper, complexity.min_upper_case, count(|letter| letter.is_ascii_uppercase()));
    least(Counted::RuleNumber, complexity.min_number, count(digit));
    least(Counted::RuleSymbol, complexity.min_symbol, count(symbol));

    let typed = !password.is_empty();
    let mut avoid = |asked: bool, line, is_met: bool| {
        if asked {
            rules_shown.push(Rule { line: RuleText::Plain(line), state: checked(typed && is_met) });
        }
    };
    avoid(complexity.exclude_username, Phrase::RuleUsername, parts(&known.username).all(without));
    avoid(excluded("firstName"), Phrase::RuleFirstName, without(&known.first_name));
    avoid(excluded("lastName"), Phrase::RuleLastName, without(&known.last_name));
    if let Some(most) = complexity.max_consecutive_repeating_characters {
        rules_shown.push(Rule {
            line: RuleText::Counted(Counted::RuleRepeats, most),
            state: checked(typed && longest_run(password) <= most),
        });
    }
    if let Some(last) = settings.history_count {
        // Only the org knows the old passwords.
        let line = RuleText::Counted(Counted::RuleHistory, last);
        rules_shown.push(Rule { line, state: RuleState::Unknown });
    }
    rules_shown
}

fn checked(is_met: bool) -> RuleState {
    if is_met { RuleState::Met } else { RuleState::Unmet }
}

/// Marks the rules for which the org has refused the password: those that the page sees broken, else those that only the
/// org can check. Returns whether there is one.
pub(crate) fn mark_refused(rules: &mut [Rule]) -> bool {
    let is_any = |rules: &[Rule], state| rules.iter().any(|rule| rule.state == state);
    let blamed = if is_any(rules, RuleState::Unmet) { RuleState::Unmet } else { RuleState::Unknown };
    for rule in rules.iter_mut().filter(|rule| rule.state == blamed) {
        rule.state = RuleState::Refused;
    }
    is_any(rules, RuleState::Refused)
}

/// The strength of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    Weak = 1,
    Fair = 2,
    Good = 3,
    Strong = 4,
}

impl Strength {
    /// The strength by length and variety; none for an empty password.
    pub(crate) fn of(password: &str) -> Option<Self> {
        let has = |is: fn(&char) -> bool| password.chars().any(|letter| is(&letter));
        let kinds = [char::is_ascii_lowercase, char::is_ascii_uppercase, char::is_ascii_digit]
            .into_iter()
            .filter(|is| has(*is))
            .count()
            + usize::from(has(|letter| !letter.is_ascii_alphanumeric()));
        // A repeated letter adds half as much as a new one.
        let letters = password.chars().count();
        let new = password.char_indices().filter(|(at, letter)| password.find(*letter) == Some(*at)).count();
        match (letters + new) * (kinds + 3) {
            0 => None,
            1..80 => Some(Self::Weak),
            80..125 => Some(Self::Fair),
            125..180 => Some(Self::Good),
            _ => Some(Self::Strong),
        }
    }

    pub(crate) fn phrase(self) -> Phrase {
        match self {
            Self::Weak => Phrase::StrengthWeak,
            Self::Fair => Phrase::StrengthFair,
            Self::Good => Phrase::StrengthGood,
            Self::Strong => Phrase::StrengthStrong,
        }
    }
}

/// The parts of a username that are long enough to compare.
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

    const NONE: [&str; 0] = [];

    impl RuleText {
        fn english(self) -> &'static str {
            match self {
                Self::Plain(line) => line.english(),
                Self::Counted(line, _) => line.other,
            }
        }
    }

    fn with(complexity: &Complexity) -> AuthenticatorSettings {
        AuthenticatorSettings { complexity: Some(complexity.clone()), ..AuthenticatorSettings::default() }
    }

    fn broken(complexity: &Complexity, password: &str) -> Vec<&'static str> {
        let known = PersonalNames {
            username: "mary.smith@example.com".into(),
            first_name: "Mary".into(),
            last_name: String::new(),
        };
        rules(&with(complexity), password, &known)
            .into_iter()
            .filter(|rule| rule.state != RuleState::Met)
            .map(|rule| rule.line.english())
            .collect()
    }

    #[test]
    fn each_rule_is_ticked_when_it_is_satisfied() {
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
            [
                Counted::RuleLength.other,
                Counted::RuleLower.other,
                Counted::RuleUpper.other,
                Counted::RuleNumber.other,
                Counted::RuleSymbol.other
            ]
        );
        assert_eq!(
            broken(&complexity, "abcdefgh"),
            [Counted::RuleUpper.other, Counted::RuleNumber.other, Counted::RuleSymbol.other]
        );
        assert_eq!(broken(&complexity, "Correct-Horse-9"), NONE);
    }

    #[test]
    fn personal_data_is_refused_in_a_password() {
        let complexity = Complexity {
            exclude_username: true,
            exclude_attributes: vec!["firstName".into(), "lastName".into()],
            ..Complexity::default()
        };
        assert_eq!(broken(&complexity, "xxSMITHxx"), [Phrase::RuleUsername.english()]);
        assert_eq!(
            broken(&complexity, "maryland"),
            [Phrase::RuleUsername.english(), Phrase::RuleFirstName.english()]
        );
        assert_eq!(broken(&complexity, "Correct-Horse-9"), NONE);
    }

    #[test]
    fn characters_in_a_row_are_counted() {
        let complexity =
            Complexity { max_consecutive_repeating_characters: Some(2), ..Complexity::default() };
        assert_eq!(broken(&complexity, "aabbcc"), NONE);
        assert_eq!(broken(&complexity, "aaab"), [Counted::RuleRepeats.other]);
    }

    #[test]
    fn strength_grows_with_length_and_variety_and_not_with_repetition() {
        for (password, expected) in [
            ("", None),
            ("secret", Some(Strength::Weak)),
            ("aaaaaaaaaaaa", Some(Strength::Weak)),
            ("Abcdef12", Some(Strength::Fair)),
            ("Correct-Horse-9", Some(Strength::Good)),
            ("correct horse battery staple", Some(Strength::Strong)),
        ] {
            assert_eq!(Strength::of(password), expected, "{password}");
        }
    }

    #[test]
    fn the_history_rule_is_shown_and_never_ticked() {
        let settings = AuthenticatorSettings { history_count: Some(4), ..AuthenticatorSettings::default() };
        let rules_shown = rules(&settings, "Correct-Horse-9", &PersonalNames::default());
        let line = RuleText::Counted(Counted::RuleHistory, 4);
        let history = Rule { line, state: RuleState::Unknown };
        assert_eq!(rules_shown, [history]);
    }

    #[test]
    fn only_the_rules_that_a_refused_password_breaks_are_marked() {
        let complexity = Complexity { min_length: 8, min_number: 1, ..Complexity::default() };
        let settings = AuthenticatorSettings { history_count: Some(4), ..with(&complexity) };
        let marked = |settings: &AuthenticatorSettings, password: &str| {
            let mut rules = rules(settings, password, &PersonalNames::default());
            let is_any = mark_refused(&mut rules);
            let refused: Vec<&'static str> = rules
                .into_iter()
                .filter(|rule| rule.state == RuleState::Refused)
                .map(|rule| rule.line.english())
                .collect();
            assert_eq!(is_any, !refused.is_empty());
            refused
        };
        assert_eq!(marked(&settings, "Correct-Horse"), [Counted::RuleNumber.other]);
        // The page sees nothing wrong with it, so it was used before.
        assert_eq!(marked(&settings, "Correct-Horse-9"), [Counted::RuleHistory.other]);
        // A rule that the page does not know: no row is to blame.
        assert_eq!(marked(&with(&complexity), "Correct-Horse-9"), NONE);
    }

    #[test]
    fn an_org_without_rules_has_none_shown() {
        assert_eq!(rules(&AuthenticatorSettings::default(), "", &PersonalNames::default()), []);
    }
}
