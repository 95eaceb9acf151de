//! Something to be read before going on.

use crate::browser::tag::{Tag, tag};

/// How words are meant.
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
}

/// Words in a box whose edge says how they are meant, and perhaps something to press.
pub(crate) fn banner(tone: Tone, words: &str, help: Option<Tag>) -> Tag {
    let look = match tone {
        Tone::Plain => "banner",
        Tone::Good => "banner banner--good",
        Tone::Bad => "banner banner--error",
    };
    tag("div").class(look).child(tag("p").text(words)).children(help)
}
