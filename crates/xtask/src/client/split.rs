//! Splits the client's WebAssembly: the late part is a module of its own, which the client loads on demand.

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_harness::{Context, Error};
use walrus::Module;
use wasm_split_cli_support::{Options, transform};

/// The script that loads the late part. The client imports it.
pub(super) const LOADER: &str = "__wasm_split.js";

/// The loader's name in the WebAssembly and for the glue that links it. Its file's name gets a hash.
const LOADER_MODULE: &str = "late";

/// Splits `wasm`: the loader and the late part go into `out`. Returns the first part, which is to be bound.
pub(super) fn split(wasm: &Path, out: &Path, stem: &str) -> Result<PathBuf, Error> {
    let first = wasm.with_file_name(format!("{stem}-first-{}.wasm", std::process::id()));
    let input = fs::read(wasm).context(format_args!("Cannot read {}", wasm.display()))?;
    let (link_name, main_module) = (format!("./{LOADER}"), format!("./{stem}.js"));
    let mut options = Options::new(&input);
    options.output_dir = out;
    options.main_out_path = &first;
    options.link_name = &link_name;
    options.main_module = &main_module;
    transform(options).map_err(|error| Error::new(format!("The client cannot be split: {error:#}.")))?;
    let loader = out.join(LOADER);
    let script = fs::read_to_string(&loader).context("Cannot read the loader")?;
    // The client itself tells the person when the late part cannot be loaded.
    fs::write(&loader, script.replace("console.error(e);", "")).context("Cannot write the loader")?;
    Ok(first)
}

/// Names the loader in the first part, as `link_loader` does in its glue.
pub(super) fn name_loader(module: &mut Module) {
    let file = format!("./{LOADER}");
    for import in module.imports.iter_mut().filter(|import| import.module == file) {
        LOADER_MODULE.clone_into(&mut import.module);
    }
}

/// The glue, in which the loader has its name.
pub(super) fn link_loader(glue: &str) -> Result<String, Error> {
    let key = format!("\"./{LOADER}\":");
    if glue.matches(&key).count() == 1 {
        return Ok(glue.replace(&key, &format!("\"{LOADER_MODULE}\":")));
    }
    Err(Error::new("The client's glue does not link the loader of its late part where it is expected.")
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
        assert!(module.imports.iter().all(|import| import.module == "late"));
        let glue =
            "import * as import1 from \"./__wasm_split.js\"\nreturn { \"./__wasm_split.js\": import1 };";
        let linked = link_loader(glue).unwrap();
        assert_eq!(linked, "import * as import1 from \"./__wasm_split.js\"\nreturn { \"late\": import1 };");
        assert!(link_loader("return {}").is_err());
    }
}
