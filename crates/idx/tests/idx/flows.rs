//! Flows beside the plain sign-in: identity providers, polling, unknown forms, recovery and registration.

use std::sync::Arc;

use latchkey_idx::{
    Answer, BeginOptions, CallContext, Client, Config, Error, Flow, Intent, InteractionCode, Response,
    Secret, Status, StepName, Transport, json_response,
};
use serde_json::{Value, json};

use crate::documents;
use crate::fake_org::{self, FakeOrg, client_of, flow_secrets, form, now, page};

const INTROSPECT: &str = "/idp/idx/introspect";

/// A flow whose first document is this one.
pub(crate) async fn flow_at(
    document: &Value,
    intent: Intent,
) -> (Arc<FakeOrg>, Client<impl Transport>, Flow) {
    let (org, client) = fake_org::org();
    org.respond_with(INTROSPECT, ok(document));
    let options = BeginOptions { activation_token: Some(Secret::from("token")), ..BeginOptions::default() };
    let begun =
        client.begin(intent, &options, &Answer::default(), flow_secrets(), &CallContext::default()).await;
    (org, client, begun.expect("the flow begins"))
}

fn ok(document: &Value) -> Result<Response, Error> {
    Ok(json_response(200, document.to_string()))
}

async fn answer(client: &Client<impl Transport>, flow: &mut Flow, name: &str, value: impl Into<Value>) {
    let answer = Answer::default().with(name, value);
    client.proceed(flow, &answer, &CallContext::default()).await.expect("the flow continues");
}

fn name(flow: &Flow) -> Option<StepName> {
    flow.transaction().next_step.map(|step| step.name)
}

#[tokio::test]
async fn a_code_from_an_identity_provider_is_redeemed() {
    let (org, client, flow) = flow_at(&documents::identity_providers(), Intent::Authenticate).await;
    assert_eq!(name(&flow), Some(StepName::RedirectIdp));
    let code = InteractionCode::from("code-from-the-browser".to_owned());
    client.exchange_code(&flow, &code, now(), &CallContext::default()).await.expect("tokens");
    assert_eq!(org.last("/oauth2/default/v1/token").body["interaction_code"], "code-from-the-browser");
}

#[tokio::test]
async fn after_an_identity_provider_the_org_may_ask_for_more() {
    let (org, client, mut flow) = flow_at(&documents::identity_providers(), Intent::Authenticate).await;
    org.respond_with(INTROSPECT, ok(&documents::email_challenge()));
    client.introspect(&mut flow, &CallContext::default()).await.expect("the next step");
    assert_eq!(name(&flow), Some(StepName::ChallengeAuthenticator));
    answer(&client, &mut flow, "verificationCode", fake_org::CODE).await;
    assert_eq!(flow.transaction().status, Status::Success);
}

#[tokio::test]
async fn the_code_of_a_mailed_link_completes_the_flow() {
    let (org, client, mut flow) = flow_at(&documents::email_challenge(), Intent::Authenticate).await;
    assert_eq!(org.last("/oauth2/default/v1/interact").body["state"], flow.state());
    answer(&client, &mut flow, "otp", fake_org::CODE).await;
    assert_eq!(flow.transaction().status, Status::Success);
}

#[tokio::test]
async fn polling_notices_a_link_that_was_opened_elsewhere() {
    let (org, client, mut flow) = flow_at(&documents::email_challenge(), Intent::Authenticate).await;
    org.respond_with("/idp/idx/challenge/poll", ok(&documents::email_challenge()));
    client.poll(&mut flow, &CallContext::default()).await.expect("no change");
    assert_eq!(name(&flow), Some(StepName::ChallengeAuthenticator));
    org.respond_with("/idp/idx/challenge/poll", ok(&documents::keep_me_signed_in()));
    client.poll(&mut flow, &CallContext::default()).await.expect("the next step");
    assert_eq!(name(&flow), Some(StepName::KeepMeSignedIn));
}

