//! Device challenges: passed on to a device that the page can reach, and left otherwise, wherever the org asks.

use std::sync::Arc;

use latchkey_idx::{
    Answer, AuthenticatorKey, BeginOptions, CallContext, Client, Config, DeviceChallenge,
    DeviceChallengeMethod, DeviceEnrollment, DeviceSetUp, Flow, Intent, Secret, StepName, Transport,
    json_response,
};
use serde_json::{Value, json};

use crate::documents::{self, device_probing, fastpass, loopback};
use crate::fake_org::{self, FakeOrg, client_of, flow_secrets};
use crate::steps::{SIGN_IN, request_to, submitted};

const INTROSPECT: &str = "/idp/idx/introspect";
const CANCEL: &str = "/idp/idx/authenticators/poll/cancel";
const POLL: &str = "/idp/idx/authenticators/poll";

/// A flow whose first document is this one, at an org that answers a cancelled challenge with a choice.
async fn flow_at(
    first: &Value,
    ports: &[u16],
    intent: Intent,
) -> (Arc<FakeOrg>, Client<impl Transport>, Flow) {
    let org = Arc::new(FakeOrg::default());
    let client = client_of(&org, Config { device_ports: ports.to_vec(), ..fake_org::config() });
    org.respond_with(INTROSPECT, Ok(json_response(200, first.to_string())));
    org.respond_with(CANCEL, Ok(json_response(200, fake_org::identify().to_string())));
    org.respond_with("/idp/idx/enroll", Ok(json_response(200, documents::profile().to_string())));
    let context = CallContext::default();
    let begun =
        client.begin(intent, &BeginOptions::default(), &Answer::default(), flow_secrets(), &context).await;
    (org, client, begun.expect("the flow begins"))
}

fn name(flow: &Flow) -> Option<StepName> {
    flow.transaction().next_step.map(|step| step.name)
}

fn challenge(flow: &Flow) -> Option<DeviceChallenge> {
    flow.transaction().next_step?.authenticator?.context.device_challenge
}

fn link(method: &str, href: &str) -> Value {
    json!({"challengeMethod": method, "href": href, "downloadHref": "https://download.example.com/"})
}

#[tokio::test]
async fn without_ports_the_first_challenge_is_left_and_the_flow_goes_on() {
    let (org, client, mut flow) = flow_at(&device_probing(&loopback()), &[], Intent::Authenticate).await;
    assert_eq!(name(&flow), Some(StepName::Identify));
    let body = json!({"reason": "OV_UNREACHABLE_BY_LOOPBACK", "statusCode": null, "stateHandle": "state-1"});
    assert_eq!(org.last(CANCEL).body, body);
    assert!(!flow.transaction().has_left_device, "the org asked by itself");
    assert_eq!(flow.left_device_challenge().map(DeviceChallenge::ports), Some(vec![2000, 6511]));
    client.proceed(&mut flow, &fake_org::complete_answer(), &CallContext::default()).await.expect("tokens");
}

#[tokio::test]
async fn a_sign_up_leaves_the_first_challenge_also_with_ports() {
    let (org, _, flow) = flow_at(&device_probing(&loopback()), &[2000], Intent::Register).await;
    assert_eq!((name(&flow), org.count(CANCEL)), (Some(StepName::EnrollProfile), 1));
}

#[tokio::test]
async fn a_challenge_in_the_middle_is_left_after_an_answer_and_after_a_redirect() {
    let (org, client, mut flow) = flow_at(&fake_org::identify(), &[], Intent::Authenticate).await;
    org.respond_with("/idp/idx/identify", Ok(json_response(200, device_probing(&loopback()).to_string())));
    let answer = Answer::default().with("username", "mary").with("password", "pw");
    client.proceed(&mut flow, &answer, &CallContext::default()).await.expect("the next step");
    assert_eq!((name(&flow), org.count(CANCEL)), (Some(StepName::Identify), 1));
    assert!(!flow.transaction().has_left_device);

    org.respond_with(INTROSPECT, Ok(json_response(200, fastpass(&loopback()).to_string())));
    client.introspect(&mut flow, &CallContext::default()).await.expect("the next step");
    assert_eq!((name(&flow), org.count(CANCEL)), (Some(StepName::Identify), 2));
}

