//! What every screen begins with: its heading, what it is about, and what there is to say about it.

use crate::browser;
use crate::browser::tag::{Tag, tag};
use crate::flow::Flow;
use crate::flow::call::Problem;
use crate::flow::note::Note;
use crate::flow::step::Event;
use crate::parts::banner::{Tone, banner};
use crate::parts::button::link;
use crate::text::{Line, Text};
use latchkey_contract::{Code, MessageClass};
use leptos::prelude::With;

/// A section with the heading, the lead and the notes, to be gone on with. The title of the page is the heading.
/// What is said about the step appears inside and is read out: this is the page's one live region.
pub(crate) fn frame(heading: &str, lead: &[String], flow: Flow) -> Tag {
    browser::title(heading);
    let text = flow.text;
    let said = move || {
        flow.said.with(|(notes, problem)| {
            let note = |note: &Note| banner(tone(note), &text.words(&note.words), None);
            let mut said: Vec<Tag> = notes.above.iter().map(note).collect();
            said.extend(problem.as_ref().map(|problem| trouble(problem, flow)));
            said
        })
    };
    tag("section")
        .class("stage")
        .set("aria-live", "polite")
        .set("aria-relevant", "additions")
        .child(tag("h1").class("heading").set("tabindex", "-1").text(heading))
        .children(lead.iter().map(|words| tag("p").class("lead").text(words)))
        .child(tag("div").class("notes").set("id", SAID).shows(said))
}

/// The id of what is said about the step.
pub(super) const SAID: &str = "said";

fn tone(note: &Note) -> Tone {
    match note.class {
        MessageClass::Error => Tone::Bad,
        MessageClass::Warning | MessageClass::Info if note.tells_of_success() => Tone::Good,
        MessageClass::Warning | MessageClass::Info => Tone::Plain,
    }
}

/// What went wrong between here and the org, and the one thing that helps.
fn trouble(problem: &Problem, flow: Flow) -> Tag {
    let retry = link(&flow.text.line(Line::TryAgain), move || flow.send(Event::Retry));
    banner(Tone::Bad, &words(problem, flow.text), Some(retry))
}

fn words(problem: &Problem, text: Text) -> String {
    let line = match problem {
        Problem::Offline => Line::Offline,
        Problem::Garbled => Line::Broken,
        Problem::Refused(Code::RateLimited, Some(seconds)) => {
            return text.with(Line::TooManyFor, &text.ahead(*seconds, "second"));
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
            | Code::Internal
            | Code::UpstreamUnreachable
            | Code::UpstreamTimeout => Line::Broken,
        },
    };
    text.line(line)
}
