//! An Okta-compatible org in one process, for development and tests.
