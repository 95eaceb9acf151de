//! A picture to scan, and the same for those who type.

use crate::browser;
use crate::text::{Line, Text};
use leptos::prelude::*;

/// The picture, or the key, or both.
pub(crate) fn picture(href: Option<String>, secret: Option<String>, text: Text) -> AnyView {
    let image = href.map(|href| {
        view! { <img class="picture" src=href alt=text.line(Line::Picture) width="200" height="200" /> }
    });
    let lead = image.is_some().then(|| text.line(Line::SecretLead));
    let key = secret.map(|secret| {
        let copied = RwSignal::new(false);
        let copy = {
            let secret = secret.clone();
            move |_| {
                browser::copy(&secret);
                copied.set(true);
            }
        };
        view! {
            <p class="form__advice">{lead}</p>
            <p class="key">
                <code class="key__words">{secret}</code>
                <button type="button" class="link" on:click=copy>
                    {move || text.line(if copied.get() { Line::Copied } else { Line::Copy })}
                </button>
            </p>
        }
    });
    view! { {image} {key} }.into_any()
}
