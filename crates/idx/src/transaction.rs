//! Where a flow stands and what can be done next: the answer to every call.

use crate::document::Document;
use crate::engine::features;
use crate::rules::{open, rule};
use crate::sketch;
use crate::step::{Message, Step};
use crate::words::{Feature, Status};

/// Where a flow stands, in the words of Okta's guides.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// Whether the org asks, has granted, or is done.
    pub status: Status,
    /// What to ask the person for.
    pub next_step: Option<Step>,
    /// Every way on: the forms that are known or ask for something, then the actions beside them. Any of them can be called
    /// by `step`.
    pub available_steps: Vec<Step>,
    /// What the org lets people do from the first page.
    pub enabled_features: Vec<Feature>,
    /// What the org has to say, for the page and for single inputs.
    pub messages: Vec<Message>,
}

/// What a document was left at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// At this form.
    At(usize),
    /// At none of its forms.
    Nowhere,
    /// The flow was given up.
    Canceled,
}

impl Transaction {
    pub(crate) fn read(document: &Document, standing: Standing) -> Self {
        let action_names: Vec<_> =
            document.actions().into_iter().map(|action| (action, action.name())).collect();
        let can_resend = action_names.iter().any(|(_, name)| name.contains("resend"));
        let next_step = match standing {
            Standing::At(index) => document.form_at(index).map(|form| {
                let sketch = sketch::sketch(form, rule(form));
                let can_skip = document.find_form("skip").is_some();
                Step { can_skip, can_resend, ..Step::read(&sketch) }
            }),
            Standing::Nowhere | Standing::Canceled => None,
        };
        let forms = document.forms().filter_map(|form| Some(Step::read(&sketch::sketch(form, open(form)?))));
        let actions = action_names.iter().map(|(action, name)| Step::read(&sketch::action(*action, name)));
        Self {
            status: status(document, standing),
            next_step,
            available_steps: forms.chain(actions).collect(),
            enabled_features: features(document),
            messages: document.messages().into_iter().map(Message::read).collect(),
        }
    }
}

/// The end comes before giving up, and giving up before a code.
pub(crate) fn status(document: &Document, standing: Standing) -> Status {
    if document.is_terminal() {
        Status::Terminal
    } else if standing == Standing::Canceled {
        Status::Canceled
    } else if document.interaction_code().is_some() {
        Status::Success
    } else {
        Status::Pending
    }
}
