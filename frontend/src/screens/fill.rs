//! A form, whatever it asks.

use super::frame::frame;
use super::ways::{providers, skip, ways};
use super::words;
use crate::browser::tag::{Tag, keep_up, tag};
use crate::browser::{self, passkey};
use crate::flow::Flow;
use crate::flow::asked::AUTOFILL;
use crate::flow::field::{Control, Field, Typed};
use crate::flow::page::Page;
use crate::flow::screen::Fill;
use crate::flow::step::Event;
use crate::form::{Sheet, all};
use crate::parts::button::submit;
use crate::parts::picture::picture;
use crate::text::Line;
use crate::values;
use latchkey_contract::{Value, Values};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Shows a form and sends what is filled in.
pub(crate) fn fill(form: Fill, flow: Flow) -> Tag {
    let Fill { page, fields, always, skip: can_skip, ways: others, providers: elsewhere } = form;
    let text = flow.text;
    let top = frame(&words::heading(&page, text), &words::lead(&page, text), flow);
    let below = ways(others, flow);
    let away = providers(&elsewhere, flow);
    // Where only others can say who somebody is, there is nothing to send.
    if fields.is_empty() && away.is_some() {
        return top.children(away).children(below);
    }
    let sheet = Sheet::new(flow);
    let primary = submit(&text.line(words::button(&page)), move || flow.is_busy());
    let buttons = tag("div").class("form__buttons").child(primary).children(can_skip.then(|| skip(flow)));
    let form = tag("form")
        .class("form")
        .set("method", "post")
        .set("novalidate", "")
        .children(person(&fields, flow))
        .children(about(&page, flow))
        .children(all(&fields, sheet))
        .child(buttons);
    clear_after_objection(sheet, secrets(&fields));
    if takes_passkey(&fields) {
        offer_passkeys(flow);
    }
    let form = form.on_submit(move || send(&fields, &always, sheet));
    let or = away.is_some().then(|| tag("p").class("or").text(&text.line(Line::Or)));
    top.child(form).children(or).children(away).children(below)
}

fn send(fields: &[Field], always: &Values, sheet: Sheet) {
    if untrack(|| sheet.flow.is_busy()) {
        return;
    }
    match sheet.answers(fields) {
        Some(answers) => sheet.flow.send(Event::Submit(values::both(always.clone(), answers))),
        None => browser::focus_step(),
    }
}

fn takes_passkey(fields: &[Field]) -> bool {
    fields.iter().any(|field| matches!(field.control, Control::Text(Typed::UsernameOrPasskey)))
}

/// Has the browser offer passkeys where the username is typed, with what the org wants to be signed this time.
fn offer_passkeys(flow: Flow) {
    on_cleanup(|| spawn_local(passkey::stop()));
    let beat = Memo::new(move |_| flow.beat());
    keep_up(Box::new(move || {
        beat.track();
        let Some(data) = flow.offered() else { return };
        spawn_local(async move {
            if let Ok(proof) = passkey::offer(&data).await {
                let mut answer = values::one("step", AUTOFILL);
                answer.insert("credentials".to_owned(), Value::Object(proof));
                flow.send(Event::Submit(answer));
            }
        });
    }));
}

/// A password that was turned down is typed anew; everything else stays.
fn clear_after_objection(sheet: Sheet, secrets: Vec<String>) {
    let first = untrack(|| sheet.flow.beat());
    keep_up(Box::new(move || {
        let objected =
            sheet.flow.beat() != first && sheet.flow.said.with_untracked(|(notes, _)| notes.object());
        if objected {
            untrack(|| sheet.clear(&secrets));
        }
    }));
}

fn secrets(fields: &[Field]) -> Vec<String> {
    fields.iter().filter(|field| matches!(field.control, Control::Password)).map(Field::id).collect()
}

/// Whose password is typed, for password managers, where the form itself does not ask.
fn person(fields: &[Field], flow: Flow) -> Vec<Tag> {
    let asks = |is: fn(&Control) -> bool| fields.iter().any(|field| is(&field.control));
    let password = asks(|control| matches!(control, Control::Password | Control::NewPassword(_)));
    let username = asks(|control| {
        matches!(control, Control::Text(Typed::Username | Typed::UsernameOrPasskey | Typed::Email))
    });
    let known = flow.drafts.with_value(|drafts| drafts.get("username").map(str::to_owned));
    let Some(known) = known.filter(|known| password && !username && !known.is_empty()) else {
        return Vec::new();
    };
    let unseen = tag("input")
        .class("unseen")
        .set("type", "text")
        .set("name", "username")
        .set("autocomplete", "username")
        .set("tabindex", "-1")
        .set("aria-hidden", "true")
        .set("readonly", "")
        .set("value", &known);
    vec![tag("p").class("person").text(&known), unseen]
}

/// What a page shows besides its fields.
fn about(page: &Page, flow: Flow) -> Vec<Tag> {
    match page {
        Page::EnrollApp { picture: href, secret, .. } => {
            picture(href.as_deref(), secret.as_deref(), flow.text)
        }
        Page::Phone => vec![tag("p").class("form__advice").text(&flow.text.line(Line::PhoneAdvice))],
        _ => Vec::new(),
    }
}
