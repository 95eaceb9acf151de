//! `latchkey doctor --walk`: a flow in the terminal, step by step, and a redacted trace of it.

mod console;
mod recorder;
mod redaction;
#[cfg(test)]
mod tests;
mod trace;
mod words;

pub use console::{TextConsole, WalkConsole, WalkPrompt};
pub use recorder::{RecordedCall, Recorder, Recording};
pub use trace::FlowTrace;

use latchkey_idx::{
    Answer, BeginOptions, CallContext, Choice, Client, Error, Flow, FlowSecrets, Input, InputType, Intent,
    OptionValue, Status, Step, Tokens, Transaction, Transport,
};
use serde_json::{Map, Value};
use std::{fmt, io, time::SystemTime};

/// How a walk ended.
#[derive(Debug, PartialEq, Eq)]
pub enum WalkEnd {
    /// The person was signed in; the tokens passed every check and are revoked.
    SignedIn,
    /// The org ended the flow.
    Terminal,
    /// The flow was cancelled.
    Canceled,
    /// The person stopped.
    Stopped,
}

/// Why a walk could not go on.
#[derive(Debug)]
pub enum WalkError {
    /// A call failed.
    Call(Error),
    /// The terminal, or the file with the answers, failed.
    Console(io::Error),
}

/// What the person wants to do at a step.
enum Command {
    Answer(Answer),
    Poll,
    Cancel,
    Stop,
}

/// Walks through a flow: shows each step and asks for its inputs, until the flow ends or the person stops.
pub async fn walk<T: Transport>(
    client: &Client<T>,
    intent: Intent,
    console: &mut impl WalkConsole,
    now: impl Fn() -> SystemTime,
) -> Result<WalkEnd, WalkError> {
    let context = CallContext::default();
    let secrets = FlowSecrets::random()?;
    let begun = client.begin(intent, &BeginOptions::default(), &Answer::default(), secrets, &context).await;
    let mut flow = begun.map_err(|begun| begun.error)?;
    loop {
        let transaction = flow.transaction();
        show(&transaction, console)?;
        let outcome = match transaction.status {
            Status::Success => return redeem(client, &flow, now(), &context).await,
            Status::Terminal => return Ok(WalkEnd::Terminal),
            Status::Canceled => return Ok(WalkEnd::Canceled),
            Status::Pending => match command(&transaction, console)? {
                Command::Answer(answer) => client.proceed(&mut flow, &answer, &context).await,
                Command::Poll => client.poll(&mut flow, &context).await,
                Command::Cancel => client.cancel(&mut flow, &context).await,
                Command::Stop => return Ok(WalkEnd::Stopped),
            },
        };
        if let Err(error) = outcome {
            console.show(&format!("! {error}"))?;
        }
    }
}

/// Redeems the code, so that the tokens are checked too, and revokes them.
async fn redeem<T: Transport>(
    client: &Client<T>,
    flow: &Flow,
    now: SystemTime,
    context: &CallContext,
) -> Result<WalkEnd, WalkError> {
    let tokens = client.exchange(flow, now, context).await.map_err(|failed| failed.error)?;
    let Tokens { access_token, refresh_token, .. } = &tokens;
    client.revoke(refresh_token.as_ref().unwrap_or(access_token), context).await?;
    Ok(WalkEnd::SignedIn)
}

fn show(transaction: &Transaction, console: &mut impl WalkConsole) -> io::Result<()> {
    console.show("")?;
    for message in &transaction.messages {
        console.show(&format!("  {}", message.text))?;
    }
    let Some(step) = &transaction.next_step else { return Ok(()) };
    console.show(&format!("{}{}", step.name, authenticator_name(step)))?;
    if let Some(address) = &step.href {
        console.show(&format!("  a link for a browser: {address}"))?;
    }
    for line in authenticator_lines(step) {
        console.show(&line)?;
    }
    let other = transaction.available_steps.iter().map(|step| step.name.as_str());
    let other: Vec<_> = other.filter(|name| *name != step.name.as_str()).collect();
    if !other.is_empty() {
        console.show(&format!("  other steps: {}", other.join(", ")))?;
    }
    Ok(())
}

fn authenticator_name(step: &Step) -> String {
    let Some(authenticator) = &step.authenticator else { return String::new() };
    let names =
        [&authenticator.display_name, &authenticator.profile.email, &authenticator.profile.phone_number];
    let names: Vec<&str> = names.into_iter().filter_map(Option::as_deref).collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
}

/// What a person needs to use the authenticator: the number to choose, the key to type in, the question to answer.
fn authenticator_lines(step: &Step) -> Vec<String> {
    let Some(context) = step.authenticator.as_ref().map(|authenticator| &authenticator.context) else {
        return Vec::new();
    };
    let number = context.correct_answer.as_ref().map(|number| format!("  choose {number} on the phone"));
    let key = context.shared_secret.as_ref().map(|key| format!("  set-up key for the app: {}", key.reveal()));
    let question = context.enrolled_question.as_ref().map(|asked| format!("  {}", asked.question));
    [number, key, question].into_iter().flatten().collect()
}

