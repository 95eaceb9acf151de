//! The current flow, as signals around the pure function `step`.

mod already_signed_in;
pub(crate) mod alternative;
mod begin;
pub(crate) mod call;
mod choices;
pub(crate) mod device_step;
mod drafts;
pub(crate) mod ended;
pub(crate) mod expected_code;
pub(crate) mod field;
mod field_label;
pub(crate) mod form_kind;
mod lost_flow;
pub(crate) mod note;
mod page_path;
mod reply;
pub(crate) mod screen;
mod screen_of_step;
pub(crate) mod step;
pub(crate) mod step_fields;
mod step_reader;
mod view;

use crate::browser::address::Address;
use crate::browser::{mount, storage};
use crate::text::Text;
use call::{Call, CallError, PendingReply};
use device_step::Launch;
use drafts::Drafts;
use latchkey_contract::{IdentifiedUser, StepUp, Value, Values};
use leptos::prelude::*;
use leptos::task::spawn_local;
use note::Notes;
use screen::{FirstScreen, Screen};
use step::{Event, step};
use view::{Phase, View};

/// The flow of this page. Each action of the person becomes an event; everything on the page is derived from the view.
#[derive(Clone, Copy)]
pub(crate) struct Flow {
    view: RwSignal<View>,
    /// Changes with the screen and not with its messages, so that a form is not rebuilt while a person types.
    pub(crate) screen_id: Memo<u32>,
    pub(crate) notices: Memo<Notices>,
    pub(crate) drafts: StoredValue<Drafts>,
    pub(crate) text: Text,
    /// The address bar; none in another site's page.
    address: StoredValue<Option<Address>>,
    ask: Ask,
}

/// What the page has to say about the step.
#[derive(Clone, PartialEq)]
pub(crate) struct Notices {
    pub(crate) notes: Notes,
    /// Why the last call failed.
    pub(crate) problem: Option<CallError>,
}

impl Notices {
    fn of(view: &View) -> Self {
        Self { notes: view.notes.clone(), problem: view.problem.clone() }
    }
}

/// Makes a call for the flow of a token.
pub(crate) type Ask = fn(Call, Option<String>) -> PendingReply;

impl Flow {
    /// A flow that has not begun.
    pub(crate) fn new(text: Text, address: Option<Address>, ask: Ask) -> Self {
        let view = RwSignal::new(View::new());
        Self {
            view,
            screen_id: Memo::new(move |_| view.with(|view| view.screen_id)),
            notices: Memo::new(move |_| view.with(Notices::of)),
            drafts: StoredValue::new(Drafts::read(storage::get(TYPED))),
            text,
            address: StoredValue::new(address),
            ask,
        }
    }

    /// The current screen.
    pub(crate) fn screen(self) -> Screen {
        self.view.with_untracked(View::screen)
    }

    /// The current screen, if the first part of the program can show it.
    pub(crate) fn first_screen(self) -> Option<FirstScreen> {
        self.view.with_untracked(View::first_screen)
    }

    /// Whether the signed-in screen is shown.
    pub(crate) fn is_signed_in(self) -> bool {
        self.view.with_untracked(|view| matches!(view.phase, Phase::SignedIn(_)))
    }

    /// Whether a call is in progress.
    pub(crate) fn is_busy(self) -> bool {
        self.view.with(|view| view.busy)
    }

    /// The same, without subscribing.
    pub(crate) fn is_busy_untracked(self) -> bool {
        self.view.with_untracked(|view| view.busy)
    }

    /// The number of calls that the person has caused.
    pub(crate) fn request_id(self) -> u32 {
        self.view.with_untracked(|view| view.request_id)
    }

    /// The number of replies.
    pub(crate) fn replies(self) -> u32 {
        self.view.with(|view| view.replies)
    }

    /// The name of the flow, for calls about it.
    pub(crate) fn token(self) -> Option<String> {
        self.view.with_untracked(|view| view.token().map(str::to_owned))
    }

    /// The account, from the moment that the org knows it.
    pub(crate) fn user(self) -> Option<IdentifiedUser> {
        self.view.with_untracked(|view| view.user().cloned())
    }

    /// What the person signs in again for.
    pub(crate) fn step_up(self) -> Option<StepUp> {
        self.view.with_untracked(|view| view.step_up().cloned())
    }

    /// The key of the authenticator that the step is about.
    pub(crate) fn authenticator(self) -> Option<String> {
        self.view.with_untracked(|view| Some(view.step()?.authenticator.as_ref()?.key.clone()))
    }

    /// The app's name; empty if it is not known.
    pub(crate) fn app(self) -> String {
        self.view.with_untracked(|view| view.app().to_owned())
    }

