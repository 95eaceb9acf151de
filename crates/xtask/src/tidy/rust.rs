//! Rust sources as far as the rules need to read them: code without comments and strings, names, and modules.

/// The code with comments, strings and character literals as blanks, so that lines and columns stay.
pub(super) fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(character) = rest.chars().next() {
        let hidden = hidden_length(rest, before);
        if hidden == 0 {
            out.push(character);
            rest = &rest[character.len_utf8()..];
        } else {
            out.extend(rest[..hidden].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[hidden..];
        }
        before = character;
    }
    out
}

/// The length of the comment or literal that the text begins with, 0 if it begins with neither.
fn hidden_length(text: &str, before: char) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return text.find("*/").map_or(text.len(), |end| end + 2);
    }
    if text.starts_with('"') {
        return string_length(text);
    }
    if text.starts_with('r') && !(before.is_alphanumeric() || before == '_') {
        let hashes = text[1..].chars().take_while(|c| *c == '#').count();
        if text[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let inside = 2 + hashes;
            return text[inside..].find(&end).map_or(text.len(), |at| inside + at + end.len());
        }
    }
    if text.starts_with('\'') { char_length(text) } else { 0 }
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; a lifetime is none.
fn char_length(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => {
            text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 3)
        }
        Some(_) => characters.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

/// The identifiers of the code with the line of each, counted from 1.
pub(super) fn identifiers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(index, line)| {
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        words
            .filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
            .map(move |word| (index + 1, word))
    })
}

/// The words of a name, in lower case: `SomeName`, `some_name` and `some-name` have two.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for character in name.chars() {
        let starts_word = character.is_uppercase() && before.is_lowercase();
        if starts_word || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn comments_and_literals_are_blanks() {
    let text = "a /* b */ \"c \\\" d\" e // f\ng r#\"h \" i\"# j 'k' l '\\'' m<'n> o";
    let code = code(text);
    let names: Vec<(usize, &str)> = identifiers(&code).collect();
    assert_eq!(names, [(1, "a"), (1, "e"), (2, "g"), (2, "j"), (2, "l"), (2, "m"), (2, "n"), (2, "o")]);
    assert_eq!(code.len(), text.len());
}

#[test]
fn a_name_is_split_into_words() {
    assert_eq!(words("SomeName"), ["some", "name"]);
    assert_eq!(words("MAX_SESSIONS"), ["max", "sessions"]);
    assert_eq!(words("rate_limit.rs"), ["rate", "limit", "rs"]);
}
