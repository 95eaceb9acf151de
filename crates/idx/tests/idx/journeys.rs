//! Ways that lead away and back, wait, or meet something nobody has heard of.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use latchkey_idx::{
    Answer, Attempt, Client, Config, Context, Error, Flow, Intent, InteractionCode, Name, Opening,
    PrivateKey, Request, Response, Secret, Status, Tokens, Transport,
};
use serde_json::{Value, json};

use crate::org::{self, Org, attempt, everything, now};
use crate::pages;

const INTROSPECT: &str = "/idp/idx/introspect";

/// A flow whose first page is this one.
async fn at(page: &Value, intent: Intent) -> (Arc<Org>, Client<impl Transport>, Flow) {
    let (org, client) = org::org();
    org.answers(INTROSPECT, Ok(Response::json(200, page.to_string())));
    let opening = Opening { activation_token: Some(Secret::from("token")), ..Opening::default() };
    let begun = client.begin(intent, &opening, &Answer::default(), attempt(), &Context::default()).await;
    (org, client, begun.expect("it begins"))
}

fn says(page: &Value) -> Result<Response, Error> {
    Ok(Response::json(200, page.to_string()))
}

async fn go(client: &Client<impl Transport>, flow: &mut Flow, name: &str, value: impl Into<Value>) {
    let answer = Answer::default().with(name, value);
    client.proceed(flow, &answer, &Context::default()).await.expect("it goes on");
}

fn name(flow: &Flow) -> Option<Name> {
    flow.transaction().next_step.map(|step| step.name)
}

#[tokio::test]
async fn an_identity_provider_sends_the_browser_back_with_a_code() {
    let (org, client, flow) = at(&pages::providers(), Intent::Authenticate).await;
    assert_eq!(name(&flow), Some(Name::RedirectIdp));
    let code = InteractionCode::from("code-from-the-browser".to_owned());
    client.exchange_code(&flow, &code, now(), &Context::default()).await.expect("tokens");
    assert_eq!(org.last("/oauth2/default/v1/token").body["interaction_code"], "code-from-the-browser");
}

#[tokio::test]
async fn an_identity_provider_may_not_be_enough() {
    let (org, client, mut flow) = at(&pages::providers(), Intent::Authenticate).await;
    org.answers(INTROSPECT, says(&pages::mailed()));
    client.introspect(&mut flow, &Context::default()).await.expect("the org wants more");
    assert_eq!(name(&flow), Some(Name::ChallengeAuthenticator));
    go(&client, &mut flow, "verificationCode", org::CODE).await;
    assert_eq!(flow.transaction().status, Status::Success);
}

#[tokio::test]
async fn a_mailed_link_brings_the_code_along() {
    let (org, client, mut flow) = at(&pages::mailed(), Intent::Authenticate).await;
    assert_eq!(org.last("/oauth2/default/v1/interact").body["state"], flow.state());
    go(&client, &mut flow, "otp", org::CODE).await;
    assert_eq!(flow.transaction().status, Status::Success);
}

#[tokio::test]
async fn a_link_opened_elsewhere_moves_the_flow_on() {
    let (org, client, mut flow) = at(&pages::mailed(), Intent::Authenticate).await;
    org.answers("/idp/idx/challenge/poll", says(&pages::mailed()));
    client.poll(&mut flow, &Context::default()).await.expect("nothing yet");
    assert_eq!(name(&flow), Some(Name::ChallengeAuthenticator));
    org.answers("/idp/idx/challenge/poll", says(&pages::stay()));
    client.poll(&mut flow, &Context::default()).await.expect("it was opened");
    assert_eq!(name(&flow), Some(Name::KeepMeSignedIn));
}

#[tokio::test]
async fn a_push_is_polled_for_until_it_is_approved() {
    let (org, client, mut flow) = at(&pages::push(), Intent::Authenticate).await;
    org.answers("/idp/idx/authenticators/poll", says(&pages::push()));
    client.poll(&mut flow, &Context::default()).await.expect("nothing yet");
    assert_eq!((name(&flow), org.count("/idp/idx/authenticators/poll")), (Some(Name::ChallengePoll), 1));
    org.answers("/idp/idx/authenticators/poll", says(&pages::rejected()));
    client.poll(&mut flow, &Context::default()).await.expect("it was rejected");
    assert_eq!(name(&flow), Some(Name::Resend));
    org.answers("/idp/idx/challenge", says(&pages::push()));
    go(&client, &mut flow, "step", "resend").await;
    assert_eq!(name(&flow), Some(Name::ChallengePoll));
}

#[tokio::test]
async fn a_step_without_anything_to_wait_for_is_looked_at() {
    let (org, client, mut flow) = at(&org::identify(), Intent::Authenticate).await;
    client.poll(&mut flow, &Context::default()).await.expect("it looks");
    assert_eq!((name(&flow), org.count(INTROSPECT)), (Some(Name::Identify), 2));
}

