//! The signed-in page: the person's claims and sessions.

use super::frame::Frame;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::flow::Flow;
use crate::flow::device::device;
use crate::flow::field::plain;
use crate::flow::screen::SignedInPerson;
use crate::flow::step::Event;
use crate::parts::button::{ActionButton, QuietButton};
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use latchkey_contract::{OwnSession, Value};
use leptos::prelude::*;

/// Welcomes a person, with a table of claims, their sessions and the buttons to sign out.
#[component]
pub(crate) fn SignedInScreen(person: SignedInPerson, flow: Flow) -> AnyElement {
    let text = flow.text;
    let heading = match person.name.as_str() {
        "" => text.phrase(Phrase::WelcomePlain),
        name => text.phrase_with(Phrase::Welcome, name),
    };
    let claims = person.claims.into_iter().map(|(name, value)| claim(name, &value, text)).collect();
    let sessions: Vec<_> = person.sessions.into_iter().map(|one| session(one, flow)).collect();
    let sessions = (!sessions.is_empty()).then(|| table(text.phrase(Phrase::Sessions), sessions));
    let busy = Signal::derive(move || flow.is_busy());
    let sign_out = move |everywhere| move || flow.send(Event::SignOut { everywhere });
    let buttons = view! {
        <div {..look("form__buttons")}>
            <ActionButton label=text.phrase(Phrase::SignOut) busy on_press=sign_out(false)/>
            <QuietButton label=text.phrase(Phrase::SignOutEverywhere) on_press=sign_out(true)/>
        </div>
    };
    view! {
        <Frame heading flow>
            {table(text.phrase(Phrase::Claims), claims)}
            {sessions}
            {buttons.into_any_element()}
        </Frame>
    }
    .into_inner()
}

/// Claims that are seconds since 1970.
const TIME_CLAIMS: [&str; 2] = ["updated_at", "auth_time"];

fn claim(name: String, value: &Value, text: Text) -> AnyElement {
    let words = match value {
        Value::Integer(seconds) if TIME_CLAIMS.contains(&name.as_str()) => text.moment(*seconds),
        _ => plain(value),
    };
    row(Cell { words: name, detail: None }, Cell { words, detail: None }, None)
}

fn session(session: OwnSession, flow: Flow) -> AnyElement {
    let text = flow.text;
    let device = session.user_agent.as_deref().and_then(device);
    let device = device.unwrap_or_else(|| text.phrase(Phrase::OtherDevice));
    let since = text.moment(session.since);
    let end = (!session.current).then(|| {
        let label = text.phrase(Phrase::EndSession);
        let address = session.address.as_deref().unwrap_or_default();
        let name = [&label, " ", &device, ", ", &since, " ", address].concat();
        let id = session.id;
        let end = move |_| flow.send(Event::EndSession(id.clone()));
        view! { <td><button {..look("link")} type="button" aria-label=name on:click=end>{label}</button></td> }
            .into_any_element()
    });
    let detail = session.current.then(|| text.phrase(Phrase::ThisDevice));
    row(Cell { words: device, detail }, Cell { words: since, detail: session.address }, end)
}

fn table(caption: String, rows: Vec<AnyElement>) -> AnyElement {
    view! {
        <table {..look("claims")}>
            <caption {..look("claims__caption")}>{caption}</caption>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any_element()
}

/// The text of a table cell, optionally with a smaller text below.
struct Cell {
    words: String,
    detail: Option<String>,
}

impl Cell {
    fn detail(detail: Option<String>) -> Option<AnyElement> {
        detail.map(|words| view! { <bdi {..look("claims__more")}>{words}</bdi> }.into_any_element())
    }
}

fn row(head: Cell, cell: Cell, last: Option<AnyElement>) -> AnyElement {
    view! {
        <tr>
            <th scope="row"><bdi>{head.words}</bdi>{Cell::detail(head.detail)}</th>
            <td><bdi>{cell.words}</bdi>{Cell::detail(cell.detail)}</td>
            {last}
        </tr>
    }
    .into_any_element()
}
