//! The operator's brand: name, logo, style tokens, links and texts, as the page, the sheet and the JSON that are served.

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
};

/// The place of the logo in the page.
const LOGO_PATH: &str = "/brand/logo.svg";
/// The language that is built into the client.
const ENGLISH: &str = "en";
/// The place of the style sheet.
const SHEET_PATH: &str = "/brand.css";

/// The brand as it is configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrandSettings {
    /// The name in the header and in the title.
    pub name: Option<String>,
    /// The file of the logo, in SVG.
    pub logo: Option<PathBuf>,
    /// Style tokens by name, without the two hyphens.
    pub tokens: BTreeMap<String, TokenValue>,
    /// Links below the card.
    pub links: Vec<BrandLink>,
    /// Texts by language, and by what they are in English.
    pub text: BTreeMap<String, BTreeMap<String, String>>,
}

/// The value of a style token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenValue {
    /// The same in light and dark.
    Same(String),
    /// One for light and one for dark.
    LightAndDark(String, String),
}

/// A link of the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandLink {
    /// What it is called.
    pub text: String,
    /// Where it leads: an https address, or a path.
    pub href: String,
}

/// The brand with its logo, as it is served.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    settings: BrandSettings,
    logo: Option<String>,
}

impl Brand {
    /// Reads the logo.
    pub fn load(
        settings: BrandSettings,
        read: impl FnOnce(&Path) -> std::io::Result<String>,
    ) -> std::io::Result<Self> {
        let logo = settings.logo.as_deref().map(read).transpose()?;
        Ok(Self { settings, logo })
    }

    /// The logo.
    pub fn logo(&self) -> Option<&str> {
        self.logo.as_deref()
    }

    /// Whether nothing is configured, so that pages are served as they are.
    pub fn is_empty(&self) -> bool {
        self.settings == BrandSettings::default()
    }

    /// The style sheet for our pages and for elements in other pages: the tokens, in the layer that themes are in.
    pub fn sheet(&self) -> String {
        let mut sheet = "@layer reset, tokens, brand;\n@layer brand {\n  :root, :host {\n".to_owned();
        for (name, value) in &self.settings.tokens {
            // Writing to a string does not fail.
            let _ = match value {
                TokenValue::Same(value) => writeln!(sheet, "    --{name}: {value};"),
                TokenValue::LightAndDark(light, dark) => {
                    writeln!(sheet, "    --{name}: var(--light, {light}) var(--dark, {dark});")
                }
            };
        }
        sheet.push_str("  }\n}\n");
        sheet
    }

    /// The brand as JSON, for an element in another page.
    pub fn json(&self) -> Value {
        let BrandSettings { name, tokens, links, text, .. } = &self.settings;
        let tokens: BTreeMap<String, String> = tokens
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    TokenValue::Same(value) => value.clone(),
                    TokenValue::LightAndDark(light, dark) => {
                        format!("var(--light, {light}) var(--dark, {dark})")
                    }
                };
                (format!("--{name}"), value)
            })
            .collect();
        let links: Vec<Value> =
            links.iter().map(|link| json!({"text": link.text, "href": link.href})).collect();
        let logo = self.logo.as_ref().map(|_| LOGO_PATH);
        let all = [
            ("name", json!(name)),
            ("logo", json!(logo)),
            ("tokens", json!(tokens)),
            ("links", json!(links)),
            ("text", json!(text)),
        ];
        all.into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// A page with the brand: its header, its title, its sheet after the page's own, and its links.
    pub fn page(&self, page: &str) -> String {
        let BrandSettings { name, tokens, links, text, .. } = &self.settings;
        let mut page = page.to_owned();
        if text.contains_key(ENGLISH) {
            // The page then fetches its English texts, too.
            page = page.replacen("<html lang=\"en\"", "<html lang=\"en\" data-texts", 1);
        }
        if let Some(name) = name {
            page = within(&page, "<title>", "</title>", |title| format!("{title} · {}", escape(name)));
            page = within(&page, "<span>", "</span>", |_| escape(name));
        }
        if self.logo.is_some() {
            page = within(&page, "<header class=\"mast\">", "<span>", |_| {
                format!("<img class=\"mast__mark\" src=\"{LOGO_PATH}\" alt=\"\">")
            });
            page = within(&page, "<link rel=\"icon\" href=", "'>", |_| format!("'{LOGO_PATH}"));
        }
        if !tokens.is_empty() {
            let link = format!("<link rel=\"stylesheet\" href=\"{SHEET_PATH}\"></head>");
            page = page.replacen("</head>", &link, 1);
        }
        if !links.is_empty() {
            let list: String = links
                .iter()
                .map(|link| {
                    format!("<a class=\"link\" href=\"{}\">{}</a> ", escape(&link.href), escape(&link.text))
                })
                .collect();
            page = page.replacen(
                "</body>",
                &format!("<footer class=\"mast\"><nav>{list}</nav></footer></body>"),
                1,
            );
        }
        page
    }

    /// The texts of a language with those of the brand in place of its own. English has no texts of its own.
    pub fn texts(&self, language: &str, texts: Option<&[u8]>) -> Option<String> {
        let own = self.settings.text.get(language)?;
        let texts = texts.or((language == ENGLISH).then_some(b"{}".as_slice()))?;
        let mut texts: BTreeMap<String, Value> = serde_json::from_slice(texts).ok()?;
        texts.extend(own.iter().map(|(english, text)| (english.clone(), json!(text))));
        serde_json::to_string(&texts).ok()
    }
}

