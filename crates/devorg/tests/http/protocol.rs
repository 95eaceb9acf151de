//! The protocol over HTTP: tokens and their lifetimes, content types, CORS.

use super::test_org::{CALLBACK, MARY, PASSWORD, TestOrg, VERIFIER, claims, is_signed, read, session_of};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn tokens_are_signed_and_carry_subject_and_nonce() {
    let mut test = TestOrg::new().await;
    let tokens = test.tokens().await;
    assert!(tokens.get("state").is_none(), "one client takes a state in the answer for another's");
    let keys = read(test.get("/oauth2/default/v1/keys").await).await.1;
    assert!(is_signed(tokens["id_token"].as_str().unwrap(), &keys));
    let id = claims(&tokens["id_token"]);
    assert_eq!(id["iss"], json!(test.org.issuer()));
    assert_eq!((&id["aud"], &id["nonce"]), (&json!("latchkey"), &json!("the-nonce")));
    assert_eq!(id["amr"], json!(["pwd", "otp", "mfa"]));
    let (status, info) = test.userinfo(&tokens["access_token"]).await;
    assert_eq!((status, &info["sub"], &info["email"]), (200, &id["sub"], &json!(MARY)));
}

#[tokio::test]
async fn an_interaction_code_works_once_within_a_minute_and_with_its_verifier() {
    let mut test = TestOrg::new().await;
    let code = test.code().await;
    let (status, refused) = test.exchange(&code, "another-verifier").await;
    assert_eq!((status, &refused["error_description"]), (400, &json!("PKCE verification failed.")));
    let code = test.code().await;
    test.org.advance(Duration::from_secs(61));
    let (status, refused) = test.exchange(&code, "x").await;
    let expired = json!("The interaction code is invalid or has expired.");
    assert_eq!(
        (status, &refused["error"], &refused["error_description"]),
        (400, &json!("invalid_grant"), &expired)
    );
}

#[tokio::test]
async fn a_code_used_twice_is_refused_and_revokes_its_tokens() {
    let mut test = TestOrg::new().await;
    let code = test.code().await;
    let (status, tokens) = test.exchange(&code, VERIFIER).await;
    assert_eq!((status, test.userinfo(&tokens["access_token"]).await.0), (200, 200));
    let (status, refused) = test.exchange(&code, VERIFIER).await;
    assert_eq!((status, &refused["error"]), (400, &json!("invalid_grant")));
    assert_eq!(test.userinfo(&tokens["access_token"]).await.0, 401);
    assert_eq!(test.refresh(&tokens["refresh_token"]).await.0, 400);
}

#[tokio::test]
async fn a_refresh_token_rotates_with_leeway_and_reuse_ends_its_family() {
    let mut test = TestOrg::new().await;
    let first = test.tokens().await["refresh_token"].clone();
    let (_, second) = test.refresh(&first).await;
    assert_ne!(second["refresh_token"], first);
    assert_eq!(test.refresh(&first).await.0, 200, "an answer may have been lost");
    test.org.advance(Duration::from_secs(31));
    let (status, refused) = test.refresh(&first).await;
    let invalid = json!("The refresh token is invalid or expired.");
    assert_eq!((status, &refused["error_description"]), (400, &invalid));
    assert_eq!(test.refresh(&second["refresh_token"]).await.0, 400, "the whole family is gone");
    assert_eq!(test.userinfo(&second["access_token"]).await.0, 401);
}

#[tokio::test]
async fn a_revoked_token_is_invalid_and_an_unknown_one_may_be_revoked() {
    let mut test = TestOrg::new().await;
    let tokens = test.tokens().await;
    let access = tokens["access_token"].as_str().unwrap();
    let client = [("client_id", "latchkey"), ("client_secret", "latchkey-dev-secret")];
    let introspect =
        async |test: &TestOrg| test.form("introspect", &[client[0], client[1], ("token", access)]).await.1;
    assert_eq!(introspect(&test).await["active"], json!(true));
    assert_eq!(test.form("revoke", &[client[0], client[1], ("token", access)]).await.0, 200);
    assert_eq!(introspect(&test).await, json!({ "active": false }));
    assert_eq!(test.userinfo(&tokens["access_token"]).await.0, 401);
    assert_eq!(test.form("revoke", &[client[0], client[1], ("token", "unknown")]).await.0, 200);
}

