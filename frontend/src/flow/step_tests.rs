//! Tests of `step`: the view and the call after an event.

use super::*;
use crate::flow::lost_flow::LostFlow;
use crate::flow::screen::{Screen, SignedInPerson};
use latchkey_contract::{
    Authenticator, Choice, ChoiceValue, Input, Message, Poll, ProblemCode, Status, Step, Transaction,
};

fn at(name: &str) -> Step {
    Step {
        name: name.into(),
        inputs: vec![Input { name: "value".into(), ..Input::default() }],
        ..Step::default()
    }
}

fn challenge(key: &str) -> Step {
    let authenticator = Authenticator { key: key.into(), ..Authenticator::default() };
    Step { authenticator: Some(authenticator), ..at("challenge-authenticator") }
}

fn transaction(status: Status, next: Option<Step>) -> Box<Transaction> {
    Box::new(Transaction {
        transaction: "t1".into(),
        status,
        available_steps: next.iter().cloned().collect(),
        next_step: next,
        ..Transaction::default()
    })
}

fn pending(step: Step) -> Box<Transaction> {
    transaction(Status::Pending, Some(step))
}

fn objecting(step: Step) -> Box<Transaction> {
    let message = Message { class: MessageClass::Error, message: "No.".into(), ..Message::default() };
    Box::new(Transaction { messages: vec![message], ..*pending(step) })
}

fn standing(transaction: Box<Transaction>) -> View {
    View {
        phase: Phase::Flow { transaction, other: None, given: Values::new() },
        request_id: 7,
        ..View::new()
    }
}

fn opened(path: &str, in_flow: bool) -> (View, Option<Call>) {
    step(View::new(), Event::Opened { path: path.into(), values: Values::new(), in_flow })
}

fn answer(view: View, result: Result<Reply, CallError>) -> (View, Option<Call>) {
    let request_id = view.request_id;
    step(view, Event::Replied { request_id, result })
}

fn mary() -> SignedInPerson {
    SignedInPerson { name: "Mary".into(), username: "mary@example.com".into() }
}

fn values(name: &str) -> Values {
    crate::values::one(name, "x")
}

#[test]
fn the_path_of_an_entry_begins_its_flow() {
    assert_eq!(opened("/login", false).1, Some(Call::Begin(Entry::SignIn, Values::new())));
    assert_eq!(opened("/register", false).1, Some(Call::Begin(Entry::SignUp, Values::new())));
}

#[test]
fn a_reload_shows_the_current_step() {
    let (view, call) = opened("/challenge-authenticator/okta_email", true);
    assert_eq!(call, Some(Call::Current));
    let (view, call) = answer(view, Ok(Reply::At(pending(challenge("okta_email")))));
    assert_eq!((view.path().as_deref(), call), (Some("/challenge-authenticator/okta_email"), None));
    assert!(!view.busy);
}

#[test]
fn an_abandoned_entry_begins_again() {
    let (view, _) = opened("/register", true);
    let (_, call) = answer(view, Ok(Reply::At(pending(challenge("okta_email")))));
    assert_eq!(call, Some(Call::Begin(Entry::SignUp, Values::new())));
}

#[test]
fn a_bookmark_of_a_step_without_a_flow_leads_to_the_sign_in() {
    for gone in [Ok(Reply::NoFlow), Err(CallError::Refused(ProblemCode::NoTransaction, None))] {
        let (view, _) = opened("/challenge-authenticator/okta_email", false);
        let (view, call) = answer(view, gone);
        assert_eq!(call, Some(Call::Begin(Entry::SignIn, Values::new())));
        let (view, _) = answer(view, Ok(Reply::At(pending(at("identify")))));
        assert_eq!(view.notes, Notes::only(MessageClass::Info, Phrase::Gone));
    }
}

#[test]
fn without_an_earlier_flow_there_is_no_message_about_one() {
    let (view, _) = opened("/", false);
    let (view, _) = answer(view, Ok(Reply::SignedInPerson(None)));
    assert!(answer(view, Ok(Reply::At(pending(at("identify"))))).0.notes.is_empty());
}

#[test]
fn a_lost_flow_begins_again_with_a_message() {
    let view = standing(pending(challenge("okta_email")));
    let (view, call) = step(
        view,
        Event::Polled { request_id: 7, result: Err(CallError::Refused(ProblemCode::NoTransaction, None)) },
    );
    assert_eq!(call, Some(Call::SignedInPerson));
    let (view, call) = answer(view, Ok(Reply::SignedInPerson(None)));
    assert_eq!(call, Some(Call::Begin(Entry::SignIn, Values::new())));
    assert_eq!(view.notes, Notes::only(MessageClass::Info, Phrase::Gone));
}

