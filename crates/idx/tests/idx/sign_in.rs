//! A whole sign-in: password, mailed code, tokens, and the calls that use them.

use crate::fake_org::{CODE, PASSWORD, complete_answer, flow_secrets, now, org};
use latchkey_idx::{
    Answer, AuthenticatorKey, BeginOptions, CallContext, Error, Flow, Intent, Status, StepName,
};

#[tokio::test]
async fn a_password_and_a_mailed_code_lead_to_verified_tokens() {
    let (org, client) = org();
    let context = CallContext::default();
    let mut flow = client
        .begin(Intent::Authenticate, &BeginOptions::default(), &Answer::default(), flow_secrets(), &context)
        .await
        .expect("the flow begins");
    let first = flow.transaction();
    assert_eq!(first.status, Status::Pending);
    let step = first.next_step.expect("a step");
    assert_eq!(step.name, StepName::Identify);
    assert_eq!(names(&step.inputs), ["username", "password"]);

    let answer = Answer::default().with("username", "mary@example.com").with("password", PASSWORD);
    client.proceed(&mut flow, &answer, &context).await.expect("the flow continues");
    let step = flow.transaction().next_step.expect("a step");
    assert_eq!(step.name, StepName::SelectAuthenticatorAuthenticate);
    assert_eq!(step.inputs[0].options[0].label.as_deref(), Some("Email"));

    client
        .proceed(&mut flow, &Answer::default().with("authenticator", "okta_email"), &context)
        .await
        .expect("the flow continues");
    let step = flow.transaction().next_step.expect("a step");
    assert_eq!(step.name, StepName::ChallengeAuthenticator);
    assert!(step.can_resend);
    let authenticator = step.authenticator.expect("an authenticator");
    assert_eq!(authenticator.key, Some(AuthenticatorKey::Email));
    assert_eq!(authenticator.profile.email.as_deref(), Some("m***y@example.com"));

    client
        .proceed(&mut flow, &Answer::default().with("verificationCode", CODE), &context)
        .await
        .expect("the flow continues");
    assert_eq!(flow.transaction().status, Status::Success);

    let tokens = client.exchange(&flow, now(), &context).await.expect("tokens");
    let id_token = tokens.id_token.as_ref().expect("an id token");
    assert_eq!(id_token.subject(), "user-1");
    let claims = client.userinfo(&tokens.access_token, id_token.subject(), &context).await.expect("claims");
    assert_eq!(claims["name"], "Mary");
    let renewed = client.refresh(&tokens, now(), &context).await.expect("new tokens");
    assert_eq!(renewed.access_token.reveal(), "access-2");
    client.revoke(&renewed.access_token, &context).await.expect("a revocation");
    assert_eq!(
        org.paths(),
        [
            "/oauth2/default/.well-known/openid-configuration",
            "/oauth2/default/v1/interact",
            "/idp/idx/introspect",
            "/idp/idx/identify",
            "/idp/idx/challenge",
            "/idp/idx/challenge/answer",
            "/oauth2/default/v1/token",
            "/oauth2/default/v1/keys",
            "/oauth2/default/v1/userinfo",
            "/oauth2/default/v1/token",
            "/oauth2/default/v1/revoke",
        ]
    );
}

#[tokio::test]
async fn values_given_at_the_beginning_fill_later_steps() {
    let (_, client) = org();
    let context = CallContext::default();
    let flow = client
        .begin(Intent::Authenticate, &BeginOptions::default(), &complete_answer(), flow_secrets(), &context)
        .await
        .expect("the flow begins");
    assert_eq!(flow.transaction().status, Status::Success);
}

#[tokio::test]
async fn a_wrong_password_is_a_step_with_a_message() {
    let (_, client) = org();
    let context = CallContext::default();
    let answer = Answer::default().with("username", "mary@example.com").with("password", "wrong");
    let flow = client
        .begin(Intent::Authenticate, &BeginOptions::default(), &answer, flow_secrets(), &context)
        .await
        .expect("the flow begins");
    let transaction = flow.transaction();
    assert_eq!(transaction.status, Status::Pending);
    assert_eq!(transaction.next_step.expect("a step").name, StepName::Identify);
    assert_eq!(transaction.messages[0].key.as_deref(), Some("errors.E0000004"));
}

#[tokio::test]
async fn a_flow_continues_in_another_process() {
    let (_, client) = org();
    let context = CallContext::default();
    let answer = Answer::default().with("username", "mary@example.com").with("password", PASSWORD);
    let flow = client
        .begin(Intent::Authenticate, &BeginOptions::default(), &answer, flow_secrets(), &context)
        .await
        .expect("the flow begins");
    let stored = serde_json::to_string(&flow).expect("JSON");
    let mut resumed: Flow = serde_json::from_str(&stored).expect("a flow");
    assert_eq!(resumed.transaction(), flow.transaction());
    client
        .proceed(&mut resumed, &Answer::default().with("authenticator", "okta_email"), &context)
        .await
        .expect("the flow continues");
    assert_eq!(resumed.transaction().next_step.expect("a step").name, StepName::ChallengeAuthenticator);
}

#[tokio::test]
async fn an_intent_that_the_org_does_not_offer_cannot_begin() {
    let (_, client) = org();
    let begun = client
        .begin(
            Intent::UnlockAccount,
            &BeginOptions::default(),
            &Answer::default(),
            flow_secrets(),
            &CallContext::default(),
        )
        .await;
    let failed = begun.expect_err("the intent is not offered");
    assert_eq!(failed.error, Error::NotSupported(Intent::UnlockAccount));
    assert!(failed.flow.is_some());
}

#[tokio::test]
async fn cancel_ends_the_flow() {
    let (_, client) = org();
    let context = CallContext::default();
    let mut flow = client
        .begin(Intent::Authenticate, &BeginOptions::default(), &Answer::default(), flow_secrets(), &context)
        .await
        .expect("the flow begins");
    client.cancel(&mut flow, &context).await.expect("a cancellation");
    assert_eq!(flow.transaction().status, Status::Canceled);
    assert_eq!(flow.transaction().next_step, None);
}

fn names(inputs: &[latchkey_idx::Input]) -> Vec<&str> {
    inputs.iter().map(|input| input.name.as_str()).collect()
}
