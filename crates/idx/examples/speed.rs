//! Measures reading a 30 KB response into a step, building the next request, and the size of a stored flow.

use std::hint::black_box;
use std::time::{Duration, Instant};

use latchkey_idx::evaluation::{Evaluation, FlowStage, evaluate};
use latchkey_idx::{
    Answer, BeginOptions, CallContext, Client, ClientAuthentication, Config, Error, FlowSecrets, Intent,
    Request, json_response,
};
use serde_json::{Value, json};

const ISSUER: &str = "https://org.example/oauth2/default";
const ROUNDS: u32 = 2_000;
/// The number of measurements. On a shared machine a core can be half as fast for seconds.
const MEASUREMENTS: u32 = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document = response().to_string();
    let flow = flow(document.clone()).await?;
    let stored = serde_json::to_string(&flow)?;

    let first = json_response(200, document.clone());
    let none = Answer::default();
    let read = smallest_median(|| {
        if let Ok(Evaluation::Present(presentation)) =
            evaluate(&first, FlowStage::Resume, Intent::Authenticate, &none)
        {
            black_box(presentation.transaction());
        }
    });
    let Ok(Evaluation::Present(presentation)) =
        evaluate(&first, FlowStage::Resume, Intent::Authenticate, &none)
    else {
        return Err("a form was submitted".into());
    };
    let answer = Answer::default().with("authenticator", "key-7");
    let next = smallest_median(|| {
        let request = presentation.submission(Intent::Authenticate, &answer);
        assert!(matches!(black_box(request), Ok(Some(_))));
    });
    let store = smallest_median(|| {
        black_box(serde_json::to_string(&flow).is_ok());
    });
    println!(
        "read_30kb_us={:.1} next_request_us={:.1} keep_us={:.1} kept_bytes={} document_bytes={}",
        microseconds(read),
        microseconds(next),
        microseconds(store),
        stored.len(),
        document.len(),
    );
    Ok(())
}

/// The smallest of the medians, so that a busy machine does not count.
fn smallest_median(mut work: impl FnMut()) -> Duration {
    (0..MEASUREMENTS).map(|_| median_of(&mut work)).min().unwrap_or_default()
}

fn median_of(mut work: impl FnMut()) -> Duration {
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

async fn flow(document: String) -> Result<latchkey_idx::Flow, Box<dyn std::error::Error>> {
    let config = Config {
        issuer: ISSUER.parse()?,
        client_id: "app-1".into(),
        authentication: ClientAuthentication::None,
        device_ports: Vec::new(),
        redirect_uri: "https://app.example/login/callback".parse()?,
        scopes: vec!["openid".into()],
    };
    let client = Client::new(config, move |request: Request| {
        let body = match request.uri().path().rsplit('/').next() {
            Some("openid-configuration") => {
                json!({"issuer": ISSUER, "code_challenge_methods_supported": ["S256"]}).to_string()
            }
            Some("interact") => json!({"interaction_handle": "handle-1"}).to_string(),
            _ => document.clone(),
        };
        async move { Ok::<_, Error>(json_response(200, body)) }
    });
    let secrets = FlowSecrets::from_bytes([[1; 32], [2; 32], [3; 32]]);
    Ok(client
        .begin(
            Intent::Authenticate,
            &BeginOptions::default(),
            &Answer::default(),
            secrets,
            &CallContext::default(),
        )
        .await?)
}

/// A person with many authenticators: about 30 KB of forms, options and references.
fn response() -> Value {
    let handle = format!("02.id.{}~c.{}", "h".repeat(48), "c".repeat(32));
    let field =
        json!({"name": "stateHandle", "required": true, "value": handle, "visible": false, "mutable": false});
    let form = |name: &str, fields: Value| {
        let mut fields = fields.as_array().cloned().unwrap_or_default();
        fields.push(field.clone());
        json!({
            "rel": ["create-form"], "name": name, "href": format!("https://org.example/idp/idx/{name}"), "method": "POST",
            "produces": "application/ion+json; okta-version=1.0.0", "value": fields,
            "accepts": "application/json; okta-version=1.0.0",
        })
    };
    let options: Vec<Value> = (0..38)
        .map(|index| {
            let fields = json!([
                {"name": "id", "required": true, "value": format!("aut0000000000000{index:04}"), "mutable": false},
                {"name": "methodType", "type": "string", "required": false, "options": [
                    {"label": "Use a code", "value": "otp"}, {"label": "Get a push notification", "value": "push"},
                ]},
                {"name": "enrollmentId", "required": true, "value": format!("pfd0000000000000{index:04}"), "mutable": false},
            ]);
            let relates_to = format!("$.authenticatorEnrollments.value[{index}]");
            json!({"label": format!("Device {index}"), "value": {"form": {"value": fields}}, "relatesTo": relates_to})
        })
        .collect();
    let enrollments: Vec<Value> = (0..38)
        .map(|index| {
            json!({
                "type": "app", "key": format!("key-{index}"), "id": format!("pfd0000000000000{index:04}"),
                "displayName": format!("Device {index}"), "methods": [{"type": "otp"}, {"type": "push"}],
                "profile": {"deviceName": format!("Phone of a person, the {index}th")}, "allowedFor": "any",
            })
        })
        .collect();
    let choose = |name| form(name, json!([{"name": "authenticator", "type": "object", "options": options}]));
    json!({
        "version": "1.0.0", "stateHandle": handle, "expiresAt": "2030-01-01T00:00:00.000Z", "intent": "LOGIN",
        "remediation": {"type": "array", "value": [choose("select-authenticator-authenticate"), form("skip", json!([]))]},
        "authenticatorEnrollments": {"type": "array", "value": enrollments},
        "user": {"type": "object", "value": {"id": "00u00000000000000001", "identifier": "mary@example.com"}},
        "cancel": form("cancel", json!([])),
    })
}
