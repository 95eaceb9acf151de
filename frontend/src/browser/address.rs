//! The address bar: reads it, changes it, and watches back, forward and clicks on links.

use leptos::prelude::*;
use leptos_router::location::{BrowserUrl, LocationChange, LocationProvider, State, Url};

/// The page's address, by the router's own provider, which handles the history and clicks on links.
pub(crate) struct Address(BrowserUrl);

impl Address {
    /// The address of this page; its listeners are removed with the current owner.
    pub(crate) fn of_page() -> Option<Self> {
        let url = BrowserUrl::new().ok()?;
        url.init(None);
        Some(Self(url))
    }

    /// The parts of another address of this page.
    pub(crate) fn parse(address: &str) -> Option<Url> {
        BrowserUrl::parse(address).ok()
    }

    /// The path, as it changes.
    pub(crate) fn path(&self) -> Memo<String> {
        let url = self.0.as_url().clone();
        Memo::new(move |_| url.with(|url| url.path().to_owned()))
    }

    /// The current path and query.
    pub(crate) fn current(&self) -> String {
        let location = window().location();
        location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
    }

    /// A parameter of the query that the page was opened with.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        self.0.as_url().with_untracked(|url| url.search_params().get(name))
    }

    /// Goes to a path. `replace` replaces the current entry of the history.
    pub(crate) fn go(&self, path: &str, replace: bool) {
        let Ok(url) = BrowserUrl::parse(path) else { return };
        self.set(url);
        let (value, state) = (path.to_owned(), State::default());
        self.0.complete_navigation(&LocationChange { value, replace, scroll: true, state });
    }

    fn set(&self, url: Url) {
        let current = self.0.as_url();
        if current.with_untracked(|current| *current != url) {
            current.set(url);
        }
    }
}