#[tokio::test]
async fn a_push_is_polled_until_it_is_answered() {
    let (org, client, mut flow) = flow_at(&documents::push(), Intent::Authenticate).await;
    org.respond_with("/idp/idx/authenticators/poll", ok(&documents::push()));
    client.poll(&mut flow, &CallContext::default()).await.expect("no change");
    assert_eq!((name(&flow), org.count("/idp/idx/authenticators/poll")), (Some(StepName::ChallengePoll), 1));
    org.respond_with("/idp/idx/authenticators/poll", ok(&documents::rejected_push()));
    client.poll(&mut flow, &CallContext::default()).await.expect("the next step");
    assert_eq!(name(&flow), Some(StepName::Resend));
    org.respond_with("/idp/idx/challenge", ok(&documents::push()));
    answer(&client, &mut flow, "step", "resend").await;
    assert_eq!(name(&flow), Some(StepName::ChallengePoll));
}

#[tokio::test]
async fn polling_a_step_without_a_poll_form_introspects() {
    let (org, client, mut flow) = flow_at(&fake_org::identify(), Intent::Authenticate).await;
    client.poll(&mut flow, &CallContext::default()).await.expect("an introspection");
    assert_eq!((name(&flow), org.count(INTROSPECT)), (Some(StepName::Identify), 2));
}

#[tokio::test]
async fn a_code_can_be_resent_and_a_step_skipped() {
    let (org, client, mut flow) = flow_at(&documents::email_challenge(), Intent::Authenticate).await;
    org.respond_with("/idp/idx/challenge/resend", ok(&documents::email_challenge()));
    answer(&client, &mut flow, "resend", true).await;
    assert_eq!(org.count("/idp/idx/challenge/resend"), 1);
    let (org, client, mut flow) = flow_at(&documents::okta_verify_setup(), Intent::Authenticate).await;
    org.respond_with("/idp/idx/skip", ok(&documents::keep_me_signed_in()));
    answer(&client, &mut flow, "skip", true).await;
    assert_eq!(name(&flow), Some(StepName::KeepMeSignedIn));
}

#[tokio::test]
async fn an_unknown_form_is_presented_and_submitted_unchanged() {
    let (org, client, mut flow) = flow_at(&documents::unknown_form(), Intent::Authenticate).await;
    let step = flow.transaction().next_step.expect("a step");
    assert_eq!(step.name, StepName::Other("read-palm".into()));
    let names: Vec<_> = step.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["palm", "lines"]);
    assert_eq!(step.inputs[1].inputs[0].name, "life");
    assert!(
        !format!("{:?}", flow.transaction()).contains("luminosity"),
        "unknown members are not in the transaction"
    );
    assert!(flow.document_text().contains("moonPhase"), "but in the stored document");

    org.respond_with("/idp/idx/palm", ok(&documents::consent()));
    let palm = Answer::default().with("palm", "warm").with("lines", json!({"life": 3})).with("shoeSize", 38);
    client.proceed(&mut flow, &palm, &CallContext::default()).await.expect("the flow continues");
    let sent = org.last("/idp/idx/palm").body;
    assert_eq!(sent, json!({"palm": "warm", "lines": {"life": 3}, "stateHandle": "state-1"}));

    assert_eq!(name(&flow), Some(StepName::Consent));
    org.respond_with("/idp/idx/consent", ok(&documents::keep_me_signed_in()));
    answer(&client, &mut flow, "consent", true).await;
    org.respond_with("/idp/idx/keep-me-signed-in", ok(&documents::email_challenge()));
    let declined = Answer::default().with("step", "keep-me-signed-in").with("keepMeSignedIn", false);
    client.proceed(&mut flow, &declined, &CallContext::default()).await.expect("the flow continues");
    assert_eq!(org.last("/idp/idx/keep-me-signed-in").body["keepMeSignedIn"], false);
    assert_eq!(name(&flow), Some(StepName::ChallengeAuthenticator));
}

