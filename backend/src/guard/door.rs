//! Who is let in when more come than can be served: whoever would only wait is told so at once, and what matters most
//! finds a place the longest.

use crate::{bulkhead::Queue, problem::ApiError};
use latchkey_contract::Code;

/// Beyond this many at once, everybody would only wait for everybody else. With fewer, more time goes into turning people
/// away than into waiting.
const MOST_AT_ONCE: usize = 1024;
/// Of these, so many are kept for whoever has begun, and so many more for whoever wants to begin.
const FOR_STEPS: usize = 128;
const FOR_STARTS: usize = 128;
/// Places beyond all of them, for whoever wants to leave or to know who is signed in: both are soon done.
const KEPT_FREE: usize = 128;

/// What a request is for, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// To look after us: whoever does is always told how we are.
    Health,
    /// To leave, or to know who is signed in.
    Session,
    /// To go on with something.
    Step,
    /// To begin a flow.
    Start,
    /// To load a page or a file of one.
    Page,
}

/// Lets a request in, of so many that are here now; or not, if it would find no place, or its turn at the org would come
/// too late to be worth the work that goes before.
pub(super) fn admit(route: &str, at_once: usize, queue: &Queue) -> Result<(), ApiError> {
    let asks_the_org = route.starts_with("/api/idx/");
    if at_once > Purpose::of(route).places() || (asks_the_org && queue.is_late()) {
        return Err(Code::Overloaded.into());
    }
    Ok(())
}

impl Purpose {
    fn of(route: &str) -> Self {
        match route {
            "/healthz" | "/readyz" => Self::Health,
            "/api/logout" | "/api/session" => Self::Session,
            "/api/idx/authenticate"
            | "/api/idx/register"
            | "/api/idx/recover-password"
            | "/api/idx/unlock-account" => Self::Start,
            api if api.starts_with("/api") || api.starts_with("/logout") => Self::Step,
            _ => Self::Page,
        }
    }

    fn places(self) -> usize {
        match self {
            Self::Health => usize::MAX,
            Self::Session => MOST_AT_ONCE + KEPT_FREE,
            Self::Step => MOST_AT_ONCE,
            Self::Start => MOST_AT_ONCE - FOR_STEPS,
            Self::Page => MOST_AT_ONCE - FOR_STEPS - FOR_STARTS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Purpose, admit};
    use crate::bulkhead::Queue;

    #[test]
    fn rel_53_what_matters_most_is_let_in_the_longest() {
        let routes = ["/healthz", "/api/logout", "/api/idx/proceed", "/api/idx/authenticate", "page"];
        let places = routes.map(|route| Purpose::of(route).places());
        assert!(places.windows(2).all(|pair| pair[0] > pair[1]), "{places:?}");
        for (route, places) in routes.into_iter().zip(places) {
            assert!(admit(route, places, &Queue::default()).is_ok(), "{route}");
            assert_eq!(
                admit(route, places.saturating_add(1), &Queue::default()).is_ok(),
                route == "/healthz"
            );
        }
        for (route, purpose) in [
            ("/api/session", Purpose::Session),
            ("/api/idx/register", Purpose::Start),
            ("/api/idx/poll", Purpose::Step),
            ("/api/proxy/{name}/{*path}", Purpose::Step),
            ("/logout/back-channel", Purpose::Step),
            ("/login/callback", Purpose::Page),
        ] {
            assert_eq!(Purpose::of(route), purpose, "{route}");
        }
    }
}
