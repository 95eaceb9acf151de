//! What a style sheet leaves alone: looks come from tokens, and layers settle who wins.

use super::{Findings, Source, catches, holds_everywhere, lines_with, spares};

fn is_sheet(source: &Source) -> bool {
    source.within("style") && source.ends_with(".css")
}

/// Tokens and themes are where a colour has its one place.
fn gives_colours(source: &Source) -> bool {
    let file = source.path.rsplit('/').next().unwrap_or_default();
    source.path.starts_with("style/themes/") || file.starts_with("tokens") || file.starts_with("theme")
}

fn nothing_is_important(source: &Source) -> Findings {
    if is_sheet(source) { lines_with(&source.text, &["!important"]) } else { Vec::new() }
}

/// A `#` outside a value is an id; inside a value it is a colour.
fn no_ids(source: &Source) -> Findings {
    if !is_sheet(source) {
        return Vec::new();
    }
    places(&source.text)
        .filter(|(_, piece, in_value)| !in_value && piece.contains('#'))
        .map(|(line, ..)| (line, "an id as a selector".to_owned()))
        .collect()
}

fn colours_come_from_tokens(source: &Source) -> Findings {
    if !is_sheet(source) || gives_colours(source) {
        return Vec::new();
    }
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch(", "hwb("];
    let named = ["white", "black", "red", "green", "blue", "grey", "gray"];
    let is_colour = |value: &str| {
        let mut words = value.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '#');
        functions.iter().any(|function| value.contains(function))
            || words.any(|word| named.contains(&word) || is_hex_colour(word))
    };
    places(&source.text)
        .filter(|(_, piece, in_value)| *in_value && is_colour(piece))
        .map(|(line, piece, _)| (line, format!("a colour written out: {}", piece.trim())))
        .collect()
}

fn is_hex_colour(word: &str) -> bool {
    let Some(digits) = word.strip_prefix('#') else { return false };
    matches!(digits.len(), 3 | 4 | 6 | 8) && digits.chars().all(|digit| digit.is_ascii_hexdigit())
}

/// The sheet in pieces, with the line each begins at, and whether it is a declaration's value.
fn places(sheet: &str) -> impl Iterator<Item = (usize, String, bool)> {
    let sheet = blanked(sheet);
    let mut pieces = Vec::new();
    let (mut line, mut start, mut piece) = (1, 1, String::new());
    for character in sheet.chars() {
        if matches!(character, '{' | '}' | ';') {
            let declares = character != '{' && piece.contains(':');
            let value = piece.split_once(':').map_or("", |(_, value)| value);
            pieces.push((start, if declares { value.to_owned() } else { piece.clone() }, declares));
            piece.clear();
            start = line;
        } else {
            if piece.trim().is_empty() {
                start = line;
            }
            piece.push(character);
        }
        line += usize::from(character == '\n');
    }
    pieces.into_iter()
}

/// Comments and what is quoted as blanks, so that lines stay where they are.
fn blanked(sheet: &str) -> String {
    let mut out = String::new();
    let mut rest = sheet;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' | '\'' => {
                rest.get(1..).and_then(|inner| inner.find(character)).map_or(rest.len(), |end| end + 2)
            }
            _ => 0,
        };
        if length == 0 {
            out.push(character);
            rest = &rest[character.len_utf8()..];
        } else {
            out.extend(rest[..length].chars().map(|hidden| if hidden == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    out
}

#[test]
fn layers_settle_who_wins() {
    catches(nothing_is_important, "style/field.css", "p { top: 0 !important; }");
    holds_everywhere(nothing_is_important);
}

#[test]
fn a_sheet_knows_no_ids() {
    catches(no_ids, "style/field.css", "#name { top: 0 }");
    catches(no_ids, "style/field.css", "@layer parts {\n  form #name:focus { top: 0; }\n}");
    spares(no_ids, "style/tokens.css", ":root { --ink: #222; }");
    holds_everywhere(no_ids);
}

#[test]
fn a_colour_is_written_out_in_the_tokens_only() {
    catches(colours_come_from_tokens, "style/field.css", "p { color: #222 }");
    catches(colours_come_from_tokens, "style/field.css", "p { border: 1px solid rgb(0 0 0); }");
    catches(colours_come_from_tokens, "style/field.css", "p { color: white; }");
    spares(
        colours_come_from_tokens,
        "style/field.css",
        "p { color: var(--ink); white-space: nowrap; /* #222 */ }",
    );
    spares(colours_come_from_tokens, "style/tokens.css", ":root { --ink: #222; }");
    holds_everywhere(colours_come_from_tokens);
}
