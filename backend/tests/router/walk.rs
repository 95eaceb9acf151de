//! `latchkey doctor --walk` and `devorg --replay`: a flow is walked, its trace is redacted, and the replay of the trace has
//! the same steps.

use crate::scene::{Browser, MARY, PASSWORD, server};
use latchkey::ops::walk::{FlowTrace, Recorder, WalkConsole, WalkEnd, WalkPrompt, walk};
use latchkey_devorg::{Options, Org, Replay};
use latchkey_idx::{
    Answer, BeginOptions, CallContext, Client, ClientAuthentication, Config, FlowSecrets, HttpTransport,
    Input, Intent, OptionValue, Status, Step, Transaction, Transport,
};
use serde_json::{Value, json};
use std::{fs, io, time::SystemTime};

fn client<T: Transport>(issuer: &str, client_id: &str, transport: T) -> Client<T> {
    let config = Config {
        issuer: issuer.parse().unwrap(),
        client_id: client_id.to_owned(),
        authentication: ClientAuthentication::None,
        device_ports: Vec::new(),
        redirect_uri: "http://localhost:8080/login/callback".parse().unwrap(),
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
    };
    Client::new(config, transport)
}

/// What a person is asked at a step, without the texts of the org.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    status: Status,
    step: Option<(String, Option<String>, Vec<String>)>,
    available: Vec<String>,
    messages: Vec<Option<String>>,
}

impl Asked {
    fn of(transaction: &Transaction) -> Self {
        let step = |step: &Step| {
            let key = step.authenticator.as_ref().and_then(|authenticator| authenticator.key.clone());
            let inputs = step.inputs.iter().map(input).collect();
            (step.name.to_string(), key.map(|key| key.to_string()), inputs)
        };
        Self {
            status: transaction.status,
            step: transaction.next_step.as_ref().map(step),
            available: transaction.available_steps.iter().map(|step| step.name.to_string()).collect(),
            messages: transaction.messages.iter().map(|message| message.key.clone()).collect(),
        }
    }
}

/// An input by everything but its texts and ids.
fn input(input: &Input) -> String {
    let Input { name, kind, required, secret, visible, mutable, options, min_length, .. } = input;
    let options = options.iter().map(|option| match &option.value {
        OptionValue::Inputs(inputs) => inputs.len(),
        OptionValue::Value(_) => 1,
        OptionValue::Nothing => 0,
    });
    let options: Vec<_> = options.collect();
    format!("{name} {kind:?} {required} {secret} {visible} {mutable} {min_length:?} {options:?}")
}

/// What is asked along the way when the nth step gets the nth answer.
async fn steps<T: Transport>(
    client: &Client<T>,
    intent: Intent,
    answer: impl Fn(usize) -> Option<Answer>,
) -> Vec<Asked> {
    let (secrets, context) = (FlowSecrets::random().unwrap(), CallContext::default());
    let begun = client.begin(intent, &BeginOptions::default(), &Answer::default(), secrets, &context).await;
    let mut flow = begun.unwrap();
    let mut steps = vec![Asked::of(&flow.transaction())];
    while let Some(answer) = answer(steps.len() - 1) {
        client.proceed(&mut flow, &answer, &context).await.unwrap();
        steps.push(Asked::of(&flow.transaction()));
    }
    steps
}

fn values(values: Value) -> Option<Answer> {
    Some(values.as_object().unwrap().clone().into_iter().collect())
}

/// Walks a flow of the dev org, replays its trace, and compares the steps. Returns the trace.
async fn assert_replayed(
    org: &Org,
    client_id: &str,
    intent: Intent,
    steps_to: usize,
    answer: impl Fn(usize) -> Option<Answer>,
) -> String {
    let (recorder, recording) = Recorder::new(HttpTransport::new().unwrap());
    let recorded = client(&org.issuer(), client_id, recorder);
    let walked = steps(&recorded, intent, &answer).await;
    assert_eq!(walked.len(), steps_to, "{walked:#?}");
    let trace = FlowTrace::new(intent, &recorded.config().issuer, &recording.calls()).text();
    let replay = Replay::start(([127, 0, 0, 1], 0).into(), &trace).await.unwrap();
    let replaying = client(&replay.issuer(), client_id, HttpTransport::new().unwrap());
    let replayed = steps(&replaying, intent, &answer).await;
    assert_eq!(replayed, walked);
    trace
}

