//! What the parts of the account page share: its texts, its calls, its announcements and its focus.

use super::failure::{AccountFailure, Sentence};
use super::phrase;
use super::shell::AccountShell;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::api::account::{AccountCall, call};
use crate::browser::account as dom;
use crate::browser::intl;
use crate::browser::schedule::soon;
use crate::browser::storage;
use crate::parts::button::LinkButton;
use crate::parts::look::look;
use crate::read_contract;
use crate::text::{Language, Phrase, filled};
use latchkey_contract::StepUp;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use std::pin::Pin;
use wasm_bindgen::JsValue;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct AccountPage {
    shared: StoredValue<Shared>,
    /// The element around all parts.
    pub(super) root: NodeRef<Div>,
    announcement: RwSignal<String>,
}

struct Shared {
    shell: AccountShell,
    /// The language that the page is drawn in.
    language: Language,
    /// The texts of the account page by their English text; none in English.
    texts: Vec<(String, String)>,
    /// The id of the person, as soon as the claims are here.
    user_id: Option<String>,
    /// The owner of all that the page shows.
    owner: Option<Owner>,
}

impl AccountPage {
    pub(super) fn new(shell: AccountShell) -> Self {
        let language = shell.language.get_untracked();
        let shared = Shared { shell, language, texts: Vec::new(), user_id: None, owner: Owner::current() };
        Self {
            shared: StoredValue::new(shared),
            root: NodeRef::new(),
            announcement: RwSignal::new(String::new()),
        }
    }

    /// Runs a task until the page is left, also if the form that began it is closed before.
    pub(super) fn spawn(self, task: impl Future<Output = ()> + 'static) {
        // One type of task is less code to download than many.
        let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
        if let Some(owner) = self.shared.with_value(|shared| shared.owner.clone()) {
            owner.with(|| spawn_local_scoped_with_cancellation(task));
        }
    }

    /// The owner of a form, whose signals go with it.
    pub(super) fn form_owner(self) -> Owner {
        self.shared.with_value(|shared| shared.owner.as_ref().map(Owner::child)).unwrap_or_default()
    }

    /// The language around the page.
    pub(super) fn language_around(self) -> RwSignal<Language> {
        self.shared.with_value(|shared| shared.shell.language)
    }

    /// Fetches the texts of a language. Without them the page is in English. `false`: it is another language by now.
    pub(super) async fn speak(self, language: Language) -> bool {
        let path = format!("/account/text/{}.json", language.tag);
        let texts = match language.tag.as_str() {
            "" | ENGLISH => Vec::new(),
            _ => {
                let texts = call(&self.server(), AccountCall::Get(&path)).await;
                texts.map(|texts| read_contract::words(&texts)).unwrap_or_default()
            }
        };
        let is_current = self.language_around().with_untracked(|now| *now == language);
        if is_current {
            self.shared.update_value(|shared| (shared.language, shared.texts) = (language, texts));
        }
        is_current
    }

    /// The tag of the language.
    pub(super) fn language(self) -> String {
        let tag = self.shared.with_value(|shared| shared.language.tag.clone());
        if tag.is_empty() { ENGLISH.to_owned() } else { tag }
    }

    pub(super) fn say(self, phrase: Phrase) -> String {
        self.translated(phrase.english())
    }

    /// A sentence with `what` in its placeholder. In one that is read from the right, it keeps its own direction.
    pub(super) fn say_about(self, phrase: Phrase, what: &str) -> String {
        let sentence = self.say(phrase);
        let is_right_to_left = self.root.get_untracked().is_some_and(|root| dom::is_right_to_left(&root));
        let what = if is_right_to_left { format!("\u{2068}{what}\u{2069}") } else { what.to_owned() };
        filled(&sentence, &[what]).unwrap_or(sentence)
    }

    /// A sentence with an element in its placeholder.
    pub(super) fn say_with(self, phrase: Phrase, what: AnyElement) -> AnyElement {
        let sentence = self.say_about(phrase, "\0");
        let (before, after) = sentence.split_once('\0').unwrap_or((&sentence, ""));
        let (before, after) = (before.to_owned(), after.to_owned());
        view! { <span {..look("settings__detail")}>{before}{what}{after}</span> }.into_any_element()
    }

    pub(super) fn sentence(self, sentence: &Sentence) -> String {
        match sentence {
            Sentence::Ours(phrase) => self.say(*phrase),
            Sentence::About(phrase, what) => self.say_about(*phrase, what),
            Sentence::In(phrase, seconds) => {
                self.say_about(*phrase, &intl::relative(&self.language(), *seconds, "second"))
            }
            Sentence::Org(words) => words.clone(),
        }
    }

