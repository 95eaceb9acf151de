//! The page's own abilities: focus, title, storage, visibility. The only place that knows `web_sys`.

pub(crate) mod early;
pub(crate) mod passkey;
pub(crate) mod place;
pub(crate) mod tag;

use js_sys::Intl::Collator;
use js_sys::{Array, Date, Function, Number, Object, Reflect};
use leptos::prelude::{document, window};
use place::{is_guest, root};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, Storage};

/// The address in the bar, without its origin.
pub(crate) fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// What this tab keeps under `name`.
pub(crate) fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Keeps `value` for as long as the tab lives. A browser that refuses only forgets sooner.
pub(crate) fn keep(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Forgets what is kept under `name`.
pub(crate) fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// Remembers for the next start whether somebody is signed in here, so that it shows no form that is not needed.
pub(crate) fn note_presence(is_here: bool) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    let _ = if is_here { storage.set_item(HERE, "1") } else { storage.remove_item(HERE) };
}

const HERE: &str = "latchkey.here";

/// The language that the page is to speak: chosen here, or the person's own. `boot.js` found it out.
pub(crate) fn wanted_language() -> String {
    root().get_attribute(WANTED).unwrap_or_else(|| "en".to_owned())
}

/// Makes it another, this time and every time.
pub(crate) fn choose_language(tag: &str) {
    let _ = root().set_attribute(WANTED, tag);
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(CHOSEN, tag);
    }
}

/// The language that was chosen on the page, if one was.
pub(crate) fn chosen_language() -> Option<String> {
    window().local_storage().ok()??.get_item(CHOSEN).ok()?
}

/// Tells browsers and screen readers what the page speaks, and from which side it is read.
pub(crate) fn speaks(tag: &str) {
    let _ = root().set_attribute("lang", tag);
    let _ = root().set_attribute("dir", if ["ar", "he"].contains(&tag) { "rtl" } else { "ltr" });
}

/// Where the page has the language that is wanted of it.
const WANTED: &str = "data-language";
/// Where the browser keeps the language that was chosen.
const CHOSEN: &str = "latchkey.language";

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

/// Names the page, for tabs, history and screen readers.
pub(crate) fn title(words: &str) {
    if !is_guest() {
        document().set_title(words);
    }
}

/// Whether nobody can see the page, or it holds us no more.
pub(crate) fn is_hidden() -> bool {
    document().hidden() || !place::place().is_connected()
}

/// Moves the focus to what is wrong, else to what is still empty, else to what is asked, else to the heading.
pub(crate) fn focus_step() {
    let asked = all("[data-first]");
    let empty = |element: &&HtmlElement| field_value(element).is_some_and(|value| value.is_empty());
    let wanted = all("[aria-invalid=true]").into_iter().next().or_else(|| {
        let first = asked.iter().find(empty).or(asked.first()).cloned();
        first.or_else(|| all("h1").into_iter().next())
    });
    if let Some(element) = wanted {
        let _ = element.focus();
        // What is there is replaced by typing on.
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
    }
}

fn all(what: &str) -> Vec<HtmlElement> {
    let Ok(found) = place::place().query_selector_all(what) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The fields for a date in which something stands that is none. A browser gives such a thing as nothing at all.
pub(crate) fn no_dates() -> Vec<String> {
    all("[type=date]:invalid").iter().map(|field| field.id()).collect()
}

fn field_value(element: &HtmlElement) -> Option<String> {
    tag::property(element, "value").as_string()
}

/// The person's languages, the best first.
pub(crate) fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Puts words where they can be pasted from.
pub(crate) fn copy(words: &str) {
    let _ = window().navigator().clipboard().write_text(words);
}

/// Shows or hides what is typed into a password field.
pub(crate) fn unmask(id: &str, shown: bool) {
    if let Some(input) = all(&format!("[id=\"{id}\"]")).first().and_then(JsCast::dyn_ref::<HtmlInputElement>)
    {
        input.set_type(if shown { "text" } else { "password" });
        let _ = input.focus();
    }
}

/// The country that the person's first language belongs to.
pub(crate) fn region() -> String {
    let tags = languages();
    let region = tags.iter().filter_map(|tag| {
        tag.split('-').find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
    });
    region.map(str::to_owned).next().unwrap_or_else(|| "US".to_owned())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DisplayNames;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(languages: &JsValue, options: &JsValue) -> Result<DisplayNames, JsValue>;
    #[wasm_bindgen(method)]
    fn of(this: &DisplayNames, code: &str) -> Option<String>;

    #[wasm_bindgen(js_namespace = ["Array", "prototype", "sort"], js_name = call)]
    fn sort(lines: &Array, compare: &Function);

    #[wasm_bindgen(js_namespace = Intl)]
    type RelativeTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new(language: &str, options: &JsValue) -> RelativeTimeFormat;
    #[wasm_bindgen(method)]
    fn format(this: &RelativeTimeFormat, number: u32, unit: &str) -> String;
}

/// A number as `language` writes it.
pub(crate) fn number(language: &str, number: u32) -> String {
    Number::from(number).to_locale_string(language).into()
}

/// A moment, in seconds since 1970, as `language` writes it and the clock here shows it.
pub(crate) fn moment(language: &str, seconds: f64) -> String {
    let options: JsValue = Object::new().into();
    let _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    let _ = Reflect::set(&options, &"timeStyle".into(), &"short".into());
    Date::new(&(seconds * 1000.0).into()).to_locale_string(language, &options).into()
}

/// So many of `unit` from now, as `language` says it.
pub(crate) fn ahead(language: &str, number: u32, unit: &str) -> String {
    let options = Object::new();
    let _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
    RelativeTimeFormat::new(language, &options).format(number, unit)
}

/// Countries with their prefixes, as `language` calls and sorts them; and their codes.
pub(crate) fn by_name<'a>(
    language: &str,
    countries: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<(String, String)> {
    let options = Object::new();
    let _ = Reflect::set(&options, &"type".into(), &"region".into());
    let names = DisplayNames::new(&language.into(), &options).ok();
    let name =
        |code: &str| names.as_ref().and_then(|names| names.of(code)).unwrap_or_else(|| code.to_owned());
    let line = |(code, prefix): (&str, &str)| JsValue::from(format!("{} +{prefix}\t{code}", name(code)));
    let lines: Array = countries.map(line).collect();
    // What comes first is a matter of the language.
    let collator = Collator::new(&Array::of1(&language.into()), &Object::new());
    sort(&lines, &collator.compare());
    let pair = |line: JsValue| {
        let line = line.as_string()?;
        line.split_once('\t').map(|(name, code)| (name.to_owned(), code.to_owned()))
    };
    lines.iter().filter_map(pair).collect()
}
