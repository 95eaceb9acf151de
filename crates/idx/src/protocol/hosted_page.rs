//! The state token in a page that the org hosts.

/// The state token of a flow that begins with a page of the org: a member of the page's configuration.
pub(crate) fn state_token(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("\"stateToken\"")?;
    let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    unescaped(value.split('"').next()?).filter(|token| !token.is_empty())
}

/// Text without the escapes of JavaScript for single characters, `\x2D` and `\u002D`.
fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('\\');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let digits = match part.get(..1)? {
            "x" => 2,
            "u" => 4,
            _ => return None,
        };
        let code = u32::from_str_radix(part.get(1..1 + digits)?, 16).ok()?;
        plain.push(char::from_u32(code)?);
        plain.push_str(part.get(1 + digits..)?);
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_with_and_without_escapes() {
        for page in [
            r#"<script>var config = {"baseUrl": "x", "stateToken" : "02.id.a-b~c.d"};</script>"#,
            r#"{"stateToken":"02.id.a\x2Db~c.d"}"#,
            r#"{"stateToken":"02.id.a\u002db~c.d"}"#,
        ] {
            assert_eq!(state_token(page).as_deref(), Some("02.id.a-b~c.d"), "{page}");
        }
    }

    #[test]
    fn a_page_without_a_token_has_none() {
        for page in ["", r#"{"stateToken":""}"#, r#"{"stateToken":null}"#, r#"{"stateToken":"a\q"}"#] {
            assert_eq!(state_token(page), None, "{page}");
        }
    }
}
