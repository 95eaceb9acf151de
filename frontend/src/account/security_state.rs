//! The state of the security part: what the account has, and the form that is open. One form is open at a time.

use super::change::{AccountChange, AccountGroup};
use super::failure::AccountFailure;
use super::form_signals::FormSignals;
use super::page::AccountPage;
use super::{phrase, read};
use crate::api::account::AccountCall;
use latchkey_contract::{Account, StepUp};
use leptos::prelude::*;

/// The state of the security part.
#[derive(Clone, Copy)]
pub(super) struct SecurityState {
    pub(super) page: AccountPage,
    /// None before the first response.
    account: RwSignal<Option<Result<Account, AccountFailure>>>,
    open: RwSignal<Option<OpenForm>>,
}

/// The open form.
struct OpenForm {
    /// The row or the group that it is below.
    place: String,
    /// The button that has opened it, which gets the focus back.
    trigger: String,
    content: FormContent,
    /// The owner of its signals, which go when the form does.
    _owner: Owner,
}

/// What a form shows.
#[derive(Clone)]
pub(super) enum FormContent {
    Change(FormSignals),
    /// The org wants a sign-in that is newer or stronger for the change.
    StepUp(AccountChange, StepUp),
}

impl SecurityState {
    /// Begins to read the account. A change that was interrupted by a sign-in goes on.
    pub(super) fn begin(page: AccountPage) -> Self {
        let security = Self { page, account: RwSignal::new(None), open: RwSignal::new(None) };
        let resumed = page.take_resumed();
        page.spawn(async move {
            security.load().await;
            if let Some(trigger) = resumed {
                page.press_when_drawn(format!("[data-open=\"{trigger}\"]"));
            }
        });
        security
    }

    /// Whether the first response is still to come.
    pub(super) fn is_loading(self) -> bool {
        self.account.with(Option::is_none)
    }

    /// The account, or why it is not known.
    pub(super) fn account(self) -> Option<Result<Account, AccountFailure>> {
        self.account.get()
    }

    /// Reads the account.
    pub(super) async fn load(self) {
        let result = self.page.call(AccountCall::Get("/api/account")).await.map(|json| read::account(&json));
        if !matches!(result, Err(AccountFailure::NotSignedIn)) {
            self.open.set(None);
            self.account.set(Some(result));
        }
    }

    /// Reads the account again after a change, says what has changed, and moves the focus to its group.
    pub(super) async fn done(self, text: String, group: AccountGroup) {
        self.load().await;
        self.page.announce(text);
        let heading = format!("[data-part=\"{}\"] h3", group.name());
        self.page.focus_when_drawn(vec![heading, "h3".to_owned()]);
    }

    /// The form that is open below this row or group.
    pub(super) fn form_below(self, place: &str) -> Option<FormContent> {
        self.open
            .with(|open| open.as_ref().filter(|open| open.place == place).map(|open| open.content.clone()))
    }

    /// Opens the form of a change in place of another one.
    pub(super) fn open(self, place: String, trigger: String, change: AccountChange) {
        let (owner, content) = self.content(change);
        self.show(OpenForm { place, trigger, content, _owner: owner });
    }

    /// Shows the next form of the same change.
    pub(super) fn open_next(self, change: AccountChange) {
        let (owner, content) = self.content(change);
        self.replace(owner, content);
    }

    /// Asks for the sign-in that the org wants for the change.
    pub(super) fn open_step_up(self, change: AccountChange, needed: StepUp) {
        self.replace(self.page.form_owner(), FormContent::StepUp(change, needed));
    }

    fn content(self, change: AccountChange) -> (Owner, FormContent) {
        let owner = self.page.form_owner();
        let signals = owner.with(|| FormSignals::new(change));
        (owner, FormContent::Change(signals))
    }

    fn replace(self, owner: Owner, content: FormContent) {
        let place = self
            .open
            .with_untracked(|open| open.as_ref().map(|open| (open.place.clone(), open.trigger.clone())));
        if let Some((place, trigger)) = place {
            self.show(OpenForm { place, trigger, content, _owner: owner });
        }
    }

    /// Shows a form, which takes the focus.
    fn show(self, form: OpenForm) {
        self.open.set(Some(form));
        self.page.focus_when_drawn(vec!["form input".to_owned(), "form button".to_owned()]);
    }

    /// Closes the form. Its button gets the focus back; a passkey that was added stays without a name of the person's own.
    pub(super) fn close(self) {
        let open = self
            .open
            .with_untracked(|open| open.as_ref().map(|open| (open.trigger.clone(), open.content.clone())));
        let Some((trigger, content)) = open else { return };
        if let FormContent::Change(form) = content
            && let AccountChange::NamePasskey(added) = form.change.get_value()
        {
            let text = self.page.say_about(phrase::ADDED, &added.name);
            self.page.spawn(self.done(text, AccountGroup::Passkey));
            return;
        }
        self.open.set(None);
        self.page.focus_when_drawn(vec![format!("[data-open=\"{trigger}\"]")]);
    }
}
