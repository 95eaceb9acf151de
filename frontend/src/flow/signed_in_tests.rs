//! What becomes of the page of a signed-in person.

use super::*;

#[test]
fn a_sign_out_goes_on_to_the_page_of_the_org_if_the_server_names_it() {
    let view = View { phase: Phase::SignedIn(mary()), ..View::new() };
    let (view, _) = step(view, Event::SignOut { everywhere: false });
    let page = "https://org.example.com/login/signout?fromURI=https%3A%2F%2Flogin.example.com%2F";
    let (view, call) = answer(view, Ok(Reply::SignedOutAtOrg(page.into())));
    assert_eq!(call, Some(Call::Leave(page.into())));
    assert!(view.busy, "the page is left");
}

#[test]
fn signing_out_hides_the_person_at_once_and_is_confirmed() {
    let person = mary();
    let view = View { phase: Phase::SignedIn(person), ..View::new() };
    let (view, call) = step(view, Event::SignOut { everywhere: false });
    assert_eq!(call, Some(Call::SignOut { everywhere: false }));
    let (view, call) = answer(view, Ok(Reply::SignedInPerson(None)));
    assert_eq!(view.notes, Notes::only(MessageClass::Info, Phrase::SignedOut));
    assert_eq!((view.screen(), call), (Screen::Starting, Some(Call::Begin(Entry::SignIn, Values::new()))));
}

#[test]
fn a_session_ended_elsewhere_leads_to_the_sign_in() {
    let gone = || Err(CallError::Refused(ProblemCode::NotSignedIn, None));
    let signed_in = View { phase: Phase::SignedIn(mary()), request_id: 7, ..View::new() };
    for view in [opened("/", false).0, opened("/login", true).0, signed_in] {
        assert_eq!(answer(view, gone()).1, Some(Call::Begin(Entry::SignIn, Values::new())));
    }
}

#[test]
fn a_sign_in_without_a_session_does_not_loop() {
    let (view, _) = opened("/login", false);
    let (awaiting_reply, call) = answer(view.clone(), Ok(Reply::At(transaction(Status::Success, None))));
    assert_eq!(call, Some(Call::SignedInPerson));
    let (stuck, call) = answer(awaiting_reply, Ok(Reply::SignedInPerson(None)));
    assert_eq!((stuck.problem.clone(), call), (Some(CallError::Garbled), None));
    assert_eq!(step(stuck, Event::Retry).1, Some(Call::SignedInPerson));
    let (refused, call) = answer(view, Err(CallError::Refused(ProblemCode::NotSignedIn, None)));
    assert_eq!((refused.problem, call), (Some(CallError::Garbled), None));
}
