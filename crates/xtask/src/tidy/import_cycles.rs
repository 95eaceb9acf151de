//! No file of a crate imports, directly or through others, a file that imports it.

use std::collections::{BTreeMap, BTreeSet};

use super::rust::code;
use super::{Source, shipped, sources};

/// A module by its path in the crate, `["client", "bind"]`; the root has the empty path.
type Module = Vec<String>;

/// The modules of one crate.
struct Crate<'a> {
    files: BTreeMap<Module, &'a Source>,
    code: BTreeMap<Module, String>,
    /// By module and name: the path that a `pub use` gives to the name.
    reexports: BTreeMap<(Module, String), Vec<String>>,
}

impl<'a> Crate<'a> {
    /// The crate in a folder such as `backend/src`.
    fn read(folder: &str, sources: &'a [Source]) -> Self {
        let has_lib = sources.iter().any(|source| source.path == format!("{folder}/lib.rs"));
        let root = if has_lib { "lib" } else { "main" };
        let mut read = Self { files: BTreeMap::new(), code: BTreeMap::new(), reexports: BTreeMap::new() };
        for source in sources.iter().filter(|source| source.within(folder)) {
            let inside =
                source.path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')?.strip_suffix(".rs"));
            let Some(inside) = inside else { continue };
            let module = match inside {
                _ if inside == root => Module::new(),
                "lib" | "main" => continue,
                _ => inside.trim_end_matches("/mod").split('/').map(str::to_owned).collect(),
            };
            read.files.insert(module.clone(), source);
            read.code.insert(module, code(&shipped(&source.text)));
        }
        for (module, code) in &read.code {
            for path in code.split("pub").filter_map(public_use).flat_map(tree) {
                if let Some(name) = path.last() {
                    read.reexports.insert((module.clone(), name.clone()), path.clone());
                }
            }
        }
        read
    }

    /// The modules that a module takes something from.
    fn imports(&self, module: &Module) -> BTreeSet<Module> {
        let code = self.code.get(module).map_or("", String::as_str);
        let children =
            self.files.keys().filter(|other| other.split_last().is_some_and(|(_, parent)| parent == module));
        let starts: Vec<&str> = children
            .filter_map(|child| child.last())
            .map(String::as_str)
            .chain(["crate", "self", "super"])
            .collect();
        let mut found = BTreeSet::new();
        for (at, _) in code.match_indices("::") {
            let before = &code[..at];
            let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            let is_start = !before[..at - word.len()].ends_with("::") && starts.contains(&word);
            if is_start {
                let paths = tree(&code[at - word.len()..]);
                found.extend(paths.iter().filter_map(|path| self.resolve(module, path, 0)));
            }
        }
        found.remove(module);
        found
    }

    /// The module that defines what a path names, followed through re-exports.
    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let mut at = from.clone();
        for (index, segment) in path.iter().enumerate() {
            match segment.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                name => {
                    let child: Module = at.iter().cloned().chain([name.to_owned()]).collect();
                    if self.files.contains_key(&child) {
                        at = child;
                    } else if let Some(reexport) =
                        self.reexports.get(&(at.clone(), name.to_owned())).filter(|_| depth < 8)
                    {
                        return self.resolve(&at, reexport, depth + 1);
                    } else {
                        let is_ours = index > 0 && self.files.contains_key(&at);
                        return is_ours.then_some(at);
                    }
                }
            }
        }
        self.files.contains_key(&at).then_some(at)
    }

    /// The groups of files that import one another, each as one line.
    fn circles(&self) -> Vec<String> {
        let imports: BTreeMap<&Module, BTreeSet<Module>> =
            self.files.keys().map(|module| (module, self.imports(module))).collect();
        let reached: BTreeMap<&Module, BTreeSet<Module>> =
            imports.keys().map(|module| (*module, reachable(module, &imports))).collect();
        let mut circles = BTreeSet::new();
        for (module, others) in &reached {
            if others.contains(*module) {
                let back =
                    others.iter().filter(|other| reached.get(other).is_some_and(|it| it.contains(*module)));
                let files: Vec<&str> =
                    back.filter_map(|module| Some(self.files.get(module)?.path.as_str())).collect();
                circles.insert(files.join(" "));
            }
        }
        circles.into_iter().collect()
    }
}

