//! Consent, device assurance, grace periods and codes with letters, from an org to the API.

use crate::scene::{Browser, MARY, PASSWORD, Scene, message, taken};
use http::header;
use serde_json::{Value, json};

/// Mary after her password, at an app with these policies besides a password alone.
async fn after_password(policies: Value) -> (Scene, Browser, Value) {
    let scene = Scene::new().await;
    let mut app = json!({ "client_id": "latchkey", "sign_on": [{ "authenticate_with": "password" }] });
    app.as_object_mut().unwrap().extend(policies.as_object().unwrap().clone());
    scene.org.add_app(&app).unwrap();
    let mut browser = scene.browser();
    let transaction = browser.begin(json!({ "username": MARY, "password": PASSWORD })).await;
    (scene, browser, transaction)
}

#[tokio::test]
async fn a_consent_names_the_app_and_its_scopes_and_is_allowed_or_refused() {
    for (allow, status) in [(true, "SUCCESS"), (false, "TERMINAL")] {
        let (_scene, mut browser, asked) =
            after_password(json!({ "consent": "user", "label": "Shop" })).await;
        let step = &asked["nextStep"];
        assert_eq!((&step["name"], &step["consent"]["app"]), (&json!("consent"), &json!("Shop")));
        let labels: Vec<_> =
            step["consent"]["scopes"].as_array().unwrap().iter().map(|scope| &scope["label"]).collect();
        assert!(labels.contains(&&json!("View your email address")), "{labels:?}");
        assert_eq!(browser.proceed(json!({ "consent": allow })).await["status"], status);
    }
}

#[tokio::test]
async fn a_device_that_has_to_be_enrolled_ends_the_flow_with_what_to_do() {
    let managed = ("latchkey.device.managed", Some("https://devices.example.com/enroll"));
    for (what, (key, link)) in
        [("oda", ("latchkey.set.up.with.address", None)), ("mdm", managed), ("ws1", managed)]
    {
        let (_scene, _browser, ended) = after_password(json!({ "device_enrollment": what })).await;
        assert_eq!(ended["status"], "TERMINAL", "{ended}");
        let [message] = &ended["messages"].as_array().unwrap()[..] else { panic!("{ended}") };
        assert_eq!(
            (&message["i18n"]["key"], message.pointer("/links/0/url").and_then(Value::as_str)),
            (&json!(key), link)
        );
    }
}

#[tokio::test]
async fn an_unknown_step_arrives_with_its_fields_and_messages_and_is_answered() {
    let script = json!({
        "name": "accept-house-rules",
        "attributes": [
            { "name": "seat", "label": "Seat", "required": true, "pattern": "[A-F][0-9]+" },
            { "name": "quiet", "label": "Quiet car", "type": "boolean" },
        ],
        "messages": [
            { "key": "shop.rules", "text": "Shoes off, Mary.", "params": ["Mary"], "class": "WARNING" },
            { "key": "idx.request.activation.email", "text": "Look." },
        ],
    });
    let (_scene, mut browser, asked) = after_password(json!({ "scripted_step": script })).await;
    let step = &asked["nextStep"];
    assert_eq!(step["name"], "accept-house-rules");
    let inputs: Vec<_> =
        step["inputs"].as_array().unwrap().iter().map(|input| (&input["name"], &input["type"])).collect();
    assert_eq!(inputs, [(&json!("seat"), &json!("string")), (&json!("quiet"), &json!("boolean"))]);
    let of_message = |message: &Value| {
        ["/class", "/i18n/key", "/i18n/params/0", "/message"].map(|pointer| message.pointer(pointer).cloned())
    };
    let messages: Vec<_> = asked["messages"].as_array().unwrap().iter().map(of_message).collect();
    let text = |text: &str| Some(json!(text));
    assert_eq!(
        messages,
        [
            [text("WARNING"), text("shop.rules"), text("Mary"), text("Shoes off, Mary.")],
            [text("INFO"), text("idx.request.activation.email"), None, text("Look.")],
        ]
    );
    let refused = browser.proceed(json!({ "seat": "9", "quiet": false })).await;
    let key = refused.pointer("/nextStep/inputs/0/messages/0/i18n/key");
    assert_eq!(key, Some(&json!("registration.error.doesNotMatchPattern")), "{refused}");
    assert_eq!(browser.proceed(json!({ "seat": "C12", "quiet": true })).await["status"], "SUCCESS");
}

#[tokio::test]
async fn whether_to_stay_signed_in_may_be_asked_last_and_decides_about_the_cookie() {
    let session = json!({ "establish_with": "password", "ask_after_sign_in": true });
    for stays in [true, false] {
        let (scene, browser, asked) = after_password(json!({ "global_session": session })).await;
        assert_eq!(asked["nextStep"]["name"], "keep-me-signed-in");
        let done = browser.post("/api/idx/proceed", json!({ "keepMeSignedIn": stays })).await;
        assert_eq!(done.json()["status"], "SUCCESS");
        let cookie = done.headers[header::SET_COOKIE].to_str().unwrap();
        assert_eq!(cookie.contains("Max-Age"), stays, "{cookie}");
        assert_eq!(taken(&scene.org, "/idp/idx/keep-me-signed-in"), 1);
    }
}

