//! Where a browser goes after signing in: a path of this server, or an address of a listed origin.

use url::Url;

/// The addresses that `return_to` may name.
#[derive(Clone, Debug)]
pub struct ReturnAddresses {
    own: Url,
    listed: Vec<Url>,
}

impl ReturnAddresses {
    /// Addresses of this server and of the listed origins.
    pub fn new(public_url: &Url, listed: Vec<Url>) -> Self {
        Self { own: public_url.clone(), listed }
    }

    /// The address in the form in which a browser reads it, if it is allowed: a path for an address of this server.
    pub(super) fn check(&self, requested: &str) -> Option<String> {
        let url = self.own.join(requested).ok()?;
        let is_plain =
            matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
        if !is_plain {
            return None;
        }
        if url.origin() == self.own.origin() {
            let path = url.as_str().strip_prefix(self.own.as_str().trim_end_matches('/'))?;
            // A path that begins with two slashes would name another host.
            return (!path.starts_with("//")).then(|| path.to_owned());
        }
        self.listed.iter().any(|listed| listed.origin() == url.origin()).then(|| url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::ReturnAddresses;

    fn check(requested: &str) -> Option<String> {
        let listed = vec!["https://app.example.com/".parse().unwrap()];
        ReturnAddresses::new(&"https://login.example.com/".parse().unwrap(), listed).check(requested)
    }

    #[test]
    fn sec_227_only_paths_of_this_server_and_listed_origins_are_returned_to() {
        for (requested, returned) in [
            ("/orders?id=1#top", "/orders?id=1#top"),
            ("orders", "/orders"),
            ("", "/"),
            ("https://login.example.com/orders", "/orders"),
            ("https://app.example.com", "https://app.example.com/"),
            ("https://app.example.com/a?b=c#d", "https://app.example.com/a?b=c#d"),
            ("//app.example.com/a", "https://app.example.com/a"),
            ("/a\r\nb", "/ab"),
        ] {
            assert_eq!(check(requested).as_deref(), Some(returned), "{requested:?}");
        }
        for requested in [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "\\\\evil.example/",
            "/\t/evil.example/",
            "https://login.example.com//evil.example/",
            "https://login.example.com@evil.example/",
            "https://mary@login.example.com/",
            "https://app.example.com.evil.example/",
            "https://app.example.com:444/",
            "http://app.example.com/",
            "http://login.example.com/",
            "javascript:alert(1)",
            "data:text/html,x",
            "blob:https://login.example.com/1",
        ] {
            assert_eq!(check(requested), None, "{requested:?}");
        }
    }
}
