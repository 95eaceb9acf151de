//! The master keys: what a copy of the store reveals without them, and their rotation.

use crate::scene::{Browser, KEY, Lasting, app};
use http::{Method, StatusCode};
use latchkey::api;
use latchkey_devorg::{Options, Org};
use std::collections::BTreeSet;

const ANOTHER: &str = "HxwdHh8AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRo";

/// A browser of a server with these keys.
async fn browser(org: &Org, store: &Lasting, keys: &str) -> Browser {
    let app = app(&org.issuer(), &store.settings_with(keys), None).await;
    Browser::of(&api::router(app))
}

async fn sessions(browser: &Browser) -> usize {
    browser.get("/api/sessions").await.json()["sessions"].as_array().unwrap().len()
}

#[tokio::test]
async fn sec_214_a_copy_of_the_store_does_not_reveal_who_signed_in() {
    let org = Org::start(Options::default()).await.unwrap();
    let mut named = Vec::new();
    for keys in [KEY, ANOTHER] {
        let store = Lasting::new();
        browser(&org, &store, keys).await.sign_in(&org).await;
        named.push(store.keys().into_iter().collect::<BTreeSet<_>>());
    }
    assert!(named[0].len() > 3, "the session, its person, its address, its device");
    assert!(named[0].is_disjoint(&named[1]), "the same person at the same org is found by the keys alone");
}

#[tokio::test]
async fn sec_214_session_indexes_and_used_notices_are_found_during_and_after_a_key_rotation() {
    let (org, store) = (Org::start(Options::default()).await.unwrap(), Lasting::new());
    let mut before = browser(&org, &store, KEY).await;
    before.sign_in(&org).await;
    let [new_first, old_first] = [format!("{ANOTHER} {KEY}"), format!("{KEY} {ANOTHER}")];
    let mut during = browser(&org, &store, &new_first).await;
    during.sign_in(&org).await;
    let other_instance = browser(&org, &store, &old_first).await;
    for held in [&before, &during] {
        *other_instance.cookie.lock().unwrap() = held.held();
        assert_eq!(sessions(&other_instance).await, 2);
    }
    assert_eq!(sessions(&during).await, 2);
    let end_others = during.request(Method::DELETE, "/api/sessions").body(axum::body::Body::empty()).unwrap();
    assert_eq!(during.send(end_others).await.status, StatusCode::NO_CONTENT);
    assert!(!before.is_signed_in().await && during.is_signed_in().await);
    assert_eq!(sessions(&other_instance).await, 1);
}
