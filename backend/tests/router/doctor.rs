//! What the doctor finds wrong with an org, and what to do about it.

use crate::org_page::set_hosted;
use crate::scene::{ClientKey, app};
use latchkey::ops::doctor::{Finding, Verdict, examine};
use latchkey_devorg::{Options, Org};
use latchkey_idx::HttpTransport;
use serde_json::json;
use std::time::{Duration, SystemTime};

async fn findings(issuer: &str, settings: &[(&str, &str)]) -> Vec<Finding> {
    examine(&app(issuer, settings, None).await, &HttpTransport::new().unwrap(), SystemTime::now()).await
}

/// What is wrong, and the advice.
fn wrong(findings: &[Finding]) -> Vec<(&str, &str)> {
    let wrong = findings.iter().filter_map(|finding| match &finding.verdict {
        Verdict::Wrong(advice) => Some((finding.what, advice.as_str())),
        Verdict::Fine | Verdict::Look(_) => None,
    });
    wrong.collect()
}

#[tokio::test]
async fn a_correct_org_is_fine() {
    let org = Org::start(Options::default()).await.unwrap();
    let findings = findings(&org.issuer(), &[]).await;
    assert_eq!(wrong(&findings), []);
    let fine: Vec<_> = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Fine)
        .map(|finding| finding.what)
        .collect();
    assert_eq!(
        fine,
        [
            "store",
            "issuer",
            "clock",
            "client id and secret",
            "embedding",
            "redirect URI",
            "scopes",
            "related origins"
        ]
    );
}

#[tokio::test]
async fn every_mistake_is_named_with_what_to_do() {
    let org = Org::start(Options::default()).await.unwrap();
    let issuer = org.issuer();
    let other_issuer = format!("{}/oauth2/none", org.origin());
    for (issuer, setting, what, advice) in [
        (&issuer, ("LATCHKEY_CLIENT_SECRET", "another"), "client id and secret", "LATCHKEY_CLIENT_SECRET"),
        (&issuer, ("LATCHKEY_CLIENT_ID", "another"), "client id and secret", "LATCHKEY_CLIENT_ID"),
        (&issuer, ("LATCHKEY_SCOPES", "openid moon"), "scopes", "LATCHKEY_SCOPES"),
        (&other_issuer, ("LATCHKEY_LOG", "info"), "issuer", "LATCHKEY_ISSUER"),
    ] {
        let findings = findings(issuer, &[setting]).await;
        let [(named, advised)] = wrong(&findings)[..] else { panic!("{setting:?}: {findings:?}") };
        assert!(named == what && advised.contains(advice), "{setting:?}: {named}: {advised}");
    }
}

#[tokio::test]
async fn an_app_that_may_not_embed_is_named_with_what_to_turn_on_and_what_to_do_instead() {
    let org = Org::start(Options::default()).await.unwrap();
    for (error, description, way) in [
        (
            "unauthorized_client",
            "The client is not authorized to use the provided grant type. Configured grant types: [authorization_code].",
            "General > Grant type",
        ),
        ("access_denied", "The requested feature is not enabled in this environment.", "Settings > Account"),
    ] {
        let body = json!({"error": error, "error_description": description}).to_string();
        let fault = json!({
            "path": "/oauth2/default/v1/interact", "kind": "status", "status": 400, "body": body,
            "content_type": "application/json", "times": 1,
        });
        org.faults(&fault).unwrap();
        let findings = findings(&org.issuer(), &[]).await;
        let [("embedding", advice)] = wrong(&findings)[..] else { panic!("{findings:?}") };
        for text in [description, way, "the org's own page instead", "LATCHKEY_SIGN_IN_PAGE"] {
            assert!(advice.contains(text), "{text} is not in {advice}");
        }
    }
}

#[tokio::test]
async fn the_orgs_page_is_checked_where_people_sign_in_there() {
    let org = Org::start(Options::default()).await.unwrap();
    let on_page = [("LATCHKEY_SIGN_IN_PAGE", "org")];
    let embedding = findings(&org.issuer(), &on_page).await;
    let [("the org's page", advice)] = wrong(&embedding)[..] else { panic!("{embedding:?}") };
    for part in ["LATCHKEY_SIGN_IN_PAGE to own", "General > Grant type"] {
        assert!(advice.contains(part), "{part} is not in {advice}");
    }
    set_hosted(&org, true, json!({}));
    assert_eq!(wrong(&findings(&org.issuer(), &on_page).await), []);
    let secret = [on_page[0], ("LATCHKEY_CLIENT_SECRET", "another")];
    assert_eq!(wrong(&findings(&org.issuer(), &secret).await)[0].0, "client id and secret");
    set_hosted(&org, true, json!({"redirect_uris": ["http://localhost:9/elsewhere"]}));
    let misdirected = findings(&org.issuer(), &on_page).await;
    let [("the org's page", advice)] = wrong(&misdirected)[..] else { panic!("{misdirected:?}") };
    assert!(advice.contains("Sign-in redirect URIs") && advice.contains("/login/callback"), "{advice}");
}