    /// The challenge that a passkey signs to answer the step of this name.
    pub(crate) fn passkey_challenge(self, name: &str) -> Option<Value> {
        self.view.with_untracked(|view| view.passkey_challenge(name).cloned())
    }

    /// Whether this is the first step of a flow.
    pub(crate) fn has_just_begun(self) -> bool {
        self.view.with_untracked(|view| matches!(view.last_call, Some(Call::Begin(..))))
    }

    /// How Okta Verify is started, if the org offers it beside the username.
    pub(crate) fn launch(self) -> Option<Launch> {
        self.view.with_untracked(View::launch)
    }

    /// Whether the org offers the step of this name beside the current one.
    pub(crate) fn offers(self, name: &str) -> bool {
        self.view.with_untracked(|view| view.offers(name))
    }

    /// Milliseconds until the next poll, if the step is polled.
    pub(crate) fn poll_interval(self) -> Option<u32> {
        self.view.with(View::poll_interval)
    }

    /// Opens the path of the page.
    pub(crate) fn open(self, path: String, values: Values) {
        self.send(Event::Opened { path, values, in_flow: storage::get(TOKEN).is_some() });
    }

    /// Begins a flow at a path, whatever the tab has.
    pub(crate) fn begin(self, path: String, values: Values) {
        self.send(Event::Opened { path, values, in_flow: false });
    }

    /// Handles an event.
    pub(crate) fn send(self, event: Event) {
        let before = self.view.with_untracked(Reported::of);
        let taken = self.view.try_update_untracked(|view| core::mem::replace(view, View::new()));
        let (view, call) = step(taken.unwrap_or_else(View::new), event);
        let (request_id, token) = (view.request_id, view.token().map(str::to_owned));
        let now = Reported::of(&view);
        // The path is corrected only when the view is known: an early correction would remove the forward history.
        let is_known = !view.busy;
        if now.screen_id != before.screen_id
            && let (Some(step), Some(path)) = (view.step(), &now.path)
        {
            let authenticator = step.authenticator.as_ref().map(|one| one.key.as_str());
            mount::notify_step(&step.name, authenticator, path);
        }
        self.view.set(view);
        self.store(&before, &now);
        if now.is_home != before.is_home {
            mount::notify(if now.is_home { "latchkey-signed-in" } else { "latchkey-signed-out" }, None);
        }
        if now.error != before.error && now.error.is_some() {
            mount::notify("latchkey-error", now.error);
        }
        if let Some(path) = now.path.filter(|_| is_known) {
            self.show_address(before.path, &path);
        }
        if let Some(call) = call {
            let token = token.or_else(|| storage::get(TOKEN));
            let is_poll = matches!(call, Call::Poll);
            let reply = (self.ask)(call, token);
            spawn_local(async move {
                let result = reply.await;
                self.send(if is_poll {
                    Event::Polled { request_id, result }
                } else {
                    Event::Replied { request_id, result }
                });
            });
        }
    }

    /// Stores the drafts for a reload or going back. Never called with a secret.
    pub(crate) fn note_draft(self, id: &str, value: &str) {
        self.drafts.update_value(|drafts| drafts.note(id, value));
        storage::set(TYPED, &self.drafts.with_value(Drafts::written));
    }

    /// The tab stores which flow it has; the token is worthless without the session cookie.
    fn store(self, before: &Reported, now: &Reported) {
        if let Some(token) = now.token.as_deref().filter(|_| now.token != before.token) {
            storage::set(TOKEN, token);
        }
        if now.token.is_some() && before.token.is_none() {
            storage::set_signed_in(now.has_session);
        }
        if now.is_home && !before.is_home {
            storage::set_signed_in(true);
            storage::remove(TOKEN);
            storage::remove(TYPED);
            self.drafts.set_value(Drafts::default());
        }
    }

    /// A new step adds an entry to the history; a corrected path replaces one.
    fn show_address(self, before: Option<String>, path: &str) {
        self.address.with_value(|address| {
            let Some(address) = address else { return };
            let here = address.current();
            if here != path {
                address.go(path, before.is_none_or(|before| before != here));
            }
        });
    }
}

/// What is stored and reported when it changes.
struct Reported {
    screen_id: u32,
    path: Option<String>,
    token: Option<String>,
    is_home: bool,
    has_session: bool,
    error: Option<&'static str>,
}

impl Reported {
    fn of(view: &View) -> Self {
        Self {
            screen_id: view.screen_id,
            path: view.path(),
            token: view.token().map(str::to_owned),
            is_home: matches!(view.phase, Phase::SignedIn(_)),
            has_session: view.has_session(),
            error: view.error(),
        }
    }
}

/// The storage key of the flow's token.
const TOKEN: &str = "latchkey.flow";
/// The storage key of the drafts.
const TYPED: &str = "latchkey.typed";
