//! The table `[brand]` of the configuration file.

use super::checks::http;
use super::setting::Setting;
use super::settings::BRAND;
use super::source::ConfigProblem;
use crate::brand::{BrandLink, BrandSettings, TokenValue};
use std::collections::BTreeMap;
use toml::{Table, Value};

const KEYS: [&str; 5] = ["name", "logo", "tokens", "links", "text"];
const TEXT: &str = "a text";

/// Reads the table.
pub(super) fn brand(value: &Value) -> Result<BrandSettings, ConfigProblem> {
    let Setting { key, must_be, .. } = &BRAND;
    let table =
        value.as_table().ok_or_else(|| ConfigProblem::InTable { what: format!("`{key}`"), must_be })?;
    if let Some(unknown) = table.keys().find(|name| !KEYS.contains(&name.as_str())) {
        return Err(ConfigProblem::UnknownKey(format!("brand.{unknown}")));
    }
    let text = |name| match table.get(name) {
        Some(value) => value.as_str().map(str::to_owned).map(Some).ok_or_else(|| problem(name, TEXT)),
        None => Ok(None),
    };
    Ok(BrandSettings {
        name: text("name")?,
        logo: text("logo")?.map(Into::into),
        tokens: members(table, "tokens", token)?,
        links: links(table)?,
        text: members(table, "text", texts)?,
    })
}

fn problem(name: &str, must_be: &'static str) -> ConfigProblem {
    ConfigProblem::InTable { what: format!("`{name}` of [brand]"), must_be }
}

/// The members of a table in the table.
fn members<T>(
    table: &Table,
    name: &'static str,
    read: impl Fn(&str, &Value) -> Result<T, ConfigProblem>,
) -> Result<BTreeMap<String, T>, ConfigProblem> {
    let Some(value) = table.get(name) else { return Ok(BTreeMap::new()) };
    let inner = value.as_table().ok_or_else(|| problem(name, "a table"))?;
    inner.iter().map(|(name, value)| Ok((name.clone(), read(name, value)?))).collect()
}

/// A style token: a value, or one for light and one for dark.
fn token(name: &str, value: &Value) -> Result<TokenValue, ConfigProblem> {
    let must_be = "the name of a style token without `--` and a value such as \"#0b5cad\", or { light = \"…\", dark = \"…\" }";
    let wrong = || problem(&format!("tokens.{name}"), must_be);
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Err(wrong());
    }
    let css = |value: &Value| value.as_str().filter(|text| is_css_value(text)).map(str::to_owned);
    let read = match value.as_table() {
        Some(table) if table.len() == 2 => {
            let part = |name| table.get(name).and_then(css);
            part("light").zip(part("dark")).map(|(light, dark)| TokenValue::LightAndDark(light, dark))
        }
        Some(_) => None,
        None => css(value).map(TokenValue::Same),
    };
    read.ok_or_else(wrong)
}

/// A value that cannot end its declaration or load anything.
fn is_css_value(text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "#(),.%/ -'".contains(letter);
    !text.is_empty() && text.chars().all(is_plain) && !text.to_ascii_lowercase().contains("url(")
}

fn links(table: &Table) -> Result<Vec<BrandLink>, ConfigProblem> {
    let must_be = "a list such as [{ text = \"Help\", href = \"https://example.com/help\" }], of https addresses and paths";
    let Some(value) = table.get("links") else { return Ok(Vec::new()) };
    let read = |link: &Value| {
        let part = |name| link.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(BrandLink { text: part("text")?, href: part("href").filter(|href| is_link(href))? })
    };
    let list = value.as_array().and_then(|list| list.iter().map(read).collect());
    list.ok_or_else(|| problem("links", must_be))
}

fn is_link(href: &str) -> bool {
    let is_path = href.starts_with('/') && !href.starts_with("//") && !href.contains('\\');
    is_path || href.strip_prefix("mailto:").is_some() || href.starts_with("https://") && http_with_query(href)
}

fn http_with_query(href: &str) -> bool {
    http(href.split(['?', '#']).next().unwrap_or_default()).is_some()
}

/// The texts of one language.
fn texts(language: &str, value: &Value) -> Result<BTreeMap<String, String>, ConfigProblem> {
    let must_be = "a table for each language, such as [brand.text.de] with \"Sign In\" = \"Anmelden\"";
    let wrong = || problem(&format!("text.{language}"), must_be);
    let table = value.as_table().ok_or_else(wrong)?;
    let read = |(english, text): (&String, &Value)| Some((english.clone(), text.as_str()?.to_owned()));
    table.iter().map(read).collect::<Option<_>>().ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::brand;
    use crate::brand::{BrandSettings, TokenValue};
    use crate::config::ConfigProblem;

    fn read(text: &str) -> Result<BrandSettings, ConfigProblem> {
        brand(&toml::Value::Table(text.parse().unwrap()))
    }

    #[test]
    fn a_brand_has_a_name_a_logo_tokens_links_and_texts() {
        let settings = read(
            "name = \"ACME\"\nlogo = \"logo.svg\"\nlinks = [{ text = \"Help\", href = \"/help\" }]\n\
             [tokens]\nradius = \"0.5rem\"\naccent = { light = \"#0b5cad\", dark = \"rgb(1, 2, 3)\" }\n\
             [text.de]\n\"Sign In\" = \"Anmelden\"",
        )
        .unwrap();
        assert_eq!(settings.name.as_deref(), Some("ACME"));
        assert_eq!(settings.tokens["radius"], TokenValue::Same("0.5rem".to_owned()));
        assert_eq!(settings.text["de"]["Sign In"], "Anmelden");
        assert_eq!(settings.links.len(), 1);
    }

    #[test]
    fn sec_229_no_value_of_a_brand_loads_anything_or_runs_a_script() {
        for text in [
            "names = \"ACME\"",
            "name = 1",
            "links = [{ text = \"x\", href = \"javascript:alert(1)\" }]",
            "links = [{ text = \"x\", href = \"http://example.com\" }]",
            "links = [{ text = \"x\", href = \"//evil.example\" }]",
            "[tokens]\naccent = \"red; } * { display: none\"",
            "[tokens]\naccent = \"URL(//evil.example/x)\"",
            "[tokens]\n\"a}b\" = \"red\"",
            "[tokens]\naccent = { light = \"red\" }",
            "[text]\nde = \"x\"",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
