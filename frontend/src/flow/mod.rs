//! What happens: the flow a person is in, as signals around one pure function.

mod drafts;
pub(crate) mod field;
pub(crate) mod note;
pub(crate) mod route;
pub(crate) mod screen;
pub(crate) mod step;

use crate::text::Text;
use crate::{api, browser};
use drafts::Drafts;
use latchkey_contract::Values;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use note::Notes;
use screen::Screen;
use step::{Call, Event, Problem, View, step};

/// The flow of this page. Everything the person does becomes an event here; everything the page shows is derived from the view.
#[derive(Clone, Copy)]
pub(crate) struct Flow {
    view: RwSignal<View>,
    /// What is shown. It changes with the step and not with what is said about it, so that nothing is rebuilt under someone's hands.
    pub(crate) screen: Memo<(Screen, u32)>,
    pub(crate) notes: Memo<Notes>,
    pub(crate) problem: Memo<Option<Problem>>,
    pub(crate) busy: Memo<bool>,
    /// Milliseconds between polls, and the beat they count from.
    pub(crate) polls: Memo<Option<(u32, u32)>>,
    pub(crate) beat: Memo<u32>,
    pub(crate) drafts: StoredValue<Drafts>,
    pub(crate) text: Text,
    navigate: StoredValue<Navigate>,
}

type Navigate = Box<dyn Fn(&str, NavigateOptions) + Send + Sync>;

impl Flow {
    /// A flow that has yet to begin. It lives inside the router.
    pub(crate) fn new(text: Text) -> Self {
        let view = RwSignal::new(View::new());
        Self {
            view,
            screen: Memo::new(move |_| view.with(|view| (view.screen(), view.lap))),
            notes: Memo::new(move |_| view.with(|view| view.notes.clone())),
            problem: Memo::new(move |_| view.with(|view| view.problem.clone())),
            busy: Memo::new(move |_| view.with(|view| view.busy)),
            polls: Memo::new(move |_| view.with(|view| Some((view.polls()?, view.beat)))),
            beat: Memo::new(move |_| view.with(|view| view.beat)),
            drafts: StoredValue::new(Drafts::read(browser::kept(TYPED))),
            text,
            navigate: StoredValue::new(Box::new(use_navigate())),
        }
    }

    /// Finds out what the address asks for.
    pub(crate) fn open(self, path: String, values: Values) {
        self.send(Event::Opened { path, values, in_flow: browser::kept(TOKEN).is_some() });
    }

    /// Lets something happen.
    pub(crate) fn send(self, event: Event) {
        let before = self.view.with_untracked(View::path);
        let (view, call) = step(self.view.get_untracked(), event);
        let (turn, token) = (view.turn, view.token().map(str::to_owned));
        let after = view.path();
        self.view.set(view);
        self.keep(token.as_deref());
        if let Some(path) = after {
            self.show_address(before, &path);
        }
        if let Some(call) = call {
            let token = token.or_else(|| browser::kept(TOKEN));
            spawn_local(async move {
                let is_poll = call == Call::Poll;
                let result = api::ask(call, token).await;
                self.send(if is_poll {
                    Event::Polled { turn, result }
                } else {
                    Event::Answer { turn, result }
                });
            });
        }
    }

    /// Keeps what was typed, for a reload or a way back. Never called with a secret.
    pub(crate) fn note_draft(self, id: &str, value: &str) {
        self.drafts.update_value(|drafts| drafts.note(id, value));
        browser::keep(TYPED, &self.drafts.with_value(Drafts::written));
    }

    /// The tab remembers which flow is its own; the name says nothing without the session's cookie.
    fn keep(self, token: Option<&str>) {
        match (token, self.screen.with_untracked(|(screen, _)| matches!(screen, Screen::SignedIn(_)))) {
            (Some(token), _) => browser::keep(TOKEN, token),
            (None, true) => {
                browser::forget(TOKEN);
                browser::forget(TYPED);
                self.drafts.set_value(Drafts::default());
            }
            (None, false) => {}
        }
    }

    /// A new step is a new place to come back from; a correction of the address is not.
    fn show_address(self, before: Option<String>, path: &str) {
        let here = browser::address();
        if here != path {
            let replace = before.is_none_or(|before| before != here);
            let options = NavigateOptions { resolve: false, replace, ..NavigateOptions::default() };
            self.navigate.with_value(|navigate| navigate(path, options));
        }
    }
}

/// Where the tab keeps the name of its flow.
const TOKEN: &str = "latchkey.flow";
/// Where the tab keeps what was typed.
const TYPED: &str = "latchkey.typed";