    /// The translation of an English text of ours, or of a name of the org's. A text of the program comes before one of the
    /// account page, because an operator may have set it.
    pub(super) fn translated(self, english: &str) -> String {
        let found = self.shared.with_value(|shared| {
            let mut texts = shared.language.words.iter().chain(&shared.texts);
            texts.find(|(known, _)| known == english).map(|(_, words)| words.clone())
        });
        found.unwrap_or_else(|| english.to_owned())
    }

    /// The full address of a path of the server.
    pub(super) fn url(self, path: &str) -> String {
        self.server() + path
    }

    fn server(self) -> String {
        self.shared.with_value(|shared| shared.shell.server.clone())
    }

    /// Calls the server. A person who is not signed in any more leaves the page.
    pub(super) async fn call(self, request: AccountCall<'_>) -> Result<JsValue, AccountFailure> {
        let result = call(&self.server(), request).await;
        if matches!(result, Err(AccountFailure::NotSignedIn)) {
            self.shared.with_value(|shared| shared.shell.on_signed_out).run(());
        }
        result
    }

    /// What the person signs in with.
    pub(super) fn username(self) -> String {
        self.shared.with_value(|shared| shared.shell.username.clone())
    }

    /// The id of the person, if it is known.
    pub(super) fn user_id(self) -> Option<String> {
        self.shared.with_value(|shared| shared.user_id.clone())
    }

    pub(super) fn set_user_id(self, id: Option<String>) {
        self.shared.update_value(|shared| shared.user_id = id);
    }

    /// Leaves for another sign-in, after which the person comes back to the change at `trigger`.
    pub(super) fn step_up(self, trigger: &str, needed: StepUp) {
        storage::set(RESUMED, trigger);
        self.shared.with_value(|shared| shared.shell.on_step_up).run(needed);
    }

    /// The change to go on with after another sign-in, once.
    pub(super) fn take_resumed(self) -> Option<String> {
        let trigger = storage::get(RESUMED);
        storage::remove(RESUMED);
        trigger
    }

    /// Has screen readers read a text out.
    pub(super) fn announce(self, text: String) {
        self.announcement.set(text);
    }

    /// What is read out. It is a new element each time, so that an equal text is read again.
    pub(super) fn announcements(self) -> AnyElement {
        let text = move || {
            vec![view! { <span {..look("unseen")}>{self.announcement.get()}</span> }.into_any_element()]
        };
        view! { <p {..look("unseen")} role="status">{text}</p> }.into_any_element()
    }

    /// Moves the focus to the first element of these selectors that there is, once the changed state is drawn, and leaves the
    /// scroll position.
    pub(super) fn focus_when_drawn(self, selectors: Vec<String>) {
        self.when_drawn(move |root| dom::focus(root, &selectors));
    }

    /// Presses a button, once it is drawn.
    pub(super) fn press_when_drawn(self, selector: String) {
        self.when_drawn(move |root| dom::press(root, &selector));
    }

    /// Builds what is drawn in place of the same in another language, and restores the focus and what is unfolded.
    pub(super) fn redraw(self, build: impl FnOnce() -> Vec<AnyElement>) -> Vec<AnyElement> {
        let before = self.root.get_untracked().map(|root| dom::PageState::of(&root));
        let drawn = build();
        if let Some(before) = before {
            self.when_drawn(move |root| before.restore(root));
        }
        drawn
    }

    fn when_drawn(self, act: impl FnOnce(&dom::AccountRoot) + 'static) {
        soon(move || {
            if let Some(root) = self.root.try_get_untracked().flatten() {
                act(&root);
            }
        });
    }

    /// A failed call, with a button that tries again.
    pub(super) fn failure(self, failure: &AccountFailure, on_retry: Callback<()>) -> AnyElement {
        let words = self.sentence(&failure.sentence());
        let label = self.say(phrase::TRY_AGAIN);
        let retry = view! { <LinkButton label on_press=on_retry/> }.into_inner();
        view! { <p {..look("banner banner--error")} role="alert">{words}" "{retry}</p> }.into_any_element()
    }
}

/// The tag of the language that has no file.
const ENGLISH: &str = "en";

/// The storage key of the change that a person wanted to make before they had to sign in again.
const RESUMED: &str = "latchkey.account";
