//! Mailed links, and the question whether to allow the sign-in.

use std::mem;

use serde_json::{Value, json};

use super::{MARY, TestFlow, first_key, forms};

#[test]
fn a_magic_link_counts_as_the_code() {
    let mut flow = TestFlow::start("guide-email-only");
    flow.goes("identify", json!({"identifier": MARY}));
    assert_eq!(flow.goes("challenge/poll", json!({}))[0], "challenge-authenticator");
    flow.elsewhere(|engine| engine.follow_email_link());
    assert_eq!(flow.goes("challenge/poll", json!({})), ["success"]);
}

#[test]
fn the_first_tab_learns_that_a_magic_link_continued_in_another_tab() {
    let mut flow = TestFlow::start("guide-email-only");
    flow.goes("identify", json!({"identifier": MARY}));
    let code = flow.code();
    flow.transaction.code_mut().unwrap().opened = true;
    assert_eq!(flow.answer(&code), ["success"]);
    let (status, document) = flow.post("challenge/poll", json!({}));
    assert_eq!((status, first_key(&document)), (200, "idx.transferred.to.new.tab"));
}

/// An app whose mailed links ask first, for a user who has been sent one.
fn asking() -> TestFlow {
    let file = "[[apps]]\nclient_id = \"a\"\nlabel = \"Shop\"\nemail_link_consent = true\nchallenge_email_at_once = true\n\
        global_session = { establish_with = \"any-factor\" }\nsign_on = [{ authenticate_with = \"any-1-factor\" }]\n\
        enrollment = { okta_email = \"OPTIONAL\" }\n";
    let mut flow = TestFlow::in_org(file, "a");
    flow.add(json!({"login": "l@example.com", "factors": ["okta_email"]}));
    assert_eq!(flow.goes("identify", json!({"identifier": "l@example.com"})), ["challenge-authenticator"]);
    flow
}

/// Answers the page of the opened link, and returns to the transaction that waits.
fn decide_on_page(flow: &mut TestFlow, allow: bool) -> Value {
    let mut state_token = String::new();
    flow.elsewhere(|engine| {
        state_token = engine.ask_on_page()?;
        Ok(())
    });
    let page = flow.org.transactions.take(&state_token).unwrap();
    let waiting = mem::replace(&mut flow.transaction, page);
    let handle = waiting.handle.clone();
    flow.org.transactions.put(waiting);
    let (_, question) = flow.post("introspect", json!({}));
    assert_eq!((forms(&question), &question["intent"]), (vec![CONSENT.to_owned()], &json!("CONSENT")));
    let about = question.pointer("/remediation/value/0/requestInfo/0").unwrap();
    assert_eq!([&about["name"], &about["value"]], [&json!("appName"), &json!("Shop")]);
    let (status, ended) = flow.post("consent", json!({"consent": allow}));
    assert_eq!((status, forms(&ended).len(), ended.get("cancel")), (200, 0, None));
    flow.transaction = flow.org.transactions.take(&handle).unwrap();
    ended
}

const CONSENT: &str = "email-challenge-consent";

#[test]
fn a_mailed_link_asks_on_a_page_of_the_org_and_the_page_that_waits_learns_the_answer() {
    let mut flow = asking();
    let ended = decide_on_page(&mut flow, true);
    assert_eq!(first_key(&ended), "idx.return.to.original.tab");
    assert_eq!(flow.goes("challenge/poll", json!({})), ["success"]);

    let mut flow = asking();
    let ended = decide_on_page(&mut flow, false);
    assert_eq!(first_key(&ended), "idx.operation.cancelled.by.user");
    let (_, document) = flow.post("challenge/poll", json!({}));
    assert_eq!(first_key(&document), "idx.operation.cancelled.on.other.device");
}

#[test]
fn a_page_that_asks_expires_with_the_code_of_its_mail() {
    let mut flow = asking();
    let mut state_token = String::new();
    flow.elsewhere(|engine| {
        state_token = engine.ask_on_page()?;
        Ok(())
    });
    // Another mail was sent since.
    flow.transaction = flow.org.transactions.take(&state_token).unwrap();
    let (_, ended) = flow.post("consent", json!({"consent": true}));
    assert_eq!(first_key(&ended), "idx.return.link.expired");
}

#[test]
fn a_mailed_link_that_is_opened_in_the_app_asks_there_before_its_code_counts() {
    for (allow, key) in [(true, "none"), (false, "idx.operation.cancelled.by.user")] {
        let mut flow = asking();
        let code = flow.code();
        flow.transaction.code_mut().unwrap().opened = true;
        assert_eq!(flow.answer(&code), [CONSENT]);
        let (status, document) = flow.post("consent", json!({"consent": allow}));
        assert_eq!((status, first_key(&document), forms(&document) == ["success"]), (200, key, allow));
    }
}

#[test]
fn a_typed_code_counts_at_once_also_where_mailed_links_ask() {
    let mut flow = asking();
    let code = flow.code();
    assert_eq!(flow.answer(&code), ["success"]);
}
