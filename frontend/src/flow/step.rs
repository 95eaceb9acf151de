//! The one function that changes the view. It knows neither the network nor the page; what it wants done it returns.

use super::asked::{self, asks};
use super::note::{Notes, notes};
use super::route::{self, Entry, HOME};
use super::screen::{self, Person, SKIP, Screen};
use crate::text::Line;
use crate::values;
use latchkey_contract::{Code, MessageClass, Status, Step, Transaction, Value, Values};

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) place: Place,
    pub(crate) notes: Notes,
    pub(crate) problem: Option<Problem>,
    /// An answer is on its way.
    pub(crate) busy: bool,
    /// What is on its way is a code or a message that was sent once more.
    pub(crate) resending: bool,
    /// Counts what was asked of the server; an answer to an older turn is too late.
    pub(crate) turn: u32,
    /// Counts the screens. Two steps may look alike, and what was typed into one is not meant for the other; a step that was
    /// answered wrongly is still the same screen.
    pub(crate) lap: u32,
    /// Counts what came back, so that waiting starts anew and the focus goes where it is needed.
    pub(crate) beat: u32,
}

/// Where the person is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// Somewhere that has yet to be found out.
    Starting(Sought),
    /// In a flow: at the org's next step, or at another one that is open.
    Flow { transaction: Box<Transaction>, other: Option<String>, given: Values },
    /// Signed in.
    SignedIn(Person),
}

/// What is looked for while nothing is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sought {
    /// Whatever stands at this address, if a flow in this tab has got there.
    Address(String),
    /// Who is signed in; when it is nobody, a flow that may be under way in this tab.
    Home { in_flow: bool },
    /// Who it is that has just signed in.
    SignedIn,
    /// A flow that begins here.
    Flow(Entry, Values),
}

/// What happens.
#[derive(Debug)]
pub(crate) enum Event {
    /// The page was opened at `path`; in this tab a flow may have been under way.
    Opened { path: String, values: Values, in_flow: bool },
    /// The address changed: back, forward, or a link.
    Went { path: String },
    /// The step that is shown was answered.
    Submit(Values),
    /// The code or the message is to be sent once more.
    Resend,
    /// Another of the open steps is to be shown.
    Show(String),
    /// The flow is to be given up.
    Cancel,
    /// Ask the server once more.
    Retry,
    /// It is time to ask whether something happened elsewhere.
    Poll,
    /// Leave, here alone or wherever else, too.
    SignOut { everywhere: bool },
    /// One of the person's other sessions is to end.
    End(String),
    /// The page itself has something to say about the step.
    Say(Line),
    /// The server answered, or could not.
    Answer { turn: u32, result: Result<Reply, Problem> },
    /// The server answered a poll, or could not.
    Polled { turn: u32, result: Result<Reply, Problem> },
}

/// What is asked of the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    Begin(Entry, Values),
    Current,
    Proceed(Values),
    Poll,
    Cancel,
    Person,
    SignOut { everywhere: bool },
    End(String),
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    /// A flow stands here.
    At(Box<Transaction>),
    /// The step had been answered already; this is where the flow stands.
    Moved(Box<Transaction>),
    /// There is no flow.
    Nowhere,
    /// Somebody is signed in, or nobody.
    Person(Option<Person>),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    /// The server was not reached.
    Offline,
    /// Somebody answered, but not our server.
    Garbled,
    /// The server says no, and perhaps for how many seconds.
    Refused(Code, Option<u32>),
}

impl Problem {
    /// The flow is gone; only a new one helps.
    pub(crate) fn is_the_end(&self) -> bool {
        matches!(self, Self::Refused(Code::FlowExpired | Code::NoTransaction, _))
    }
}

impl View {
    /// The view before anything happened.
    pub(crate) fn new() -> Self {
        Self {
            place: Place::Starting(Sought::Home { in_flow: false }),
            notes: Notes::default(),
            problem: None,
            busy: false,
            resending: false,
            turn: 0,
            lap: 0,
            beat: 0,
        }
    }

    /// The step in front of the person.
    pub(crate) fn step(&self) -> Option<&Step> {
        match &self.place {
            Place::Flow { transaction, other, .. } => shown(transaction, other.as_deref()),
            Place::Starting(_) | Place::SignedIn(_) => None,
        }
    }

    pub(crate) fn screen(&self) -> Screen {
        match &self.place {
            Place::Starting(_) => Screen::Starting,
            Place::Flow { transaction, given, .. } => screen::screen(transaction, self.step(), given),
            Place::SignedIn(person) => Screen::SignedIn(person.clone()),
        }
    }

    /// The address that belongs in the bar.
    pub(crate) fn path(&self) -> Option<String> {
        match &self.place {
            Place::Starting(_) => None,
            Place::Flow { transaction, .. } => Some(route::path(transaction, self.step())),
            Place::SignedIn(_) => Some(HOME.to_owned()),
        }
    }

