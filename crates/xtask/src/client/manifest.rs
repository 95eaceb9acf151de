//! The manifest of the built folder: which file is which, and what it was built from, so that nothing is built twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::finish::Finish;
use super::hashed_names::hash;
use super::shipped::{Shipped, entries, files_below};
use crate::workspace::Workspace;
use latchkey_harness::{Context, Error};

pub(super) const FILE: &str = "manifest.json";

/// Changes when xtask builds another folder from the same inputs.
const RECIPE: &str = concat!("13 ", env!("CARGO_PKG_VERSION"));

/// Folders beside the client's sources: what uses the client, and packages of npm.
const NOT_CLIENT: [&str; 3] = ["gallery", "npm", "samples"];

/// What `cargo xtask dist` writes beside the client: the packages and the gallery.
const BESIDE: [&str; 2] = ["npm", "gallery"];

/// A hash of everything that the folder is built from.
pub(super) fn hash_inputs(workspace: &Workspace, wasm: &Path) -> Result<String, Error> {
    let mut files = Vec::new();
    files.extend(files_below(&workspace.root().join("style"))?);
    for path in entries(&workspace.root().join("frontend"))? {
        if path.is_file() {
            files.push(path);
        } else if path.file_name().is_none_or(|name| NOT_CLIENT.iter().all(|other| name != *other)) {
            files.extend(files_below(&path)?);
        }
    }
    files.retain(|path| path.extension().is_none_or(|extension| extension != "rs"));
    files.sort();
    files.push(wasm.to_owned());
    let mut all = String::from(RECIPE);
    for path in files {
        let bytes = fs::read(&path).context(format_args!("Cannot read {}", path.display()))?;
        all.push_str(&hash(&bytes));
        all.push_str(&path.strip_prefix(workspace.root()).unwrap_or(Path::new("")).to_string_lossy());
    }
    Ok(hash(all.as_bytes()))
}

/// Whether the folder is complete and was built from these inputs with at least this finish.
pub(super) fn is_current(folder: &Path, inputs: &str, finish: Finish) -> bool {
    let Ok(manifest) = fs::read_to_string(folder.join(FILE)) else { return false };
    let Ok(manifest) = serde_json::from_str::<Value>(&manifest) else { return false };
    let is = |name: &str, value: &str| manifest.get(name).and_then(Value::as_str) == Some(value);
    let good_enough = [Finish::Draft, Finish::Plain, Finish::Full]
        .into_iter()
        .any(|made| made >= finish && is("finish", made.name()));
    let files = manifest.get("files").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let complete = files.filter_map(Value::as_str).all(|name| folder.join(name).is_file());
    is("inputs", inputs) && good_enough && complete
}

/// The text of the manifest.
pub(super) fn text(inputs: &str, finish: Finish, shipped: &[Shipped]) -> String {
    let files: Map<String, Value> =
        shipped.iter().map(|file| (file.source.clone(), Value::from(file.name.clone()))).collect();
    format!("{:#}\n", json!({ "inputs": inputs, "finish": finish.name(), "files": files }))
}

/// Removes the files of earlier builds.
pub(super) fn remove_old_files(folder: &Path, shipped: &[Shipped]) -> Result<(), Error> {
    let mut known: BTreeSet<PathBuf> = BTreeSet::from([folder.join(FILE)]);
    for file in shipped {
        known.insert(folder.join(&file.name));
        known.extend(
            file.encoded.iter().map(|(extension, _)| folder.join(format!("{}.{extension}", file.name))),
        );
    }
    for path in files_below(folder)? {
        if !known.contains(&path) && !BESIDE.iter().any(|other| path.starts_with(folder.join(other))) {
            fs::remove_file(&path).context(format_args!("Cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Every file of the built client, by its path in the folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<String>, Error> {
    let paths = files_below(folder)?;
    let inside = paths.iter().filter_map(|path| path.strip_prefix(folder).ok());
    let of_client = inside.filter(|path| !BESIDE.iter().any(|other| path.starts_with(other)));
    Ok(of_client.filter_map(Path::to_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::super::write as write_folder;
    use super::*;

    fn in_a_folder(test: impl FnOnce(&Path)) {
        test(tempfile::tempdir().unwrap().path());
    }

    fn shipped() -> Vec<Shipped> {
        vec![Shipped {
            source: "a.js".into(),
            name: "a-1.js".into(),
            bytes: b"a".to_vec(),
            encoded: Vec::new(),
        }]
    }

    #[test]
    fn a_better_finish_is_current_and_a_worse_one_is_not() {
        in_a_folder(|folder| {
            write_folder(folder, &shipped(), &text("x", Finish::Full, &shipped())).unwrap();
            assert!(is_current(folder, "x", Finish::Plain));
            assert!(!is_current(folder, "y", Finish::Plain));
            write_folder(folder, &shipped(), &text("x", Finish::Plain, &shipped())).unwrap();
            assert!(!is_current(folder, "x", Finish::Full));
        });
    }

    #[test]
    fn a_folder_without_one_of_its_files_is_not_current() {
        in_a_folder(|folder| {
            write_folder(folder, &shipped(), &text("x", Finish::Plain, &shipped())).unwrap();
            fs::remove_file(folder.join("a-1.js")).unwrap();
            assert!(!is_current(folder, "x", Finish::Plain));
        });
    }

    #[test]
    fn files_of_earlier_builds_are_removed() {
        in_a_folder(|folder| {
            fs::write(folder.join("a-0.js"), "old").unwrap();
            write_folder(folder, &shipped(), &text("x", Finish::Plain, &shipped())).unwrap();
            assert!(!folder.join("a-0.js").exists() && folder.join("a-1.js").exists());
        });
    }

    #[test]
    fn what_uses_the_client_does_not_build_it_again() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::find().unwrap().at(folder.path());
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for path in ["style/main.css", "frontend/text/de.json", "frontend/npm/index.ts", "client.wasm"] {
            write(path, "before");
        }
        let hash = || hash_inputs(&workspace, &folder.path().join("client.wasm")).unwrap();
        let before = hash();
        write("frontend/npm/index.ts", "after");
        write("frontend/samples/html/index.html", "after");
        assert_eq!(hash(), before);
        write("frontend/text/de.json", "after");
        assert_ne!(hash(), before);
    }
}