#[tokio::test]
async fn an_org_that_does_not_embed_is_for_a_person_to_look_at_where_the_orgs_page_takes_over() {
    let org = Org::start(Options::default()).await.unwrap();
    set_hosted(&org, true, json!({}));
    let findings = findings(&org.issuer(), &[("LATCHKEY_SIGN_IN_PAGE", "own-then-org")]).await;
    assert_eq!(wrong(&findings), []);
    let verdict = |what: &str| &findings.iter().find(|finding| finding.what == what).unwrap().verdict;
    assert!(matches!(verdict("embedding"), Verdict::Look(advice) if advice.contains("Interaction Code")));
    assert_eq!(verdict("the org's page"), &Verdict::Fine);
}

#[tokio::test]
async fn a_wrong_clock_is_reported_with_the_difference() {
    let org = Org::start(Options::default()).await.unwrap();
    let (app, http) = (app(&org.issuer(), &[], None).await, HttpTransport::new().unwrap());
    let (now, ten_minutes) = (SystemTime::now(), Duration::from_secs(600));
    for then in [now + ten_minutes, now - ten_minutes] {
        let findings = examine(&app, &http, then).await;
        let [("clock", advice)] = wrong(&findings)[..] else { panic!("{findings:?}") };
        let seconds: u64 = advice.split(' ').find_map(|word| word.parse().ok()).unwrap();
        assert!(advice.contains("NTP") && (590..=610).contains(&seconds), "{advice}");
    }
    let tolerated = examine(&app, &http, now + Duration::from_secs(20)).await;
    assert_eq!(wrong(&tolerated), []);
}

#[tokio::test]
async fn an_unreachable_org_is_reported() {
    let findings = findings("http://localhost:9/oauth2/default", &[]).await;
    assert!(wrong(&findings).iter().any(|(what, _)| *what == "issuer"), "{findings:?}");
}

#[tokio::test]
async fn a_client_without_a_secret_is_for_a_person_to_look_at() {
    let org = Org::start(Options::default()).await.unwrap();
    let public = [("LATCHKEY_CLIENT_ID", "latchkey-public"), ("LATCHKEY_CLIENT_SECRET", "")];
    let findings = findings(&org.issuer(), &public).await;
    assert_eq!(wrong(&findings), []);
    let finding = findings.iter().find(|finding| finding.what == "client secret").unwrap();
    assert!(matches!(&finding.verdict, Verdict::Look(advice) if advice.contains("LATCHKEY_CLIENT_SECRET")));
}

#[tokio::test]
async fn sec_222_a_client_key_that_the_org_does_not_know_is_reported_with_its_id() {
    let (known, unknown) = (ClientKey::fresh(), ClientKey::fresh());
    let org = Org::start(known.options()).await.unwrap();
    let good = findings(&org.issuer(), &known.settings()).await;
    assert_eq!(wrong(&good), []);
    assert!(good.iter().any(|finding| finding.what == "client id and key"), "{good:?}");
    let findings = findings(&org.issuer(), &unknown.settings()).await;
    let [(what, advice)] = wrong(&findings)[..] else { panic!("{findings:?}") };
    assert_eq!(what, "client id and key");
    assert!(advice.contains("LATCHKEY_CLIENT_KEY_FILE") && advice.contains("key-1"), "{advice}");
}

#[tokio::test]
async fn an_unreachable_store_is_reported() {
    let org = Org::start(Options::default()).await.unwrap();
    let settings = [
        ("LATCHKEY_STORE", "redis://127.0.0.1:1"),
        ("LATCHKEY_KEYS", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
    ];
    let findings = findings(&org.issuer(), &settings).await;
    let [(what, advice)] = wrong(&findings)[..] else { panic!("{findings:?}") };
    assert!(what == "store" && advice.contains("127.0.0.1:1"), "{what}: {advice}");
}