    /// What a passkey signs that is picked where the username is typed.
    pub(crate) fn offered(&self) -> Option<&Value> {
        match &self.place {
            Place::Flow { transaction, .. } => asked::offered(transaction),
            Place::Starting(_) | Place::SignedIn(_) => None,
        }
    }

    /// The token that goes back with an answer to this step.
    pub(crate) fn token(&self) -> Option<&str> {
        match &self.place {
            Place::Flow { transaction, .. } => Some(&transaction.transaction),
            Place::Starting(_) | Place::SignedIn(_) => None,
        }
    }

    /// Milliseconds between two polls, while there is something to wait for.
    pub(crate) fn polls(&self) -> Option<u32> {
        match &self.place {
            Place::Flow { transaction, .. } if !self.busy && !self.ended() => {
                screen::polls(transaction, self.step())
            }
            Place::Flow { .. } | Place::Starting(_) | Place::SignedIn(_) => None,
        }
    }

    fn ended(&self) -> bool {
        self.problem.as_ref().is_some_and(Problem::is_the_end)
    }

    fn asking(self) -> Self {
        Self { turn: self.turn + 1, busy: true, resending: false, problem: None, ..self }
    }
}

/// What an event makes of the view, and what is to be asked of the server then.
pub(crate) fn step(view: View, event: Event) -> (View, Option<Call>) {
    match event {
        Event::Opened { path, values, in_flow } => open(view, path, values, in_flow),
        Event::Went { path } => go(view, path),
        // Enter held down, or a second click: the first one counts.
        Event::Submit(_) | Event::Resend | Event::Cancel | Event::SignOut { .. } | Event::End(_)
            if view.busy =>
        {
            (view, None)
        }
        Event::Submit(values) => submit(view, values),
        Event::Resend => {
            let call = Call::Proceed(values::one("resend", true));
            (View { resending: true, notes: Notes::default(), ..view.asking() }, Some(call))
        }
        Event::Show(name) => (show(view, Some(name)), None),
        Event::Cancel => (view.asking(), Some(Call::Cancel)),
        Event::Retry => retry(view),
        Event::Poll if view.polls().is_some() => (view, Some(Call::Poll)),
        Event::Poll => (view, None),
        Event::SignOut { everywhere } => (view.asking(), Some(Call::SignOut { everywhere })),
        Event::End(session) => (view.asking(), Some(Call::End(session))),
        Event::Say(line) => {
            (View { notes: Notes::only(MessageClass::Error, line), beat: view.beat + 1, ..view }, None)
        }
        // An answer to a question that has since been superseded.
        Event::Answer { turn, .. } | Event::Polled { turn, .. } if turn != view.turn => (view, None),
        Event::Answer { result, .. } => answered(View { beat: view.beat + 1, ..view }, result),
        Event::Polled { result, .. } => polled(View { beat: view.beat + 1, ..view }, result),
    }
}

fn open(view: View, path: String, values: Values, in_flow: bool) -> (View, Option<Call>) {
    match Entry::at(&path) {
        // Another tab's flow is none of this tab's business.
        Some(entry) if !in_flow || !values.is_empty() => begin(view, entry, values),
        None if path == HOME => home(view, in_flow),
        Some(_) | None => seek(view, path),
    }
}

fn seek(view: View, path: String) -> (View, Option<Call>) {
    look(view, Sought::Address(path), Call::Current)
}

fn home(view: View, in_flow: bool) -> (View, Option<Call>) {
    look(view, Sought::Home { in_flow }, Call::Person)
}

fn look(view: View, sought: Sought, call: Call) -> (View, Option<Call>) {
    (View { place: Place::Starting(sought), lap: view.lap + 1, ..view }.asking(), Some(call))
}

fn begin(view: View, entry: Entry, values: Values) -> (View, Option<Call>) {
    let view = match view.place {
        // The form stays in sight until the next one is there.
        Place::Flow { .. } => view,
        Place::Starting(_) | Place::SignedIn(_) => {
            let place = Place::Starting(Sought::Flow(entry, values.clone()));
            View { place, lap: view.lap + 1, ..view }
        }
    };
    (view.asking(), Some(Call::Begin(entry, values)))
}

/// Back and forward lead where the flow can still go. Where it cannot, the server says where it stands.
fn go(view: View, path: String) -> (View, Option<Call>) {
    if view.path().is_none_or(|here| here == path) {
        return (view, None);
    }
    if let Place::Flow { transaction, .. } = &view.place {
        if route::path(transaction, shown(transaction, None)) == path {
            return (show(view, None), None);
        }
        let open = transaction.available_steps.iter().filter(|other| asks(other));
        let there = open.map(|other| (other, route::path(transaction, Some(other))));
        if let Some((other, _)) = there.into_iter().find(|(_, address)| *address == path) {
            let name = other.name.clone();
            return (show(view, Some(name)), None);
        }
    }
    match Entry::at(&path) {
        Some(entry) => begin(view, entry, Values::new()),
        None if path == HOME => (view.asking(), Some(Call::Person)),
        None => (view.asking(), Some(Call::Current)),
    }
}

