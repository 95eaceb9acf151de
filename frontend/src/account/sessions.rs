//! Where the person is signed in: a list of sessions, which they can end.

use super::device::device;
use super::failure::AccountFailure;
use super::moment::moment;
use super::page::AccountPage;
use super::rows::{AccountRow, RowAction, detail, own_detail, title};
use super::{phrase, read};
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::api::account::AccountCall;
use crate::parts::look::look;
use latchkey_contract::OwnSession;
use leptos::prelude::*;

/// The sessions that are left, and why a call about them failed.
#[derive(Clone, Copy)]
pub(super) struct SessionList {
    page: AccountPage,
    sessions: RwSignal<Vec<OwnSession>>,
    failure: RwSignal<Option<(AccountFailure, FailedCall)>>,
}

/// The call that "Try again" makes again.
#[derive(Clone)]
enum FailedCall {
    Load,
    End(String),
}

/// The list. An entry that ends leaves the scroll position where it is.
#[component]
pub(super) fn Sessions(list: SessionList) -> AnyElement {
    let page = list.page;
    let note = move || {
        let failed = list.failure.get();
        let shown = failed
            .map(|(failure, call)| page.failure(&failure, Callback::new(move |()| list.call(call.clone()))));
        shown.into_iter().collect::<Vec<_>>()
    };
    let entries = move || {
        let sessions = list.sessions.get();
        sessions.into_iter().map(|session| entry(session, list)).collect::<Vec<_>>()
    };
    let label = page.say(phrase::SESSIONS);
    view! {
        <div>
            {view! { <div {..look("notes")}>{note}</div> }.into_any_element()}
            {view! { <ul {..look("settings__list")} aria-label=label>{entries}</ul> }.into_any_element()}
        </div>
    }
    .into_any_element()
}

impl SessionList {
    /// Begins to read the list.
    pub(super) fn begin(page: AccountPage) -> Self {
        let list = Self { page, sessions: RwSignal::new(Vec::new()), failure: RwSignal::new(None) };
        list.call(FailedCall::Load);
        list
    }

    fn call(self, call: FailedCall) {
        self.page.spawn(async move {
            let result = match &call {
                FailedCall::Load => self.load().await,
                FailedCall::End(id) => self.end(id).await,
            };
            match result {
                Ok(()) => self.failure.set(None),
                Err(AccountFailure::NotSignedIn) => {}
                Err(failure) => self.failure.set(Some((failure, call))),
            }
        });
    }

    async fn load(self) -> Result<(), AccountFailure> {
        let sessions = self.page.call(AccountCall::Get("/api/sessions")).await?;
        self.sessions.set(read::sessions(&sessions));
        Ok(())
    }

    /// Ends a session. The focus goes to the next one.
    async fn end(self, id: &str) -> Result<(), AccountFailure> {
        match self.page.call(AccountCall::Delete(&format!("/api/sessions/{id}"))).await {
            // It has ended already.
            Ok(_) | Err(AccountFailure::NotFound) => {}
            Err(failure) => return Err(failure),
        }
        let next = self.sessions.with_untracked(|sessions| beside(sessions, id).map(trigger));
        self.sessions.update(|sessions| sessions.retain(|session| session.id != id));
        let next = next.map_or_else(|| HEADING.to_owned(), |next| format!("[data-open=\"{next}\"]"));
        self.page.focus_when_drawn(vec![next]);
        self.page.announce(self.page.say(phrase::SESSION_ENDED));
        Ok(())
    }
}

/// The heading of the part.
const HEADING: &str = "[data-part=\"sessions\"] h2";

/// The session whose button gets the focus when this one ends: the next one, else the one before. The current session has no
/// button.
fn beside<'a>(sessions: &'a [OwnSession], id: &str) -> Option<&'a str> {
    let others: Vec<&str> =
        sessions.iter().filter(|session| !session.current).map(|session| session.id.as_str()).collect();
    let at = others.iter().position(|other| *other == id)?;
    others.get(at + 1).or_else(|| others.get(at.checked_sub(1)?)).copied()
}

/// The name of the button that ends a session.
fn trigger(id: &str) -> String {
    format!("session:{id}")
}

fn entry(session: OwnSession, list: SessionList) -> AnyElement {
    let page = list.page;
    let (name, icon) = device(session.user_agent.as_deref().unwrap_or_default());
    let name = name.unwrap_or_else(|| page.say(phrase::ANOTHER_DEVICE));
    let since = moment(session.since as f64 * 1_000.0, page);
    let details = [
        session.current.then(|| detail(page.say(phrase::THIS_DEVICE))),
        Some(page.say_with(phrase::SIGNED_IN_AT, since)),
        session.address.clone().map(own_detail),
    ];
    let end = (!session.current).then(|| {
        let about = [Some(name.as_str()), session.address.as_deref()];
        let about = about.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let (label, trigger) = (page.say(phrase::SIGN_OUT_THERE), trigger(&session.id));
        let end = move || list.call(FailedCall::End(session.id.clone()));
        view! { <RowAction label about trigger on_press=end/> }.into_inner()
    });
    let (details, actions) = (details.into_iter().flatten().collect(), end.into_iter().collect());
    view! { <AccountRow icon title=title(name) details actions/> }.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_goes_to_the_next_session_else_to_the_one_before() {
        let session =
            |(id, current): (&str, bool)| OwnSession { id: id.to_owned(), current, ..OwnSession::default() };
        let sessions = [("here", true), ("a", false), ("b", false), ("c", false)].map(session);
        assert_eq!(beside(&sessions, "a"), Some("b"));
        assert_eq!(beside(&sessions, "c"), Some("b"));
        assert_eq!(beside(&sessions[..2], "a"), None);
    }
}
