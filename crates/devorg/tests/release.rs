//! The dependencies of the released program.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::process::Command;

    use serde_json::Value;

    /// The resolved dependencies of a package, of these kinds.
    fn dependencies<'a>(package: &str, metadata: &'a Value, kinds: &[Option<&str>]) -> BTreeSet<&'a str> {
        let list = |value: &'a Value| value.as_array().unwrap();
        let nodes = list(&metadata["resolve"]["nodes"]);
        let name = |id: &Value| {
            let of_id = list(&metadata["packages"]).iter().find(|package| package["id"] == *id);
            of_id.unwrap()["name"].as_str().unwrap()
        };
        let mut waiting: Vec<&Value> = nodes.iter().filter(|node| name(&node["id"]) == package).collect();
        let mut seen = BTreeSet::new();
        while let Some(node) = waiting.pop() {
            if !seen.insert(node["id"].as_str().unwrap()) {
                continue;
            }
            for dependency in list(&node["deps"]) {
                let is_wanted = |kind: &Value| kinds.contains(&kind["kind"].as_str());
                if list(&dependency["dep_kinds"]).iter().any(is_wanted) {
                    waiting.extend(nodes.iter().find(|node| node["id"] == dependency["pkg"]));
                }
            }
        }
        seen.iter().map(|id| name(&Value::from(*id))).collect()
    }

    fn stdout_of(command: &mut Command) -> String {
        let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn the_released_program_does_not_contain_the_dev_org() {
        // Dependencies of other systems may not be downloaded.
        let host = stdout_of(Command::new("rustc").args(["--print", "host-tuple"]));
        let mut command = Command::new(env!("CARGO"));
        command.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
        command.args(["--filter-platform", host.trim()]);
        let metadata: Value = serde_json::from_str(&stdout_of(&mut command)).unwrap();

        let released = dependencies("latchkey", &metadata, &[None, Some("build")]);
        assert!(released.contains("latchkey-idx") && released.contains("tokio"), "{released:?}");
        assert!(!released.contains("latchkey-devorg"), "{released:?}");
        // The tests depend on it, which shows that the search finds it.
        let tested = dependencies("latchkey", &metadata, &[None, Some("build"), Some("dev")]);
        assert!(tested.contains("latchkey-devorg"));
    }
}
