//! Somebody is signed in: who, and what the org knows about them.

use super::frame::frame;
use crate::browser::tag::{Tag, tag};
use crate::flow::Flow;
use crate::flow::device::device;
use crate::flow::field::plain;
use crate::flow::screen::Person;
use crate::flow::step::Event;
use crate::parts::button::{link, press, quiet};
use crate::text::Line;
use latchkey_contract::{OwnSession, Value};

/// Welcomes a person, with a table of claims, their sessions and the way out.
pub(crate) fn signed_in(person: &Person, flow: Flow) -> Tag {
    let text = flow.text;
    let heading = match person.name.as_str() {
        "" => text.line(Line::WelcomePlain),
        name => text.with(Line::Welcome, name),
    };
    let claim = |(name, value): &(String, Value)| match value {
        Value::Integer(seconds) if MOMENTS.contains(&name.as_str()) => row(name, &text.moment(*seconds)),
        _ => row(name, &plain(value)),
    };
    let busy = move || flow.is_busy();
    let leave =
        press(&text.line(Line::SignOut), busy, move || flow.send(Event::SignOut { everywhere: false }));
    let everywhere =
        quiet(&text.line(Line::SignOutEverywhere), move || flow.send(Event::SignOut { everywhere: true }));
    frame(&heading, &[], flow)
        .child(table(&text.line(Line::Claims), person.claims.iter().map(claim)))
        .children(sessions(&person.sessions, flow))
        .child(tag("div").class("form__buttons").child(leave).child(everywhere))
}

/// Claims that are seconds since 1970.
const MOMENTS: [&str; 2] = ["updated_at", "auth_time"];

fn sessions(all: &[OwnSession], flow: Flow) -> Option<Tag> {
    let text = flow.text;
    let one = |session: &OwnSession| {
        let device = session.user_agent.as_deref().and_then(device);
        let device = device.unwrap_or_else(|| text.line(Line::OtherDevice));
        let since = text.moment(session.since);
        let address = session.address.as_deref();
        if session.current {
            return line(&device, Some(&text.line(Line::ThisDevice)), &since, address);
        }
        let id = session.id.clone();
        let end = link(&text.line(Line::EndSession), move || flow.send(Event::EndSession(id.clone())));
        let whose =
            [&text.line(Line::EndSession), " ", &device, ", ", &since, " ", address.unwrap_or_default()];
        line(&device, None, &since, address).child(tag("td").child(end.set("aria-label", &whose.concat())))
    };
    (!all.is_empty()).then(|| table(&text.line(Line::Sessions), all.iter().map(one)))
}

fn table(caption: &str, rows: impl Iterator<Item = Tag>) -> Tag {
    let caption = tag("caption").class("claims__caption").text(caption);
    tag("table").class("claims").child(caption).child(tag("tbody").children(rows))
}

fn row(name: &str, words: &str) -> Tag {
    line(name, None, words, None)
}

/// Each perhaps with something smaller below it.
fn line(name: &str, below_name: Option<&str>, words: &str, below_words: Option<&str>) -> Tag {
    let more = |words: &str| tag("span").class("claims__more").text(words);
    let head = tag("th").set("scope", "row").text(name).children(below_name.map(more));
    tag("tr").child(head).child(tag("td").text(words).children(below_words.map(more)))
}
