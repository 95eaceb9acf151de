//! Leaves out what a panic would say. The client traps without a word, so neither the words nor what puts them together need
//! be downloaded: with them the page is three kilobytes heavier.

use std::collections::BTreeSet;

use super::module::{number, sections, take_number, take_text};
use latchkey_harness::Error;

/// The sections of a module that count here.
const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const CODE: u8 = 10;
/// In the section of names: those of functions.
const OF_FUNCTIONS: u8 = 1;
/// A body without variables that does nothing but trap.
const TRAP: [u8; 3] = [0, 0, 11];

/// What the standard library calls the functions that end a program and do nothing else.
const LAST_WORDS: [&str; 12] = [
    "::panicking::",
    "::unwrap_failed",
    "::expect_failed",
    "::panic_already_borrowed",
    "::panic_already_mutably_borrowed",
    "::panic_access_error",
    "::panic_poisoned",
    "::slice_index_fail",
    "::slice_error_fail",
    "::raw_vec::handle_error",
    "::capacity_overflow",
    "::handle_alloc_error",
];
/// It tells whether a panic is under way, and comes back.
const COUNT: &str = "::panic_count::";

/// The same module with nothing but a trap where it would say why it ends.
pub(super) fn snip(wasm: &[u8]) -> Result<Vec<u8>, Error> {
    snipped(wasm).ok_or_else(|| Error::new("The client's WebAssembly does not say what its functions are."))
}

fn snipped(wasm: &[u8]) -> Option<Vec<u8>> {
    let (header, sections) = sections(wasm)?;
    let doomed = doomed(&sections)?;
    let mut out = header.to_vec();
    for (id, section) in sections {
        let code = if id == CODE { Some(without(section, &doomed)?) } else { None };
        let section = code.as_deref().unwrap_or(section);
        out.push(id);
        number(section.len(), &mut out);
        out.extend(section);
    }
    Some(out)
}

/// The functions to empty, by their place among those that the module itself has.
fn doomed(sections: &[(u8, &[u8])]) -> Option<BTreeSet<u32>> {
    let mut imports = 0;
    let mut doomed = BTreeSet::new();
    for (id, section) in sections {
        let mut section = *section;
        match *id {
            // The glue hands over functions and nothing else.
            IMPORTS => imports = take_number(&mut section)?,
            CUSTOM if take_text(&mut section)? == "name" => {
                let names = function_names(section)?;
                doomed.extend(names.into_iter().filter(|(_, name)| is_last_words(name)).map(|(at, _)| at));
            }
            _ => {}
        }
    }
    (!doomed.is_empty()).then(|| doomed.into_iter().filter_map(|at| at.checked_sub(imports)).collect())
}

fn function_names(mut section: &[u8]) -> Option<Vec<(u32, String)>> {
    while let Some((kind, sized)) = section.split_first() {
        let mut rest = sized;
        let size = take_number(&mut rest)? as usize;
        let (mut names, after) = rest.split_at_checked(size)?;
        if *kind == OF_FUNCTIONS {
            let count = take_number(&mut names)?;
            return (0..count).map(|_| Some((take_number(&mut names)?, take_text(&mut names)?))).collect();
        }
        section = after;
    }
    None
}

/// Whether it only ends the program, or writes for developers what the standard library has.
fn is_last_words(name: &str) -> bool {
    let is_end = LAST_WORDS.iter().any(|end| name.contains(end)) && !name.contains(COUNT);
    is_end || (name.contains(" as core[") && name.ends_with("::fmt::Debug>::fmt"))
}

fn without(mut code: &[u8], doomed: &BTreeSet<u32>) -> Option<Vec<u8>> {
    let count = take_number(&mut code)?;
    let mut out = Vec::with_capacity(code.len());
    number(count as usize, &mut out);
    for at in 0..count {
        let size = take_number(&mut code)? as usize;
        let (body, rest) = code.split_at_checked(size)?;
        let body = if doomed.contains(&at) { TRAP.as_slice() } else { body };
        number(body.len(), &mut out);
        out.extend(body);
        code = rest;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, inside: &[u8]) -> Vec<u8> {
        let mut out = vec![id];
        number(inside.len(), &mut out);
        out.extend(inside);
        out
    }

    fn text(words: &str) -> Vec<u8> {
        let mut out = Vec::new();
        number(words.len(), &mut out);
        out.extend(words.as_bytes());
        out
    }

    /// A module that imports one function, and has one for each name; each body is the number 7 and a return.
    fn module(bodies: &[&[u8]], names: &[&str]) -> Vec<u8> {
        let import = [vec![1], text("./"), text("a"), vec![0, 0]].concat();
        let mut code = vec![bodies.len() as u8];
        for body in bodies {
            number(body.len(), &mut code);
            code.extend(*body);
        }
        let mut named = vec![names.len() as u8];
        for (at, name) in names.iter().enumerate() {
            named.push(at as u8 + 1);
            named.extend(text(name));
        }
        let custom = [text("name"), section(OF_FUNCTIONS, &named)].concat();
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section(IMPORTS, &import),
            section(CODE, &code),
            section(CUSTOM, &custom),
        ]
        .concat()
    }

    #[test]
    fn what_only_ends_the_program_is_emptied_and_the_rest_is_left_alone() {
        let names = [
            "core[c593]::panicking::panic_fmt",
            "app::page",
            "std[a543]::panicking::panic_count::is_zero_slow_path",
            "<char as core[c593]::fmt::Debug>::fmt",
            "<app::Value as core::fmt::Debug>::fmt::h24",
        ];
        let body: &[u8] = &[0, 65, 7, 15, 11];
        let snipped = snip(&module(&[body; 5], &names)).unwrap();
        assert_eq!(snipped, module(&[&TRAP, body, body, &TRAP, body], &names));
    }

    #[test]
    fn a_module_without_names_is_refused() {
        assert!(snip(b"\0asm\x01\0\0\0").is_err());
        assert!(snip(&module(&[&TRAP], &["app::page"])).is_err());
        assert!(snip(b"\0asm\x01\0\0\0\x0a\x05\x01").is_err());
    }
}