#[tokio::test]
async fn a_code_can_be_sent_again_and_a_step_left_out() {
    let (org, client, mut flow) = at(&pages::mailed(), Intent::Authenticate).await;
    org.answers("/idp/idx/challenge/resend", says(&pages::mailed()));
    go(&client, &mut flow, "resend", true).await;
    assert_eq!(org.count("/idp/idx/challenge/resend"), 1);
    let (org, client, mut flow) = at(&pages::set_up(), Intent::Authenticate).await;
    org.answers("/idp/idx/skip", says(&pages::stay()));
    go(&client, &mut flow, "skip", true).await;
    assert_eq!(name(&flow), Some(Name::KeepMeSignedIn));
}

#[tokio::test]
async fn what_nobody_has_coded_for_is_shown_and_sent_as_it_is() {
    let (org, client, mut flow) = at(&pages::unheard_of(), Intent::Authenticate).await;
    let step = flow.transaction().next_step.expect("a step");
    assert_eq!(step.name, Name::Other("read-palm".into()));
    let names: Vec<_> = step.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["palm", "lines"]);
    assert_eq!(step.inputs[1].inputs[0].name, "life");
    assert!(!format!("{:?}", flow.transaction()).contains("luminosity"), "what we do not know is not shown");
    assert!(flow.kept_document().contains("moonPhase"), "but it is kept");

    org.answers("/idp/idx/palm", says(&pages::consent()));
    let palm = Answer::default().with("palm", "warm").with("lines", json!({"life": 3})).with("shoeSize", 38);
    client.proceed(&mut flow, &palm, &Context::default()).await.expect("it goes on");
    let sent = org.last("/idp/idx/palm").body;
    assert_eq!(sent, json!({"palm": "warm", "lines": {"life": 3}, "stateHandle": "state-1"}));

    assert_eq!(name(&flow), Some(Name::Consent));
    org.answers("/idp/idx/consent", says(&pages::stay()));
    go(&client, &mut flow, "consent", true).await;
    org.answers("/idp/idx/keep-me-signed-in", says(&pages::mailed()));
    let no = Answer::default().with("step", "keep-me-signed-in").with("keepMeSignedIn", false);
    client.proceed(&mut flow, &no, &Context::default()).await.expect("it goes on");
    assert_eq!(org.last("/idp/idx/keep-me-signed-in").body["keepMeSignedIn"], false);
    assert_eq!(name(&flow), Some(Name::ChallengeAuthenticator));
}

#[tokio::test]
async fn a_password_is_recovered_and_set_anew() {
    let (org, client) = org::org();
    org.answers(INTROSPECT, says(&pages::recoverable()));
    org.answers("/idp/idx/recover", says(&pages::mailed()));
    let begun = client
        .begin(
            Intent::RecoverPassword,
            &Opening::default(),
            &Answer::default(),
            attempt(),
            &Context::default(),
        )
        .await;
    let mut flow = begun.expect("it begins");
    assert_eq!(name(&flow), Some(Name::ChallengeAuthenticator));
    org.answers("/idp/idx/challenge/answer", says(&pages::password("reset-authenticator")));
    go(&client, &mut flow, "verificationCode", "1").await;
    assert_eq!(name(&flow), Some(Name::ResetAuthenticator));
    org.instead.lock().expect("answers").remove("/idp/idx/challenge/answer");
    go(&client, &mut flow, "password", org::CODE).await;
    assert_eq!(flow.transaction().status, Status::Success);
}

#[tokio::test]
async fn an_account_is_made_step_by_step() {
    let (org, client) = org::org();
    org.answers("/idp/idx/enroll", says(&pages::profile()));
    org.answers(
        "/idp/idx/enroll/new",
        says(&pages::select("select-authenticator-enroll", "credential/enroll")),
    );
    org.answers("/idp/idx/credential/enroll", says(&pages::phone_enrollment()));
    let answer = Answer::default()
        .with("firstName", "Mary")
        .with("email", "mary@example.com")
        .with("password", "Correct-Horse-9")
        .with("authenticator", "phone_number");
    let begun =
        client.begin(Intent::Register, &Opening::default(), &answer, attempt(), &Context::default()).await;
    let flow = begun.expect("it begins");
    assert_eq!(name(&flow), Some(Name::AuthenticatorEnrollmentData));
    let made: Vec<_> = org.paths().into_iter().skip(3).collect();
    assert_eq!(made, ["/idp/idx/enroll", "/idp/idx/enroll/new", "/idp/idx/credential/enroll"]);
}

#[tokio::test]
async fn an_org_server_keeps_its_endpoints_under_oauth2() {
    let org = Arc::new(Org::default());
    let asked = Arc::clone(&org);
    let described = json!({"issuer": "https://org.example", "code_challenge_methods_supported": ["S256"]});
    org.answers("/.well-known/openid-configuration", says(&described));
    org.answers("/oauth2/v1/interact", says(&json!({"interaction_handle": "h"})));
    let config = Config { issuer: "https://org.example/".parse().expect("an address"), ..org::config() };
    let client = Client::new(config, move |request: Request| {
        let answer = asked.answer(&request);
        async move { answer }
    });
    let begun = client
        .begin(Intent::Authenticate, &Opening::default(), &Answer::default(), attempt(), &Context::default())
        .await;
    assert_eq!(name(&begun.expect("it begins")), Some(Name::Identify));
    assert_eq!(org.paths(), ["/.well-known/openid-configuration", "/oauth2/v1/interact", INTROSPECT]);
}

