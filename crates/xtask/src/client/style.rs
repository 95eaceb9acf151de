//! The style sheets as one: imports stand where they were asked for, in their layers, and the air is let out.

use std::fs;
use std::path::Path;

use latchkey_harness::{Context, Error};

/// The sheet at `path` with all it imports.
pub(super) fn bundle(path: &Path) -> Result<String, Error> {
    Ok(minified(&with_imports(path)?))
}

fn with_imports(path: &Path) -> Result<String, Error> {
    let sheet = fs::read_to_string(path).context(format_args!("Cannot read {}", path.display()))?;
    let mut out = String::new();
    for statement in statements(&without_comments(&sheet)) {
        let Some(import) = statement.trim_start().strip_prefix("@import") else {
            out.push_str(statement);
            continue;
        };
        let (file, layer) = import_of(import).ok_or_else(|| {
            Error::new(format!("{} has an import that is not understood: @import{import}", path.display()))
                .hint("Write @import \"file.css\"; or @import \"file.css\" layer(name);")
        })?;
        let inner = with_imports(&path.with_file_name("").join(file))?;
        match layer {
            Some(layer) => out.push_str(&format!("@layer {layer} {{\n{inner}\n}}\n")),
            None => out.push_str(&inner),
        }
    }
    Ok(out)
}

/// The sheet cut after each semicolon at the top level; imports are such statements.
fn statements(sheet: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let mut quote = None;
    for (at, character) in sheet.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '{') => depth += 1,
            (None, '}') => depth = depth.saturating_sub(1),
            (None, ';') if depth == 0 => {
                found.extend(sheet.get(start..=at));
                start = at + 1;
            }
            (None, _) => {}
        }
        if character == '}' && depth == 0 && quote.is_none() {
            found.extend(sheet.get(start..=at));
            start = at + 1;
        }
    }
    found.extend(sheet.get(start..));
    found
}

/// The file and the layer of ` "file.css" layer(name);`.
fn import_of(import: &str) -> Option<(&str, Option<&str>)> {
    let import = import.trim().strip_suffix(';')?.trim();
    let import = import.strip_prefix("url(").map_or(import, |rest| rest.trim_start());
    let quote = import.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (file, rest) = import.get(1..)?.split_once(quote)?;
    let rest = rest.trim_start().strip_prefix(')').unwrap_or(rest).trim();
    if rest.is_empty() {
        return Some((file, None));
    }
    let layer = rest.strip_prefix("layer(")?.strip_suffix(')')?;
    Some((file, Some(layer.trim())))
}

fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    let mut quote: Option<char> = None;
    while let Some(character) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        quote = match quote {
            Some(open) if open == character => None,
            None if matches!(character, '"' | '\'') => Some(character),
            kept => kept,
        };
        out.push(character);
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    out
}

/// The same sheet in fewer bytes. What is quoted stays as it is; elsewhere a run of blanks is one blank or none.
fn minified(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut quote: Option<char> = None;
    let mut blank = false;
    for character in sheet.chars() {
        if let Some(open) = quote {
            out.push(character);
            if open == character {
                quote = None;
            }
            continue;
        }
        if character.is_whitespace() {
            blank = true;
            continue;
        }
        // A blank before a colon can be a descendant (`a :hover`), so it stays.
        let follows = out.ends_with(['{', '}', ';', ',', ':', '>', '(']) || out.is_empty();
        let precedes = matches!(character, '{' | '}' | ';' | ',' | '>' | ')');
        if blank && !follows && !precedes {
            out.push(' ');
        }
        blank = false;
        if character == '}' && out.ends_with(';') {
            out.pop();
        }
        if matches!(character, '"' | '\'') {
            quote = Some(character);
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_stands_where_it_was_asked_for_in_its_layer() {
        let folder = std::env::temp_dir().join(format!("latchkey-style-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("main.css"), "@layer a, b;\n@import \"a.css\" layer(a);\np { top: 0 }")
            .unwrap();
        fs::write(folder.join("a.css"), "/* a */ q { left: 0; }").unwrap();
        let bundled = bundle(&folder.join("main.css"));
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(bundled, Ok("@layer a,b;@layer a{q{left:0}}p{top:0}".to_owned()));
    }

    #[test]
    fn an_import_with_a_condition_is_refused_and_not_dropped() {
        assert_eq!(import_of(" \"a.css\" screen;"), None);
        assert_eq!(import_of(" url(\"a.css\") layer(x);"), Some(("a.css", Some("x"))));
    }

    #[test]
    fn blanks_that_mean_something_stay() {
        assert_eq!(minified("a :hover > b { width: calc(1px + 2px); }"), "a :hover>b{width:calc(1px + 2px)}");
        assert_eq!(minified("q::before { content: \"a  ; b\"; }"), "q::before{content:\"a  ; b\"}");
        assert_eq!(minified("@media (width > 30em) and (hover) {}"), "@media (width>30em) and (hover){}");
    }

    #[test]
    fn what_looks_like_a_comment_in_quotes_is_none() {
        assert_eq!(without_comments("a { content: \"/* x */\" } /* y */"), "a { content: \"/* x */\" } ");
    }
}
