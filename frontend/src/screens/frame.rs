//! What every screen begins with: its heading, what it is about, and what there is to say about it.

use crate::browser;
use crate::flow::Flow;
use crate::flow::step::{Event, Problem};
use crate::parts::banner::banner;
use crate::text::{Line, Text};
use latchkey_contract::{Code, MessageClass};
use leptos::prelude::*;

/// The heading, the lead and the notes. The title of the page is the heading.
pub(crate) fn frame(heading: String, lead: Vec<String>, flow: Flow) -> AnyView {
    browser::title(&heading);
    let text = flow.text;
    let said = move || {
        let note = |note: &crate::flow::note::Note| banner(note.class, text.words(&note.words), None);
        flow.notes.with(|notes| notes.above.iter().map(note).collect_view())
    };
    let trouble = move || flow.problem.get().map(|problem| trouble(&problem, flow));
    let paragraph = |words: String| view! { <p class="lead">{words}</p> };
    view! {
        <h1 class="heading" tabindex="-1">{heading}</h1>
        {lead.into_iter().map(paragraph).collect_view()}
        <div class="notes">{said} {trouble}</div>
    }
    .into_any()
}

/// What went wrong between here and the org, and the one thing that helps.
fn trouble(problem: &Problem, flow: Flow) -> AnyView {
    let help = if problem.is_the_end() { Line::StartAgain } else { Line::TryAgain };
    let retry = move |_| flow.send(Event::Retry);
    let button = view! {
        <button type="button" class="link" on:click=retry>
            {flow.text.line(help)}
        </button>
    };
    banner(MessageClass::Error, words(problem, flow.text), Some(button.into_any()))
}

fn words(problem: &Problem, text: Text) -> String {
    let line = match problem {
        Problem::Offline => Line::Offline,
        Problem::Garbled => Line::Broken,
        Problem::Stale(_) => Line::StepMoved,
        Problem::Refused(Code::RateLimited, Some(seconds)) => {
            return text.with(Line::TooManyFor, &seconds.to_string());
        }
        Problem::Refused(code, _) => match code {
            Code::RateLimited | Code::Overloaded => Line::TooMany,
            Code::FlowExpired | Code::NoTransaction => Line::Expired,
            Code::StaleStep => Line::StepMoved,
            Code::OrgUnreachable | Code::StoreUnavailable => Line::OrgAway,
            Code::OrgTimeout => Line::Slow,
            Code::OrgRefused | Code::WrongHost | Code::Csrf => Line::Misconfigured,
            Code::InvalidRequest
            | Code::NotSignedIn
            | Code::NotFound
            | Code::MethodNotAllowed
            | Code::TooLarge
            | Code::UnsupportedMediaType
            | Code::Internal => Line::Broken,
        },
    };
    text.line(line)
}