#[test]
fn after_another_tab_finished_the_flow_the_signed_in_page_is_shown() {
    let gone = || Err(CallError::Refused(ProblemCode::NoTransaction, None));
    let (view, call) = answer(standing(pending(challenge("okta_email"))), gone());
    assert_eq!(call, Some(Call::SignedInPerson));
    let (home, _) = answer(view.clone(), Ok(Reply::SignedInPerson(Some(mary()))));
    assert_eq!((home.path().as_deref(), home.problem), (Some("/"), None));
    let (not_signed_in, call) = answer(view, Ok(Reply::SignedInPerson(None)));
    assert_eq!(
        (not_signed_in.phase, not_signed_in.busy, call),
        (Phase::Lost(LostFlow::Expired), false, None)
    );
}

#[test]
fn the_home_page_begins_a_flow_if_the_session_is_not_signed_in() {
    let (view, call) = opened("/", false);
    assert_eq!(call, Some(Call::SignedInPerson));
    assert_eq!(
        answer(view, Ok(Reply::SignedInPerson(None))).1,
        Some(Call::Begin(Entry::SignIn, Values::new()))
    );
}

#[test]
fn after_a_provider_the_flow_continues_if_the_org_asks_for_more() {
    let (view, call) = opened("/", true);
    assert_eq!(call, Some(Call::SignedInPerson));
    let (view, call) = answer(view, Ok(Reply::SignedInPerson(None)));
    assert_eq!(call, Some(Call::Current));
    let (there, call) = answer(view.clone(), Ok(Reply::At(pending(challenge("okta_email")))));
    assert_eq!((there.path().as_deref(), call), (Some("/challenge-authenticator/okta_email"), None));
    for gone in [Reply::NoFlow, Reply::At(transaction(Status::Terminal, None))] {
        assert_eq!(answer(view.clone(), Ok(gone)).1, Some(Call::Begin(Entry::SignIn, Values::new())));
    }
}

#[test]
fn a_new_code_has_a_message_and_typed_text_stays() {
    let code = |key| Step {
        inputs: vec![Input { name: "verificationCode".into(), ..Input::default() }],
        ..challenge(key)
    };
    let view = standing(pending(code("okta_email")));
    let (asked, call) = step(view.clone(), Event::Resend);
    assert_eq!(call, Some(Call::Proceed(crate::values::one("resend", true))));
    assert_eq!(step(asked.clone(), Event::Resend), (asked.clone(), None), "once at a time");
    let (sent, _) = answer(asked.clone(), Ok(Reply::At(pending(code("okta_email")))));
    assert_eq!(
        (sent.screen_id, sent.notes),
        (view.screen_id, Notes::only(MessageClass::Info, Phrase::CodeSentAgain))
    );
    let (elsewhere, _) = answer(asked, Ok(Reply::At(pending(code("phone_number")))));
    assert_eq!((elsewhere.screen_id, elsewhere.notes), (view.screen_id + 1, Notes::default()));
}

#[test]
fn a_second_click_during_a_call_does_nothing() {
    let (view, call) = step(standing(pending(at("identify"))), Event::Submit(values("username")));
    assert_eq!(call, Some(Call::Proceed(values("username"))));
    assert_eq!(step(view.clone(), Event::Submit(values("username"))), (view, None));
}

#[test]
fn a_late_poll_does_not_overwrite_a_newer_answer() {
    let (view, _) =
        step(standing(pending(challenge("okta_email"))), Event::Submit(values("verificationCode")));
    let late = Event::Polled { request_id: 7, result: Ok(Reply::At(pending(at("identify")))) };
    assert_eq!(step(view.clone(), late), (view, None));
}

#[test]
fn a_poll_waits_for_the_one_in_progress() {
    let before = standing(pending(at("challenge-poll")));
    let (view, call) = step(before, Event::Poll);
    assert_eq!((call, view.poll_interval()), (Some(Call::Poll), None));
    assert_eq!(step(view.clone(), Event::Poll), (view.clone(), None));
    for request_id in [7, 6] {
        let (view, _) = step(view.clone(), Event::Polled { request_id, result: Err(CallError::Offline) });
        assert_eq!(view.poll_interval(), Some(4000));
    }
}

#[test]
fn a_poll_without_news_keeps_the_message() {
    let (view, _) =
        answer(standing(pending(challenge("okta_email"))), Ok(Reply::At(objecting(challenge("okta_email")))));
    assert!(view.notes.object());
    let same = Event::Polled { request_id: 7, result: Ok(Reply::At(pending(challenge("okta_email")))) };
    let (after, _) = step(view.clone(), same);
    assert_eq!((after.notes, after.screen_id, after.replies), (view.notes, view.screen_id, view.replies + 1));
}

