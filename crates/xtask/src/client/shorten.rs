//! Short names for what the glue hands to the WebAssembly. Binding names each with a hash, in both files, and a hash does
//! not compress: without them the page is four kilobytes lighter.

use std::collections::BTreeMap;

use super::module::{number, sections, take_number, take_text};
use latchkey_harness::Error;

/// The section of a module that says what it imports.
const IMPORTS: u8 = 2;
/// What kind of import a function is.
const FUNCTION: u8 = 0;
/// What both files call the glue from now on.
const GLUE: &str = "./";

/// A function that the glue hands over.
#[derive(Debug, PartialEq, Eq)]
struct Import {
    module: String,
    name: String,
    signature: u32,
}

/// The same two files, with short names between them.
pub(super) fn shorten(glue: &str, wasm: &[u8]) -> Result<(String, Vec<u8>), Error> {
    let odd = || Error::new("The client's WebAssembly is not laid out as its binding should have left it.");
    let (header, sections) = sections(wasm).ok_or_else(odd)?;
    let section = sections.iter().find(|(id, _)| *id == IMPORTS).map(|(_, section)| *section);
    let mut imports = section.and_then(read).ok_or_else(odd)?;
    let mut names = BTreeMap::new();
    for import in &mut imports {
        // A name that stands elsewhere too is not the glue's alone to change.
        if words(glue).filter(|word| *word == import.name).count() == 1 {
            let short = short(names.len());
            names.insert(std::mem::replace(&mut import.name, short.clone()), short);
        }
    }
    let mut script = renamed(glue, &names);
    for module in imports.iter_mut().map(|import| &mut import.module) {
        script = script.replace(&format!("\"{module}\""), &format!("\"{GLUE}\""));
        *module = GLUE.to_owned();
    }
    let short = written(&imports);
    let mut module = header.to_vec();
    for (id, section) in sections {
        let section = if id == IMPORTS { &short } else { section };
        module.push(id);
        number(section.len(), &mut module);
        module.extend(section);
    }
    Ok((script, module))
}

/// `a` to `Z`, then `aa` and on.
fn short(number: usize) -> String {
    let letter = ('a'..='z').chain('A'..='Z').nth(number % 52).unwrap_or_default();
    match number / 52 {
        0 => letter.to_string(),
        rest => short(rest - 1) + &letter.to_string(),
    }
}

fn read(mut section: &[u8]) -> Option<Vec<Import>> {
    let count = take_number(&mut section)?;
    let import = |_| {
        let (module, name) = (take_text(&mut section)?, take_text(&mut section)?);
        let (kind, rest) = section.split_first()?;
        section = rest;
        (*kind == FUNCTION).then_some(())?;
        Some(Import { module, name, signature: take_number(&mut section)? })
    };
    (0..count).map(import).collect()
}

fn written(imports: &[Import]) -> Vec<u8> {
    let mut section = Vec::new();
    number(imports.len(), &mut section);
    for import in imports {
        for words in [&import.module, &import.name] {
            number(words.len(), &mut section);
            section.extend(words.as_bytes());
        }
        section.push(FUNCTION);
        number(import.signature as usize, &mut section);
    }
    section
}

fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

fn words(script: &str) -> impl Iterator<Item = &str> {
    script.split(|letter| !is_part(letter))
}

fn renamed(script: &str, names: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(script.len());
    for piece in script.split_inclusive(|letter| !is_part(letter)) {
        let word = piece.trim_end_matches(|letter| !is_part(letter));
        out.push_str(names.get(word).map_or(word, String::as_str));
        out.push_str(piece.strip_prefix(word).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(imports: &[Import]) -> Vec<u8> {
        let section = written(imports);
        let mut wasm = b"\0asm\x01\0\0\0\x01\x01\x00\x02".to_vec();
        number(section.len(), &mut wasm);
        wasm.extend(section);
        wasm.extend(b"\x03\x01\x00");
        wasm
    }

    fn import(module: &str, name: &str, signature: u32) -> Import {
        Import { module: module.into(), name: name.into(), signature }
    }

    #[test]
    fn both_files_call_a_function_the_same_short_name() {
        let wasm =
            module(&[import("./c_bg.js", "__wbg_log_0f", 300), import("./c_bg.js", "__wbg_now_1e", 1)]);
        let glue = "return {\"./c_bg.js\": {__wbg_now_1e: f, __wbg_log_0f(){ console.log(“ü”) }}}";
        let (script, short) = shorten(glue, &wasm).unwrap();
        assert_eq!(script, "return {\"./\": {b: f, a(){ console.log(“ü”) }}}");
        assert_eq!(short, module(&[import("./", "a", 300), import("./", "b", 1)]));
    }

    #[test]
    fn a_name_that_stands_elsewhere_too_stays() {
        let wasm = module(&[import("./c_bg.js", "start", 0)]);
        let (script, short) = shorten("{\"./c_bg.js\": {start}}; wasm.start()", &wasm).unwrap();
        assert_eq!(script, "{\"./\": {start}}; wasm.start()");
        assert_eq!(short, module(&[import("./", "start", 0)]));
    }

    #[test]
    fn there_are_as_many_short_names_as_it_takes() {
        let names: std::collections::BTreeSet<String> = (0..6000).map(short).collect();
        assert_eq!(names.len(), 6000);
        assert_eq!([short(0), short(51), short(52)], ["a", "Z", "aa"]);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        for odd in [&b"\0asm"[..], b"\0asm\x01\0\0\0", b"\0asm\x01\0\0\0\x02\x05\x01"] {
            assert!(shorten("", odd).is_err());
        }
    }
}
