//! Tests of the session index: what it holds, and which sessions end with it.

use super::{MAX_SESSIONS_PER_PERSON, SubjectIdentifier, end_by_notice, enter, make_room};
use crate::{
    api::router,
    app::App,
    config,
    http::{ClientContext, Peer},
    session::{Grant, Record, StoredRecord},
};
use axum::body::Body;
use http::Request;
use latchkey_idx::{IdToken, Tokens};
use latchkey_vault::{KeyHalf, RandomSource, SessionHandle};
use serde_json::json;
use std::time::{Duration, SystemTime};
use tower::ServiceExt;

async fn app() -> App {
    let settings = [("LATCHKEY_ISSUER", "http://localhost:9/oauth2/default"), ("LATCHKEY_CLIENT_ID", "app")];
    let env = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, it)| (*it).to_owned());
    let config = config::read(env, None, |path| std::fs::read_to_string(path)).unwrap();
    App::new(config, &"http://localhost:8080/".parse().unwrap()).await.unwrap()
}

/// A grant for Mary from this session of the org.
fn granted(app: &App, sid: Option<&str>, now: SystemTime) -> Grant {
    let claims = json!({"sub": "mary", "sid": sid});
    let id_token = IdToken { raw: "x".into(), claims: claims.as_object().unwrap().clone() };
    let tokens = Tokens {
        access_token: "x".into(),
        refresh_token: None,
        id_token: Some(id_token),
        expires_in: None,
        scope: None,
    };
    Grant::new(tokens, now, app.sessions.lifetimes)
}

/// A session of Mary's that is not in her index.
async fn not_indexed(
    app: &App,
    id: i128,
    sid: Option<&str>,
    now: SystemTime,
) -> (SessionHandle, StoredRecord, Grant) {
    let grant = granted(app, sid, now);
    let mut record = Record::default();
    record.sign_in(grant.clone());
    let handle = SessionHandle::new(id.to_le_bytes(), KeyHalf::random(&app.sessions.random).unwrap());
    let stored = StoredRecord::create(app.vault.clone(), &handle, record, now).await.unwrap();
    (handle, stored, grant)
}

async fn signed_in_at(
    app: &App,
    id: i128,
    sid: Option<&str>,
    now: SystemTime,
) -> (SessionHandle, StoredRecord) {
    let (handle, stored, grant) = not_indexed(app, id, sid, now).await;
    let client = ClientContext { address: None, user_agent: None, accept_language: None, device: None };
    let entered = enter(&app.sessions, stored.key(), &grant, &client, now).await.unwrap();
    make_room(&app.sessions, entered, &grant, now).await;
    (handle, stored)
}

/// A session of Mary's that came from this session of the org.
async fn signed_in(app: &App, id: i128, sid: Option<&str>) -> SessionHandle {
    signed_in_at(app, id, sid, SystemTime::now()).await.0
}

async fn is_live(app: &App, handle: &SessionHandle) -> bool {
    StoredRecord::find(&app.vault, handle).await.is_ok_and(|found| found.is_some())
}

#[tokio::test]
async fn sec_215_ended_sessions_do_not_count_for_the_limit() {
    let app = app().await;
    let now = SystemTime::now();
    let first = signed_in_at(&app, 0, None, now).await.0;
    for id in 1..100 {
        let (_, stored) = signed_in_at(&app, id, None, now + Duration::from_secs(1)).await;
        // It ends without being removed from the index.
        stored.end().await.unwrap();
    }
    for id in 100..149 {
        signed_in_at(&app, id, None, now + Duration::from_secs(120)).await;
    }
    assert!(is_live(&app, &first).await, "it is one of fifty");
    signed_in_at(&app, 149, None, now + Duration::from_secs(121)).await;
    assert!(!is_live(&app, &first).await, "it was the oldest of fifty-one");
}

#[tokio::test]
async fn sec_208_a_session_that_is_not_in_the_index_is_entered_at_its_next_use() {
    let app = app().await;
    let (handle, stored, _) = not_indexed(&app, 1, None, SystemTime::now()).await;
    drop(stored);
    let request = Request::get("/api/sessions")
        .header("host", "localhost:8080")
        .header("x-csrf", "1")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", format!("{}={}", app.cookies.kind.session(), handle.write()))
        .extension(Peer(([127, 0, 0, 1], 4711).into()));
    let answer = router(app.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(
        end_by_notice(&app.sessions, SubjectIdentifier::Subject("mary"), None, SystemTime::now())
            .await
            .unwrap()
    );
    assert!(!is_live(&app, &handle).await);
}

#[tokio::test]
async fn sec_208_a_session_that_ends_before_it_begins_does_not_begin() {
    let app = app().await;
    let now = SystemTime::now();
    let mut stored = not_indexed(&app, 1, None, now).await.1;
    let next = SessionHandle::random(&RandomSource::system()).unwrap();
    let key = app.vault.location(&next).unwrap().key();
    let client = ClientContext { address: None, user_agent: None, accept_language: None, device: None };
    enter(&app.sessions, key, &granted(&app, None, now), &client, now).await.unwrap();
    assert!(end_by_notice(&app.sessions, SubjectIdentifier::Subject("mary"), None, now).await.unwrap());
    assert!(stored.change_and_move(now, &next, |_| Ok(())).await.is_err());
    assert!(!is_live(&app, &next).await);
}

#[tokio::test]
async fn sec_20_with_one_session_too_many_the_oldest_ends() {
    let app = app().await;
    let mut all = Vec::new();
    for id in 0..=MAX_SESSIONS_PER_PERSON {
        all.push(signed_in(&app, i128::try_from(id).unwrap(), None).await);
    }
    assert_eq!(MAX_SESSIONS_PER_PERSON, 50, "as the documentation says");
    assert!(StoredRecord::find(&app.vault, &all[0]).await.is_err(), "it has just ended");
    for other in &all[1..] {
        assert!(StoredRecord::find(&app.vault, other).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn sec_74_the_end_of_an_org_session_ends_the_sessions_that_came_from_it_and_no_others() {
    let app = app().await;
    let [ours, other, unknown] = [(1, Some("one")), (2, Some("two")), (3, None)];
    let ours = signed_in(&app, ours.0, ours.1).await;
    let others = [signed_in(&app, other.0, other.1).await, signed_in(&app, unknown.0, unknown.1).await];
    assert!(
        !end_by_notice(&app.sessions, SubjectIdentifier::Sid("three"), Some("three"), SystemTime::now())
            .await
            .unwrap()
    );
    assert!(
        end_by_notice(&app.sessions, SubjectIdentifier::Sid("one"), Some("one"), SystemTime::now())
            .await
            .unwrap()
    );
    assert!(StoredRecord::find(&app.vault, &ours).await.is_err(), "it has just ended");
    for other in &others {
        assert!(StoredRecord::find(&app.vault, other).await.unwrap().is_some());
    }
}
