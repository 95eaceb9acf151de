//! Signs in, registers, recovers a password or unlocks an account in a terminal.
//!
//! `cargo run -p latchkey-idx --example terminal -- sign-in|register|recover|unlock [ISSUER [CLIENT]]`, beside a dev
//! org. Instead of an answer you can type `:skip`, `:resend`, `:poll`, `:cancel`, `:step NAME` or `:quit`.

use std::io::{self, BufRead, Write};
use std::time::SystemTime;

use latchkey_idx::{
    Answer, BeginOptions, CallContext, Client, ClientAuthentication, Config, FlowSecrets, HttpTransport,
    Input, InputType, Intent, OptionValue, Status, Step, Transaction,
};
use serde_json::Value;

type AnyError = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), AnyError> {
    let mut arguments = std::env::args().skip(1);
    let intent = match arguments.next().as_deref() {
        Some("register") => Intent::Register,
        Some("recover") => Intent::RecoverPassword,
        Some("unlock") => Intent::UnlockAccount,
        _ => Intent::Authenticate,
    };
    let issuer = arguments.next().unwrap_or_else(|| "http://localhost:8081/oauth2/default".into());
    let client = Client::new(
        Config {
            issuer: issuer.parse()?,
            client_id: arguments.next().unwrap_or_else(|| "latchkey-public".into()),
            authentication: ClientAuthentication::None,
            device_ports: Vec::new(),
            redirect_uri: "http://localhost:8080/login/callback".parse()?,
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        },
        HttpTransport::new()?,
    );
    let context = CallContext::default();
    let begun = client
        .begin(intent, &BeginOptions::default(), &Answer::default(), FlowSecrets::random()?, &context)
        .await;
    let mut flow = begun?;
    loop {
        let transaction = flow.transaction();
        show(&transaction);
        let outcome = match transaction.status {
            Status::Success => break,
            Status::Terminal | Status::Canceled => return Ok(()),
            Status::Pending => match read_command(&transaction)? {
                Command::Answer(answer) => client.proceed(&mut flow, &answer, &context).await,
                Command::Poll => client.poll(&mut flow, &context).await,
                Command::Cancel => client.cancel(&mut flow, &context).await,
                Command::Quit => return Ok(()),
            },
        };
        if let Err(error) = outcome {
            println!("! {error}");
        }
    }
    let tokens = client.exchange(&flow, SystemTime::now(), &context).await?;
    for (name, value) in tokens.id_token.map(|token| token.claims).unwrap_or_default() {
        println!("  {name}: {value}");
    }
    Ok(())
}

/// What the person has typed.
enum Command {
    Answer(Answer),
    Poll,
    Cancel,
    Quit,
}

fn show(transaction: &Transaction) {
    println!("\n[{}]", transaction.status.as_str());
    for message in &transaction.messages {
        println!("  {}", message.text);
    }
    let Some(step) = &transaction.next_step else { return };
    println!("  {}{}", step.name, authenticator_name(step));
}

fn authenticator_name(step: &Step) -> String {
    let Some(authenticator) = &step.authenticator else { return String::new() };
    let names =
        [&authenticator.display_name, &authenticator.profile.email, &authenticator.profile.phone_number];
    let names: Vec<&str> = names.into_iter().filter_map(Option::as_deref).collect();
    format!(" ({})", names.join(", "))
}

fn read_command(transaction: &Transaction) -> io::Result<Command> {
    let Some(step) = &transaction.next_step else { return Ok(Command::Quit) };
    let mut answer = Answer::default();
    let to_fill: Vec<&Input> = step.inputs.iter().filter(|input| input.visible && input.mutable).collect();
    if to_fill.is_empty() {
        return Ok(command(&line("  (nothing to fill in) ")?).unwrap_or(Command::Poll));
    }
    for input in to_fill {
        let typed = line(&question(input))?;
        if let Some(command) = command(&typed) {
            return Ok(command);
        }
        if let Some(value) = value(input, &typed) {
            answer = answer.with(input.name.as_str(), value);
        }
    }
    Ok(Command::Answer(answer))
}

fn question(input: &Input) -> String {
    let label = input.label.as_deref().unwrap_or(&input.name);
    let mut question = format!("  {label}{}", if input.required { "" } else { " (may be empty)" });
    for (index, option) in input.options.iter().enumerate() {
        question.push_str(&format!("\n    {}) {}", index + 1, option.label.as_deref().unwrap_or_default()));
    }
    question + ": "
}

/// The typed text as a value of the input: a choice by its number, yes or no, or the text.
fn value(input: &Input, typed: &str) -> Option<Value> {
    if typed.is_empty() {
        return None;
    }
    let chosen = typed.parse::<usize>().ok().and_then(|number| input.options.get(number.checked_sub(1)?));
    if let Some(OptionValue::Value(scalar)) = chosen.map(|option| &option.value) {
        return Some(scalar.into());
    }
    match input.kind {
        InputType::Boolean => Some(typed.starts_with('y').into()),
        InputType::Text
        | InputType::Number
        | InputType::Integer
        | InputType::Date
        | InputType::Alphanumeric
        | InputType::Object => Some(typed.into()),
    }
}

fn command(typed: &str) -> Option<Command> {
    let (word, rest) = typed.strip_prefix(':').map(|rest| rest.split_once(' ').unwrap_or((rest, "")))?;
    Some(match word {
        "poll" => Command::Poll,
        "cancel" => Command::Cancel,
        "step" => Command::Answer(Answer::default().with("step", rest)),
        "quit" => Command::Quit,
        name => Command::Answer(Answer::default().with(name, true)),
    })
}

fn line(prompt: &str) -> io::Result<String> {
    print!("{prompt}");
    io::stdout().flush()?;
    let mut typed = String::new();
    if io::stdin().lock().read_line(&mut typed)? == 0 {
        return Ok(":quit".into());
    }
    Ok(typed.trim().to_owned())
}
