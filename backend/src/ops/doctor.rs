//! Looks at an org as a sign-in would, and says what to change in its admin console.

use crate::app::App;
use http::header;
use latchkey_idx::{
    Answer, BeginError, BeginOptions, Body, CallContext, Client, ClientAuthentication, Error, FlowSecrets,
    HttpTransport, Intent, Transport,
};
use std::{
    fmt,
    time::{Duration, SystemTime},
};

/// The org forgives a clock that is wrong by this much; so do we.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(30);

/// One thing that was looked at.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How it is.
    pub verdict: Verdict,
}

/// How a thing is.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// Not as it should be, and the way out.
    Wrong(String),
    /// Only a person can tell, and how.
    Look(String),
}

/// Looks at everything that can be looked at without a person, by a clock that says it is now. Nobody is signed in.
pub async fn examine(app: &App, transport: &HttpTransport, now: SystemTime) -> Vec<Finding> {
    let store = app.vault.ping().await;
    let store = store.map_or_else(|reason| Verdict::Wrong(reason.to_string()), |()| Verdict::Fine);
    let mut findings = vec![Finding { what: "store", verdict: store }];
    findings.append(&mut examine_org(&app.org, transport, now).await);
    findings
}

async fn examine_org(
    org: &Client<impl Transport>,
    transport: &HttpTransport,
    now: SystemTime,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |what, verdict| findings.push(Finding { what, verdict });
    let issuer = org.config().issuer.as_str().trim_end_matches('/').to_owned();
    match org.discover().await {
        Ok(()) => note("issuer", Verdict::Fine),
        Err(error) => {
            let advice = format!(
                "{error}. LATCHKEY_ISSUER is {issuer}; it must be the issuer of Security > API > Authorization \
                 Servers, letter by letter, or the org's own address."
            );
            note("issuer", Verdict::Wrong(advice));
            return findings;
        }
    }
    note("clock", clock(transport, &issuer, now).await);
    let begun = match FlowSecrets::random() {
        Ok(attempt) => {
            let opening = BeginOptions::default();
            org.begin(Intent::Authenticate, &opening, &Answer::default(), attempt, &CallContext::default())
                .await
        }
        Err(error) => Err(BeginError { error, flow: None }),
    };
    let redirect_uri = org.config().redirect_uri.to_string();
    match begun {
        Ok(_) => {
            for what in [proof(&org.config().authentication), "grant type", "redirect URI", "scopes"] {
                note(what, Verdict::Fine);
            }
        }
        Err(failed) => {
            let (what, advice) = advice(&failed.error, &redirect_uri, &org.config().authentication);
            note(what, Verdict::Wrong(advice));
        }
    }
    if matches!(org.config().authentication, ClientAuthentication::None) {
        let advice = "neither LATCHKEY_CLIENT_SECRET nor LATCHKEY_CLIENT_KEY_FILE is set: from a public client the org takes neither a person's address nor \
                      their device, and whoever finds the client id can use it";
        note("client secret", Verdict::Look(advice.to_owned()));
    }
    let back = org.config().redirect_uri.join("/").map_or_else(|_| String::new(), String::from);
    note(
        "sign-out URI",
        Verdict::Look(format!(
            "nothing here sends a browser to the org to sign out; if a page of yours does, Applications > your app > \
             General > Sign-out redirect URIs must list where it comes back to, such as {back}"
        )),
    );
    note(
        "trusted proxy",
        Verdict::Look(
            "Security > Networks: a zone with this server's address under Trusted proxy IPs, or the org counts all \
             people as one client and slows them all down"
                .to_owned(),
        ),
    );
    findings
}

