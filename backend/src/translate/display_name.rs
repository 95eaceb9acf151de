//! What an authenticator is called where the org does not name it, as in some responses of older orgs.

use latchkey_idx::{Authenticator, AuthenticatorKey};

/// The name of the org, or the name of the product.
pub(super) fn display_name(authenticator: &Authenticator) -> String {
    let product = || authenticator.key.as_ref().map_or("", product);
    authenticator.display_name.clone().unwrap_or_else(|| product().to_owned())
}

fn product(key: &AuthenticatorKey) -> &'static str {
    match key {
        AuthenticatorKey::OktaVerify
        | AuthenticatorKey::OktaVerifyTotp
        | AuthenticatorKey::OktaVerifyPush
        | AuthenticatorKey::OktaVerifyFastpass => "Okta Verify",
        AuthenticatorKey::GoogleOtp => "Google Authenticator",
        AuthenticatorKey::Duo => "Duo Security",
        AuthenticatorKey::SymantecVip => "Symantec VIP",
        AuthenticatorKey::RsaToken => "RSA SecurID",
        AuthenticatorKey::YubikeyToken => "YubiKey",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_idx::{AuthenticatorContext, Profile};

    fn called(key: &str, name: Option<&str>) -> String {
        let authenticator = Authenticator {
            key: Some(key.into()),
            kind: None,
            display_name: name.map(str::to_owned),
            nickname: None,
            methods: Vec::new(),
            profile: Profile::default(),
            settings: None,
            context: AuthenticatorContext::default(),
            credential_id: None,
        };
        display_name(&authenticator)
    }

    #[test]
    fn an_authenticator_that_the_org_does_not_name_has_the_name_of_its_product() {
        assert_eq!(called("okta_verify", None), "Okta Verify");
        assert_eq!(called("google_otp", None), "Google Authenticator");
        assert_eq!(called("okta_verify", Some("Our app")), "Our app");
        assert_eq!(called("custom_app", None), "");
    }
}
