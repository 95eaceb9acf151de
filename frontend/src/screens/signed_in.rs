//! Somebody is signed in: who, and what the org knows about them.

use super::frame::frame;
use crate::browser::tag::{Tag, tag};
use crate::flow::Flow;
use crate::flow::field::plain;
use crate::flow::screen::Person;
use crate::flow::step::Event;
use crate::parts::button::press;
use crate::text::Line;
use latchkey_contract::Value;

/// Welcomes a person, with a table of claims and the way out.
pub(crate) fn signed_in(person: &Person, flow: Flow) -> Tag {
    let text = flow.text;
    let heading = match person.name.as_str() {
        "" => text.line(Line::WelcomePlain),
        name => text.with(Line::Welcome, name),
    };
    let row = |(name, value): &(String, Value)| {
        let name = tag("th").set("scope", "row").text(name);
        tag("tr").child(name).child(tag("td").text(&plain(value)))
    };
    let claims = tag("table")
        .class("claims")
        .child(tag("caption").class("claims__caption").text(&text.line(Line::Claims)))
        .child(tag("tbody").children(person.claims.iter().map(row)));
    let leave = press(&text.line(Line::SignOut), move || flow.is_busy(), move || flow.send(Event::SignOut));
    frame(&heading, &[], flow).child(claims).child(leave)
}
