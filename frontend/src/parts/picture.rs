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
        view! {
            <p {..look("key")}>
                <code {..look("key__words")}>{secret}</code>
                <LinkButton label=text.phrase(Phrase::Copy) on_press=move || copy(&copied)/>
            </p>
        }
        .into_any_element()
    });
    [image, advice, key].into_iter().flatten().collect()
}
