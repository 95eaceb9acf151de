//! The client: a screen for every step, in the browser.

#![expect(unreachable_pub, reason = "`#[component]` makes the builders of its props public")]

mod altcha;
mod any_element;
mod api;
mod app;
mod browser;
mod decimal;
mod flow;
mod form;
mod late;
mod late_part;
mod parts;
mod percent;
mod read_contract;
mod screens;
mod text;
mod values;

// What an app in Leptos can use of the client, as the sample does.
pub use any_element::{AnyElement, IntoAnyElement};
pub use parts::button::{ActionButton, QuietButton};
pub use parts::look::{Look, look};

/// Mounts the client in the page.
pub fn start() {
    // A release traps without a message, because messages would make the download larger.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    if let Some(screens) = browser::mount::screens() {
        leptos::mount::mount_to(screens, app::App).forget();
    }
}