fn reachable(from: &Module, imports: &BTreeMap<&Module, BTreeSet<Module>>) -> BTreeSet<Module> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Module> = imports.get(from).into_iter().flatten().collect();
    while let Some(module) = open.pop() {
        if reached.insert(module.clone()) {
            open.extend(imports.get(module).into_iter().flatten());
        }
    }
    reached
}

/// What follows `pub use` or `pub(…) use`, if this follows a `pub`.
fn public_use(after_pub: &str) -> Option<&str> {
    let after = after_pub
        .strip_prefix('(')
        .map_or(after_pub, |rest| rest.split_once(')').map_or("", |(_, rest)| rest));
    after.trim_start().strip_prefix("use ")
}

/// The paths of a use tree, or the one path of an expression: `crate::a::{b, c::D}` has two. A renamed item keeps its name.
fn tree(text: &str) -> Vec<Vec<String>> {
    let mut path = Vec::new();
    let mut rest = text;
    loop {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if length == 0 {
            break;
        }
        path.push(rest[..length].to_owned());
        rest = &rest[length..];
        let Some(after) = rest.strip_prefix("::") else { break };
        rest = after;
        if let Some(group) = rest.strip_prefix('{') {
            let branches = branches(group).into_iter().flat_map(|branch| tree(branch.trim_start()));
            return branches.map(|branch| path.iter().cloned().chain(branch).collect()).collect();
        }
    }
    vec![path]
}

/// The branches of a group, up to the brace that closes it.
fn branches(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut branches) = (0, 0, Vec::new());
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                branches.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    branches.retain(|branch| !branch.trim().is_empty());
    branches
}

/// The folders of crates: those of the libraries and programs.
fn crates(sources: &[Source]) -> BTreeSet<String> {
    let roots = sources.iter().filter_map(|source| {
        source.path.strip_suffix("/lib.rs").or_else(|| source.path.strip_suffix("/main.rs"))
    });
    roots.filter(|root| root.ends_with("src")).map(str::to_owned).collect()
}

#[test]
fn no_files_of_a_crate_import_one_another_in_a_circle() {
    let sources = sources();
    let folders = crates(&sources);
    assert!(folders.contains("backend/src") && folders.contains("crates/xtask/src"), "{folders:?}");
    let circles: Vec<String> =
        folders.iter().flat_map(|folder| Crate::read(folder, &sources).circles()).collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn a_circle_is_found_through_groups_and_reexports() {
    let file = |path: &str, text: &str| Source { path: format!("c/src/{path}"), text: text.to_owned() };
    let sources = [
        file("lib.rs", "mod a;\nmod b;\npub mod c;\npub use c::D;\nfn f() { a::g(); }"),
        file("a.rs", "use crate::{D, b::{self, E}};"),
        file(
            "b.rs",
            "// use crate::a;\nfn h() { let _ = \"crate::a::x\"; }\n#[cfg(test)]\nmod tests { use crate::a; }",
        ),
        file("c/mod.rs", "mod e;\nuse self::e::F;"),
        file("c/e.rs", "use super::D;\nuse std::fs;"),
    ];
    let read = Crate::read("c/src", &sources);
    assert_eq!(read.imports(&Module::new()), BTreeSet::from([vec!["a".to_owned()], vec!["c".to_owned()]]));
    assert_eq!(
        read.imports(&vec!["a".to_owned()]),
        BTreeSet::from([vec!["b".to_owned()], vec!["c".to_owned()]])
    );
    assert_eq!(read.circles(), ["c/src/c/mod.rs c/src/c/e.rs"]);
}
