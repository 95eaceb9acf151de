//! FastPass: a challenge reaches the device through the page where the configuration says so, and is left elsewhere.

use crate::scene::{Browser, MARY, PASSWORD, Scene, app};
use http::StatusCode;
use latchkey::ops::doctor::{Finding, Verdict, examine};
use latchkey_devorg::{Options, Org};
use latchkey_idx::HttpTransport;
use serde_json::{Value, json};
use std::time::SystemTime;

/// The app of an org that asks devices at these ports, by this policy.
async fn org(policy: Value, ports: &[u16]) -> Org {
    let org = Org::start(Options::default()).await.unwrap();
    let mut policy = policy;
    policy["ports"] = json!(ports);
    org.add_app(&json!({
        "client_id": "latchkey",
        "global_session": { "establish_with": "any-factor" },
        "sign_on": [{ "authenticate_with": "any-1-factor" }],
        "enrollment": { "okta_password": "OPTIONAL", "okta_email": "OPTIONAL", "okta_verify": "OPTIONAL" },
        "poll_milliseconds": 10,
        "fastpass": policy,
    }))
    .unwrap();
    org
}

async fn scene(policy: Value, device: Option<&Value>, setting: &str) -> (Scene, u16) {
    let started = org(policy.clone(), &[]).await;
    let port = match device {
        Some(device) => started.start_device(device).await.unwrap()["port"].as_u64().unwrap() as u16,
        None => 6511,
    };
    let mut policy = policy;
    policy["ports"] = json!([port]);
    started.add_app(&json!({ "client_id": "latchkey", "fastpass": policy })).unwrap();
    let setting = setting.replace("PORT", &port.to_string());
    let server =
        crate::scene::server(&started.issuer(), &[("LATCHKEY_FASTPASS_PORTS", &setting)], None).await;
    (Scene { org: started, server }, port)
}

/// Does what a page does with a challenge.
async fn pass_on(challenge: &Value) -> u16 {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = challenge["addresses"][0].as_str().unwrap();
    assert_eq!(http.get(format!("{address}/probe")).send().await.unwrap().status(), 200);
    let body = json!({ "challengeRequest": challenge["challengeRequest"] }).to_string();
    let call = http.post(format!("{address}/challenge")).header("origin", "http://localhost:8080");
    call.header("content-type", "application/json").body(body).send().await.unwrap().status().as_u16()
}

fn challenge(transaction: &Value) -> Value {
    transaction["nextStep"]["authenticator"]["contextualData"]["deviceChallenge"].clone()
}

fn first_message(transaction: &Value) -> Option<&str> {
    transaction["messages"][0]["i18n"]["key"].as_str()
}

async fn choose_fastpass(browser: &mut Browser) -> Value {
    let list = browser.proceed(json!({ "username": MARY })).await;
    assert_eq!(list["nextStep"]["name"], "select-authenticator-authenticate", "{list}");
    let methods = browser.proceed(json!({ "authenticator": "okta_verify" })).await;
    assert_eq!(methods["nextStep"]["name"], "authenticator-verification-data", "{methods}");
    browser.proceed(json!({ "methodType": "signed_nonce" })).await
}

#[tokio::test]
async fn a_method_of_okta_verify_is_listed_and_chosen_with_it() {
    let (scene, _) = scene(json!({ "probe": false }), Some(&json!({ "login": MARY })), "").await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    let list = browser.proceed(json!({ "username": MARY })).await;
    let options = list["nextStep"]["inputs"][0]["options"].as_array().unwrap();
    let okta_verify = options.iter().find(|option| option["value"] == "okta_verify").unwrap();
    let methods: Vec<_> =
        okta_verify["methods"].as_array().unwrap().iter().map(|method| &method["value"]).collect();
    assert!(methods.contains(&&json!("push")) && methods.contains(&&json!("totp")), "{list}");
    assert!(options.iter().all(|option| option == okta_verify || option["methods"].is_null()), "{list}");
    let asked = browser.proceed(json!({ "authenticator": "okta_verify", "methodType": "totp" })).await;
    assert_eq!(asked["nextStep"]["name"], "challenge-authenticator", "{asked}");
    assert_eq!(asked["nextStep"]["authenticator"]["methods"], json!([{ "type": "totp" }]), "{asked}");
}

