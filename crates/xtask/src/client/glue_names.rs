//! Short names for what the glue and the WebAssembly give each other. wasm-bindgen puts a path or a hash into each name, in both
//! files, and hashes do not compress: 4.4 KB of the page.

use std::collections::{BTreeMap, BTreeSet};

use walrus::{ExportId, Module};

/// The name of the glue in both files.
const GLUE: &str = "./";

/// What the glue calls the WebAssembly.
const WASM: &str = "wasm.";

/// New names, to be written into the glue as well.
pub(super) struct Renamed {
    module: String,
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

/// Renames what the module imports from the glue, and what it exports for it alone. Imports from other modules, such as snippets,
/// and what is `used_elsewhere` keep their names; what nothing uses is not exported any more.
pub(super) fn shorten(module: &mut Module, stem: &str, glue: &str, used_elsewhere: &[&str]) -> Renamed {
    let from = format!("./{stem}_bg.js");
    let (imports, exports) =
        (shorten_imports(module, &from, glue), shorten_exports(module, glue, used_elsewhere));
    Renamed { module: from, imports, exports }
}

fn shorten_imports(module: &mut Module, from: &str, glue: &str) -> BTreeMap<String, String> {
    let mut renamed = BTreeMap::new();
    for import in module.imports.iter_mut().filter(|import| import.module == from) {
        GLUE.clone_into(&mut import.module);
        // A name that the glue uses elsewhere too is part of something else.
        if identifiers(glue).filter(|word| *word == import.name).count() == 1 {
            let short = short_name(renamed.len());
            renamed.insert(std::mem::replace(&mut import.name, short.clone()), short);
        }
    }
    renamed
}

fn shorten_exports(module: &mut Module, glue: &str, used_elsewhere: &[&str]) -> BTreeMap<String, String> {
    let by_glue: BTreeSet<&str> =
        glue.split(WASM).skip(1).filter_map(|after| identifiers(after).next()).collect();
    let mut renamed = BTreeMap::new();
    let ids: Vec<ExportId> = module.exports.iter().map(|export| export.id()).collect();
    for id in ids {
        let name = &mut module.exports.get_mut(id).name;
        if used_elsewhere.contains(&name.as_str()) {
            continue;
        }
        if by_glue.contains(name.as_str()) {
            let short = short_name(renamed.len());
            renamed.insert(std::mem::replace(name, short.clone()), short);
        } else {
            module.exports.delete(id);
        }
    }
    renamed
}

impl Renamed {
    /// The glue with the new names.
    pub(super) fn apply(&self, glue: &str) -> String {
        let mut out = String::with_capacity(glue.len());
        for piece in glue.split_inclusive(|letter| !is_part(letter)) {
            let word = piece.trim_end_matches(|letter| !is_part(letter));
            let names = if out.ends_with(WASM) { &self.exports } else { &self.imports };
            out.push_str(names.get(word).map_or(word, String::as_str));
            out.push_str(piece.strip_prefix(word).unwrap_or_default());
        }
        out.replace(&format!("\"{}\"", self.module), &format!("\"{GLUE}\""))
    }
}

/// `a` to `Z`, then `aa` and on.
fn short_name(number: usize) -> String {
    let letter = ('a'..='z').chain('A'..='Z').nth(number % 52).unwrap_or_default();
    match number / 52 {
        0 => letter.to_string(),
        rest => short_name(rest - 1) + &letter.to_string(),
    }
}

fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

fn identifiers(script: &str) -> impl Iterator<Item = &str> {
    script.split(|letter| !is_part(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn importing(imports: &[(&str, &str)]) -> Module {
        let mut module = Module::default();
        let ty = module.types.add(&[], &[]);
        for (from, name) in imports {
            module.add_import_func(from, name, ty);
        }
        module
    }

    fn imports(module: &Module) -> Vec<(&str, &str)> {
        module.imports.iter().map(|import| (import.module.as_str(), import.name.as_str())).collect()
    }

    #[test]
    fn both_files_get_the_same_short_name_for_a_function() {
        let mut module = importing(&[("./app_bg.js", "__wbg_log_0f"), ("./app_bg.js", "__wbg_now_1e")]);
        let glue = "return {\"./app_bg.js\": {__wbg_now_1e: f, __wbg_log_0f(){ console.log(“ü”) }}}";
        let renamed = shorten(&mut module, "app", glue, &[]);
        assert_eq!(renamed.apply(glue), "return {\"./\": {b: f, a(){ console.log(“ü”) }}}");
        assert_eq!(imports(&module), [("./", "a"), ("./", "b")]);
    }

    #[test]
    fn a_name_that_the_glue_uses_twice_stays() {
        let mut module = importing(&[("./app_bg.js", "start")]);
        let glue = "{\"./app_bg.js\": {start}}; wasm.start()";
        let renamed = shorten(&mut module, "app", glue, &[]);
        assert_eq!(renamed.apply(glue), "{\"./\": {start}}; wasm.start()");
        assert_eq!(imports(&module), [("./", "start")]);
    }

    #[test]
    fn what_only_the_glue_uses_of_the_module_gets_a_short_name_and_what_nothing_uses_is_not_exported() {
        let mut module = Module::default();
        let memory = module.memories.add_local(false, false, 1, None, None);
        for name in ["memory", "__wbindgen_malloc", "_ZN6invoke17h0fE", "__data_end"] {
            module.exports.add(name, memory);
        }
        let glue =
            "function _ZN6invoke17h0fE(a) { wasm._ZN6invoke17h0fE(a, wasm.__wbindgen_malloc, wasm.memory) }";
        let renamed = shorten(&mut module, "app", glue, &["memory"]);
        assert_eq!(renamed.apply(glue), "function _ZN6invoke17h0fE(a) { wasm.b(a, wasm.a, wasm.memory) }");
        let exports: Vec<&str> = module.exports.iter().map(|export| export.name.as_str()).collect();
        assert_eq!(exports, ["memory", "a", "b"]);
    }

    #[test]
    fn an_import_from_another_module_stays() {
        let mut module = importing(&[("./snippets/a/inline0.js", "scan_0f")]);
        shorten(&mut module, "app", "import { scan_0f } from './snippets/a/inline0.js'", &[]);
        assert_eq!(imports(&module), [("./snippets/a/inline0.js", "scan_0f")]);
    }

    #[test]
    fn short_names_do_not_repeat() {
        let names: std::collections::BTreeSet<String> = (0..6000).map(short_name).collect();
        assert_eq!(names.len(), 6000);
        assert_eq!([short_name(0), short_name(51), short_name(52)], ["a", "Z", "aa"]);
    }
}
