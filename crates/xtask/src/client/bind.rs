//! Binds the compiler's WebAssembly to JavaScript, and makes both smaller.

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_harness::temp::TempDir;
use latchkey_harness::{Context, Error};
use wasm_bindgen_cli_support::Bindgen;

use super::finish::Finish;
use super::shipped::files_below;
use super::split::{LOADED_EXPORTS, link_loader, name_loader, split};
use super::{dead_data, glue_names, optimise, panics};
use crate::workspace::Workspace;

/// The name of both files, before they get their hashes.
pub(super) const STEM: &str = "latchkey-frontend";

/// A file that binding made: its path in the output folder, and its content.
pub(super) struct BoundFile {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// Binds `wasm` and returns the files.
pub(super) fn bind(workspace: &Workspace, wasm: &Path, finish: Finish) -> Result<Vec<BoundFile>, Error> {
    // A folder for this process alone: two runs at once must not mix their glue and WebAssembly.
    let out = wasm.with_file_name(format!("bound-{}-{}", finish.name(), std::process::id()));
    let glue_file = out.join(format!("{STEM}.js"));
    let first = if finish == Finish::Draft { wasm.to_owned() } else { first_part(wasm, &out, finish)? };
    let mut output = bindgen(&first, STEM, finish == Finish::Draft)?.generate_output().map_err(failed)?;
    let glue = output.js().to_owned();
    check_glue(&glue)?;
    if finish == Finish::Full {
        panics::remove(output.wasm_mut())?;
    }
    let renamed = (finish != Finish::Draft).then(|| {
        name_loader(output.wasm_mut());
        glue_names::shorten(output.wasm_mut(), STEM, &glue, &LOADED_EXPORTS)
    });
    output.emit(&out).map_err(failed)?;
    if let Some(renamed) = renamed {
        let glue = fs::read_to_string(&glue_file).context("Cannot read the glue")?;
        fs::write(&glue_file, link_loader(&renamed.apply(&glue))?).context("Cannot write the glue")?;
    }
    if first != wasm {
        fs::remove_file(&first).context(format_args!("Cannot remove {}", first.display()))?;
    }
    let files = if finish == Finish::Full { optimised(workspace, &out) } else { bound(&out) }?;
    fs::remove_dir_all(&out).context(format_args!("Cannot remove {}", out.display()))?;
    Ok(files)
}

/// Splits the client, and returns the file of its first part.
fn first_part(wasm: &Path, out: &Path, finish: Finish) -> Result<PathBuf, Error> {
    let mut bytes = fs::read(wasm).context(format_args!("Cannot read {}", wasm.display()))?;
    if finish == Finish::Full {
        bytes = dead_data::blanked(&bytes)?;
    }
    let first = wasm.with_file_name(format!("{STEM}-first-{}.wasm", std::process::id()));
    split(&bytes, &first, out, STEM)?;
    Ok(first)
}

/// Binds a program that is not split, made as small as the client, and returns the files.
pub(super) fn bind_whole(workspace: &Workspace, wasm: &Path, stem: &str) -> Result<Vec<BoundFile>, Error> {
    let out = TempDir::create("bound")?;
    let mut output = bindgen(wasm, stem, false)?.generate_output().map_err(failed)?;
    let glue = output.js().to_owned();
    check_glue(&glue)?;
    let renamed = glue_names::shorten(output.wasm_mut(), stem, &glue, &[]);
    output.emit(out.path()).map_err(failed)?;
    let glue_file = out.path().join(format!("{stem}.js"));
    let glue = fs::read_to_string(&glue_file).context("Cannot read the glue")?;
    fs::write(&glue_file, renamed.apply(&glue)).context("Cannot write the glue")?;
    optimised(workspace, out.path())
}

/// The files that binding made, optimised.
fn optimised(workspace: &Workspace, out: &Path) -> Result<Vec<BoundFile>, Error> {
    optimise(workspace, &files_below(out)?)?;
    bound(out)
}

fn bound(out: &Path) -> Result<Vec<BoundFile>, Error> {
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).context(format_args!("Cannot read {}", path.display()))?;
        Ok(BoundFile { path: path.strip_prefix(out).unwrap_or(&path).to_string_lossy().into_owned(), bytes })
    };
    files_below(out)?.into_iter().map(read).collect()
}

fn optimise(workspace: &Workspace, files: &[PathBuf]) -> Result<(), Error> {
    let ends_with =
        |ending: &'static str| move |file: &&PathBuf| file.extension().is_some_and(|own| own == ending);
    files.iter().filter(ends_with("wasm")).try_for_each(|file| optimise::wasm(workspace, file))?;
    files.iter().filter(ends_with("js")).try_for_each(|file| optimise::module_script(workspace, file))
}

/// Binds `wasm` into a folder as the `wasm-bindgen` command does for `--target web`.
pub(super) fn bind_into(wasm: &Path, out: &Path, stem: &str) -> Result<(), Error> {
    bindgen(wasm, stem, true)?.generate(out).map_err(failed)
}

fn bindgen(wasm: &Path, stem: &str, keep_names: bool) -> Result<Bindgen, Error> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).typescript(false).out_name(stem).keep_debug(false);
    // Names that are not kept are read by `panics`, which demangles them in its own way.
    bindgen.remove_name_section(!keep_names).demangle(keep_names).remove_producers_section(true);
    // The other parts use what the linker has exported.
    bindgen.keep_lld_exports(!keep_names);
    bindgen.web(true).map_err(failed)?;
    Ok(bindgen)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::new(format!("The client cannot be bound to JavaScript: {error:#}."))
}

/// The page's policy forbids markup from strings (`trusted-types 'none'`), so a client that uses it would break there.
fn check_glue(glue: &str) -> Result<(), Error> {
    if glue.contains("innerHTML") {
        return Err(Error::new("The client sets `innerHTML`, which the page's policy forbids.").hint(
            "Leptos does so for a nested element whose attributes and children are all literals, for `template!` and for \
             `inner_html`. Give such an element {..look(\"…\")}.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glue_that_sets_inner_html_fails_the_build() {
        assert_eq!(check_glue("node.textContent = text"), Ok(()));
        let refused = check_glue("__wbg_set_innerHTML_0f: function(a, b) { a.innerHTML = b; }");
        assert!(refused.is_err_and(|error| error.to_string().contains("policy")));
    }
}
