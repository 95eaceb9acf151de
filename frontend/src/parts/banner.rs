//! Something to be read before going on.

use latchkey_contract::MessageClass;
use leptos::prelude::*;

/// Words in a box whose edge says how they are meant, and perhaps something to press.
pub(crate) fn banner(class: MessageClass, words: String, help: Option<AnyView>) -> AnyView {
    let look = match class {
        MessageClass::Error => "banner banner--error",
        MessageClass::Warning => "banner banner--warning",
        MessageClass::Info => "banner banner--info",
    };
    view! {
        <div class=look>
            <p class="banner__words">{words}</p>
            {help}
        </div>
    }
    .into_any()
}
