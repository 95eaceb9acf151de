//! The challenge of an upstream (`WWW-Authenticate`) as the browser gets it: that for bearer tokens, written anew. A browser
//! would ask for a password by itself on a challenge of another scheme.

use http::{HeaderMap, HeaderValue, header};

/// The parameters that a page needs: to say what is wrong, and to sign in more strongly or more freshly (RFC 9470).
const PARAMETERS: [&str; 5] = ["error", "error_description", "scope", "acr_values", "max_age"];

/// The challenge for bearer tokens among those of an upstream, if there is one.
pub(super) fn bearer(headers: &HeaderMap) -> Option<HeaderValue> {
    let lines = headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|line| line.to_str().ok());
    let parameters = lines.filter_map(parameters).next()?;
    let written: Vec<String> = PARAMETERS
        .into_iter()
        .filter_map(|name| {
            let (_, value) = parameters.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
            let is_plain = value.chars().all(|c| (' '..='~').contains(&c) && c != '"' && c != '\\');
            is_plain.then(|| format!("{name}=\"{value}\""))
        })
        .collect();
    HeaderValue::from_str(format!("Bearer {}", written.join(", ")).trim_end()).ok()
}

/// The parameters of the challenge for bearer tokens in a line, which may have several challenges.
fn parameters(line: &str) -> Option<Vec<(&str, String)>> {
    let mut found = None;
    let mut is_bearer = false;
    for item in between_commas(line) {
        let parameter = match scheme(item) {
            Some((scheme, rest)) => {
                is_bearer = scheme.eq_ignore_ascii_case("bearer");
                rest
            }
            None => item,
        };
        if !is_bearer {
            continue;
        }
        let found = found.get_or_insert_with(Vec::new);
        if let Some((name, value)) = parameter.split_once('=') {
            found.push((name.trim_end(), unquoted(value.trim_start())));
        }
    }
    found
}

/// The scheme that an item begins with, and the rest. An item that is only a parameter has none.
fn scheme(item: &str) -> Option<(&str, &str)> {
    let end = item.find([' ', '\t', '=']).unwrap_or(item.len());
    let (name, rest) = item.split_at(end);
    let rest = rest.trim_start();
    (!rest.starts_with('=')).then_some((name, rest))
}

/// The items of a list. A comma in quotes separates none.
fn between_commas(line: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let items = line.split(move |character| {
        let separates = character == ',' && !is_quoted;
        if character == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = character == '\\' && is_quoted && !is_escaped;
        separates
    });
    items.map(str::trim).filter(|item| !item.is_empty())
}

fn unquoted(value: &str) -> String {
    let Some(inside) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut is_escaped = false;
    inside
        .chars()
        .filter(|character| {
            is_escaped = *character == '\\' && !is_escaped;
            !is_escaped
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lines: &[&str]) -> Option<String> {
        let lines = lines.iter().map(|line| (header::WWW_AUTHENTICATE, line.parse().unwrap()));
        bearer(&lines.collect()).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_demand_for_a_stronger_sign_in_reaches_the_page() {
        let rfc_9470 = "Bearer error=\"insufficient_user_authentication\", error_description=\"A, \\\"b\\\"\", max_age=\"5\", acr_values=\"x y\"";
        let expected = "Bearer error=\"insufficient_user_authentication\", acr_values=\"x y\", max_age=\"5\"";
        assert_eq!(sent(&[rfc_9470]).as_deref(), Some(expected));
        let okta = "bearer realm=\"IdpMyAccountAPI\",acr_values = \"urn:okta:loa:2fa:any:ifpossible\", max_age=900 ,error=\"insufficient_authentication_context\"";
        let expected = "Bearer error=\"insufficient_authentication_context\", acr_values=\"urn:okta:loa:2fa:any:ifpossible\", max_age=\"900\"";
        assert_eq!(sent(&[okta]).as_deref(), Some(expected));
    }

    #[test]
    fn no_challenge_makes_a_browser_ask_for_a_password() {
        assert_eq!(sent(&["Basic realm=\"a\""]), None);
        assert_eq!(sent(&["Negotiate", "Digest realm=\"Bearer error=x\", nonce=\"1\""]), None);
        let several =
            ["Basic realm=\"a, Bearer\", charset=\"UTF-8\", Bearer error=\"invalid_token\", Negotiate"];
        assert_eq!(sent(&several).as_deref(), Some("Bearer error=\"invalid_token\""));
        assert_eq!(sent(&["Negotiate", "Bearer"]).as_deref(), Some("Bearer"));
        assert_eq!(sent(&[]), None);
    }
}
