//! A QR code to scan, and its key to type or, on a phone, to open in an app.

use super::button::LinkButton;
use super::look::look;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::{self, copy};
use crate::percent::encoded;
use crate::text::{Phrase, Text};
use leptos::prelude::*;

/// The picture, or the key, or both.
pub(crate) fn picture(
    href: Option<String>,
    secret: Option<String>,
    account: Option<&str>,
    text: Text,
) -> Vec<AnyElement> {
    let advice = href.is_some() && secret.is_some();
    let advice = advice.then(|| {
        view! { <p {..look("form__advice")}>{text.phrase(Phrase::SecretLead)}</p> }.into_any_element()
    });
    let image = href.map(|href| {
        view! { <img {..look("picture")} src=href alt=text.phrase(Phrase::Picture) width="200" height="200"/> }
            .into_any_element()
    });
    // A phone cannot scan its own screen, so it gets a link. The style sheet hides the link where there is a mouse.
    let open = secret.as_deref().zip(account).map(|(secret, account)| {
        let href = authenticator_link(secret, account, &browser::host());
        view! { <a {..look("link picture__open")} rel="external" href=href>{text.phrase(Phrase::OpenInApp)}</a> }
            .into_any_element()
    });
    let key = secret.map(|secret| {
        let copied = secret.clone();
        let groups = groups_of_four(&secret);
        view! {
            <p {..look("key")}>
                <code {..look("key__words")}>{groups}</code>
                <LinkButton label=text.phrase(Phrase::Copy) on_press=move || copy(&copied)/>
            </p>
        }
        .into_any_element()
    });
    [image, open, advice, key].into_iter().flatten().collect()
}

/// A link that an authenticator app opens to add the key of an account (Key URI Format).
fn authenticator_link(secret: &str, account: &str, issuer: &str) -> String {
    let (issuer, account, secret) = (encoded(issuer), encoded(account), encoded(secret));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
}

/// A key in groups of four letters, as people read it. The gaps are drawn, and are no part of what is copied.
fn groups_of_four(key: &str) -> Vec<AnyElement> {
    let letters: Vec<char> = key.chars().collect();
    let group = |letters: &[char]| {
        view! { <span {..look("key__group")}>{letters.iter().collect::<String>()}</span> }.into_any_element()
    };
    letters.chunks(4).map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::authenticator_link;

    #[test]
    fn a_link_names_the_account_and_the_site() {
        assert_eq!(
            authenticator_link("JBSWY3DP", "mary@example.com", "login.example.com"),
            "otpauth://totp/login.example.com:mary%40example.com?secret=JBSWY3DP&issuer=login.example.com"
        );
    }
}
