//! Drafts: typed values that are not secret, stored for a reload.

/// Values by field id.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drafts(Vec<(String, String)>);

impl Drafts {
    /// The stored drafts, if any.
    pub(crate) fn read(written: Option<String>) -> Self {
        let written = written.unwrap_or_default();
        Self(
            written
                .split(RECORD_SEPARATOR)
                .filter_map(|pair| pair.split_once(UNIT_SEPARATOR))
                .map(owned)
                .collect(),
        )
    }

    pub(crate) fn written(&self) -> String {
        let mut written = String::new();
        for (id, value) in &self.0 {
            written.push_str(id);
            written.push(UNIT_SEPARATOR);
            written.push_str(value);
            written.push(RECORD_SEPARATOR);
        }
        written
    }

    pub(crate) fn note(&mut self, id: &str, value: &str) {
        self.0.retain(|(held, _)| held != id);
        self.0.push((id.to_owned(), value.replace([UNIT_SEPARATOR, RECORD_SEPARATOR], "")));
    }

    pub(crate) fn get(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|(held, _)| held == id).map(|(_, value)| value.as_str())
    }
}

/// ASCII's unit and record separators, which no keyboard types.
const UNIT_SEPARATOR: char = '\u{1f}';
const RECORD_SEPARATOR: char = '\u{1e}';

fn owned((id, value): (&str, &str)) -> (String, String) {
    (id.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_survive_a_reload() {
        let mut drafts = Drafts::default();
        drafts.note("username", "mary=1;2\n@example.com");
        drafts.note("firstName", "");
        let back = Drafts::read(Some(drafts.written()));
        assert_eq!(back, drafts);
        assert_eq!(back.get("username"), Some("mary=1;2\n@example.com"));
    }

    #[test]
    fn missing_or_invalid_drafts_are_empty() {
        assert_eq!(Drafts::read(None), Drafts::default());
        assert_eq!(Drafts::read(Some("{\"a\":1}".into())), Drafts::default());
    }
}