/// What an error in the very first call means for whoever set the app up.
fn advice(
    error: &Error,
    redirect_uri: &str,
    authentication: &ClientAuthentication,
) -> (&'static str, String) {
    let app = "Applications > your app > General";
    match error {
        Error::OAuth { error: code, description } if code == "unauthorized_client" => (
            "grant type",
            format!("{description} {app} > Grant type: check Interaction Code, and in Security > API > your \
                     authorization server > Access Policies let the rule allow it."),
        ),
        Error::OAuth { error: code, .. } if code == "invalid_scope" => (
            "scopes",
            "LATCHKEY_SCOPES asks for more than the authorization server has. Security > API > your authorization \
             server > Scopes."
                .to_owned(),
        ),
        Error::OAuth { description, .. } if description.contains("redirect_uri") => {
            ("redirect URI", format!("{app} > Sign-in redirect URIs: add {redirect_uri} exactly."))
        }
        Error::OAuth { error: code, .. } if code == "invalid_client" => unproven(app, authentication),
        Error::Refused { status: 401, .. } => unproven(app, authentication),
        Error::OAuth { error: code, description } if code == "access_denied" => (
            "grant type",
            format!("{description} The org must be on the Identity Engine with the Interaction Code grant enabled: \
                     Settings > Account > Embedded widget sign-in support."),
        ),
        other => ("first call", format!("{other}.")),
    }
}

/// What is looked at when the app proves itself.
fn proof(authentication: &ClientAuthentication) -> &'static str {
    match authentication {
        ClientAuthentication::None => "client id",
        ClientAuthentication::Secret(_) => "client id and secret",
        ClientAuthentication::PrivateKey(_) => "client id and key",
    }
}

/// The org does not take what the app proves itself with.
fn unproven(app: &str, authentication: &ClientAuthentication) -> (&'static str, String) {
    let advice = match authentication {
        ClientAuthentication::None => format!(
            "The org does not know LATCHKEY_CLIENT_ID, or takes that app with a secret or a key alone. {app} > Client \
             Credentials shows which."
        ),
        ClientAuthentication::Secret(_) => format!(
            "The org does not know LATCHKEY_CLIENT_ID, or LATCHKEY_CLIENT_SECRET is another one's. {app} > Client \
             Credentials shows both."
        ),
        ClientAuthentication::PrivateKey(key) => format!(
            "The org does not know LATCHKEY_CLIENT_ID, or the key in LATCHKEY_CLIENT_KEY_FILE is not the one it has \
             under the id {}. {app} > Client Credentials > Public key / Private key shows the ids, and must list this \
             one as active.",
            key.id()
        ),
    };
    (proof(authentication), advice)
}

async fn clock(transport: &HttpTransport, issuer: &str, now: SystemTime) -> Verdict {
    let request = http::Request::get(format!("{issuer}/.well-known/openid-configuration"));
    let response = match request.body(Body::default()) {
        Ok(request) => transport.send(request).await.ok(),
        Err(_) => None,
    };
    let theirs =
        response.as_ref().and_then(|response| date(response.headers().get(header::DATE)?.to_str().ok()?));
    let Some(theirs) = theirs else { return Verdict::Look("the org did not say what time it is".to_owned()) };
    let apart = now.duration_since(theirs).unwrap_or_else(|error| error.duration());
    if apart <= MAX_CLOCK_SKEW {
        Verdict::Fine
    } else {
        Verdict::Wrong(format!(
            "This machine's clock is {} s from the org's. Let NTP set it.",
            apart.as_secs()
        ))
    }
}

fn date(text: &str) -> Option<SystemTime> {
    let form = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    time::PrimitiveDateTime::parse(text, form).ok().map(|moment| moment.assume_utc().into())
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Fine => write!(f, "ok     {}", self.what),
            Verdict::Wrong(advice) => write!(f, "wrong  {}: {advice}", self.what),
            Verdict::Look(advice) => write!(f, "look   {}: {advice}", self.what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{advice, date};
    use latchkey_idx::{ClientAuthentication, Error};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn the_time_in_a_header_is_read() {
        let then = UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(then));
        assert_eq!(date("yesterday"), None);
    }

    #[test]
    fn an_error_of_the_org_becomes_advice_for_its_admin() {
        let of = |error: &str, description: &str| {
            let error = Error::OAuth { error: error.to_owned(), description: description.to_owned() };
            advice(&error, "https://login.example/login/callback", &ClientAuthentication::Secret("s".into()))
        };
        assert_eq!(of("unauthorized_client", "").0, "grant type");
        assert_eq!(of("invalid_scope", "").0, "scopes");
        assert_eq!(of("invalid_client", "").0, "client id and secret");
        let (what, advice) =
            of("invalid_request", "The 'redirect_uri' parameter must be a Login redirect URI");
        assert_eq!(what, "redirect URI");
        assert!(advice.contains("https://login.example/login/callback"));
    }
}