#[test]
fn a_failed_poll_is_repeated_without_a_message() {
    let view = standing(pending(challenge("okta_email")));
    let (after, call) = step(view, Event::Polled { request_id: 7, result: Err(CallError::Offline) });
    assert_eq!((after.problem, call), (None, None));
    let gone =
        Event::Polled { request_id: 7, result: Err(CallError::Refused(ProblemCode::FlowExpired, None)) };
    assert_eq!(
        step(standing(pending(challenge("okta_email"))), gone).0.phase,
        Phase::Lost(LostFlow::Expired)
    );
}

#[test]
fn a_poll_step_without_an_interval_is_polled() {
    let mut mailed = pending(challenge("okta_email"));
    assert_eq!(standing(mailed.clone()).poll_interval(), None);
    let poll = Step { name: "currentAuthenticatorEnrollment-poll".into(), ..Step::default() };
    mailed.available_steps.push(poll);
    assert_eq!(standing(mailed).poll_interval(), Some(4000));
}

#[test]
fn there_are_no_polls_during_a_call_or_after_the_flow() {
    let waiting = Step { poll: Some(Poll { required: true, refresh: Some(2500) }), ..at("challenge-poll") };
    let view = standing(pending(waiting));
    assert_eq!(view.poll_interval(), Some(2500));
    assert_eq!(View { busy: true, ..view.clone() }.poll_interval(), None);
    assert_eq!(View { phase: Phase::Lost(LostFlow::Expired), ..view }.poll_interval(), None);
}

#[test]
fn an_error_keeps_the_form_and_a_new_step_replaces_it() {
    let view = standing(pending(challenge("okta_email")));
    let (kept, _) = answer(view.clone(), Ok(Reply::At(objecting(challenge("okta_email")))));
    assert_eq!((kept.screen_id, kept.screen()), (view.screen_id, view.screen()));
    let (passed, _) = answer(view.clone(), Ok(Reply::At(pending(challenge("okta_email")))));
    assert_eq!(passed.screen_id, view.screen_id + 1);
}

#[test]
fn a_stale_answer_shows_the_current_step_with_a_message() {
    let stale = Ok(Reply::Moved(pending(challenge("phone_number"))));
    let (view, _) = answer(standing(pending(challenge("okta_email"))), stale);
    assert_eq!(view.path().as_deref(), Some("/challenge-authenticator/phone_number"));
    assert_eq!(view.notes, Notes::only(MessageClass::Info, Phrase::StepMoved));
}

#[test]
fn an_expired_flow_removes_its_form_and_offers_a_new_start() {
    let expired = || Err(CallError::Refused(ProblemCode::FlowExpired, None));
    // Also if the form was at the path of an entry.
    for form in [challenge("okta_email"), at("identify")] {
        let before = standing(pending(form));
        let (view, call) = answer(before.clone(), expired());
        assert_eq!((view.screen(), call), (Screen::Ended(LostFlow::Expired.ended()), None));
        assert_eq!(view.notes, Notes::only(MessageClass::Error, Phrase::Expired));
        assert_eq!((view.screen_id, view.busy), (before.screen_id + 1, false));
        assert_eq!(view.path().as_deref(), Some("/terminal"));

        let again = Event::Navigated { path: "/login".into() };
        let (view, call) = step(view, again);
        assert_eq!((view.busy, call), (true, Some(Call::Begin(Entry::SignIn, Values::new()))));
        let (offline, _) = answer(view.clone(), Err(CallError::Offline));
        assert_eq!(step(offline, Event::Retry).1, Some(Call::Begin(Entry::SignIn, Values::new())));
        let (view, _) = answer(view, Ok(Reply::At(pending(at("identify")))));
        assert_eq!((view.path().as_deref(), view.notes.is_empty()), (Some("/login"), true));
    }
}

#[test]
fn back_into_an_expired_flow_shows_its_end() {
    let view = View { phase: Phase::Lost(LostFlow::Expired), ..View::new() };
    let (view, call) = step(view, Event::Navigated { path: "/challenge-authenticator/okta_email".into() });
    assert_eq!(call, Some(Call::Current));
    for gone in [ProblemCode::FlowExpired, ProblemCode::NoTransaction] {
        let (view, call) = answer(view.clone(), Err(CallError::Refused(gone, None)));
        assert_eq!((view.phase, call), (Phase::Lost(LostFlow::Expired), None));
    }
}

#[test]
fn a_failed_start_can_be_tried_again() {
    let (view, begun) = opened("/register", false);
    let (view, _) = answer(view, Err(CallError::Offline));
    assert_eq!((view.busy, view.problem.clone()), (false, Some(CallError::Offline)));
    assert_eq!(step(view, Event::Retry).1, begun);
}

