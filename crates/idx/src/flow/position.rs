//! The position of a flow in its current document.

/// The form of the document that waits for an answer, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// At this form.
    AtForm(usize),
    /// At no form.
    NoForm,
    /// The flow was cancelled.
    Canceled,
}

impl Position {
    /// At the form of this index, or at none.
    pub(crate) fn from_index(index: Option<usize>) -> Self {
        index.map_or(Self::NoForm, Self::AtForm)
    }
}