#[tokio::test]
async fn with_the_ports_a_device_signs_its_user_in_before_the_username_and_as_an_authenticator() {
    for probe in [true, false] {
        let device = json!({ "login": MARY });
        let (scene, port) = scene(json!({ "probe": probe }), Some(&device), "PORT").await;
        let mut browser = scene.browser();
        let begun = browser.begin(json!({})).await;
        let waiting = if probe { begun } else { choose_fastpass(&mut browser).await };
        let name = if probe { "device-challenge-poll" } else { "challenge-poll" };
        assert_eq!(waiting["nextStep"]["name"], name, "{waiting}");
        let challenge = challenge(&waiting);
        assert_eq!(challenge["addresses"], json!([format!("http://localhost:{port}")]));
        assert!(!waiting.to_string().contains(scene.org.origin()), "no address of the org: {waiting}");
        assert_eq!(pass_on(&challenge).await, 200);
        assert_eq!(browser.step("/api/idx/poll", json!({})).await["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn without_the_ports_a_flow_leaves_fastpass_and_says_so_only_to_those_who_chose_it() {
    let (scene, _) = scene(json!({ "probe": true }), Some(&json!({ "login": MARY })), "").await;
    let mut browser = scene.browser();
    let begun = browser.begin(json!({})).await;
    assert_eq!((&begun["nextStep"]["name"], first_message(&begun)), (&json!("identify"), None));
    assert!(!begun.to_string().contains("launch-authenticator"), "{begun}");
    let left = choose_fastpass(&mut browser).await;
    assert_eq!(left["nextStep"]["name"], "select-authenticator-authenticate");
    assert_eq!(first_message(&left), Some("latchkey.fastpass.unreachable"));
    let sent = browser.proceed(json!({ "authenticator": "okta_email", "methodType": "email" })).await;
    assert_eq!(first_message(&sent), None, "{sent}");
    let code = scene.org.code(MARY).unwrap();
    assert_eq!(browser.proceed(json!({ "verificationCode": code })).await["status"], "SUCCESS");
}

#[tokio::test]
async fn a_page_that_reaches_no_device_gives_the_reason_and_goes_on() {
    let (scene, _) = scene(json!({ "probe": true }), None, "PORT").await;
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    for wrong in [json!({ "reason": "BORED" }), json!({ "reason": "OV_RETURNED_ERROR", "statusCode": 1 })] {
        let mut answer = wrong;
        answer["step"] = json!("authenticatorChallenge-cancel");
        let refused = browser.post("/api/idx/proceed", answer).await;
        assert_eq!(refused.problem(), (400, "invalid_request".to_owned()));
    }
    let answer =
        json!({ "step": "authenticatorChallenge-cancel", "reason": "OV_RETURNED_ERROR", "statusCode": 500 });
    let next = browser.proceed(answer).await;
    assert_eq!(next["nextStep"]["name"], "identify");
    let steps = next["availableSteps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["name"] == "launch-authenticator"), "{next}");
    let waiting = browser.proceed(json!({ "step": "launch-authenticator" })).await;
    assert_eq!(waiting["nextStep"]["name"], "device-challenge-poll");
}

#[tokio::test]
async fn the_policy_of_the_pages_lets_them_call_the_listed_ports_and_nothing_else() {
    for (setting, widened) in [
        ("", "connect-src 'self';"),
        (
            "2000 6511",
            "connect-src 'self' http://localhost:2000 https://*.authenticatorlocaldev.com:2000 http://localhost:6511 \
             https://*.authenticatorlocaldev.com:6511;",
        ),
    ] {
        let scene = Scene::with(Options::default(), &[("LATCHKEY_FASTPASS_PORTS", setting)]).await;
        let browser = scene.browser();
        let page = browser.get("/login").await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains(widened) && policy.contains("default-src 'none'"), "{policy}");
        let api = browser.get("/api/session").await;
        assert_eq!(api.status, StatusCode::OK);
        assert!(api.headers["content-security-policy"].to_str().unwrap().contains("connect-src 'self';"));
    }
}

#[tokio::test]
async fn the_doctor_compares_the_ports_with_those_of_the_org() {
    let found = async |policy: Value, ports: &[u16], setting: &str| {
        let org = org(policy, ports).await;
        let app = app(&org.issuer(), &[("LATCHKEY_FASTPASS_PORTS", setting)], None).await;
        let findings = examine(&app, &HttpTransport::new().unwrap(), SystemTime::now()).await;
        let fastpass = findings.into_iter().find(|finding| finding.what == "FastPass");
        fastpass.map(|Finding { verdict, .. }| verdict)
    };
    let probe = json!({ "probe": true });
    assert_eq!(found(json!({}), &[2000], "").await, None);
    assert_eq!(found(probe.clone(), &[2000, 6511], "6511 2000").await, Some(Verdict::Fine));
    for (policy, setting, advice) in [
        (&probe, "2000", "LATCHKEY_FASTPASS_PORTS=\"2000 6511\""),
        (&probe, "9", "LATCHKEY_FASTPASS_PORTS=\"9\" has none"),
    ] {
        let verdict = found(policy.clone(), &[2000, 6511], setting).await;
        assert!(matches!(&verdict, Some(Verdict::Wrong(text)) if text.contains(advice)), "{verdict:?}");
    }
    for (policy, setting, advice) in [
        (&probe, "", "Trusted Origins"),
        (&json!({}), "2000", "does not ask the device"),
        (&json!({ "probe": true, "method": "CHROME_DTC" }), "2000", "CHROME_DTC"),
        (&json!({ "probe": true, "method": "APP_LINK" }), "", "2000 6511 6512 6513"),
    ] {
        let verdict = found(policy.clone(), &[2000, 6511], setting).await;
        assert!(matches!(&verdict, Some(Verdict::Look(text)) if text.contains(advice)), "{verdict:?}");
    }
}

#[tokio::test]
async fn an_app_on_the_device_is_called_where_the_configuration_lists_its_port_and_else_there_is_a_link() {
    for (setting, is_called) in [("PORT", true), ("", false)] {
        let (scene, port) = scene(json!({ "button": false }), None, setting).await;
        let app = json!({
            "client_id": "latchkey",
            "global_session": { "establish_with": "password" },
            "sign_on": [{ "authenticate_with": "password" }],
            "device_assurance": { "app_ports": [port] },
        });
        scene.org.add_app(&app).unwrap();
        let mut browser = scene.browser();
        browser.begin(json!({})).await;
        let refused = browser.proceed(json!({ "username": MARY, "password": PASSWORD })).await;
        let messages = refused["messages"].as_array().unwrap();
        let offer =
            messages.iter().find(|message| message["message"] == "Install the Android Device Policy app");
        let offer = offer.unwrap();
        let call = is_called.then(|| {
            json!({
                "addresses": [format!("http://localhost:{port}")],
                "path": "azt/install-android-device-policy",
                "probeTimeout": 3000,
            })
        });
        assert_eq!(offer.get("deviceCall"), call.as_ref(), "{setting:?}");
        assert_eq!(offer["links"][0]["url"], "https://help.example.com/devices");
    }
}

/// A person who has to set Okta Verify up, in an org with this policy for it.
async fn setting_up(policy: Value) -> (Scene, Browser, Value) {
    let scene = Scene::new().await;
    let app = json!({
        "client_id": "latchkey",
        "sign_on": [{ "authenticate_with": "password-and-another", "factors": ["okta_verify"] }],
        "enrollment": { "okta_password": "REQUIRED", "okta_verify": "OPTIONAL" },
        "okta_verify_set_up": policy,
    });
    scene.org.add_app(&app).unwrap();
    scene.org.add_user(&json!({ "login": "pat@example.com", "password": PASSWORD })).unwrap();
    let mut browser = scene.browser();
    browser.begin(json!({})).await;
    browser.proceed(json!({ "username": "pat@example.com", "password": PASSWORD })).await;
    let waiting = browser.proceed(json!({ "authenticator": "okta_verify" })).await;
    assert_eq!(waiting["nextStep"]["name"], "enroll-poll", "{waiting}");
    (scene, browser, waiting)
}

#[tokio::test]
async fn okta_verify_is_set_up_on_this_device_by_a_link_or_as_a_message_says() {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for channel in ["samedevice", "devicebootstrap"] {
        let (_scene, mut browser, waiting) = setting_up(json!({ "channel": channel })).await;
        let link = challenge(&waiting);
        assert_eq!((&link["method"], first_message(&waiting)), (&json!("CUSTOM_URI"), None), "{waiting}");
        assert_eq!(http.get(link["href"].as_str().unwrap()).send().await.unwrap().status(), 204);
        assert_eq!(browser.step("/api/idx/poll", json!({})).await["status"], "SUCCESS");
    }
    for (channel, key) in
        [("samedevice", "latchkey.set.up.with.address"), ("devicebootstrap", "latchkey.set.up.from.device")]
    {
        let policy = json!({ "channel": channel, "link": false });
        let (scene, _, waiting) = setting_up(policy).await;
        let param = if channel == "samedevice" { scene.org.origin() } else { "Dev phone" };
        assert_eq!((challenge(&waiting), first_message(&waiting)), (Value::Null, Some(key)), "{waiting}");
        assert_eq!(waiting["messages"][0]["i18n"]["params"], json!([param]));
    }
}
