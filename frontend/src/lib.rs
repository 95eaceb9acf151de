//! The client: every step a person can be asked.
