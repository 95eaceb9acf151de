//! The languages that the page speaks.

/// Every language by its tag, with what it calls itself. A file `text/TAG.json` has its words.
pub(crate) const LANGUAGES: [(&str, &str); 11] = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("pt-BR", "Português (Brasil)"),
    ("ar", "العربية"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("zh-CN", "简体中文"),
];
