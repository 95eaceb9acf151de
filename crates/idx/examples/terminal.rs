//! Signs in, registers or recovers a password in a terminal: the whole protocol with nothing around it.
//!
//! `cargo run -p latchkey-idx --example terminal -- sign-in|register|recover|unlock [ISSUER [CLIENT]]`, beside a dev
//! org. Instead of an answer, `:skip`, `:resend`, `:poll`, `:cancel` and `:step NAME` go their own ways.

use std::io::{self, BufRead, Write};
use std::time::SystemTime;

use latchkey_idx::{
    Answer, Attempt, Authentication, Chosen, Client, Config, Context, Http, Input, Intent, Kind, Opening,
    Scalar, Status, Step, Transaction,
};
use serde_json::Value;

type Whatever = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Whatever> {
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
            authentication: Authentication::None,
            redirect_uri: "http://localhost:8080/login/callback".parse()?,
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
        },
        Http::new()?,
    );
    let context = Context::default();
    let begun =
        client.begin(intent, &Opening::default(), &Answer::default(), Attempt::fresh()?, &context).await;
    let mut flow = begun?;
    loop {
        let transaction = flow.transaction();
        show(&transaction);
        let outcome = match transaction.status {
            Status::Success => break,
            Status::Terminal | Status::Canceled => return Ok(()),
            Status::Pending => match ask(&transaction)? {
                Said::Answer(answer) => client.proceed(&mut flow, &answer, &context).await,
                Said::Poll => client.poll(&mut flow, &context).await,
                Said::Cancel => client.cancel(&mut flow, &context).await,
                Said::Nothing => return Ok(()),
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

/// What a person types.
enum Said {
    Answer(Answer),
    Poll,
    Cancel,
    Nothing,
}

fn show(transaction: &Transaction) {
    println!("\n[{}]", transaction.status.as_str());
    for message in &transaction.messages {
        println!("  {}", message.text);
    }
    let Some(step) = &transaction.next_step else { return };
    println!("  {}{}", step.name, about(step));
}

fn about(step: &Step) -> String {
    let Some(authenticator) = &step.authenticator else { return String::new() };
    let whose =
        [&authenticator.display_name, &authenticator.profile.email, &authenticator.profile.phone_number];
    let whose: Vec<&str> = whose.into_iter().filter_map(Option::as_deref).collect();
    format!(" ({})", whose.join(", "))
}

fn ask(transaction: &Transaction) -> io::Result<Said> {
    let Some(step) = &transaction.next_step else { return Ok(Said::Nothing) };
    let mut answer = Answer::default();
    let to_fill: Vec<&Input> = step.inputs.iter().filter(|input| input.visible && input.mutable).collect();
    if to_fill.is_empty() {
        return Ok(wish(&line("  (nothing to fill in) ")?).unwrap_or(Said::Poll));
    }
    for input in to_fill {
        let typed = line(&question(input))?;
        if let Some(said) = wish(&typed) {
            return Ok(said);
        }
        if let Some(value) = value(input, &typed) {
            answer = answer.with(input.name.as_str(), value);
        }
    }
    Ok(Said::Answer(answer))
}

fn question(input: &Input) -> String {
    let label = input.label.as_deref().unwrap_or(&input.name);
    let mut question = format!("  {label}{}", if input.required { "" } else { " (may be empty)" });
    for (index, option) in input.options.iter().enumerate() {
        question.push_str(&format!("\n    {}) {}", index + 1, option.label.as_deref().unwrap_or_default()));
    }
    question + ": "
}

/// What was typed, as what the input takes: one of its options by number, yes or no, or the text.
fn value(input: &Input, typed: &str) -> Option<Value> {
    if typed.is_empty() {
        return None;
    }
    let chosen = typed.parse::<usize>().ok().and_then(|number| input.options.get(number.checked_sub(1)?));
    if let Some(Chosen::Value(scalar)) = chosen.map(|option| &option.value) {
        return Some(match scalar {
            Scalar::Text(text) => text.as_str().into(),
            Scalar::Boolean(value) => (*value).into(),
            Scalar::Number(number) => Value::Number(number.clone()),
        });
    }
    match input.kind {
        Kind::Boolean => Some(typed.starts_with('y').into()),
        Kind::Text | Kind::Number | Kind::Integer | Kind::Date | Kind::Object => Some(typed.into()),
    }
}

fn wish(typed: &str) -> Option<Said> {
    let (word, rest) = typed.strip_prefix(':').map(|wish| wish.split_once(' ').unwrap_or((wish, "")))?;
    Some(match word {
        "poll" => Said::Poll,
        "cancel" => Said::Cancel,
        "step" => Said::Answer(Answer::default().with("step", rest)),
        "quit" => Said::Nothing,
        wish => Said::Answer(Answer::default().with(wish, true)),
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
