//! Reads Trunk's directives (`<link data-trunk …>`) in the page that starts the client.

use std::collections::BTreeMap;

use latchkey_harness::Error;

/// A part of the page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// HTML that stays as it is.
    Html(String),
    /// A directive, to be replaced by what it includes.
    Directive(Asset),
}

/// What a directive includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asset {
    /// The client and the script that starts it.
    Client,
    /// A style sheet with its imports.
    Style(String),
    /// A file under its own name.
    File(String),
    /// A folder of such files, with its folders.
    Folder(String),
    /// The icon of the page.
    Icon(String),
}

/// The page in pieces, without comments, indentation and empty lines.
pub(super) fn pieces(page: &str) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    let mut html = String::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        html.push_str(text);
        let end = if tag.starts_with("<!--") { tag.find("-->").map(|end| end + 3) } else { end_of_tag(tag) };
        let (tag, after) = tag.split_at(end.unwrap_or(tag.len()));
        rest = after;
        if tag.starts_with("<!--") {
            continue;
        }
        let attributes = attributes(tag);
        if attributes.contains_key("data-trunk") {
            pieces.push(Piece::Html(without_indentation(&html)));
            html.clear();
            pieces.push(Piece::Directive(asset(&attributes, tag)?));
        } else {
            html.push_str(tag);
        }
    }
    html.push_str(rest);
    pieces.push(Piece::Html(without_indentation(&html)));
    Ok(pieces)
}

fn asset(attributes: &BTreeMap<&str, &str>, tag: &str) -> Result<Asset, Error> {
    let href = attributes.get("href").map(|href| (*href).to_owned()).unwrap_or_default();
    match attributes.get("rel").copied() {
        Some("rust") => Ok(Asset::Client),
        Some("css") => Ok(Asset::Style(href)),
        Some("copy-file") => Ok(Asset::File(href)),
        Some("copy-dir") => Ok(Asset::Folder(href)),
        Some("icon") => Ok(Asset::Icon(href)),
        _ => Err(Error::new(format!("The client's page has a directive that xtask does not know: {tag}"))
            .hint("It knows rel=\"rust\", css, copy-file, copy-dir and icon.")),
    }
}

fn without_indentation(html: &str) -> String {
    html.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |out, line| out + line + "\n")
}

/// Where the tag ends; a `>` inside quotes does not end it.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in tag.char_indices() {
        match (quote, character) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

/// The attributes of a tag; one without a value has the empty one.
fn attributes(tag: &str) -> BTreeMap<&str, &str> {
    let inside = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let mut rest = inside.split_once(char::is_whitespace).map_or("", |(_, rest)| rest).trim_start();
    let mut found = BTreeMap::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(valued) => value(valued),
            None => ("", after),
        };
        found.insert(name, value);
        rest = after.trim_start();
    }
    found
}

fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> Piece {
        Piece::Html(text.to_owned())
    }

    #[test]
    fn a_directive_is_cut_out_where_it_stands() {
        let page = "<head>\n  <!-- a note -->\n  <link data-trunk rel=\"css\" href=\"../style/main.css\"/>\n  <title>x</title>\n</head>";
        let style = Piece::Directive(Asset::Style("../style/main.css".to_owned()));
        assert_eq!(pieces(page), Ok(vec![html("<head>\n"), style, html("<title>x</title>\n</head>\n")]));
    }

    #[test]
    fn a_tag_without_a_directive_stays_as_it_is() {
        let page = "<a title=\"a > b\" hidden>x</a>";
        assert_eq!(pieces(page), Ok(vec![html("<a title=\"a > b\" hidden>x</a>\n")]));
    }

    #[test]
    fn the_client_is_included_by_rel_rust() {
        let page = "<link rel='rust' data-trunk href=Cargo.toml data-bin=\"latchkey-frontend\">";
        assert_eq!(pieces(page), Ok(vec![html(""), Piece::Directive(Asset::Client), html("")]));
    }

    #[test]
    fn an_unknown_directive_is_an_error_that_shows_it() {
        let refused = pieces("<link data-trunk rel=\"sass\" href=\"a.scss\">");
        assert!(refused.is_err_and(|error| error.to_string().contains("a.scss")));
    }
}