#[tokio::test]
async fn the_replay_of_a_sign_in_has_its_steps_and_its_trace_has_nothing_private() {
    let org = Org::start(Options { canary: true, ..Options::default() }).await.unwrap();
    let code = || org.code(MARY).unwrap();
    let trace = assert_replayed(&org, "latchkey-public", Intent::Authenticate, 5, |step| match step {
        0 => values(json!({"username": MARY, "password": "Wrong-Horse-1"})),
        1 => values(json!({"username": MARY, "password": PASSWORD})),
        2 => values(json!({"authenticator": "okta_email"})),
        3 => values(json!({"verificationCode": code()})),
        _ => None,
    })
    .await;
    for private in [MARY, "mary", "Mary", PASSWORD, "Horse", &code(), "CNRY", &org.port().to_string()] {
        assert!(!trace.contains(private), "{private} is in {trace}");
    }
    for word in
        ["challenge-authenticator", "okta_email", "credentials.passcode", "successWithInteractionCode"]
    {
        assert!(trace.contains(word), "{word} is not in {trace}");
    }
}

#[tokio::test]
async fn the_replay_of_a_registration_has_its_steps() {
    let org = Org::start(Options::default()).await.unwrap();
    let ann = "ann.canary@example.com";
    let profile = json!({"firstName": "Ann", "lastName": "Canary", "email": ann});
    let trace = assert_replayed(&org, "guide-registration", Intent::Register, 4, |step| match step {
        0 => values(json!({"firstName": "Ann", "lastName": "Canary", "email": ann, "userProfile": profile})),
        1 => values(json!({"authenticator": "okta_password"})),
        2 => values(json!({"password": "Bright-Horse-77", "newPassword": "Bright-Horse-77"})),
        _ => None,
    })
    .await;
    for private in [ann, "anary", "Bright", "Horse"] {
        assert!(!trace.contains(private), "{private} is in {trace}");
    }
}

#[tokio::test]
async fn a_replay_refuses_another_answer_than_that_of_the_trace_with_what_it_expects() {
    let org = Org::start(Options::default()).await.unwrap();
    let trace = assert_replayed(&org, "latchkey-public", Intent::Authenticate, 2, |step| match step {
        0 => values(json!({"username": MARY, "password": PASSWORD})),
        _ => None,
    })
    .await;
    let replay = Replay::start(([127, 0, 0, 1], 0).into(), &trace).await.unwrap();
    let client = client(&replay.issuer(), "latchkey-public", HttpTransport::new().unwrap());
    let (secrets, context) = (FlowSecrets::random().unwrap(), CallContext::default());
    let begun = client
        .begin(Intent::RecoverPassword, &BeginOptions::default(), &Answer::default(), secrets, &context)
        .await;
    let refused = begun.unwrap_err().error.to_string();
    assert!(refused.contains("The trace goes on with /idp/idx/identify"), "{refused}");
}

