//! Messages the org sent: mails, text messages and calls, which never leave the process.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// The channel of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Mail.
    Email,
    /// A text message.
    Sms,
    /// A voice call.
    Voice,
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    /// The id.
    pub id: String,
    /// The recipient's address or number.
    pub to: String,
    /// The channel.
    pub channel: Channel,
    /// The subject.
    pub subject: String,
    /// The code in it, if there is one.
    pub code: Option<String>,
    /// The link in it, if there is one.
    pub link: Option<String>,
    /// When it was sent, RFC 3339.
    pub at: String,
}

/// The newest messages, up to [`MAX_MESSAGES`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Inbox {
    sent: VecDeque<SentMessage>,
    count: u64,
}

/// A message to send.
pub(crate) struct NewMessage {
    pub(crate) to: String,
    pub(crate) channel: Channel,
    pub(crate) subject: String,
    pub(crate) code: Option<String>,
    pub(crate) link: Option<String>,
}

/// How many messages the inbox remembers.
const MAX_MESSAGES: usize = 2_000;

impl Inbox {
    /// Stores a message.
    pub(crate) fn deliver(&mut self, draft: NewMessage, now: Timestamp) {
        self.count += 1;
        let NewMessage { to, channel, subject, code, link } = draft;
        self.sent.push_front(SentMessage {
            id: format!("msg{:06}", self.count),
            to,
            channel,
            subject,
            code,
            link,
            at: now.iso(),
        });
        self.sent.truncate(MAX_MESSAGES);
    }

    /// The messages to an address, or all of them; newest first.
    pub(crate) fn to(&self, address: Option<&str>) -> Vec<SentMessage> {
        self.sent.iter().filter(|s| address.is_none_or(|a| s.to.eq_ignore_ascii_case(a))).cloned().collect()
    }
}