#[test]
fn success_asks_for_the_person_and_a_cancelled_flow_begins_again() {
    let view = standing(pending(challenge("okta_email")));
    let (waiting, call) = answer(view.clone(), Ok(Reply::At(transaction(Status::Success, None))));
    assert_eq!(call, Some(Call::SignedInPerson));
    let person = mary();
    let (home, _) = answer(waiting, Ok(Reply::SignedInPerson(Some(person))));
    assert_eq!(home.path().as_deref(), Some("/"));
    let (_, call) = answer(view, Ok(Reply::At(transaction(Status::Canceled, None))));
    assert_eq!(call, Some(Call::Begin(Entry::SignIn, Values::new())));
}

fn with_a_list() -> View {
    let option = Choice {
        label: "Phone".into(),
        value: Some(ChoiceValue::Plain("phone_number".into())),
        ..Choice::default()
    };
    let list = Input { name: "authenticator".into(), options: vec![option], ..Input::default() };
    let select = Step { inputs: vec![list], ..at("select-authenticator-authenticate") };
    let mut transaction = pending(challenge("okta_email"));
    transaction.available_steps.push(select);
    standing(transaction)
}

#[test]
fn another_available_step_is_shown_without_a_call_and_back_returns() {
    let (view, call) = step(with_a_list(), Event::Show("select-authenticator-authenticate".into()));
    assert_eq!((view.path().as_deref(), call), (Some("/select-authenticator"), None));
    let back = Event::Navigated { path: "/challenge-authenticator/okta_email".into() };
    let (view, call) = step(view, back);
    assert_eq!((view.path().as_deref(), call), (Some("/challenge-authenticator/okta_email"), None));
    let forward = Event::Navigated { path: "/select-authenticator".into() };
    assert_eq!(step(view, forward).0.path().as_deref(), Some("/select-authenticator"));
}

#[test]
fn back_to_an_entry_begins_it_and_back_to_a_passed_step_asks_for_the_current_one() {
    let went = |path: &str| step(with_a_list(), Event::Navigated { path: path.into() }).1;
    assert_eq!(went("/login"), Some(Call::Begin(Entry::SignIn, Values::new())));
    assert_eq!(went("/verify-authenticator/phone_number"), Some(Call::Current));
    assert_eq!(went("/challenge-authenticator/okta_email"), None);
}

#[test]
fn channel_and_address_are_asked_one_after_the_other_and_sent_together() {
    let sms =
        Choice { label: "SMS".into(), value: Some(ChoiceValue::Plain("sms".into())), ..Choice::default() };
    let inputs = vec![
        Input { name: "methodType".into(), options: vec![sms.clone(), sms], ..Input::default() },
        Input { name: "phoneNumber".into(), ..Input::default() },
    ];
    let view = standing(pending(Step { inputs, ..at("authenticator-enrollment-data") }));
    let (view, call) = step(view, Event::Submit(values("methodType")));
    assert_eq!(call, None);
    let (view, call) = step(view, Event::Submit(values("phoneNumber")));
    let both = crate::values::both(values("methodType"), values("phoneNumber"));
    assert_eq!(call, Some(Call::Proceed(both)));
    let again = objecting(view.step().unwrap().clone());
    let (view, _) = answer(view, Ok(Reply::At(again)));
    let (_, call) = step(view, Event::Submit(values("skip")));
    assert_eq!(call, Some(Call::Proceed(values("skip"))), "an errand takes nothing along");
}

#[test]
fn without_a_next_step_an_available_one_is_shown() {
    let mut lost = pending(at("an-unknown-form"));
    lost.next_step = None;
    assert_eq!(standing(lost).path().as_deref(), Some("/step/an-unknown-form"));
}

#[test]
fn a_skippable_step_is_shown_first() {
    let skip = Step { name: "skip".into(), ..Step::default() };
    let both =
        Transaction { available_steps: vec![at("profile-update"), skip.clone()], ..*pending(skip.clone()) };
    let (view, _) = answer(standing(pending(at("identify"))), Ok(Reply::At(Box::new(both))));
    assert_eq!(view.step().map(|step| step.name.as_str()), Some("profile-update"));
    let (view, _) = answer(standing(pending(at("identify"))), Ok(Reply::At(pending(skip))));
    assert_eq!(view.step().map(|step| step.name.as_str()), Some("skip"));
}

#[path = "outage_tests.rs"]
mod outage;

#[path = "signed_in_tests.rs"]
mod signed_in;

#[path = "cancel_tests.rs"]
mod cancel;
