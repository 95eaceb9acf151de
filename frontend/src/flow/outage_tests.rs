//! What becomes of the page when a call fails.

use super::*;

#[test]
fn a_failed_answer_is_given_again_as_it_was() {
    for failure in [CallError::Offline, CallError::Refused(ProblemCode::OrgTimeout, None)] {
        let (view, call) = step(standing(pending(challenge("okta_email"))), Event::Submit(values("code")));
        assert_eq!(call, Some(Call::Proceed(values("code"))));
        let (failed, _) = answer(view, Err(failure.clone()));
        assert_eq!(failed.problem, Some(failure));
        let (again, call) = step(failed, Event::Retry);
        assert_eq!((again.busy, call), (true, Some(Call::Proceed(values("code")))));
    }
}

#[test]
fn a_page_without_a_failed_call_asks_for_the_current_step() {
    let (view, _) = step(standing(pending(challenge("okta_email"))), Event::Submit(values("code")));
    let (moved, _) = answer(view, Ok(Reply::At(pending(challenge("phone_number")))));
    assert_eq!(step(moved, Event::Retry).1, Some(Call::Current));
}

#[test]
fn a_resend_that_failed_is_repeated_as_a_resend() {
    let (view, resend) = step(standing(pending(challenge("okta_email"))), Event::Resend);
    let (failed, _) = answer(view, Err(CallError::Offline));
    let (again, call) = step(failed, Event::Retry);
    assert_eq!((again.resending, call), (true, resend));
}

#[test]
fn online_again_the_message_goes_and_a_start_is_tried_again() {
    let offline = View { problem: Some(CallError::Offline), ..standing(pending(at("identify"))) };
    let (view, call) = step(offline, Event::Online);
    assert_eq!((view.problem, call), (None, None));
    let away = Some(CallError::Refused(ProblemCode::OrgUnreachable, None));
    let (view, call) = step(View { problem: away.clone(), ..View::new() }, Event::Online);
    assert_eq!((view.problem, call), (away, None));
    let (view, begin) = opened("/login", false);
    let (failed, _) = answer(view, Err(CallError::Offline));
    assert_eq!(step(failed, Event::Online).1, begin);
}
