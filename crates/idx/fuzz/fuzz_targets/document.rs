//! Whatever the org sends: an error or a step. The first byte says how it came, the rest is the body.

#![no_main]

use latchkey_idx::pure::{Lead, Turn, lead};
use latchkey_idx::{Answer, Intent, Response};
use libfuzzer_sys::fuzz_target;

const INTENTS: [Intent; 5] =
    [Intent::Start, Intent::Authenticate, Intent::Register, Intent::RecoverPassword, Intent::UnlockAccount];
const TURNS: [Turn; 4] = [Turn::First, Turn::Later, Turn::Sent, Turn::GivenUp];
const STATUSES: [u16; 4] = [200, 400, 401, 500];

fuzz_target!(|data: &[u8]| {
    let Some((&way, body)) = data.split_first() else { return };
    let way = usize::from(way);
    let (intent, turn, status) = (INTENTS[way % 5], TURNS[way / 5 % 4], STATUSES[way / 20 % 4]);
    let response = Response { status, headers: Vec::new(), body: body.to_vec() };
    let answer = Answer::default()
        .with("username", "mary")
        .with("password", "pw")
        .with("authenticator", "okta_email")
        .with("methodType", "sms")
        .with("verificationCode", "1");
    for answer in [Answer::default(), answer] {
        if let Ok(Lead::Show(shown)) = lead(&response, turn, intent, &answer) {
            let (typed, wire) = (shown.transaction(), shown.to_json());
            assert_eq!(typed.next_step.is_some(), wire.get("nextStep").is_some());
        }
    }
});
