//! What the built folder was made from, kept in its manifest, so that nothing is made twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::names::hash;
use super::{Finish, Shipped};
use crate::workspace::Workspace;
use latchkey_harness::{Context, Error};

/// Tells a server or an embedder which file is which, and us what it all came from.
pub(super) const FILE: &str = "manifest.json";

/// Changes when the way from inputs to folder does.
const RECIPE: &str = concat!("8 ", env!("CARGO_PKG_VERSION"));

/// One value for all that the folder is made from.
pub(super) fn inputs(workspace: &Workspace, wasm: &Path) -> Result<String, Error> {
    let mut files = Vec::new();
    collect(&workspace.root().join("style"), &mut files)?;
    collect(&workspace.root().join("frontend"), &mut files)?;
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

/// Whether the folder was made from these inputs, at least as well as asked.
pub(super) fn holds(folder: &Path, inputs: &str, finish: Finish) -> bool {
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

/// The manifest.
pub(super) fn stamp(inputs: &str, finish: Finish, shipped: &[Shipped]) -> String {
    let files: Map<String, Value> =
        shipped.iter().map(|file| (file.plain.clone(), Value::from(file.name.clone()))).collect();
    format!("{:#}\n", json!({ "inputs": inputs, "finish": finish.name(), "files": files }))
}

/// Removes what an earlier build left.
pub(super) fn sweep(folder: &Path, shipped: &[Shipped]) -> Result<(), Error> {
    let mut known: BTreeSet<PathBuf> = BTreeSet::from([folder.join(FILE)]);
    for file in shipped {
        known.insert(folder.join(&file.name));
        known.extend(
            file.encoded.iter().map(|(extension, _)| folder.join(format!("{}.{extension}", file.name))),
        );
    }
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    for path in found {
        if !known.contains(&path) {
            fs::remove_file(&path).context(format_args!("Cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Every file of the built folder, by its path in it.
pub(crate) fn files(folder: &Path) -> Result<Vec<String>, Error> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    let inside = paths.iter().filter_map(|path| path.strip_prefix(folder).ok()?.to_str());
    Ok(inside.map(str::to_owned).collect())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    if !folder.is_dir() {
        return Ok(());
    }
    let about = || format!("Cannot read {}", folder.display());
    for entry in fs::read_dir(folder).context(about())? {
        let path = entry.context(about())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_a_folder(name: &str, test: impl FnOnce(&Path)) {
        let folder = std::env::temp_dir().join(format!("latchkey-stamp-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        test(&folder);
        fs::remove_dir_all(&folder).unwrap();
    }

    fn shipped() -> Vec<Shipped> {
        vec![Shipped {
            plain: "a.js".into(),
            name: "a-1.js".into(),
            bytes: b"a".to_vec(),
            encoded: Vec::new(),
        }]
    }

    #[test]
    fn a_folder_made_better_than_asked_is_good_enough_and_a_worse_one_is_not() {
        in_a_folder("finish", |folder| {
            super::super::write(folder, &shipped(), &stamp("x", Finish::Full, &shipped())).unwrap();
            assert!(holds(folder, "x", Finish::Plain));
            assert!(!holds(folder, "y", Finish::Plain));
            super::super::write(folder, &shipped(), &stamp("x", Finish::Plain, &shipped())).unwrap();
            assert!(!holds(folder, "x", Finish::Full));
        });
    }

    #[test]
    fn a_folder_that_lost_a_file_is_made_again() {
        in_a_folder("lost", |folder| {
            super::super::write(folder, &shipped(), &stamp("x", Finish::Plain, &shipped())).unwrap();
            fs::remove_file(folder.join("a-1.js")).unwrap();
            assert!(!holds(folder, "x", Finish::Plain));
        });
    }

    #[test]
    fn what_an_earlier_build_left_goes() {
        in_a_folder("sweep", |folder| {
            fs::write(folder.join("a-0.js"), "old").unwrap();
            super::super::write(folder, &shipped(), &stamp("x", Finish::Plain, &shipped())).unwrap();
            assert!(!folder.join("a-0.js").exists() && folder.join("a-1.js").exists());
        });
    }
}