#[tokio::test]
async fn a_client_must_be_known_and_authenticate() {
    let test = TestOrg::new().await;
    let (status, refused) = test.form("interact", &[("client_id", "unknown")]).await;
    assert_eq!((status, &refused["errorCode"]), (401, &json!("invalid_client")));
    let (status, refused) =
        test.form("interact", &[("client_id", "latchkey"), ("client_secret", "wrong")]).await;
    assert_eq!((status, &refused["error"]), (401, &json!("invalid_client")));
    let public = [("client_id", "latchkey-public"), ("redirect_uri", CALLBACK), ("scope", "openid")];
    let (status, refused) = test.form("interact", &public).await;
    let needed = json!("PKCE code challenge is required to use the interaction code flow.");
    assert_eq!((status, &refused["error_description"]), (400, &needed));
    let elsewhere =
        [("client_id", "latchkey-public"), ("redirect_uri", "http://evil.example"), ("scope", "openid")];
    assert_eq!(test.form("interact", &elsewhere).await.1["error"], json!("invalid_request"));
}

#[tokio::test]
async fn successes_are_ion_and_introspect_errors_are_plain_json() {
    let mut test = TestOrg::new().await;
    let handle = test.interact(&[]).await;
    let kind = async |handle: &str| {
        let response = test.idx("introspect", json!({ "interactionHandle": handle })).await;
        (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap().to_owned())
    };
    assert_eq!(kind(&handle).await, (200, "application/ion+json; okta-version=1.0.0".to_owned()));
    assert_eq!(kind("unknown").await, (401, "application/json".to_owned()));
    test.org.advance(Duration::from_secs(2 * 60 * 60));
    let (status, document) = read(test.idx("introspect", json!({ "interactionHandle": handle })).await).await;
    assert_eq!((status, &document["version"]), (401, &json!("1.0.0")));
    assert_eq!(document.pointer("/messages/value/0/i18n/key"), Some(&json!("idx.session.expired")));
}

#[tokio::test]
async fn a_new_step_lasts_five_minutes_and_a_wrong_answer_adds_none() {
    let mut test = TestOrg::new().await;
    test.interact(&[]).await;
    let signing_in = json!({ "identifier": MARY, "credentials": { "passcode": PASSWORD } });
    let (_, chosen) = test.step("identify", signing_in).await;
    let id =
        chosen.pointer("/remediation/value/0/value/0/options/0/value/form/value/0/value").unwrap().clone();
    let (_, sent) = test.step("challenge", json!({ "authenticator": { "id": id } })).await;
    test.org.advance(Duration::from_secs(200));
    let (status, wrong) =
        test.step("challenge/answer", json!({ "credentials": { "passcode": "nonsense" } })).await;
    assert_eq!((status, &wrong["expiresAt"]), (401, &sent["expiresAt"]));
    test.org.advance(Duration::from_secs(101));
    let (status, over) =
        test.step("challenge/answer", json!({ "credentials": { "passcode": "nonsense" } })).await;
    assert_eq!((status, over.get("remediation")), (401, None));
}

#[tokio::test]
async fn pages_of_trusted_origins_may_call_and_others_may_not() {
    let test = TestOrg::new().await;
    let path = "/oauth2/default/v1/interact";
    let trusted = test.page_calls(Method::OPTIONS, path, "http://localhost:8080").await;
    assert_eq!(trusted.headers()["access-control-allow-origin"], "http://localhost:8080");
    assert_eq!(trusted.headers()["access-control-allow-credentials"], "true");
    let listed = |name: &str, of: &str| trusted.headers()[name].to_str().unwrap().contains(of);
    for sent in
        ["Accept", "Content-Type", "Authorization", "X-Okta-User-Agent-Extended", "X-Device-Fingerprint"]
    {
        assert!(listed("access-control-allow-headers", sent), "{sent}");
    }
    for read in ["Date", "WWW-Authenticate", "X-Rate-Limit-Reset"] {
        assert!(listed("access-control-expose-headers", read), "{read}");
    }
    let other = test.page_calls(Method::OPTIONS, path, "http://evil.example").await;
    assert!(!other.headers().contains_key("access-control-allow-origin"));
    assert_eq!(test.page_calls(Method::POST, path, "http://evil.example").await.status(), 403);
}

#[tokio::test]
async fn both_authorization_servers_have_discovery_documents() {
    let test = TestOrg::new().await;
    for (path, issuer) in [("", test.org.origin().to_owned()), ("/oauth2/default", test.org.issuer())] {
        for name in ["openid-configuration", "oauth-authorization-server"] {
            let (status, document) = read(test.get(&format!("{path}/.well-known/{name}")).await).await;
            assert_eq!((status, &document["issuer"]), (200, &json!(issuer)));
        }
    }
    assert_eq!(test.get("/oauth2/other/.well-known/openid-configuration").await.status(), 404);
}