#[tokio::test]
async fn nothing_secret_prints() {
    let (_, client) = org::org();
    let begun = client
        .begin(Intent::Authenticate, &Opening::default(), &everything(), attempt(), &Context::default())
        .await;
    let flow = begun.expect("it begins");
    let tokens = client.exchange(&flow, now(), &Context::default()).await.expect("tokens");
    let code = flow.interaction_code().expect("a code");
    let printed = format!("{flow:?} {tokens:?} {code:?} {:?} {:?} {client:?}", everything(), attempt());
    for secret in [
        "handle-1",
        "state-1",
        "access-1",
        "refresh-1",
        "code-1",
        "app-secret",
        org::PASSWORD,
        org::CODE,
        flow.state(),
    ] {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

#[tokio::test]
async fn a_kept_flow_is_all_there_is_and_smaller_than_its_document() {
    for page in [pages::select("select-authenticator-enroll", "credential/enroll"), pages::set_up()] {
        let (_, _, flow) = at(&page, Intent::Register).await;
        let kept = serde_json::to_string(&flow).expect("it is kept");
        assert!(kept.len() < flow.kept_document().len(), "{} of {}", kept.len(), flow.kept_document().len());
        let resumed: Flow = serde_json::from_str(&kept).expect("it is read back");
        assert_eq!(resumed.transaction(), flow.transaction());
        assert_eq!(resumed.kept_document(), flow.kept_document());
        assert_eq!((resumed.state(), resumed.intent()), (flow.state(), flow.intent()));
    }
}

#[tokio::test]
async fn a_flow_of_another_version_is_not_guessed_at() {
    let (_, _, flow) = at(&org::identify(), Intent::Authenticate).await;
    let mut kept = serde_json::to_value(&flow).expect("it is kept");
    kept["v"] = json!(0);
    assert!(serde_json::from_value::<Flow>(kept.clone()).is_err());
    kept["v"] = json!(1);
    kept["document"] = json!("\u{80}{\"version\":\"9\"}");
    assert!(serde_json::from_value::<Flow>(kept).is_err());
}

#[tokio::test]
async fn the_org_says_when_it_forgets() {
    let (_, _, flow) = at(&org::identify(), Intent::Authenticate).await;
    assert_eq!(flow.expires_at(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_300)));
    let mut page = org::identify();
    page["expiresAt"] = json!("in a while");
    let (_, _, flow) = at(&page, Intent::Authenticate).await;
    assert_eq!(flow.expires_at(), None);
}

#[tokio::test]
async fn tokens_are_kept_through_their_own_door() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Vault(#[serde(with = "latchkey_idx::kept")] Tokens);
    let (_, client) = org::org();
    let begun = client
        .begin(Intent::Authenticate, &Opening::default(), &everything(), attempt(), &Context::default())
        .await;
    let tokens =
        client.exchange(&begun.expect("it begins"), now(), &Context::default()).await.expect("tokens");
    let kept = serde_json::to_string(&Vault(tokens)).expect("they are kept");
    let Vault(tokens) = serde_json::from_str(&kept).expect("they are read back");
    assert_eq!(tokens.access_token, Secret::from("access-1"));
    assert_eq!(tokens.refresh_token, Some(Secret::from("refresh-1")));
    assert_eq!(
        (tokens.expires_in, tokens.scope.as_deref()),
        (Some(Duration::from_secs(3600)), Some("openid profile"))
    );
    let id_token = tokens.id_token.expect("an id token");
    assert_eq!(id_token.claims["name"], "Mary");
    let back = "https://app.example/".parse().expect("an address");
    let url = client.logout_url(&id_token, Some(&back), Some("state-2")).await.expect("an address");
    assert!(url.as_str().starts_with("https://org.example/oauth2/default/v1/logout?id_token_hint="));
    assert!(url.as_str().ends_with("&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&state=state-2"));
}

#[test]
fn a_key_on_a_curve_signs_too_and_nonsense_is_no_key() {
    let der =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
    let text = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    let key = PrivateKey::from_pkcs8("client-key", &text).expect("a key");
    assert_eq!(format!("{key:?}"), "PrivateKey(client-key)");
    for nonsense in ["", "!", "AAAA", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
        assert!(matches!(PrivateKey::from_pkcs8("key", nonsense), Err(Error::Key(_))), "{nonsense:?}");
    }
}

#[test]
fn an_attempt_announces_only_its_fingerprint() {
    let printed = format!("{:?}", Attempt::from_bytes([[1; 32], [2; 32], [3; 32]]));
    assert!(!printed.contains("AQEB"), "{printed}");
}