#[tokio::test]
async fn a_transaction_names_the_account_the_app_and_the_masked_target_of_each_choice() {
    let two =
        json!([{ "authenticate_with": "password-and-another", "factors": ["okta_email", "phone_number"] }]);
    let (scene, browser, asked) = after_password(json!({ "sign_on": two, "label": "Shop" })).await;
    let name = json!({ "identifier": MARY, "firstName": "Mary", "lastName": "Major" });
    assert_eq!((&asked["user"], &asked["app"]), (&name, &json!("Shop")));
    let options = asked["nextStep"]["inputs"][0]["options"].as_array().unwrap();
    let targets: Vec<_> = options.iter().map(|option| option["profile"].clone()).collect();
    let (email, phone) =
        (json!({ "email": "m***y@example.com" }), json!({ "phoneNumber": "+1 XXX-XXX-4567" }));
    assert_eq!(targets, [email, phone]);
    assert_eq!(asked["user"].as_object().unwrap().len(), 3, "the id of the account stays on the server");
    assert_eq!(browser.get("/api/idx").await.json()["user"], asked["user"], "a reload names it too");
    assert_eq!(
        scene.browser().begin(json!({})).await.get("user"),
        None,
        "no account is known before the username"
    );
}

#[tokio::test]
async fn each_of_two_phones_is_named_by_its_number_and_gets_its_code() {
    let numbers = ["+15551230001", "+15551230002"];
    for chosen in [0, 1] {
        let scene = Scene::new().await;
        let app = json!({
            "client_id": "latchkey",
            "sign_on": [{ "authenticate_with": "password-and-another", "factors": ["phone_number"] }],
            "enrollment": { "okta_password": "REQUIRED", "phone_number": "OPTIONAL" },
        });
        scene.org.add_app(&app).unwrap();
        let user = json!({
            "login": "pat@example.com", "password": PASSWORD, "factors": ["phone_number"],
            "phone": numbers[0], "more_phones": [numbers[1]],
        });
        scene.org.add_user(&user).unwrap();
        let mut browser = scene.browser();
        browser.begin(json!({})).await;
        let asked = browser.proceed(json!({ "username": "pat@example.com", "password": PASSWORD })).await;
        let options = asked["nextStep"]["inputs"][0]["options"].as_array().unwrap();
        let named: Vec<_> = options.iter().map(|option| option["profile"]["phoneNumber"].clone()).collect();
        assert_eq!(named, ["+1 XXX-XXX-0001", "+1 XXX-XXX-0002"], "{asked}");
        let how = browser.proceed(json!({ "authenticator": options[chosen]["value"] })).await;
        assert_eq!(how["nextStep"]["authenticator"]["profile"]["phoneNumber"], named[chosen]);
        let sent = browser.proceed(json!({ "methodType": "sms" })).await;
        assert_eq!(sent["nextStep"]["authenticator"]["profile"]["phoneNumber"], named[chosen]);
        let code = scene.org.code(numbers[chosen]).unwrap();
        assert_eq!(browser.proceed(json!({ "verificationCode": code })).await["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn scopes_are_allowed_one_by_one() {
    let (_scene, mut browser, asked) = after_password(json!({ "consent": "granular" })).await;
    let opted = &asked["nextStep"]["inputs"][0];
    assert_eq!(opted["name"], "optedScopes");
    let scopes: Vec<(&str, &Value)> = opted["form"]["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scope| (scope["name"].as_str().unwrap(), &scope["mutable"]))
        .collect();
    assert_eq!(scopes.last(), Some(&("openid", &json!(false))));
    let opted = json!({ "openid": true, "profile": true, "email": false, "offline_access": false });
    let done = browser.proceed(json!({ "consent": true, "optedScopes": opted })).await;
    assert_eq!(done["status"], "SUCCESS");
    let claims = browser.get("/api/session").await.json();
    assert_eq!((claims["user"].get("name").is_some(), claims["user"].get("email")), (true, None));
}

#[tokio::test]
async fn a_refused_device_is_said_with_links_that_are_https() {
    let (_scene, _browser, ended) = after_password(json!({ "device_assurance": {} })).await;
    assert_eq!(ended["status"], "TERMINAL");
    assert_eq!(message(&ended), "idx.error.code.access_denied.device_assurance.remediation.title");
    let links: Vec<_> =
        ended["messages"].as_array().unwrap().iter().filter_map(|message| message.get("links")).collect();
    assert_eq!(links, [&json!([{ "url": "https://help.example.com/devices" }]); 2]);
}

#[tokio::test]
async fn a_device_in_its_grace_period_is_warned_about_and_goes_on() {
    let (_scene, mut browser, asked) =
        after_password(json!({ "device_assurance": { "grace_days": 7 } })).await;
    assert_eq!(asked["nextStep"]["name"], "device-assurance-grace-period");
    assert_eq!(asked["messages"][0]["class"], "WARNING");
    let done = browser.proceed(json!({ "step": "device-assurance-grace-period" })).await;
    assert_eq!(done["status"], "SUCCESS");
}

#[tokio::test]
async fn an_authenticator_in_its_grace_period_says_how_often_it_may_be_skipped() {
    let policies = json!({
        "enrollment": { "okta_password": "REQUIRED", "okta_email": "REQUIRED", "security_question": "REQUIRED" },
        "enrollment_grace": { "security_question": { "skips": 2 } },
    });
    let (_scene, mut browser, asked) = after_password(policies).await;
    let step = &asked["nextStep"];
    assert_eq!((&step["name"], &step["canSkip"]), (&json!("select-authenticator-enroll"), &json!(true)));
    assert_eq!(step["inputs"][0]["options"][0]["gracePeriod"], json!({ "remainingSkips": 2 }));
    assert_eq!(browser.proceed(json!({ "skip": true })).await["status"], "SUCCESS");
}

#[tokio::test]
async fn a_mailed_code_with_letters_says_so_and_is_taken_in_small_letters() {
    let (scene, mut browser, asked) = after_password(json!({
        "sign_on": [{ "authenticate_with": "password-and-another", "factors": ["okta_email"] }],
        "list_of_one": true,
        "email_code": { "format": "alphanumeric", "length": 10 },
    }))
    .await;
    assert_eq!(asked["nextStep"]["name"], "select-authenticator-authenticate");
    let asked = browser.proceed(json!({ "authenticator": "okta_email" })).await;
    let input = &asked["nextStep"]["inputs"][0];
    assert_eq!(
        [&input["name"], &input["type"], &input["maxLength"]],
        [&json!("verificationCode"), &json!("alphanumeric"), &json!(10)]
    );
    let code = scene.org.code(MARY).unwrap();
    assert_eq!(code.len(), 10);
    let done = browser.proceed(json!({ "verificationCode": code.to_lowercase() })).await;
    assert_eq!(done["status"], "SUCCESS");
}

#[tokio::test]
async fn a_device_is_activated_by_the_code_that_it_shows() {
    let scene = Scene::new().await;
    scene
        .org
        .add_app(&json!({ "client_id": "latchkey", "sign_on": [{ "authenticate_with": "password" }] }))
        .unwrap();
    let (device_code, user_code) = scene.org.open_device("latchkey", &["openid", "email"]);
    let mut browser = scene.browser();
    let asked = browser.step("/api/idx/activate", json!({ "userCode": user_code })).await;
    let input = &asked["nextStep"]["inputs"][0];
    assert_eq!((&asked["nextStep"]["name"], &input["value"]), (&json!("user-code"), &json!(user_code)));

    let refused = browser.proceed(json!({ "userCode": "BBBB-BBBB" })).await;
    assert_eq!(
        (&refused["nextStep"]["name"], message(&refused)),
        (&json!("user-code"), "idx.invalid.device.code")
    );
    let identify = browser.proceed(json!({ "userCode": user_code.to_lowercase() })).await;
    assert_eq!(identify["nextStep"]["name"], "identify");
    let done = browser.proceed(json!({ "username": MARY, "password": PASSWORD })).await;
    assert_eq!((&done["status"], message(&done)), (&json!("TERMINAL"), "idx.device.activated"));
    assert!(scene.org.is_device_allowed(&device_code));
    assert!(!browser.is_signed_in().await, "the device is signed in, and not this browser");
}

#[tokio::test]
async fn the_page_for_devices_asks_for_the_code_if_its_address_has_none() {
    let scene = Scene::new().await;
    let asked = scene.browser().step("/api/idx/activate", json!({})).await;
    let input = &asked["nextStep"]["inputs"][0];
    assert_eq!((&input["name"], input.get("value")), (&json!("userCode"), None));
}

#[tokio::test]
async fn a_blocked_network_ends_the_sign_in_with_the_reason() {
    const ENDS: &str =
        "You were not signed in, because access was not allowed. Try again, or contact your administrator.";
    let forbidden = json!({"error": "Forbidden", "message": "Access Forbidden"}).to_string();
    for path in ["/oauth2/default/v1/interact", "/idp/idx/introspect", "/idp/idx/identify"] {
        let scene = Scene::new().await;
        let mut browser = scene.browser();
        let fault = json!({"path": path, "kind": "status", "status": 403, "body": forbidden,
            "content_type": "application/json", "times": 1});
        scene.org.faults(&fault).unwrap();
        let answer = json!({"username": MARY, "password": PASSWORD});
        let ended = browser.begin(answer.clone()).await;
        assert_eq!(
            (&ended["status"], &ended["messages"][0]["message"]),
            (&json!("TERMINAL"), &json!(ENDS)),
            "{path}"
        );
        assert_eq!(ended["availableSteps"], json!([]), "{path}");
        // From a network that is allowed, a new sign-in begins.
        assert_eq!(browser.begin(answer).await["status"], "PENDING", "{path}");
    }
}