fn submit(view: View, values: Values) -> (View, Option<Call>) {
    let is_enrollment = view.step().is_some_and(|step| step.name == "authenticator-enrollment-data");
    let asks_number =
        view.step().is_some_and(|step| step.inputs.iter().any(|input| input.name == "phoneNumber"));
    match view.place {
        // How the code is sent is known now; where to is asked on a page of its own, and both are sent together.
        Place::Flow { transaction, other, given }
            if is_enrollment && asks_number && !values.contains_key("phoneNumber") && !is_errand(&values) =>
        {
            let given = values::both(given, values);
            let place = Place::Flow { transaction, other, given };
            (View { place, notes: Notes::default(), lap: view.lap + 1, ..view }, None)
        }
        Place::Flow { ref given, .. } => {
            let values: Values =
                if is_errand(&values) { values } else { values::both(given.clone(), values) };
            (view.asking(), Some(Call::Proceed(values)))
        }
        Place::Starting(_) | Place::SignedIn(_) => (view, None),
    }
}

/// Something that is asked for, rather than an answer to what was asked.
fn is_errand(values: &Values) -> bool {
    values.contains_key(SKIP)
}

fn show(view: View, other: Option<String>) -> View {
    match view.place {
        Place::Flow { transaction, .. } => {
            let place = Place::Flow { transaction, other, given: Values::new() };
            View { place, notes: Notes::default(), problem: None, lap: view.lap + 1, ..view }
        }
        Place::Starting(_) | Place::SignedIn(_) => view,
    }
}

fn retry(view: View) -> (View, Option<Call>) {
    match &view.place {
        Place::Starting(Sought::Address(path)) => {
            let path = path.clone();
            seek(view, path)
        }
        Place::Starting(Sought::Home { in_flow }) => {
            let in_flow = *in_flow;
            home(view, in_flow)
        }
        Place::Starting(Sought::SignedIn) => look(view, Sought::SignedIn, Call::Person),
        Place::Starting(Sought::Flow(entry, values)) => {
            let (entry, values) = (*entry, values.clone());
            begin(view, entry, values)
        }
        Place::Flow { .. } if view.ended() => begin(view, Entry::SignIn, Values::new()),
        Place::Flow { .. } => (view.asking(), Some(Call::Current)),
        Place::SignedIn(_) => (view.asking(), Some(Call::Person)),
    }
}

fn answered(view: View, result: Result<Reply, Problem>) -> (View, Option<Call>) {
    match result {
        Ok(Reply::At(transaction)) => stand(view, transaction),
        // An identity provider sends people back here, and the org may ask for more.
        Ok(Reply::Person(None)) | Err(Problem::Refused(Code::NotSignedIn, _))
            if matches!(view.place, Place::Starting(Sought::Home { in_flow: true })) =>
        {
            seek(view, HOME.to_owned())
        }
        // Signed in, and nobody there: to begin anew would end here again, and so on without end.
        Ok(Reply::Nowhere | Reply::Person(None)) | Err(Problem::Refused(Code::NotSignedIn, _))
            if matches!(view.place, Place::Starting(Sought::SignedIn | Sought::Flow(..))) =>
        {
            (View { busy: false, problem: Some(Problem::Garbled), ..view }, None)
        }
        Ok(Reply::Nowhere | Reply::Person(None)) | Err(Problem::Refused(Code::NotSignedIn, _)) => {
            nowhere(view)
        }
        Ok(Reply::Person(Some(person))) => {
            let notes = match &view.place {
                Place::SignedIn(before) if before.sessions.len() > person.sessions.len() => {
                    Notes::only(MessageClass::Info, Line::SessionEnded)
                }
                Place::SignedIn(_) | Place::Flow { .. } | Place::Starting(_) => Notes::default(),
            };
            let place = Place::SignedIn(person);
            (View { place, busy: false, notes, lap: view.lap + 1, ..view }, None)
        }
        Err(problem) if problem.is_the_end() && matches!(view.place, Place::Starting(Sought::Address(_))) => {
            nowhere(view)
        }
        Ok(Reply::Moved(transaction)) => {
            let (moved, call) = stand(view, transaction);
            let silent = moved.notes.is_empty();
            let notes = if silent { Notes::only(MessageClass::Info, Line::StepMoved) } else { moved.notes };
            (View { notes, ..moved }, call)
        }
        Err(problem) => (View { busy: false, problem: Some(problem), ..view }, None),
    }
}

