//! Short names for the functions that the glue gives to the WebAssembly. wasm-bindgen puts a hash into each name, in both
//! files, and hashes do not compress: 4 KB of the page.

use std::collections::BTreeMap;

use walrus::Module;

/// The name of the glue in both files.
const GLUE: &str = "./";

/// New names, to be written into the glue as well.
pub(super) struct Renamed {
    module: String,
    names: BTreeMap<String, String>,
}

/// Renames what the module imports from the glue. Imports from other modules, such as snippets, keep their names.
pub(super) fn shorten(module: &mut Module, stem: &str, glue: &str) -> Renamed {
    let mut renamed = Renamed { module: format!("./{stem}_bg.js"), names: BTreeMap::new() };
    for import in module.imports.iter_mut().filter(|import| import.module == renamed.module) {
        GLUE.clone_into(&mut import.module);
        // A name that the glue uses elsewhere too is part of something else.
        if identifiers(glue).filter(|word| *word == import.name).count() == 1 {
            let short = short_name(renamed.names.len());
            renamed.names.insert(std::mem::replace(&mut import.name, short.clone()), short);
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
            out.push_str(self.names.get(word).map_or(word, String::as_str));
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
        let renamed = shorten(&mut module, "app", glue);
        assert_eq!(renamed.apply(glue), "return {\"./\": {b: f, a(){ console.log(“ü”) }}}");
        assert_eq!(imports(&module), [("./", "a"), ("./", "b")]);
    }

    #[test]
    fn a_name_that_the_glue_uses_twice_stays() {
        let mut module = importing(&[("./app_bg.js", "start")]);
        let glue = "{\"./app_bg.js\": {start}}; wasm.start()";
        let renamed = shorten(&mut module, "app", glue);
        assert_eq!(renamed.apply(glue), "{\"./\": {start}}; wasm.start()");
        assert_eq!(imports(&module), [("./", "start")]);
    }

    #[test]
    fn an_import_from_another_module_stays() {
        let mut module = importing(&[("./snippets/a/inline0.js", "scan_0f")]);
        shorten(&mut module, "app", "import { scan_0f } from './snippets/a/inline0.js'");
        assert_eq!(imports(&module), [("./snippets/a/inline0.js", "scan_0f")]);
    }

    #[test]
    fn short_names_do_not_repeat() {
        let names: std::collections::BTreeSet<String> = (0..6000).map(short_name).collect();
        assert_eq!(names.len(), 6000);
        assert_eq!([short_name(0), short_name(51), short_name(52)], ["a", "Z", "aa"]);
    }
}
