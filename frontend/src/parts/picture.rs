//! A picture to scan, and the same for those who type.

use super::button::link;
use crate::browser::copy;
use crate::browser::tag::{Tag, tag};
use crate::text::{Line, Text};

/// The picture, or the key, or both.
pub(crate) fn picture(href: Option<&str>, secret: Option<&str>, text: Text) -> Vec<Tag> {
    let image = href.map(|href| {
        tag("img")
            .class("picture")
            .set("src", href)
            .set("alt", &text.line(Line::Picture))
            .set("width", "200")
            .set("height", "200")
    });
    let lead = href.and(secret).map(|_| tag("p").class("form__advice").text(&text.line(Line::SecretLead)));
    let key = secret.map(|secret| {
        let words = secret.to_owned();
        tag("p")
            .class("key")
            .child(tag("code").class("key__words").text(secret))
            .child(link(&text.line(Line::Copy), move || copy(&words)))
    });
    [image, lead, key].into_iter().flatten().collect()
}
