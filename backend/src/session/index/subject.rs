//! How the org names the person or the session that a notice is about.

/// A person by subject or e-mail address, or a session of the org.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SubjectIdentifier<'a> {
    Subject(&'a str),
    Email(&'a str),
    Sid(&'a str),
}
