//! The client: every step a person can be asked, as forms in the browser.

mod api;
mod app;
mod browser;
mod decimal;
mod flow;
mod form;
mod parts;
mod read;
mod screens;
mod stage;
mod text;
mod values;

/// Puts the client into the page.
pub fn start() {
    // A release traps without a word: the words would have to be downloaded.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    let Some(around) = browser::place::around() else { return };
    if browser::place::is_guest() {
        leptos::mount::mount_to(around, app::guest).forget();
    } else {
        leptos::mount::mount_to(around, app::app).forget();
    }
}
