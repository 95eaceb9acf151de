//! Numbers, times and names of countries in a language, by the browser's `Intl`.

use super::language;
use js_sys::Intl::Collator;
use js_sys::{Array, Date, Function, Number, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

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
    fn format(this: &RelativeTimeFormat, number: i32, unit: &str) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type PluralRules;
    #[wasm_bindgen(constructor, js_namespace = Intl)]
    fn new(language: &str) -> PluralRules;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, number: u32) -> String;
}

/// A number in the format of `language`.
pub(crate) fn number(language: &str, number: u32) -> String {
    Number::from(number).to_locale_string(language).into()
}

/// The form of a sentence for a number in `language`: `zero`, `one`, `two`, `few`, `many` or `other`.
pub(crate) fn plural(language: &str, number: u32) -> String {
    PluralRules::new(language).select(number)
}

/// A day, given in RFC 3339, as `language` writes it and the calendar here shows it.
pub(crate) fn date(language: &str, time: &str) -> String {
    let options: JsValue = Object::new().into();
    let _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    Date::new(&time.into()).to_locale_string(language, &options).into()
}

/// The moment of a time in RFC 3339, in milliseconds since 1970.
pub(crate) fn moment(time: &str) -> f64 {
    of_date(&time.into(), "getTime").as_f64().unwrap_or_default()
}

/// A moment in RFC 3339.
pub(crate) fn iso(moment: f64) -> String {
    of_date(&moment.into(), "toISOString").as_string().unwrap_or_default()
}

/// What a method of the date says. Called by its name, it is no import of the first part.
fn of_date(time: &JsValue, method: &str) -> JsValue {
    let date = Date::new(time);
    let method = super::mount::property(&date, method);
    let method: Option<&Function> = method.dyn_ref();
    method.and_then(|method| method.call0(&date).ok()).unwrap_or(JsValue::UNDEFINED)
}

/// A moment with day and time, as `language` writes it and the clock here shows it.
pub(crate) fn date_and_time(language: &str, moment: f64) -> String {
    let options: JsValue = Object::new().into();
    for (name, style) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        let _ = Reflect::set(&options, &name.into(), &style.into());
    }
    Date::new(&moment.into()).to_locale_string(language, &options).into()
}

/// The order of these names in `language`, as their indices.
pub(crate) fn order(language: &str, names: &[String]) -> Vec<usize> {
    let lines = names.iter().enumerate();
    let lines: Array = lines.map(|(at, name)| JsValue::from(format!("{name}\t{at}"))).collect();
    let collator = Collator::new(&Array::of1(&language.into()), &Object::new());
    sort(&lines, &collator.compare());
    let index = |line: JsValue| line.as_string()?.rsplit_once('\t')?.1.parse().ok();
    lines.iter().filter_map(index).collect()
}

/// A relative time such as "in 5 days" or "2 hours ago" in `language`.
pub(crate) fn relative(language: &str, number: i32, unit: &str) -> String {
    let options = Object::new();
    let _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
    RelativeTimeFormat::new(language, &options).format(number, unit)
}

/// Countries with their calling codes, named and sorted in `language`; and their codes.
pub(crate) fn by_name<'a>(
    tag: &str,
    countries: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<(String, String)> {
    let options = Object::new();
    let _ = Reflect::set(&options, &"type".into(), &"region".into());
    let names = DisplayNames::new(&tag.into(), &options).ok();
    // The mark keeps the plus before its digits where the text is read from the right.
    let plus = if language::is_right_to_left() { "\u{200e}+" } else { "+" };
    let name =
        |code: &str| names.as_ref().and_then(|names| names.of(code)).unwrap_or_else(|| code.to_owned());
    let line = |(code, prefix): (&str, &str)| JsValue::from(format!("{} {plus}{prefix}\t{code}", name(code)));
    let lines: Array = countries.map(line).collect();
    // The order depends on the language.
    let collator = Collator::new(&Array::of1(&tag.into()), &Object::new());
    sort(&lines, &collator.compare());
    let pair = |line: JsValue| {
        let line = line.as_string()?;
        line.split_once('\t').map(|(name, code)| (name.to_owned(), code.to_owned()))
    };
    lines.iter().filter_map(pair).collect()
}