#[tokio::test]
async fn a_challenge_that_the_person_chose_is_left_with_a_mark_that_survives_storing() {
    let (org, client, mut flow) = flow_at(&fake_org::identify(), &[], Intent::Authenticate).await;
    let choice = documents::select("select-authenticator-authenticate", "challenge");
    org.respond_with("/idp/idx/identify", Ok(json_response(200, choice.to_string())));
    org.respond_with("/idp/idx/challenge", Ok(json_response(200, fastpass(&loopback()).to_string())));
    org.respond_with(CANCEL, Ok(json_response(200, choice.to_string())));
    let answer =
        Answer::default().with("username", "mary").with("password", "pw").with("authenticator", "okta_email");
    client.proceed(&mut flow, &answer, &CallContext::default()).await.expect("the next step");
    assert_eq!(name(&flow), Some(StepName::SelectAuthenticatorAuthenticate));
    let stored = serde_json::to_string(&flow).expect("JSON");
    let mut flow: Flow = serde_json::from_str(&stored).expect("a flow");
    assert!(flow.transaction().has_left_device);
    org.respond_with("/idp/idx/challenge", Ok(json_response(200, documents::totp().to_string())));
    let answer = Answer::default().with("authenticator", "okta_email");
    client.proceed(&mut flow, &answer, &CallContext::default()).await.expect("the next step");
    assert!(!flow.transaction().has_left_device);
}

#[tokio::test]
async fn a_launch_that_leads_to_an_unreachable_device_is_marked_too() {
    let launch = fake_org::form("launch-authenticator", "authenticators/okta-verify/launch", json!([]));
    let mut page = fake_org::identify();
    page["remediation"]["value"].as_array_mut().expect("forms").push(launch);
    for (ports, is_offered) in [(vec![], false), (vec![6513], true)] {
        let (org, client, mut flow) = flow_at(&page, &ports, Intent::Authenticate).await;
        let steps = flow.transaction().available_steps;
        assert_eq!(steps.iter().any(|step| step.name == StepName::LaunchAuthenticator), is_offered);
        let path = "/idp/idx/authenticators/okta-verify/launch";
        org.respond_with(path, Ok(json_response(200, device_probing(&loopback()).to_string())));
        let answer = Answer::default().with("step", "launch-authenticator");
        client.proceed(&mut flow, &answer, &CallContext::default()).await.expect("the next step");
        assert_eq!((name(&flow), org.count(CANCEL)), (Some(StepName::Identify), 1));
        assert!(flow.transaction().has_left_device);
    }
}

#[tokio::test]
async fn a_reachable_challenge_is_presented_with_its_addresses_in_order_and_polled() {
    for first in [device_probing(&loopback()), fastpass(&loopback())] {
        let (org, client, flow) = flow_at(&first, &[2000, 6511], Intent::Authenticate).await;
        let stored = serde_json::to_string(&flow).expect("JSON");
        let mut flow: Flow = serde_json::from_str(&stored).expect("a flow");
        let challenge = challenge(&flow).expect("a challenge");
        assert_eq!(challenge.method, DeviceChallengeMethod::Loopback);
        let (secure, plain) = ("https://x.authenticatorlocaldev.com", "http://localhost");
        let expected = [(secure, 2000), (secure, 6511), (plain, 2000), (plain, 6511)];
        assert_eq!(challenge.addresses, expected.map(|(domain, port)| format!("{domain}:{port}")));
        assert_eq!((challenge.probe_timeout, challenge.needs_permission), (250, true));
        assert_eq!(challenge.permission_help.as_deref(), Some("https://help.example.com/lna"));
        assert_eq!(challenge.challenge_request, Some(Secret::from("a.b.c")));
        assert!(!format!("{challenge:?}").contains("a.b.c"));
        let step = flow.transaction().next_step.expect("a step");
        assert!(step.poll.is_some_and(|poll| poll.refresh.is_some()));
        org.respond_with(POLL, Ok(json_response(200, first.to_string())));
        client.poll(&mut flow, &CallContext::default()).await.expect("no change");
        org.respond_with(POLL, Ok(json_response(200, fake_org::identify().to_string())));
        client.poll(&mut flow, &CallContext::default()).await.expect("the next step");
        assert_eq!((name(&flow), org.count(POLL), org.count(CANCEL)), (Some(StepName::Identify), 2, 0));
    }
}