#[tokio::test]
async fn logout_redirects_only_to_allowed_addresses() {
    let mut test = TestOrg::new().await;
    let id = test.tokens().await["id_token"].as_str().unwrap().to_owned();
    let path = |back: &str| {
        format!("/oauth2/default/v1/logout?id_token_hint={id}&post_logout_redirect_uri={back}&state=s")
    };
    let back = test.get(&path("http://localhost:8080")).await;
    assert_eq!(
        (back.status().as_u16(), &back.headers()["location"]),
        (303, &"http://localhost:8080/?state=s".parse().unwrap())
    );
    assert_eq!(test.get(&path("http://evil.example")).await.status(), 400);
}

#[tokio::test]
async fn the_session_cookie_signs_in_again_without_a_question() {
    let test = TestOrg::new().await;
    test.org
        .add_app(&json!({ "client_id": "easy", "sign_on": [{ "authenticate_with": "password" }] }))
        .unwrap();
    let first = test.interact_with_cookie("easy", None).await;
    let handle =
        read(test.idx("introspect", json!({ "interactionHandle": first })).await).await.1["stateHandle"]
            .clone();
    let signing_in =
        json!({ "stateHandle": handle, "identifier": MARY, "credentials": { "passcode": PASSWORD } });
    let granted = test.idx("identify", signing_in).await;
    let cookie = session_of(&granted);
    for (cookie, is_granted) in [(cookie.as_str(), true), ("idx=another", false), ("", false)] {
        assert_eq!(test.is_signed_in("easy", cookie).await, is_granted, "{cookie:?}");
    }
}

#[tokio::test]
async fn the_polling_browser_is_signed_in_when_a_link_is_opened_elsewhere() {
    let mut test = TestOrg::new().await;
    let by_mail = json!({
        "client_id": "mail",
        "global_session": { "establish_with": "any-factor" },
        "sign_on": [{ "authenticate_with": "any-1-factor", "factors": ["okta_email"] }],
        "enrollment": { "okta_email": "REQUIRED" },
    });
    test.org.add_app(&by_mail).unwrap();
    let handle = test.interact_with_cookie("mail", None).await;
    test.step("introspect", json!({ "interactionHandle": handle })).await;
    let (_, asked) = test.step("identify", json!({ "identifier": MARY })).await;
    let id = asked.pointer("/authenticators/value/0/id").unwrap().clone();
    let chosen = json!({ "authenticator": { "id": id, "methodType": "email" } });
    let (_, sent) = test.step("challenge", chosen).await;

    let (_, mails) = read(test.get(&format!("/dev/inbox?to={MARY}")).await).await;
    let link = mails.pointer("/0/link").unwrap().as_str().unwrap();
    let elsewhere = test.http.get(link).send().await.unwrap();
    assert_eq!((elsewhere.status().as_u16(), elsewhere.headers().get("set-cookie")), (200, None));
    let cookie = session_of(&test.idx("challenge/poll", json!({ "stateHandle": sent["stateHandle"] })).await);
    assert!(test.is_signed_in("mail", &cookie).await);
}

#[tokio::test]
async fn recovery_and_activation_tokens_work() {
    let mut test = TestOrg::new().await;
    let (_, invitation) = test.dev(&format!("users/{MARY}/invite"), json!({ "to": "recover" })).await;
    let token = invitation["recoveryToken"].as_str().unwrap().to_owned();
    test.interact(&[("recovery_token", &token)]).await;
    let (_, document) = test.step("introspect", json!({})).await;
    assert_eq!(document.pointer("/remediation/value/0/name"), Some(&json!("reset-authenticator")));

    test.dev("users", json!({ "login": "new@example.com", "status": "STAGED" })).await;
    let (_, invitation) = test.dev("users/new@example.com/invite", json!({ "to": "activate" })).await;
    let token = invitation["activationToken"].as_str().unwrap().to_owned();
    test.interact(&[("activation_token", &token)]).await;
    let (_, document) = test.step("introspect", json!({})).await;
    assert_eq!(document.pointer("/remediation/value/0/name"), Some(&json!("select-authenticator-enroll")));
    let (status, refused) = test
        .form(
            "interact",
            &[
                ("client_id", "latchkey"),
                ("client_secret", "latchkey-dev-secret"),
                ("redirect_uri", CALLBACK),
                ("scope", "openid"),
                ("code_challenge", "x"),
                ("activation_token", "unknown"),
            ],
        )
        .await;
    assert_eq!((status, &refused["error_description"]), (400, &json!("The activation token is invalid")));
}
