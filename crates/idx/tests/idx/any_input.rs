//! Whatever the org sends and a person answers: an error or a step, never a panic.

use latchkey_idx::pure::{Lead, Turn, lead};
use latchkey_idx::{Answer, Body, Intent, Response};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::pages;

const INTENTS: [Intent; 5] =
    [Intent::Start, Intent::Authenticate, Intent::Register, Intent::RecoverPassword, Intent::UnlockAccount];
const TURNS: [Turn; 4] = [Turn::First, Turn::Later, Turn::Sent, Turn::GivenUp];

/// Names the protocol knows, so that nonsense is at least spelt right.
const WORDS: [&str; 26] = [
    "version",
    "stateHandle",
    "remediation",
    "value",
    "name",
    "rel",
    "href",
    "form",
    "options",
    "label",
    "type",
    "relatesTo",
    "required",
    "visible",
    "mutable",
    "messages",
    "i18n",
    "key",
    "currentAuthenticator",
    "authenticators",
    "id",
    "authenticator",
    "credentials",
    "successWithInteractionCode",
    "cancel",
    "contextualData",
];

const TEXTS: [&str; 14] = [
    "1.0.0",
    "object",
    "array",
    "identify",
    "challenge-authenticator",
    "select-authenticator-authenticate",
    "skip",
    "$.currentAuthenticator",
    "$.authenticators.value[0]",
    "$",
    "",
    "okta_password",
    "webauthn",
    "interaction_code",
];

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        select(&TEXTS[..]).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        let name = prop_oneof![8 => select(&WORDS[..]).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn answer() -> impl Strategy<Value = Answer> {
    let names = select(
        &[
            "username",
            "password",
            "credentials",
            "authenticator",
            "authenticators",
            "methodType",
            "phoneNumber",
            "skip",
            "resend",
            "step",
            "startPolling",
            "channel",
            "email",
            "verificationCode",
            "answer",
            "questionKey",
            "question",
            "newPassword",
            "firstName",
            "userProfile",
            "stateHandle",
            "consent",
        ][..],
    );
    let value = prop_oneof![
        Just(json!(true)),
        Just(json!("okta_email")),
        Just(json!("phone_number")),
        Just(json!("cancel")),
        Just(json!({"id": "aut-1", "methodType": "sms"})),
        Just(json!({"key": "okta_verify", "channel": "email"})),
        Just(json!(["okta_password", {"key": "phone_number", "methodType": "sms", "phoneNumber": "+1"}])),
        json_value(),
    ];
    prop::collection::vec((names, value), 0..6)
        .prop_map(|values| values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// One of our pages with a few of its values taken out, swapped or replaced.
fn mutated_page() -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), prop_oneof![Just(None), json_value().prop_map(Some)]);
    (select(pages::all()), prop::collection::vec(change, 1..6)).prop_map(|(mut page, changes)| {
        for (index, change) in changes {
            let count = count(&page);
            replace(&mut page, &mut index.index(count), &change);
        }
        page
    })
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Replaces the value at that place of the tree, or takes out what is inside it.
fn replace(value: &mut Value, place: &mut usize, change: &Option<Value>) -> bool {
    if *place == 0 {
        match (change, &mut *value) {
            (Some(change), _) => *value = change.clone(),
            (None, Value::Array(items)) => items.clear(),
            (None, Value::Object(members)) => members.clear(),
            (None, other) => *other = Value::Null,
        }
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, place, change)),
        Value::Object(members) => members.values_mut().any(|member| replace(member, place, change)),
        _ => false,
    }
}

/// Goes every way a response can lead, and looks at everything that comes of it.
fn follow(status: u16, text: String, answer: &Answer) {
    let response = Response::json(status, text);
    for intent in INTENTS {
        for turn in TURNS {
            match lead(&response, turn, intent, answer) {
                Ok(Lead::Show(shown)) => {
                    let transaction = shown.transaction();
                    assert!(!format!("{transaction:?}").is_empty());
                    assert!(shown.to_json().is_object());
                }
                Ok(Lead::Send(request)) => assert!(!request.body.to_bytes().is_empty()),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_json_is_an_error_or_a_step(value in json_value(), answer in answer(), status in select(&[200u16, 400, 401, 429, 500][..])) {
        follow(status, value.to_string(), &answer);
    }

    #[test]
    fn any_remediation_is_an_error_or_a_step(forms in prop::collection::vec(json_value(), 1..4), answer in answer()) {
        let page = json!({"version": "1.0.0", "stateHandle": "s", "remediation": {"type": "array", "value": forms}});
        follow(200, page.to_string(), &answer);
    }

    #[test]
    fn any_spoilt_page_is_an_error_or_a_step(page in mutated_page(), answer in answer(), status in select(&[200u16, 400, 401][..])) {
        follow(status, page.to_string(), &answer);
    }

    #[test]
    fn any_cut_page_is_an_error(page in select(pages::all()), cut in any::<prop::sample::Index>(), answer in answer()) {
        let text = page.to_string();
        let cut = cut.index(text.len());
        follow(200, String::from_utf8_lossy(&text.as_bytes()[..cut]).into_owned(), &answer);
    }

    #[test]
    fn any_bytes_are_an_error(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let response = Response { status: 200, headers: Vec::new(), body };
        prop_assert!(lead(&response, Turn::First, Intent::Authenticate, &Answer::default()).is_err());
    }

    #[test]
    fn what_the_org_has_fixed_is_sent_as_it_is(answer in answer(), page in select(pages::all())) {
        for intent in INTENTS {
            let lead = lead(&Response::json(200, page.to_string()), Turn::Later, intent, &answer);
            if let Ok(Lead::Send(request)) = lead {
                let Body::Json(body) = request.body else { panic!("a form of the engine is JSON") };
                prop_assert_eq!(&body["stateHandle"], "state-1");
            }
        }
    }
}
