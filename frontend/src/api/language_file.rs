//! The file with the words of a language.

use super::transport::{Received, get_file};
use crate::read_contract;

/// The words of a language by their English or their i18n key; none when they cannot be had.
pub(crate) async fn fetch(tag: &str) -> Option<Vec<(String, String)>> {
    match get_file(&format!("/text/{tag}.json")).await {
        Ok(Received::Body(body)) => Some(read_contract::words(&body)),
        Ok(Received::Nothing | Received::Moved(_)) | Err(_) => None,
    }
}
