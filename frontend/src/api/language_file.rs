//! The file with the texts of a language.

use super::transport::{Received, get_file};
use crate::read_contract;

/// The texts of a language by their English text or i18n key; none if the request fails.
pub(crate) async fn fetch(tag: &str) -> Option<Vec<(String, String)>> {
    match get_file(&format!("/text/{tag}.json")).await {
        Ok(Received::Body(body)) => Some(read_contract::words(&body)),
        Ok(Received::Nothing | Received::Moved(_)) | Err(_) => None,
    }
}