#[tokio::test]
async fn only_listed_ports_of_the_device_itself_are_reachable() {
    let (_, _, flow) = flow_at(&device_probing(&loopback()), &[6511, 9], Intent::Authenticate).await;
    assert_eq!(challenge(&flow).expect("a challenge").ports(), [6511]);
    for domain in [
        "http://evil.example",
        "https://evil.example",
        "https://localhost",
        "http://localhost:80",
        "http://a@localhost",
    ] {
        let mut elsewhere = loopback();
        (elsewhere["domain"], elsewhere["httpsDomain"]) = (json!(domain), Value::Null);
        let (org, _, _) = flow_at(&device_probing(&elsewhere), &[2000, 6511, 80], Intent::Authenticate).await;
        assert_eq!(org.count(CANCEL), 1, "{domain}");
    }
}

#[tokio::test]
async fn a_page_that_gives_up_says_why() {
    for (given, reason, status) in [
        (json!({}), "USER_CANCELED", Value::Null),
        (json!({"reason": "OV_UNREACHABLE_BY_LOOPBACK"}), "OV_UNREACHABLE_BY_LOOPBACK", Value::Null),
        (json!({"reason": "OV_RETURNED_ERROR", "statusCode": 500}), "OV_RETURNED_ERROR", json!(500)),
    ] {
        let body = json!({"reason": reason, "statusCode": status});
        for (page, group) in [
            (device_probing(&loopback()), "authenticatorChallenge"),
            (fastpass(&loopback()), "currentAuthenticator"),
        ] {
            let mut values = given.clone();
            values["step"] = json!(format!("{group}-cancel"));
            assert_eq!(
                submitted(&page, SIGN_IN, values),
                request_to("authenticators/poll/cancel", body.clone())
            );
        }
    }
    let opens_app = fastpass(&link("CUSTOM_URI", "com-okta-authenticator:/deviceChallenge"));
    let values = json!({"step": "currentAuthenticator-cancel", "reason": "USER_CANCELED"});
    assert_eq!(submitted(&opens_app, SIGN_IN, values), request_to("authenticators/poll/cancel", json!({})));
}

#[tokio::test]
async fn an_address_that_opens_the_app_names_the_user_and_any_other_address_is_left() {
    for (method, href) in [
        ("CUSTOM_URI", "com-okta-authenticator:/deviceChallenge?challengeRequest=a.b.c"),
        ("UNIVERSAL_LINK", "https://login.okta.example/open"),
        ("APP_LINK", "https://login.okta.example/open?challengeRequest=a.b.c"),
    ] {
        let (_, _, flow) = flow_at(&fastpass(&link(method, href)), &[2000], Intent::Authenticate).await;
        let challenge = challenge(&flow).expect("a challenge");
        let separator = if href.contains('?') { '&' } else { '?' };
        let expected = format!("{href}{separator}login_hint=mary%2Ba%40example.com");
        assert_eq!(challenge.href.as_ref().map(Secret::reveal), Some(expected.as_str()));
        assert!(challenge.download_href.is_some());
    }
    for (method, href) in [
        ("CUSTOM_URI", "javascript:alert(1)"),
        ("APP_LINK", "data:text/html,x"),
        ("APP_LINK", "http://evil.example/"),
        ("CHROME_DTC", "https://org.example/dtc"),
        ("TELEPATHY", "https://org.example/"),
    ] {
        let (org, _, flow) = flow_at(&fastpass(&link(method, href)), &[2000], Intent::Authenticate).await;
        assert_eq!((name(&flow), org.count(CANCEL)), (Some(StepName::Identify), 1), "{method}");
        assert_eq!(org.last(CANCEL).body, json!({"stateHandle": "state-1"}));
    }
}

