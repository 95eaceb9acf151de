//! The addresses of the pages, which the client program opens and the server answers.

/// An entry into a flow. Its path can be opened, linked to and bookmarked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The sign-in.
    SignIn,
    /// The sign-up.
    SignUp,
    /// A forgotten password.
    RecoverPassword,
    /// A locked account.
    UnlockAccount,
    /// A device that shows a code.
    Activate,
}

impl Entry {
    const ALL: [Self; 5] =
        [Self::SignIn, Self::SignUp, Self::RecoverPassword, Self::UnlockAccount, Self::Activate];

    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Self::SignIn => "/login",
            Self::SignUp => "/register",
            Self::RecoverPassword => "/recover-password",
            Self::UnlockAccount => "/unlock-account",
            Self::Activate => "/activate",
        }
    }

    /// The entry at this path.
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entry| entry.path() == path)
    }
}

/// The path of the signed-in page.
pub const HOME: &str = "/";
/// The path of the end of a flow.
pub const TERMINAL: &str = "/terminal";

/// Whether a step of a flow can have this path.
pub fn is_of_step(path: &str) -> bool {
    let rooms = ["/challenge-authenticator/", "/verify-authenticator/", "/enroll-authenticator/", "/step/"];
    ["/select-authenticator", "/reset-password", TERMINAL].contains(&path)
        || rooms.iter().any(|room| path.starts_with(room))
}

/// Whether a page has this path. The signed-in page, an entry or a step has; the server answers any other with 404.
pub fn is_page(path: &str) -> bool {
    path == HOME || Entry::at(path).is_some() || is_of_step(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_its_path() {
        for entry in Entry::ALL {
            assert_eq!(Entry::at(entry.path()), Some(entry));
        }
        assert_eq!(Entry::at("/terminal"), None);
    }

    #[test]
    fn an_unknown_address_has_no_page() {
        for path in ["/", "/login", "/activate", "/select-authenticator", "/step/anything", "/terminal"] {
            assert!(is_page(path), "{path}");
        }
        for path in [
            "",
            "/nothing",
            "/login/",
            "/login/x",
            "/index.html",
            "/steps/1",
            "/step",
            "/challenge-authenticator",
            "//",
        ] {
            assert!(!is_page(path), "{path}");
        }
    }
}
