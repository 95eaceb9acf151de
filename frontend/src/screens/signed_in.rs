//! Somebody is signed in: who, and what the org knows about them.

use super::frame::frame;
use crate::flow::Flow;
use crate::flow::field::plain;
use crate::flow::screen::Person;
use crate::flow::step::Event;
use crate::parts::button::{Button, press};
use crate::text::Line;
use latchkey_contract::Value;
use leptos::prelude::*;

/// Welcomes a person, with a table of claims and the way out.
pub(crate) fn signed_in(person: Person, flow: Flow) -> AnyView {
    let text = flow.text;
    let heading = if person.name.is_empty() {
        text.line(Line::WelcomePlain)
    } else {
        text.with(Line::Welcome, &person.name)
    };
    let row = |(name, value): (String, Value)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{plain(&value)}</td>
            </tr>
        }
    };
    view! {
        {frame(heading, Vec::new(), flow)}
        <table class="claims">
            <caption class="claims__caption">{text.line(Line::Claims)}</caption>
            <tbody>{person.claims.into_iter().map(row).collect_view()}</tbody>
        </table>
        {press(Button { words: text.line(Line::SignOut), busy: flow.busy }, move || flow.send(Event::SignOut))}
    }
    .into_any()
}