#[tokio::test]
async fn our_server_shows_the_steps_of_a_replay() {
    let org = Org::start(Options::default()).await.unwrap();
    let trace = assert_replayed(&org, "latchkey-public", Intent::Authenticate, 4, |step| match step {
        0 => values(json!({"username": MARY, "password": "Wrong-Horse-1"})),
        1 => values(json!({"username": MARY, "password": PASSWORD})),
        2 => values(json!({"authenticator": "okta_email"})),
        _ => None,
    })
    .await;
    let replay = Replay::start(([127, 0, 0, 1], 0).into(), &trace).await.unwrap();
    let mut browser = Browser::of(&server(&replay.issuer(), &[], None).await);
    let refused = browser.begin(json!({"username": "anyone", "password": "anything"})).await;
    assert_eq!(refused["nextStep"]["name"], "identify");
    assert!(refused["messages"][0]["i18n"]["key"].is_string(), "{refused}");
    let list = browser.proceed(json!({"username": "anyone", "password": "anything"})).await;
    assert_eq!(list["nextStep"]["name"], "select-authenticator-authenticate");
    let code = browser.proceed(json!({"authenticator": "okta_email"})).await;
    assert_eq!(code["nextStep"]["name"], "challenge-authenticator");
    assert_eq!(code["nextStep"]["authenticator"]["key"], "okta_email");
}

/// A person who knows the password and reads the mail.
struct Person<'a> {
    org: &'a Org,
    shown: String,
    secrets_asked: Vec<bool>,
}

impl WalkConsole for Person<'_> {
    fn show(&mut self, line: &str) -> io::Result<()> {
        self.shown.push_str(line);
        self.shown.push('\n');
        Ok(())
    }

    fn ask(&mut self, question: &WalkPrompt) -> io::Result<Option<String>> {
        let text = question.text.as_str();
        self.shown.push_str(text);
        let (answer, is_secret) = if text.contains("Username") {
            (MARY.to_owned(), false)
        } else if text.contains("Password:") {
            (PASSWORD.to_owned(), true)
        } else if let Some(line) = text.lines().find(|line| line.ends_with(") Email")) {
            (line.trim().split(')').next().unwrap().to_owned(), false)
        } else if text.to_lowercase().contains("code") {
            (self.org.code(MARY).unwrap(), question.is_secret)
        } else {
            (String::new(), false)
        };
        self.secrets_asked.push(is_secret == question.is_secret);
        Ok(Some(answer))
    }
}

#[tokio::test]
async fn a_person_walks_to_the_end_and_the_tokens_are_revoked() {
    let org = Org::start(Options::default()).await.unwrap();
    let mut person = Person { org: &org, shown: String::new(), secrets_asked: Vec::new() };
    let client = client(&org.issuer(), "latchkey-public", HttpTransport::new().unwrap());
    let end = walk(&client, Intent::Authenticate, &mut person, SystemTime::now).await.unwrap();
    assert_eq!(end, WalkEnd::SignedIn, "{}", person.shown);
    assert!(person.secrets_asked.iter().all(|is_right| *is_right), "{}", person.shown);
    assert!(!person.shown.contains(PASSWORD), "{}", person.shown);
    assert!(org.journal().iter().any(|call| call.path.ends_with("/v1/revoke")));
}

#[tokio::test]
async fn the_program_walks_by_the_answers_of_a_file_and_writes_the_trace() {
    let org = Org::start(Options::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let answers = folder.path().join("answers");
    fs::write(&answers, format!("{MARY}\n{PASSWORD}\n\n\n")).unwrap();
    let walked = tokio::process::Command::new(env!("CARGO_BIN_EXE_latchkey"))
        .args(["doctor", "--walk", "--trace", "trace.json", "--answers"])
        .arg(&answers)
        .env("LATCHKEY_ISSUER", org.issuer())
        .env("LATCHKEY_CLIENT_ID", "guide-registration")
        .env("LATCHKEY_PUBLIC_URL", "http://localhost:8080")
        .current_dir(folder.path())
        .output()
        .await
        .unwrap();
    let shown = String::from_utf8(walked.stdout).unwrap();
    assert!(walked.status.success(), "{shown}{}", String::from_utf8_lossy(&walked.stderr));
    assert!(shown.contains("Signed in") && shown.contains("trace.json"), "{shown}");
    let trace = fs::read_to_string(folder.path().join("trace.json")).unwrap();
    assert!(trace.contains("latchkey-trace/1") && !trace.contains("mary"), "{trace}");
}