fn stand(view: View, transaction: Box<Transaction>) -> (View, Option<Call>) {
    if let Place::Starting(Sought::Address(path)) = &view.place
        && let Some(entry) = Entry::at(path)
        && route::path(&transaction, shown(&transaction, None)) != *path
    {
        // The address that was opened is one that this tab's flow has left behind.
        return begin(view, entry, Values::new());
    }
    match transaction.status {
        // Whoever opens the front door is not shown how an earlier flow ended.
        Status::Terminal if matches!(&view.place, Place::Starting(Sought::Address(path)) if path == HOME) => {
            begin(view, Entry::SignIn, Values::new())
        }
        // The tokens are on the server; what is left is to learn who it is.
        Status::Success => look(view, Sought::SignedIn, Call::Person),
        Status::Canceled => begin(view, Entry::SignIn, Values::new()),
        Status::Pending | Status::Terminal => (arrive(view, transaction), None),
    }
}

fn nowhere(view: View) -> (View, Option<Call>) {
    let entry = match &view.place {
        Place::Starting(Sought::Address(path)) => Entry::at(path),
        Place::Starting(Sought::Home { .. } | Sought::SignedIn | Sought::Flow(..))
        | Place::Flow { .. }
        | Place::SignedIn(_) => None,
    };
    begin(view, entry.unwrap_or(Entry::SignIn), Values::new())
}

/// A poll that finds nothing new leaves what is said where it is; one that cannot be made is made again later.
fn polled(view: View, result: Result<Reply, Problem>) -> (View, Option<Call>) {
    match (result, &view.place) {
        (Ok(Reply::At(transaction)), Place::Flow { transaction: before, other, given }) => {
            let (now, then) = (shown(&transaction, None), shown(before, None));
            if transaction.messages.is_empty() && is_same(now, then) {
                let place = Place::Flow { transaction, other: other.clone(), given: given.clone() };
                return (View { place, ..view }, None);
            }
            answered(view, Ok(Reply::At(transaction)))
        }
        // Somebody finished the flow elsewhere: perhaps in a tab that a mailed link opened.
        (Err(Problem::Refused(Code::NotSignedIn | Code::NoTransaction, _)), _) => {
            (view.asking(), Some(Call::Person))
        }
        (Err(problem), _) if !problem.is_the_end() => (view, None),
        (result, _) => answered(view, result),
    }
}

fn arrive(view: View, transaction: Box<Transaction>) -> View {
    let step = shown(&transaction, None);
    let is_same = is_same(view.step(), step);
    let resent = is_same && view.resending;
    let notes = match notes(&transaction, step) {
        silent if resent && silent.is_empty() => Notes::only(MessageClass::Info, sent_again(step)),
        notes => notes,
    };
    let lap = if is_same && (resent || notes.object()) { view.lap } else { view.lap + 1 };
    let given = match &view.place {
        Place::Flow { given, .. } if is_same => given.clone(),
        Place::Flow { .. } | Place::Starting(_) | Place::SignedIn(_) => Values::new(),
    };
    let place = Place::Flow { transaction, other: None, given };
    View { place, notes, lap, busy: false, resending: false, problem: None, ..view }
}

fn sent_again(step: Option<&Step>) -> Line {
    let asks_code = step.is_some_and(|step| step.inputs.iter().any(|input| input.name == "verificationCode"));
    if asks_code { Line::CodeSentAgain } else { Line::SentAgain }
}

/// Whether two steps ask the same of the person.
fn is_same(one: Option<&Step>, other: Option<&Step>) -> bool {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (None, None) => return true,
        (Some(_), None) | (None, Some(_)) => return false,
    };
    let pairs = one.inputs.iter().zip(&other.inputs);
    let same_inputs =
        one.inputs.len() == other.inputs.len() && pairs.into_iter().all(|(a, b)| a.name == b.name);
    one.name == other.name && about(one) == about(other) && same_inputs
}

/// The authenticator a step is about, and the number to choose on it.
fn about(step: &Step) -> Option<(&str, Option<&str>)> {
    let held = step.authenticator.as_ref()?;
    Some((&held.key, held.contextual_data.as_ref().and_then(|data| data.correct_answer.as_deref())))
}

/// The step called `other`, or the org's next one, or at least one that can be answered. What may be skipped is asked first.
fn shown<'a>(transaction: &'a Transaction, other: Option<&str>) -> Option<&'a Step> {
    if transaction.status != Status::Pending {
        return None;
    }
    let open = &transaction.available_steps;
    let named = other.and_then(|name| open.iter().find(|step| step.name == name));
    let next = transaction.next_step.as_ref();
    named
        .or(next.filter(|next| next.name != SKIP))
        .or_else(|| open.iter().find(|step| asks(step)))
        .or(next)
        .or_else(|| open.iter().find(|step| step.name != "cancel"))
}

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
