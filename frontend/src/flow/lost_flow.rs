//! Why there is no flow: it has expired, its cookie is missing, or the address or the link leads to none. And the messages.

use super::call::CallError;
use super::ended::Ended;
use crate::text::Phrase;
use latchkey_contract::{MessageClass, ProblemCode};

/// Why there is no flow, so that the person has to start a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LostFlow {
    /// It has expired, or was finished in another tab.
    Expired,
    /// The server set a cookie with the flow, and a later call of the flow had none.
    NoCookie,
    /// The link of a mail has expired, or is not complete.
    InvalidLink,
    /// The server refuses an option in the address, such as where to return.
    InvalidOption,
    /// The address belongs to no page.
    NoPage,
}

impl LostFlow {
    /// The reason for a problem after which the flow cannot continue.
    pub(super) fn of(problem: &CallError) -> Option<Self> {
        match problem {
            CallError::Refused(ProblemCode::FlowExpired | ProblemCode::NoTransaction, _) => {
                Some(Self::Expired)
            }
            CallError::Refused(ProblemCode::NoCookie, _) => Some(Self::NoCookie),
            CallError::Offline | CallError::Garbled | CallError::Refused(..) => None,
        }
    }

    /// The message, and what to do.
    pub(super) fn phrase(self) -> Phrase {
        match self {
            Self::Expired => Phrase::Expired,
            Self::NoCookie => Phrase::NoCookie,
            Self::InvalidLink | Self::InvalidOption => Phrase::InvalidLink,
            Self::NoPage => Phrase::NoPageLead,
        }
    }

    /// A wrong address is no error of the flow.
    pub(super) fn class(self) -> MessageClass {
        match self {
            Self::Expired | Self::NoCookie | Self::InvalidLink | Self::InvalidOption => MessageClass::Error,
            Self::NoPage => MessageClass::Info,
        }
    }

    /// The heading of the screen.
    pub(super) fn ended(self) -> Ended {
        let heading = match self {
            Self::Expired => Phrase::EndedExpired,
            Self::NoCookie => Phrase::EndedError,
            Self::InvalidLink | Self::InvalidOption => Phrase::EndedLinkInvalid,
            Self::NoPage => Phrase::NoPage,
        };
        Ended { heading, class: self.class() }
    }

    /// The code of `latchkey-error`.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Expired => ProblemCode::FlowExpired.name(),
            Self::InvalidLink => ProblemCode::NoTransaction.name(),
            Self::InvalidOption => ProblemCode::InvalidRequest.name(),
            Self::NoPage => ProblemCode::NotFound.name(),
            Self::NoCookie => "cookies",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::{Call, Reply};
    use super::super::note::Notes;
    use super::super::screen::Screen;
    use super::super::step::{Event, step};
    use super::super::view::{Phase, View};
    use super::*;
    use latchkey_contract::route::{Entry, HOME};
    use latchkey_contract::{Status, Step, Transaction, Values};

    fn no_cookie() -> Result<Reply, CallError> {
        Err(CallError::Refused(ProblemCode::NoCookie, None))
    }

    /// A view at the first form with an answer in progress.
    fn answering() -> View {
        let identify = Step { name: "identify".into(), ..Step::default() };
        let begun = Transaction {
            transaction: "t1".into(),
            status: Status::Pending,
            available_steps: vec![identify.clone()],
            next_step: Some(identify),
            ..Transaction::default()
        };
        let opened = Event::Opened { path: "/login".into(), values: Values::new(), in_flow: false };
        let (view, _) = step(View::new(), opened);
        let request_id = view.request_id;
        let (view, _) = step(view, Event::Replied { request_id, result: Ok(Reply::At(Box::new(begun))) });
        step(view, Event::Submit(Values::new())).0
    }

    #[test]
    fn a_second_call_without_a_cookie_is_reported_as_blocked_cookies() {
        let view = answering();
        let request_id = view.request_id;
        let (view, call) = step(view, Event::Replied { request_id, result: no_cookie() });
        assert_eq!((view.phase.clone(), view.busy, call), (Phase::Lost(LostFlow::NoCookie), false, None));
        assert_eq!(view.notes, Notes::only(MessageClass::Error, Phrase::NoCookie));
        let Screen::Ended(ended) = view.screen() else { panic!("{view:?}") };
        assert_eq!(ended.heading, Phrase::EndedError);
        let (_, call) = step(view, Event::Retry);
        assert_eq!(call, Some(Call::Begin(Entry::SignIn, Values::new())));
    }

    #[test]
    fn a_poll_without_a_cookie_is_reported_as_blocked_cookies() {
        let view = answering();
        let request_id = view.request_id;
        let (view, call) = step(view, Event::Polled { request_id, result: no_cookie() });
        assert_eq!((view.phase, call), (Phase::Lost(LostFlow::NoCookie), None));
    }

