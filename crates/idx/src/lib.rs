//! Okta's Identity Engine as types: pure functions and one async client.
