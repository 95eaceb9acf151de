//! Any response is an error or a step. The first byte chooses the intent, the stage and the status; the rest is the body.

#![no_main]

use latchkey_idx::evaluation::{Evaluation, FlowStage, evaluate};
use latchkey_idx::{Answer, Intent, json_response};
use libfuzzer_sys::fuzz_target;

const INTENTS: [Intent; 6] = [
    Intent::Start,
    Intent::Authenticate,
    Intent::Register,
    Intent::RecoverPassword,
    Intent::UnlockAccount,
    Intent::ActivateDevice,
];
const STAGES: [FlowStage; 4] = [FlowStage::Begin, FlowStage::Resume, FlowStage::Submitted, FlowStage::Cancel];
const STATUSES: [u16; 4] = [200, 400, 401, 500];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, body)) = data.split_first() else { return };
    let choice = usize::from(choice);
    let (intent, stage, status) = (INTENTS[choice % 6], STAGES[choice / 6 % 4], STATUSES[choice / 24 % 4]);
    let response = json_response(status, body.to_vec());
    let answer = Answer::default()
        .with("username", "mary")
        .with("password", "pw")
        .with("authenticator", "okta_email")
        .with("methodType", "sms")
        .with("verificationCode", "1");
    for answer in [Answer::default(), answer] {
        if let Ok(Evaluation::Present(presentation)) = evaluate(&response, stage, intent, &answer) {
            let (typed, wire) = (presentation.transaction(), presentation.to_json());
            assert_eq!(typed.next_step.is_some(), wire.get("nextStep").is_some());
        }
    }
});
