//! What operators use: the doctor, walks and their traces, metrics, and the limits of the operating system.

pub mod doctor;
mod fastpass_check;
mod finding;
pub mod metrics;
pub mod open_files;
mod org_page_check;
pub mod walk;
