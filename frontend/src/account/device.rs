//! The browser and the device of a session, from its `User-Agent`.

/// A browser or a system by a word of the header.
type Mark = (&'static [&'static str], &'static str);

/// Each browser also names those it is compatible with, so the most specific comes first.
const BROWSERS: [Mark; 5] = [
    (&["Edg", "EdgA"], "Edge"),
    (&["OPR"], "Opera"),
    (&["Firefox", "FxiOS"], "Firefox"),
    (&["CriOS", "Chrome", "HeadlessChrome"], "Chrome"),
    (&["Safari"], "Safari"),
];

const SYSTEMS: [Mark; 7] = [
    (&["iPhone"], "iPhone"),
    (&["iPad"], "iPad"),
    (&["Android"], "Android"),
    (&["CrOS"], "ChromeOS"),
    (&["Windows"], "Windows"),
    (&["Macintosh"], "macOS"),
    (&["Linux"], "Linux"),
];

/// The systems of phones and tablets.
const MOBILE: [&str; 3] = ["iPhone", "iPad", "Android"];

/// The browser and its system, such as `Firefox, macOS`, if they are known, and the icon of the kind of device.
pub(super) fn device(user_agent: &str) -> (Option<String>, &'static str) {
    let words: Vec<&str> =
        user_agent.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
    let named = |marks: &[Mark]| {
        marks.iter().find(|(marks, _)| marks.iter().any(|mark| words.contains(mark))).map(|(_, name)| *name)
    };
    let (browser, system) = (named(&BROWSERS), named(&SYSTEMS));
    let names: Vec<&str> = browser.into_iter().chain(system).collect();
    let icon = if system.is_some_and(|system| MOBILE.contains(&system)) { "mobile" } else { "computer" };
    ((!names.is_empty()).then(|| names.join(", ")), icon)
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn the_most_specific_browser_and_system_are_named() {
        for (user_agent, name, icon) in [
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:131.0) Gecko/20100101 Firefox/131.0",
                "Firefox, macOS",
                "computer",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge, Windows",
                "computer",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
                "Chrome, Android",
                "mobile",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
                "mobile",
            ),
        ] {
            assert_eq!(device(user_agent), (Some(name.to_owned()), icon), "{user_agent}");
        }
    }

    #[test]
    fn a_word_within_another_is_no_mark_and_an_unknown_device_has_no_name() {
        assert_eq!(device("SafariBot/1.0"), (None, "computer"));
        assert_eq!(device(""), (None, "computer"));
    }
}
