//! The sign-in page of a person who is signed in: whether it asks who is to continue.

use super::call::Call;
use super::screen::SignedInAlready;
use super::screen_of_step::is_first_step;
use latchkey_contract::route::{Entry, HOME};
use latchkey_contract::{Step, Transaction, Value, Values};

/// The account of the session and where it continues. None for a step-up, if the address names another account or a provider,
/// and after the person has chosen to sign in.
pub(super) fn already_signed_in(
    transaction: &Transaction,
    step: Option<&Step>,
    last_call: &Call,
) -> Option<SignedInAlready> {
    let nothing = Values::new();
    let values = match last_call {
        Call::Begin(Entry::SignIn, values) => values,
        Call::Current => &nothing,
        _ => return None,
    };
    let account = transaction.signed_in.clone().filter(|_| transaction.step_up.is_none())?;
    let text = |name: &str| values.get(name).and_then(Value::text);
    let is_another = text("loginHint").is_some_and(|hint| hint != account.identifier);
    let step = step.filter(|step| is_first_step(step) && !is_another && text("idp").is_none())?;
    // The server has checked the address when the flow began.
    let href = text("returnTo").map_or(HOME.to_owned(), own_or_full);
    Some(SignedInAlready { account, href, step: step.name.clone() })
}

/// A full address, or a path from the root of the server.
fn own_or_full(address: &str) -> String {
    let is_full = ["https://", "http://", "/"].iter().any(|start| address.starts_with(start));
    if is_full { address.to_owned() } else { format!("/{address}") }
}

#[cfg(test)]
mod tests {
    use super::super::call::Reply;
    use super::super::screen::Screen;
    use super::super::step::{Event, step};
    use super::super::view::View;
    use super::*;
    use crate::values::{both, one};
    use latchkey_contract::{IdentifiedUser, Status, StepUp};

    fn identify() -> Transaction {
        let identify = Step { name: "identify".into(), ..Step::default() };
        let identifier = "mary@example.com".to_owned();
        Transaction {
            transaction: "t1".into(),
            status: Status::Pending,
            available_steps: vec![identify.clone()],
            next_step: Some(identify),
            signed_in: Some(IdentifiedUser { identifier, ..IdentifiedUser::default() }),
            ..Transaction::default()
        }
    }

    fn opened(values: Values, transaction: Transaction) -> View {
        let event = Event::Opened { path: "/login".into(), values, in_flow: false };
        answered(step(View::new(), event).0, transaction)
    }

    fn answered(view: View, transaction: Transaction) -> View {
        let request_id = view.request_id;
        step(view, Event::Replied { request_id, result: Ok(Reply::At(Box::new(transaction))) }).0
    }

    fn href(view: &View) -> Option<String> {
        match view.screen() {
            Screen::SignedInAlready(already) => Some(already.href),
            _ => None,
        }
    }

    #[test]
    fn a_signed_in_person_who_opens_the_sign_in_page_is_asked_who_is_to_continue() {
        let view = opened(Values::new(), identify());
        assert_eq!(href(&view).as_deref(), Some("/"));
        assert_eq!(view.first_screen(), None, "the late part asks");
        assert_eq!(view.path().as_deref(), Some("/login"));
        let signed_out = Transaction { signed_in: None, ..identify() };
        assert_eq!(href(&opened(Values::new(), signed_out)), None);
    }

    #[test]
    fn the_person_continues_at_the_return_address() {
        for (return_to, expected) in [
            ("/orders?id=1", "/orders?id=1"),
            ("orders", "/orders"),
            ("https://app.example.com/a", "https://app.example.com/a"),
            ("javascript:alert(1)", "/javascript:alert(1)"),
        ] {
            let view = opened(one("returnTo", return_to), identify());
            assert_eq!(href(&view).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_signed_in_person_at_an_old_step_is_not_said_to_have_lost_a_sign_in() {
        let path = "/challenge-authenticator/okta_email".to_owned();
        let (view, _) = step(View::new(), Event::Opened { path, values: Values::new(), in_flow: false });
        let request_id = view.request_id;
        let (view, _) = step(view, Event::Replied { request_id, result: Ok(Reply::NoFlow) });
        let view = answered(view, identify());
        assert!(view.notes.is_empty(), "{:?}", view.notes);
        assert_eq!(href(&view).as_deref(), Some("/"));
    }

    #[test]
    fn another_account_is_not_asked_again_after_a_mistake() {
        let view = opened(Values::new(), identify());
        let (view, call) = step(view, Event::Show("identify".into()));
        assert_eq!((href(&view), call), (None, None));
        let (view, _) = step(view, Event::Submit(one("username", "ada@example.com")));
        assert_eq!(href(&answered(view, identify())), None);
    }

    #[test]
    fn a_step_up_and_another_account_in_the_address_go_straight_to_the_form() {
        let step_up = Some(StepUp { max_age: Some(60), ..StepUp::default() });
        let again = opened(one("maxAge", "60"), Transaction { step_up, ..identify() });
        assert_eq!(href(&again), None);
        assert_eq!(again.user().map(|user| user.identifier.as_str()), Some("mary@example.com"));
        assert_eq!(href(&opened(one("loginHint", "ada@example.com"), identify())), None);
        assert_eq!(href(&opened(one("idp", "0oa1"), identify())), None);
        let same = both(one("loginHint", "mary@example.com"), one("returnTo", "/orders"));
        assert_eq!(href(&opened(same, identify())).as_deref(), Some("/orders"));
    }
}
