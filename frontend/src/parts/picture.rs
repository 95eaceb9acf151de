//! A QR code to scan, and its key to type.

use super::button::LinkButton;
use super::look::look;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::copy;
use crate::text::{Phrase, Text};
use leptos::prelude::*;

/// The picture, or the key, or both.
pub(crate) fn picture(href: Option<String>, secret: Option<String>, text: Text) -> Vec<AnyElement> {
    let advice = href.is_some() && secret.is_some();
    let advice = advice.then(|| {
        view! { <p {..look("form__advice")}>{text.phrase(Phrase::SecretLead)}</p> }.into_any_element()
    });
    let image = href.map(|href| {
        view! { <img {..look("picture")} src=href alt=text.phrase(Phrase::Picture) width="200" height="200"/> }
            .into_any_element()
    });
    let key = secret.map(|secret| {
        let copied = secret.clone();
        let groups = groups_of_four(&secret);
        view! {
            <p {..look("key")}>
                <code {..look("key__words")}>{groups}</code>
                <LinkButton label=text.phrase(Phrase::Copy) on_press=move || copy(&copied)/>
            </p>
        }
        .into_any_element()
    });
    [image, advice, key].into_iter().flatten().collect()
}

/// A key in groups of four letters, as people read it. The gaps are drawn, and are no part of what is copied.
fn groups_of_four(key: &str) -> Vec<AnyElement> {
    let letters: Vec<char> = key.chars().collect();
    let group = |letters: &[char]| {
        view! { <span {..look("key__group")}>{letters.iter().collect::<String>()}</span> }.into_any_element()
    };
    letters.chunks(4).map(group).collect()
}
