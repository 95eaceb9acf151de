//! Our sentences with a number, in the forms that a language has for it.

/// A sentence with a number: `{}` is its place.
///
/// A language file has each of its own forms under the English sentence and the form's name in CLDR, such as
/// `At least {} characters|few`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// English for 1.
    pub(crate) one: &'static str,
    /// English for every other number.
    pub(crate) other: &'static str,
}

macro_rules! counted {
    ($($name:ident: $one:literal, $other:literal;)*) => {
        #[expect(non_upper_case_globals, reason = "used like the variants of an enum")]
        impl Counted {
            $(pub(crate) const $name: Self = Self { one: $one, other: $other };)*
        }

        #[cfg(test)]
        pub(super) const COUNTED: &[Counted] = &[$(Counted::$name,)*];
    };
}

counted! {
    // Rules for a new password.
    RuleLength: "At least {} character", "At least {} characters";
    RuleLower: "A lowercase letter", "At least {} lowercase letters";
    RuleUpper: "An uppercase letter", "At least {} uppercase letters";
    RuleNumber: "A number", "At least {} numbers";
    RuleSymbol: "A symbol", "At least {} symbols";
    RuleRepeats: "No character twice in a row", "No character more than {} times in a row";
    RuleHistory: "Not your last password", "None of your last {} passwords";
}

/// The sentences of the org's messages that have a number.
#[cfg(test)]
pub(super) const COUNTED_MESSAGES: &[&str] = &["Use at least {0} characters in your answer."];