/// The page with the first part between these two texts replaced.
fn within(page: &str, before: &str, after: &str, replace: impl FnOnce(&str) -> String) -> String {
    let Some((head, rest)) = page.split_once(before) else { return page.to_owned() };
    let Some((part, tail)) = rest.split_once(after) else { return page.to_owned() };
    [head, before, &replace(part), after, tail].concat()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{Brand, BrandLink, BrandSettings, TokenValue};
    use serde_json::json;

    const PAGE: &str = "<head><title>Sign In</title><link rel=\"icon\" href='data:,'></head><body><header class=\"mast\"><svg/><span>Latchkey</span></header></body>";

    fn brand() -> Brand {
        let settings = BrandSettings {
            name: Some("Tom & Co".to_owned()),
            logo: Some("logo.svg".into()),
            tokens: [
                ("accent".to_owned(), TokenValue::LightAndDark("#0b5cad".to_owned(), "#7cbcff".to_owned())),
                ("radius".to_owned(), TokenValue::Same("0".to_owned())),
            ]
            .into(),
            links: vec![BrandLink { text: "Help".to_owned(), href: "https://example.com/help".to_owned() }],
            text: [("de".to_owned(), [("Sign In".to_owned(), "Bei Tom anmelden".to_owned())].into())].into(),
        };
        Brand::load(settings, |_| Ok("<svg/>".to_owned())).unwrap()
    }

    #[test]
    fn a_page_gets_the_name_the_logo_the_sheet_and_the_links() {
        let page = brand().page(PAGE);
        assert!(page.contains("<title>Sign In · Tom &amp; Co</title>"), "{page}");
        assert!(page.contains("alt=\"\"><span>Tom &amp; Co</span>") && !page.contains("Latchkey"), "{page}");
        assert!(page.contains("href=\"/brand.css\"></head>"), "{page}");
        assert!(page.contains("<link rel=\"icon\" href='/brand/logo.svg'>"), "the icon is the logo: {page}");
        assert!(page.contains("<a class=\"link\" href=\"https://example.com/help\">Help</a>"), "{page}");
        assert_eq!(Brand::default().page(PAGE), PAGE);
        assert!(Brand::default().is_empty() && !brand().is_empty());
    }

    #[test]
    fn the_sheet_has_the_tokens_in_the_layer_of_themes() {
        let sheet = brand().sheet();
        assert!(sheet.starts_with("@layer reset, tokens, brand;"), "in the order of the page's own sheet");
        assert!(sheet.contains(":root, :host {"), "also for an element in another page: {sheet}");
        assert!(sheet.contains("--accent: var(--light, #0b5cad) var(--dark, #7cbcff);"), "{sheet}");
        assert!(sheet.contains("--radius: 0;"), "{sheet}");
    }

    #[test]
    fn the_texts_of_a_language_are_replaced_one_by_one() {
        let own = br#"{"Sign In":"Anmelden","Next":"Weiter"}"#;
        let texts: serde_json::Value =
            serde_json::from_str(&brand().texts("de", Some(own)).unwrap()).unwrap();
        assert_eq!(texts, json!({"Sign In": "Bei Tom anmelden", "Next": "Weiter"}));
        assert!(brand().texts("fr", Some(own)).is_none());
        assert!(brand().texts("de", None).is_none() && brand().texts("en", None).is_none());
    }

    #[test]
    fn english_texts_of_a_brand_are_a_file_that_the_page_knows_of() {
        let english = [("Sign In".to_owned(), "Sign in to Tom".to_owned())].into();
        let settings =
            BrandSettings { text: [("en".to_owned(), english)].into(), ..BrandSettings::default() };
        let brand = Brand::load(settings, |_| Ok(String::new())).unwrap();
        assert_eq!(brand.texts("en", None).as_deref(), Some("{\"Sign In\":\"Sign in to Tom\"}"));
        assert!(brand.page("<html lang=\"en\"><body>").starts_with("<html lang=\"en\" data-texts>"));
    }
}
