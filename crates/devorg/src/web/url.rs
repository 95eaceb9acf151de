//! Redirect addresses.

/// Adds query parameters to a URL. Empty ones are left out.
pub(crate) fn with_query(address: &str, query: &[(&str, &str)]) -> String {
    let Ok(mut url) = url::Url::parse(address) else { return address.to_owned() };
    url.query_pairs_mut().extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    url.to_string().trim_end_matches('?').to_owned()
}
