//! The MyAccount API: what a signed-in person sees and changes of their own account, with their access token.

pub(crate) mod refusal;
pub(crate) mod resources;