    #[test]
    fn a_reload_without_a_cookie_begins_a_new_flow() {
        let path = "/challenge-authenticator/okta_email".to_owned();
        let opened = Event::Opened { path, values: Values::new(), in_flow: true };
        let (view, _) = step(View::new(), opened);
        let request_id = view.request_id;
        let (_, call) = step(view, Event::Replied { request_id, result: no_cookie() });
        assert_eq!(call, Some(Call::Begin(Entry::SignIn, Values::new())));
    }

    fn opened(path: &str, values: Values) -> (View, Option<Call>) {
        step(View::new(), Event::Opened { path: path.to_owned(), values, in_flow: false })
    }

    #[test]
    fn a_bad_link_of_a_mail_says_so_and_not_that_time_ran_out() {
        for (path, token) in [("/recover-password", "recoveryToken"), ("/register", "activationToken")] {
            let (view, call) = opened(path, crate::values::one(token, "bad"));
            assert!(matches!(call, Some(Call::Begin(..))));
            let request_id = view.request_id;
            let gone = Err(CallError::Refused(ProblemCode::NoTransaction, None));
            let (view, call) = step(view, Event::Replied { request_id, result: gone });
            assert_eq!((view.phase.clone(), call), (Phase::Lost(LostFlow::InvalidLink), None));
            let Screen::Ended(ended) = view.screen() else { panic!("{view:?}") };
            assert_eq!(ended.heading, Phrase::EndedLinkInvalid);
            assert_eq!(view.notes, Notes::only(MessageClass::Error, Phrase::InvalidLink));
        }
    }

    #[test]
    fn a_refused_option_of_the_address_is_a_bad_link_and_the_next_sign_in_is_without_it() {
        for path in ["/login", "/register", HOME] {
            let (view, _) = opened(path, crate::values::one("returnTo", "https://evil.example/"));
            let view = match path {
                HOME => step(view, replied(1, Ok(Reply::SignedInPerson(None)))).0,
                _ => view,
            };
            let refused = Err(CallError::Refused(ProblemCode::InvalidRequest, None));
            let request_id = view.request_id;
            let (view, call) = step(view, replied(request_id, refused));
            assert_eq!((view.phase.clone(), call), (Phase::Lost(LostFlow::InvalidOption), None), "{path}");
            let Screen::Ended(ended) = view.screen() else { panic!("{view:?}") };
            assert_eq!((ended.heading, ended.entry()), (Phrase::EndedLinkInvalid, Some(Entry::SignIn)));
            assert_eq!(view.notes, Notes::only(MessageClass::Error, Phrase::InvalidLink));
            assert_eq!(view.error(), Some("invalid_request"));
            let (_, call) = step(view, Event::Navigated { path: "/login".into() });
            assert_eq!(call, Some(Call::Begin(Entry::SignIn, Values::new())));
        }
    }

    #[test]
    fn a_sign_in_without_options_that_is_refused_can_be_tried_again() {
        let (view, begun) = opened("/login", Values::new());
        let refused = CallError::Refused(ProblemCode::InvalidRequest, None);
        let request_id = view.request_id;
        let (view, _) = step(view, replied(request_id, Err(refused.clone())));
        assert_eq!(view.problem, Some(refused));
        assert_eq!(step(view, Event::Retry).1, begun);
    }

    fn replied(request_id: u32, result: Result<Reply, CallError>) -> Event {
        Event::Replied { request_id, result }
    }

    #[test]
    fn an_unknown_address_has_no_page_and_stays() {
        let (view, call) = opened("/nothing", Values::new());
        assert_eq!((view.phase.clone(), view.busy, call), (Phase::Lost(LostFlow::NoPage), false, None));
        let Screen::Ended(ended) = view.screen() else { panic!("{view:?}") };
        assert_eq!((ended.heading, ended.class), (Phrase::NoPage, MessageClass::Info));
        assert_eq!(view.path(), None);
        // The address bar reports the address once more.
        let (view, call) = step(view, Event::Navigated { path: "/nothing".into() });
        assert_eq!((view.phase.clone(), call), (Phase::Lost(LostFlow::NoPage), None));
        let (_, call) = step(view, Event::Navigated { path: "/login".into() });
        assert_eq!(call, Some(Call::Begin(Entry::SignIn, Values::new())));
        // A step that is over is no unknown address.
        assert_eq!(opened("/challenge-authenticator/okta_email", Values::new()).1, Some(Call::Current));
    }

    #[test]
    fn the_page_around_learns_why_a_flow_is_lost() {
        let view = |result| {
            let view = answering();
            let request_id = view.request_id;
            step(view, Event::Replied { request_id, result }).0
        };
        let expired = view(Err(CallError::Refused(ProblemCode::FlowExpired, None)));
        assert_eq!(view(no_cookie()).error(), Some("cookies"));
        assert_eq!(expired.error(), Some("flow_expired"));
        assert_eq!(view(Err(CallError::Offline)).error(), Some("unreachable"));
        assert_eq!(answering().error(), None);
        // Another tab may have finished this flow, so the page asks who is signed in before it says anything.
        assert_eq!(view(Err(CallError::Refused(ProblemCode::NoTransaction, None))).error(), None);
    }
}
