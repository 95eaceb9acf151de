//! The terms of services that verify identities. Okta sends none for those whose terms its clients know.

use url::Url;

/// The pages with the terms of the service with this id at Okta, by their English names: those that are known, or those that the org
/// sends.
pub(super) fn terms_of(
    id: Option<&str>,
    of_use: Option<&str>,
    privacy: Option<&str>,
) -> impl Iterator<Item = (&'static str, String)> {
    let (of_use, privacy) = match id {
        Some("IDV_PERSONA") => (
            Some("https://withpersona.com/legal/terms-of-use"),
            Some("https://withpersona.com/legal/privacy-policy"),
        ),
        Some("IDV_CLEAR") => {
            (Some("https://www.clearme.com/member-terms"), Some("https://www.clearme.com/privacy-policy"))
        }
        Some("IDV_INCODE") => (Some("https://incode.id/terms"), Some("https://incode.id/privacy")),
        _ => (of_use, privacy),
    };
    [("Terms of use", of_use), ("Privacy policy", privacy)]
        .map(|(label, address)| Some((label, address.filter(|address| is_secure(address))?.to_owned())))
        .into_iter()
        .flatten()
}

/// Whether an address is safe in a link.
pub(super) fn is_secure(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.scheme() == "https")
}

#[cfg(test)]
mod tests {
    use super::terms_of;

    #[test]
    fn known_terms_come_first_and_unsafe_ones_are_left_out() {
        let all = |id, of_use| terms_of(Some(id), Some(of_use), None).collect::<Vec<_>>();
        assert_eq!(all("IDV_PERSONA", "https://other.example").len(), 2);
        let own = [("Terms of use", "https://own.example/terms".to_owned())];
        assert_eq!(all("IDV_STANDARD", "https://own.example/terms"), own);
        assert_eq!(all("IDV_STANDARD", "javascript:alert(1)"), []);
    }
}