#[tokio::test]
async fn the_apple_extension_is_declined_by_its_cancel_form() {
    let path = "authenticators/sso_extension/transactions/ft1/verify";
    let request = json!([{"name": "challengeRequest", "required": true, "value": "a.b.c", "visible": false}]);
    let page = fake_org::page(json!([fake_org::form("device-apple-sso-extension", path, request)]));
    let cancel =
        fake_org::page(json!([fake_org::form("cancel-transaction", &format!("{path}/cancel"), json!([]))]));
    let org = Arc::new(FakeOrg::default());
    let client = client_of(&org, Config { device_ports: vec![2000], ..fake_org::config() });
    org.respond_with(INTROSPECT, Ok(json_response(200, page.to_string())));
    org.respond_with(&format!("/idp/idx/{path}"), Ok(json_response(401, cancel.to_string())));
    org.respond_with(
        &format!("/idp/idx/{path}/cancel"),
        Ok(json_response(200, fake_org::identify().to_string())),
    );
    let context = CallContext::default();
    let flow = client
        .begin(Intent::Authenticate, &BeginOptions::default(), &Answer::default(), flow_secrets(), &context)
        .await
        .expect("the flow begins");
    assert_eq!(name(&flow), Some(StepName::Identify));
    assert_eq!(org.last(&format!("/idp/idx/{path}")).body["challengeRequest"], "a.b.c");
}

#[tokio::test]
async fn the_keys_of_a_split_okta_verify_are_known() {
    for (key, known) in [
        ("okta_verify_totp", AuthenticatorKey::OktaVerifyTotp),
        ("okta_verify_push", AuthenticatorKey::OktaVerifyPush),
        ("okta_verify_fastpass", AuthenticatorKey::OktaVerifyFastpass),
    ] {
        assert_eq!(AuthenticatorKey::from(key), known);
    }
    let mut page = documents::totp();
    page["currentAuthenticator"]["value"]["key"] = json!("okta_verify_totp");
    let body = json!({"credentials": {"totp": "123456"}});
    let values = json!({"verificationCode": "123456"});
    assert_eq!(submitted(&page, SIGN_IN, values), request_to("challenge/answer", body));
}

#[tokio::test]
async fn an_app_on_the_device_is_called_at_listed_ports_by_a_plain_path_only() {
    let remediation = |domain: &str, action: &str| {
        json!({
            "message": "Install", "class": "ERROR", "i18n": {"key": "install"},
            "deviceRemediation": {"type": "object", "value": {
                "remediationType": "LOOPBACK", "remediationPath": "azt", "action": action, "domain": domain,
                "ports": ["6511", "6512"], "probeTimeoutMillis": 10,
                "fallback": {"type": "MESSAGE", "message": {"message": "By hand", "i18n": {"key": "by-hand"}}},
            }},
        })
    };
    let own = "https://x.authenticatorlocaldev.com";
    let mut page = fake_org::page(json!([]));
    page["messages"] = json!({"type": "array", "value": [
        remediation(own, "install"), remediation("https://evil.example", "install"), remediation(own, "../probe"),
    ]});
    for (ports, is_called) in [(vec![6512], true), (vec![2000], false), (vec![], false)] {
        let (_org, _client, flow) = flow_at(&page, &ports, Intent::Authenticate).await;
        let messages = flow.transaction().messages;
        let call = messages[0].device_call.as_ref();
        assert_eq!(call.is_some(), is_called, "{ports:?}");
        match call {
            Some(call) => {
                assert_eq!(call.addresses, [format!("{own}:6512")]);
                assert_eq!((call.path.as_str(), call.probe_timeout), ("azt/install", 10));
                assert_eq!(
                    (messages[0].text.as_str(), call.fallback.as_ref().unwrap().text.as_str()),
                    ("Install", "By hand")
                );
            }
            None => assert_eq!(messages[0].text, "By hand"),
        }
        assert!(
            messages[1..].iter().all(|message| message.device_call.is_none() && message.text == "By hand")
        );
    }
}

