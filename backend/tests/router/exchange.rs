//! What the org has given when it came to nothing: no error after a token exchange leaves tokens alive.

use crate::scene::{MARY, Scene, taken, wait_until};
use http::header;
use serde_json::json;

const TOKEN: &str = "/oauth2/default/v1/token";
const REVOKE: &str = "/oauth2/default/v1/revoke";

#[tokio::test]
async fn sec_203_tokens_whose_id_token_fails_its_check_are_revoked() {
    let scene = Scene::new().await;
    let mut browser = scene.browser();
    browser.until_code().await;
    let given = json!({
        "token_type": "Bearer", "access_token": "access", "refresh_token": "refresh", "expires_in": 3600,
        "id_token": "made.up.entirely",
    });
    let fault = json!({"path": TOKEN, "kind": "status", "status": 200, "body": given, "times": 1});
    scene.org.faults(&fault).unwrap();
    let code = scene.org.code(MARY).unwrap();
    let answer = browser.post("/api/idx/proceed", json!({"verificationCode": code})).await;
    assert!(!answer.status.is_success() && !answer.headers.contains_key(header::SET_COOKIE), "{answer:?}");
    wait_until(async || taken(&scene.org, REVOKE) == 2).await;
}
