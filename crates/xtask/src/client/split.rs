//! Splits the client's WebAssembly: the late part and the account part are modules of their own, which the client loads on
//! demand. What both use is a third module, which comes with each of them.

use std::fs;
use std::path::Path;

use latchkey_harness::{Context, Error};
use walrus::Module;
use wasm_split_cli_support::{Options, transform};

/// The script that loads the parts. The client imports it.
pub(super) const LOADER: &str = "__wasm_split.js";

/// What the loader and the other parts use of the first part.
pub(super) const LOADED_EXPORTS: [&str; 3] = ["__indirect_function_table", "__wasm_split_shared0", "memory"];

/// The loader's name in the WebAssembly and for the glue that links it. Its file's name gets a hash.
const LOADER_MODULE: &str = "parts";

/// Splits `wasm`: the loader and the other parts go into `out`, and the first part, which is to be bound, becomes the file `first`.
pub(super) fn split(wasm: &[u8], first: &Path, out: &Path, stem: &str) -> Result<(), Error> {
    let (link_name, main_module) = (format!("./{LOADER}"), format!("./{stem}.js"));
    let mut options = Options::new(wasm);
    options.output_dir = out;
    options.main_out_path = first;
    options.link_name = &link_name;
    options.main_module = &main_module;
    transform(options).map_err(|error| Error::new(format!("The client cannot be split: {error:#}.")))?;
    let loader = out.join(LOADER);
    let script = fs::read_to_string(&loader).context("Cannot read the loader")?;
    // The client itself tells the person when a part cannot be loaded.
    fs::write(&loader, script.replace("console.error(e);", "")).context("Cannot write the loader")
}

/// Names the loader in the first part, as `link_loader` does in its glue.
pub(super) fn name_loader(module: &mut Module) {
    let file = format!("./{LOADER}");
    for import in module.imports.iter_mut().filter(|import| import.module == file) {
        LOADER_MODULE.clone_into(&mut import.module);
    }
}

/// The glue, in which the loader has its name. wasm-bindgen imports the loader once for each part, and once is enough.
pub(super) fn link_loader(glue: &str) -> Result<String, Error> {
    let (import, key) = (format!(" from \"./{LOADER}\""), format!("\"./{LOADER}\":"));
    let (mut imports, mut keys) = (0, 0);
    let mut linked = Vec::new();
    for line in glue.lines() {
        let (is_import, is_key) =
            (line.starts_with("import ") && line.contains(&import), line.contains(&key));
        imports += usize::from(is_import);
        keys += usize::from(is_key);
        if !(is_import && imports > 1 || is_key && keys > 1) {
            linked.push(line.replace(&key, &format!("\"{LOADER_MODULE}\":")));
        }
    }
    if imports > 0 && imports == keys {
        return Ok(linked.join("\n"));
    }
    Err(Error::new("The client's glue does not link the loader of its parts where it is expected.")
        .hint("Look at how wasm-bindgen writes imports from other modules now."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_has_one_name_in_the_webassembly_and_in_the_glue() {
        let mut module = Module::default();
        let ty = module.types.add(&[], &[]);
        module.add_import_func("./__wasm_split.js", "__wasm_split_load_late", ty);
        name_loader(&mut module);
        assert!(module.imports.iter().all(|import| import.module == "parts"));
        let import = |number| format!("import * as import{number} from \"./__wasm_split.js\"");
        let key = |number| format!("\"./__wasm_split.js\": import{number},");
        let glue = [import(1), import(2), "return {".to_owned(), key(1), key(2), "};".to_owned()].join("\n");
        let linked = link_loader(&glue).unwrap();
        assert_eq!(linked, [import(1).as_str(), "return {", "\"parts\": import1,", "};"].join("\n"));
        assert!(link_loader("return {}").is_err());
        assert!(link_loader(&import(1)).is_err());
    }
}
