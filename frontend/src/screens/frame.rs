//! The beginning of every screen: its heading, its lead, and the notes about the step.

use crate::any_element::{AnyElement, Elements, IntoAnyElement};
use crate::browser::{self, early_form, mount};
use crate::flow::call::CallError;
use crate::flow::note::Note;
use crate::flow::step::Event;
use crate::flow::{Flow, Notices};
use crate::late;
use crate::parts::banner::{Banner, Tone, line};
use crate::parts::button::LinkButton;
use crate::parts::look::look;
use crate::text::{Phrase, Text};
use latchkey_contract::{MessageClass, ProblemCode};
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

/// Views beside the heading, which the late part makes.
#[derive(Default)]
pub(crate) struct HeadingViews {
    /// Above it: the icon of the step.
    pub(crate) icon: Vec<AnyElement>,
    /// Below it: the account.
    pub(crate) account: Vec<AnyElement>,
}

/// A section with the heading, the lead, the notes and the content of the screen. The title of the page is the heading.
/// Screen readers announce the notes: this is the page's only live region.
#[component]
pub(crate) fn Frame(
    heading: String,
    #[prop(optional)] beside: HeadingViews,
    #[prop(optional)] lead: Vec<String>,
    #[prop(default = "stage")] class: &'static str,
    flow: Flow,
    #[prop(optional)] children: Option<Elements>,
) -> AnyElement {
    browser::title(&heading, &flow.app());
    let text = flow.text;
    // An error goes while the next answer is checked, and an equal one after that is read out again.
    let busy = Memo::new(move |_| flow.is_busy());
    let notes = move || {
        let is_busy = busy.get();
        flow.notices.with(|Notices { notes, problem }| {
            let in_force: Vec<&Note> =
                notes.above.iter().filter(|one| !is_busy || one.class != MessageClass::Error).collect();
            // Adjacent notes of one severity share a box.
            let boxes = in_force.chunk_by(|one, next| tone(one) == tone(next));
            let mut shown: Vec<AnyElement> = boxes.map(|notes| banner(notes, text)).collect();
            shown.extend(problem.as_ref().map(|problem| problem_banner(problem, flow)));
            shown
        })
    };
    let lead = lead.into_iter().map(|words| view! { <p {..look("lead")}>{words}</p> }.into_any_element());
    // A form that replaces an equal one is not animated.
    let is_still = early_form::is_shown().then_some("");
    let level = custom_attribute("aria-level", mount::heading_level());
    view! {
        <section {..look(class)} aria-live="polite" aria-relevant="additions" data-still=is_still>
            {beside.icon}
            <h1 {..look("heading")} {..level} tabindex="-1">{heading}</h1>
            {beside.account}
            {lead.collect::<Vec<_>>()}
            <div {..look("notes")} id=NOTES>{notes}</div>
            {children.map(Elements::build)}
        </section>
    }
    .into_any_element()
}

/// The id of the notes.
pub(super) const NOTES: &str = "said";

fn tone(note: &Note) -> Tone {
    match note.class {
        MessageClass::Error => Tone::Bad,
        MessageClass::Warning | MessageClass::Info if note.tells_of_success() => Tone::Good,
        MessageClass::Warning | MessageClass::Info => Tone::Plain,
    }
}

fn banner(notes: &[&Note], text: Text) -> AnyElement {
    let tone = notes.first().map_or(Tone::Plain, |note| tone(note));
    let lines = notes.iter().flat_map(|note| note_lines(note, text)).collect();
    view! { <Banner tone lines/> }.into_inner()
}

/// The lines of a note. The late part has those with links, and is there before such a note is shown.
fn note_lines(note: &Note, text: Text) -> Vec<AnyElement> {
    match (note.rich_message(), late::functions()) {
        (Some(message), Some(late)) => (late.message_lines)(message, text),
        _ => vec![line(text.wording(&note.words))],
    }
}

/// A failed call, and the action that helps.
fn problem_banner(problem: &CallError, flow: Flow) -> AnyElement {
    let retry = view! {
        <LinkButton label=flow.text.phrase(Phrase::TryAgain) on_press=move || flow.send(Event::Retry)/>
    };
    let words = match problem {
        CallError::Refused(ProblemCode::RateLimited, Some(seconds)) => wait_line(*seconds, flow.text),
        problem => line(message(problem, flow.text)),
    };
    let lines = vec![words];
    view! { <Banner tone=Tone::Bad lines help=retry.into_inner()/> }.into_inner()
}

/// How long to wait; the late part counts it down.
fn wait_line(seconds: u32, text: Text) -> AnyElement {
    match late::functions() {
        Some(late) => (late.wait_line)(seconds, text),
        None => line(text.phrase_with(Phrase::TooManyFor, &text.ahead(seconds, "second"))),
    }
}

fn message(problem: &CallError, text: Text) -> String {
    let line = match problem {
        CallError::Offline => Phrase::Offline,
        CallError::Garbled => Phrase::Broken,
        CallError::Refused(code, _) => match code {
            ProblemCode::RateLimited | ProblemCode::Overloaded => Phrase::TooMany,
            ProblemCode::FlowExpired | ProblemCode::NoTransaction => Phrase::Expired,
            ProblemCode::NoCookie => Phrase::NoCookie,
            ProblemCode::StaleStep => Phrase::StepMoved,
            ProblemCode::OrgUnreachable | ProblemCode::StoreUnavailable => Phrase::OrgAway,
            ProblemCode::OrgTimeout => Phrase::Slow,
            ProblemCode::OrgRefused | ProblemCode::WrongHost | ProblemCode::Csrf => Phrase::Misconfigured,
            ProblemCode::InvalidRequest
            | ProblemCode::NotSignedIn
            | ProblemCode::NotFound
            | ProblemCode::MissingScope
            | ProblemCode::StepUpRequired
            | ProblemCode::AccountRefused
            | ProblemCode::MethodNotAllowed
            | ProblemCode::TooLarge
            | ProblemCode::UnsupportedMediaType
            | ProblemCode::Internal
            | ProblemCode::UpstreamUnreachable
            | ProblemCode::UpstreamTimeout => Phrase::Broken,
        },
    };
    text.phrase(line)
}
