//! A flow, from its first document to the interaction code: which form is filled how, and what a person sees of it.

pub(crate) mod answer;
pub(crate) mod authenticator;
pub(crate) mod captcha;
pub(crate) mod consent;
pub(crate) mod credentials;
pub(crate) mod device_challenge;
pub(crate) mod device_set_up;
pub(crate) mod features;
pub(crate) mod fill;
pub(crate) mod flow_secrets;
pub(crate) mod flow_user;
pub(crate) mod form_table;
pub(crate) mod message;
pub(crate) mod plan;
pub(crate) mod position;
pub(crate) mod remaining_answer;
pub(crate) mod rules;
pub(crate) mod scalar;
pub(crate) mod step;
pub(crate) mod step_draft;
pub(crate) mod stored_flow;
pub(crate) mod transaction;
pub(crate) mod transaction_json;
