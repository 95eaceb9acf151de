//! A short name of a browser, from its `User-Agent`.

/// The browser and its system, such as `Firefox, macOS`; `None` for an unknown one.
pub(crate) fn device(user_agent: &str) -> Option<String> {
    let known = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.split([' ', ';', '(', '/']).any(|word| word == *mark))
            .map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some([browser, system].join(", ")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// Each browser also names those it is compatible with, so the most specific comes first.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("EdgA", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Safari", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_known_by_its_own_name_and_not_by_compatible_ones() {
        for (user_agent, known) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
                "Chrome, Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.6; rv:132.0) Gecko/20100101 Firefox/132.0",
                "Firefox, macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0 Safari/537.36", "Chrome, Linux"),
            ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ] {
            assert_eq!(device(user_agent).as_deref(), Some(known));
        }
    }

    #[test]
    fn other_programs_have_no_name() {
        assert_eq!(device("curl/8.5.0"), None);
        assert_eq!(device(""), None);
    }
}
