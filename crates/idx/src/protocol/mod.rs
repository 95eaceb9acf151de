//! The Identity Engine's protocol: its names, its documents as they come over the wire, and its requests.

pub(crate) mod compressed_text;
pub(crate) mod document;
pub(crate) mod form_request;
pub(crate) mod hosted_page;
pub(crate) mod ion;
pub(crate) mod names;
pub(crate) mod parser;
pub(crate) mod response;
pub(crate) mod retry_after;
pub(crate) mod tape;
