//! What the org "sent": mails, text messages and calls that never leave the process.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// The way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// To a mailbox.
    Email,
    /// To a phone, as text.
    Sms,
    /// To a phone, read aloud.
    Voice,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Its name.
    pub id: String,
    /// The address or number it went to.
    pub to: String,
    /// How it went.
    pub channel: Channel,
    /// What it is about.
    pub subject: String,
    /// The code in it, if there is one.
    pub code: Option<String>,
    /// The link in it, if there is one.
    pub link: Option<String>,
    /// When it went, RFC 3339.
    pub at: String,
}

/// All of them, newest first, up to a limit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Inbox {
    sent: VecDeque<Sent>,
    count: u64,
}

/// A message before it has a name and a time.
pub(crate) struct Draft {
    pub(crate) to: String,
    pub(crate) channel: Channel,
    pub(crate) subject: String,
    pub(crate) code: Option<String>,
    pub(crate) link: Option<String>,
}

const KEPT: usize = 2_000;

impl Inbox {
    /// Delivers a message.
    pub(crate) fn deliver(&mut self, draft: Draft, now: Moment) {
        self.count += 1;
        let Draft { to, channel, subject, code, link } = draft;
        self.sent.push_front(Sent {
            id: format!("msg{:06}", self.count),
            to,
            channel,
            subject,
            code,
            link,
            at: now.iso(),
        });
        self.sent.truncate(KEPT);
    }

    /// What went to an address, or everything; newest first.
    pub(crate) fn to(&self, address: Option<&str>) -> Vec<Sent> {
        self.sent.iter().filter(|s| address.is_none_or(|a| s.to.eq_ignore_ascii_case(a))).cloned().collect()
    }
}
