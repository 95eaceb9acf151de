//! Lock files: each fetches from one public registry over HTTPS, and no other file names a registry.

use std::collections::BTreeSet;

use super::{Source, sources};

/// The registries that the packages of a lock file come from, by its `resolved` or `source` values.
fn origins(lock: &Source) -> BTreeSet<String> {
    let lines = lock.text.lines().map(str::trim);
    if lock.ends_with("Cargo.lock") {
        return lines.filter_map(|line| Some(quoted(line.strip_prefix("source = ")?)?.to_owned())).collect();
    }
    // A package in a folder of the checkout has a path in place of a URL.
    let resolved =
        lines.filter_map(|line| quoted(line.strip_prefix("\"resolved\": ")?)).filter(|url| url.contains(':'));
    // The registry of `https://HOST/NAME/-/FILE.tgz` is `https://HOST`.
    resolved.map(|url| url.split('/').take(3).collect::<Vec<_>>().join("/")).collect()
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.split('"').next()
}

fn is_lock(source: &Source) -> bool {
    source.ends_with("Cargo.lock") || source.ends_with("package-lock.json")
}

/// Whether an origin can be a public registry: HTTPS, a host name with a domain, and no port, user or query.
fn looks_public(origin: &str) -> bool {
    let Some(rest) = origin.strip_prefix("registry+").unwrap_or(origin).strip_prefix("https://") else {
        return false;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let is_name =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let top = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.split('.').all(is_name)
        && !top.starts_with(|c: char| c.is_ascii_digit())
        && !["internal", "local", "localhost", "lan", "test"].contains(&top)
        && !rest.contains(['?', '@'])
}

/// What is wrong with the origins of a lock file.
fn wrong_origins(lock: &Source) -> Vec<String> {
    let origins = origins(lock);
    let mut wrong: Vec<String> = origins.iter().filter(|origin| !looks_public(origin)).cloned().collect();
    if origins.len() > 1 {
        wrong.push(format!("more than one registry: {origins:?}"));
    }
    wrong
}

/// A registry set in a settings file of npm or cargo.
fn sets_a_registry(source: &Source) -> bool {
    let npm = source.ends_with(".npmrc") && source.text.contains("registry=");
    npm || (source.within(".cargo") && ["[source", "[registr"].iter().any(|it| source.text.contains(it)))
}

fn lock(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn each_lock_file_fetches_from_one_public_registry() {
    let sources = sources();
    let locks: Vec<&Source> = sources.iter().filter(|source| is_lock(source)).collect();
    assert!(locks.iter().any(|lock| lock.path == "Cargo.lock"), "Cargo.lock is not found");
    for lock in locks {
        assert_eq!(wrong_origins(lock), Vec::<String>::new(), "{}", lock.path);
    }
}

#[test]
fn no_other_file_names_a_registry() {
    let sources = sources();
    let npm = sources.iter().filter(|source| source.ends_with("package-lock.json")).flat_map(origins);
    let hosts: Vec<String> = npm.map(|origin| origin.trim_start_matches("https://").to_owned()).collect();
    let naming = sources.iter().filter(|source| !is_lock(source)).filter(|source| {
        sets_a_registry(source) || hosts.iter().any(|host| source.text.contains(host.as_str()))
    });
    assert_eq!(naming.map(|source| source.path.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_mirror_in_a_lock_file_is_found() {
    let npm = |url: &str| lock("e2e/package-lock.json", &format!("  \"resolved\": \"{url}\","));
    assert!(wrong_origins(&npm("https://registry.example.org/a/-/a-1.0.0.tgz")).is_empty());
    for mirror in
        ["http://registry.example.org/a.tgz", "https://10.0.0.1/a.tgz", "https://mirror.internal/a.tgz"]
    {
        assert!(!wrong_origins(&npm(mirror)).is_empty(), "{mirror}");
    }
    let link = lock("frontend/samples/package-lock.json", "  \"resolved\": \"../npm/dist/client\",");
    assert!(wrong_origins(&link).is_empty());
    let two =
        "source = \"registry+https://example.org/one\"\nsource = \"registry+https://example.org/two\"\n";
    assert!(!wrong_origins(&lock("Cargo.lock", two)).is_empty());
    assert!(sets_a_registry(&lock("e2e/.npmrc", "registry=https://example.org")));
    assert!(sets_a_registry(&lock(".cargo/config.toml", "[source.mirror]\n")));
}