/// Okta Verify while it is set up by this channel.
fn setting_up(channel: &str, data: &Value) -> Value {
    let mut page = fastpass(&loopback());
    page["remediation"]["value"][0]["name"] = json!("enroll-poll");
    page["currentAuthenticator"]["value"]["contextualData"] =
        json!({"selectedChannel": channel, channel: data});
    page
}

#[tokio::test]
async fn okta_verify_on_this_device_is_set_up_by_a_link_or_as_the_org_says() {
    let download = "https://download.example.com/";
    let with_link = json!({"setupOVUrl": "com-okta-authenticator:/x", "downloadHref": download, "orgUrl": "org.example.com"});
    for channel in ["samedevice", "devicebootstrap"] {
        let (org, _, flow) = flow_at(&setting_up(channel, &with_link), &[], Intent::Authenticate).await;
        let link = challenge(&flow).expect("a link that needs no port");
        let opened = "com-okta-authenticator:/x?login_hint=mary%2Ba%40example.com";
        assert_eq!(link.href.as_ref().map(Secret::reveal), Some(opened));
        assert_eq!((link.download_href.as_deref(), org.count(CANCEL)), (Some(download), 0));
    }
    let set_up = async |channel: &str, data: Value| {
        let (_, _, flow) = flow_at(&setting_up(channel, &data), &[], Intent::Authenticate).await;
        assert_eq!(challenge(&flow), None);
        flow.transaction().next_step.expect("a step").authenticator.expect("Okta Verify").context.set_up
    };
    let here = DeviceSetUp::WithAddress { org: "org.example.com".to_owned(), download_href: None };
    assert_eq!(
        set_up("samedevice", json!({"orgUrl": "org.example.com", "setupOVUrl": "javascript:x"})).await,
        Some(here)
    );
    for (devices, names) in [(json!("Phone"), "Phone"), (json!(["Phone", "Tablet"]), "Phone, Tablet")] {
        let from = Some(DeviceSetUp::FromDevices(names.to_owned()));
        assert_eq!(set_up("devicebootstrap", json!({"enrolledDevices": devices})).await, from);
    }
}

#[tokio::test]
async fn an_end_that_demands_something_of_the_device_says_what() {
    let managed = json!({"name": "ws1", "platform": "IOS", "vendor": "Vendor", "enrollmentLink": "https://enroll.example.com/"});
    let registered = json!({"name": "oda", "platform": "IOS", "signInUrl": "https://org.example.com"});
    for (value, demanded) in [
        (
            managed,
            DeviceEnrollment::Managed {
                vendor: Some("Vendor".to_owned()),
                link: Some("https://enroll.example.com/".to_owned()),
            },
        ),
        (registered, DeviceEnrollment::Registered("https://org.example.com".to_owned())),
    ] {
        let end = json!({"stateHandle": "state-1", "version": "1.0.0", "deviceEnrollment": {"type": "object", "value": value}});
        let (_, _, flow) = flow_at(&end, &[], Intent::Authenticate).await;
        assert_eq!(flow.transaction().device_enrollment, Some(demanded));
    }
}
