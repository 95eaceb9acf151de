//! What becomes of a flow that is cancelled.

use super::*;

#[test]
fn a_flow_that_is_cancelled_while_it_begins_is_cancelled_once_it_has_begun() {
    let (view, begin) = opened("/register", false);
    assert_eq!(begin, Some(Call::Begin(Entry::SignUp, Values::new())));
    let (view, call) = step(view, Event::Cancel);
    assert_eq!(call, None);
    let (view, call) = answer(view, Ok(Reply::At(pending(at("enroll-profile")))));
    assert_eq!(call, Some(Call::Cancel));
    let (view, call) = step(view, Event::Cancel);
    assert_eq!(call, None, "it is being cancelled");
    let (view, _) = answer(view, Ok(Reply::At(transaction(Status::Canceled, None))));
    assert_eq!(answer(view, Ok(Reply::At(pending(at("identify"))))).1, None);
}

#[test]
fn without_a_flow_there_is_nothing_to_cancel() {
    let (view, _) = opened("/", false);
    let (view, _) = step(view, Event::Cancel);
    let (view, call) = answer(view, Ok(Reply::SignedInPerson(Some(mary()))));
    assert_eq!(call, None);
    let (view, call) = step(view, Event::Cancel);
    assert_eq!((view.screen(), call), (Screen::SignedIn(mary()), None));
}