/// Asks for the inputs of the step. A command instead of an answer begins with a colon.
fn command(transaction: &Transaction, console: &mut impl WalkConsole) -> io::Result<Command> {
    let Some(step) = &transaction.next_step else { return Ok(Command::Stop) };
    let mut values = Map::new();
    let to_fill: Vec<&Input> = step.inputs.iter().filter(|input| is_asked(input)).collect();
    if to_fill.is_empty() {
        let question = WalkPrompt {
            text: "  press Enter to ask the org whether this is done, or type a command: ".to_owned(),
            is_secret: false,
        };
        let typed = console.ask(&question)?;
        return Ok(typed.map_or(Command::Stop, |typed| colon_command(&typed).unwrap_or(Command::Poll)));
    }
    for input in to_fill {
        match fill(input, console)? {
            Filled::Value(value) => drop(values.insert(input.name.clone(), value)),
            Filled::Nothing => {}
            Filled::Command(command) => return Ok(command),
        }
    }
    Ok(Command::Answer(values.into_iter().collect()))
}

fn is_asked(input: &Input) -> bool {
    input.visible && input.mutable
}

/// What was typed for one input.
enum Filled {
    Value(Value),
    Nothing,
    Command(Command),
}

fn fill(input: &Input, console: &mut impl WalkConsole) -> io::Result<Filled> {
    if input.kind == InputType::Object && !input.inputs.is_empty() {
        return fill_all(&input.inputs, console);
    }
    let Some(typed) = console.ask(&question(input))? else { return Ok(Filled::Command(Command::Stop)) };
    if let Some(command) = colon_command(&typed) {
        return Ok(Filled::Command(command));
    }
    let chosen = typed.parse::<usize>().ok().and_then(|number| input.options.get(number.checked_sub(1)?));
    match chosen {
        Some(Choice { value: OptionValue::Inputs(inputs), .. }) => fill_all(inputs, console),
        chosen => Ok(value(input, chosen, &typed).map_or(Filled::Nothing, Filled::Value)),
    }
}

/// An object of inputs: those that a person fills, and the fixed ones.
fn fill_all(inputs: &[Input], console: &mut impl WalkConsole) -> io::Result<Filled> {
    let mut values = Map::new();
    for input in inputs {
        let filled = match &input.value {
            Some(fixed) if !is_asked(input) => Filled::Value(fixed.into()),
            _ if is_asked(input) => fill(input, console)?,
            _ => Filled::Nothing,
        };
        match filled {
            Filled::Value(value) => drop(values.insert(input.name.clone(), value)),
            Filled::Nothing => {}
            Filled::Command(command) => return Ok(Filled::Command(command)),
        }
    }
    Ok(if values.is_empty() { Filled::Nothing } else { Filled::Value(Value::Object(values)) })
}

fn question(input: &Input) -> WalkPrompt {
    let label = input.label.as_deref().unwrap_or(&input.name);
    let hint = match input.kind {
        InputType::Boolean => " (y or n)",
        _ if input.required => "",
        _ => " (may be empty)",
    };
    let mut text = format!("  {label}{hint}");
    for (index, option) in input.options.iter().enumerate() {
        text.push_str(&format!("\n    {}) {}", index + 1, option.label.as_deref().unwrap_or_default()));
    }
    text.push_str(": ");
    WalkPrompt { text, is_secret: input.secret }
}

/// The typed text as a value of the input: a choice by its number, yes or no, or the text.
fn value(input: &Input, chosen: Option<&Choice>, typed: &str) -> Option<Value> {
    if let Some(Choice { value: OptionValue::Value(chosen), .. }) = chosen {
        return Some(chosen.into());
    }
    match input.kind {
        _ if typed.is_empty() => None,
        InputType::Boolean => Some(typed.starts_with('y').into()),
        InputType::Text
        | InputType::Number
        | InputType::Integer
        | InputType::Date
        | InputType::Alphanumeric
        | InputType::Object => Some(typed.into()),
    }
}

/// `:skip`, `:resend`, `:poll`, `:cancel`, `:step NAME` or `:quit`.
fn colon_command(typed: &str) -> Option<Command> {
    let (word, rest) = typed.strip_prefix(':').map(|rest| rest.split_once(' ').unwrap_or((rest, "")))?;
    Some(match word {
        "poll" => Command::Poll,
        "cancel" => Command::Cancel,
        "quit" => Command::Stop,
        "step" => Command::Answer(Answer::default().with("step", rest.trim())),
        name => Command::Answer(Answer::default().with(name, true)),
    })
}

impl From<Error> for WalkError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<io::Error> for WalkError {
    fn from(error: io::Error) -> Self {
        Self::Console(error)
    }
}

impl fmt::Display for WalkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => write!(f, "The walk ended, because a call to the org failed: {error}."),
            Self::Console(error) => write!(f, "The walk ended, because no answer could be read: {error}."),
        }
    }
}

impl std::error::Error for WalkError {}