#[tokio::test]
async fn a_form_that_the_intent_does_not_use_takes_the_names_of_its_step() {
    let recovery =
        form("identify-recovery", "identify", json!([{"name": "identifier", "label": "Username"}]));
    let document = page(json!([recovery]));
    let (org, client, mut flow) = flow_at(&document, Intent::Authenticate).await;
    let step = flow.transaction().next_step.expect("a step");
    assert_eq!(step.inputs[0].name, "username");
    org.respond_with("/idp/idx/identify", ok(&documents::email_challenge()));
    answer(&client, &mut flow, "username", "mary").await;
    assert_eq!(org.last("/idp/idx/identify").body, json!({"identifier": "mary", "stateHandle": "state-1"}));

    let (org, client, mut flow) = flow_at(&documents::profile(), Intent::Authenticate).await;
    let step = flow.transaction().next_step.expect("a step");
    assert_eq!(step.name, StepName::EnrollProfile);
    org.respond_with("/idp/idx/enroll/new", ok(&documents::email_challenge()));
    let profile =
        Answer::default().with("firstName", "Mary").with("email", "m@example.com").with("password", "pw");
    client.proceed(&mut flow, &profile, &CallContext::default()).await.expect("the flow continues");
    let sent = org.last("/idp/idx/enroll/new").body;
    assert_eq!(sent["userProfile"], json!({"firstName": "Mary", "email": "m@example.com"}));
    assert_eq!(sent["credentials"], json!({"passcode": "pw"}));
}

#[tokio::test]
async fn a_password_is_recovered_and_reset() {
    let (org, client) = fake_org::org();
    org.respond_with(INTROSPECT, ok(&documents::recoverable_password()));
    org.respond_with("/idp/idx/recover", ok(&documents::email_challenge()));
    let begun = client
        .begin(
            Intent::RecoverPassword,
            &BeginOptions::default(),
            &Answer::default(),
            flow_secrets(),
            &CallContext::default(),
        )
        .await;
    let mut flow = begun.expect("the flow begins");
    assert_eq!(name(&flow), Some(StepName::ChallengeAuthenticator));
    org.respond_with("/idp/idx/challenge/answer", ok(&documents::password("reset-authenticator")));
    answer(&client, &mut flow, "verificationCode", "1").await;
    assert_eq!(name(&flow), Some(StepName::ResetAuthenticator));
    org.replacements.lock().expect("replacements").remove("/idp/idx/challenge/answer");
    answer(&client, &mut flow, "password", fake_org::CODE).await;
    assert_eq!(flow.transaction().status, Status::Success);
}

#[tokio::test]
async fn an_account_is_registered_step_by_step() {
    let (org, client) = fake_org::org();
    org.respond_with("/idp/idx/enroll", ok(&documents::profile()));
    org.respond_with(
        "/idp/idx/enroll/new",
        ok(&documents::select("select-authenticator-enroll", "credential/enroll")),
    );
    org.respond_with("/idp/idx/credential/enroll", ok(&documents::phone_enrollment()));
    let answer = Answer::default()
        .with("firstName", "Mary")
        .with("email", "mary@example.com")
        .with("password", "Correct-Horse-9")
        .with("authenticator", "phone_number");
    let begun = client
        .begin(Intent::Register, &BeginOptions::default(), &answer, flow_secrets(), &CallContext::default())
        .await;
    let flow = begun.expect("the flow begins");
    assert_eq!(name(&flow), Some(StepName::AuthenticatorEnrollmentData));
    let called: Vec<_> = org.paths().into_iter().skip(3).collect();
    assert_eq!(called, ["/idp/idx/enroll", "/idp/idx/enroll/new", "/idp/idx/credential/enroll"]);
}

#[tokio::test]
async fn the_org_authorization_server_has_its_endpoints_under_oauth2() {
    let org = Arc::new(FakeOrg::default());
    let document = json!({"issuer": "https://org.example", "code_challenge_methods_supported": ["S256"]});
    org.respond_with("/.well-known/openid-configuration", ok(&document));
    org.respond_with("/oauth2/v1/interact", ok(&json!({"interaction_handle": "h"})));
    let config = Config { issuer: "https://org.example/".parse().expect("an address"), ..fake_org::config() };
    let client = client_of(&org, config);
    let begun = client
        .begin(
            Intent::Authenticate,
            &BeginOptions::default(),
            &Answer::default(),
            flow_secrets(),
            &CallContext::default(),
        )
        .await;
    assert_eq!(name(&begun.expect("the flow begins")), Some(StepName::Identify));
    assert_eq!(org.paths(), ["/.well-known/openid-configuration", "/oauth2/v1/interact", INTROSPECT]);
}
