//! Checks an org as a sign-in would, and reports what to change in its admin console.

use super::fastpass_check::fastpass;
pub use super::finding::{Finding, Verdict};
use super::org_page_check::org_page;
use crate::{app::App, config::SignInPage, org::embedding::EmbeddingRefusal};
use http::header;
use latchkey_idx::{
    Answer, BeginError, BeginOptions, Body, CallContext, Client, ClientAuthentication, Config, Error,
    FlowSecrets, HttpTransport, Intent, Transport,
};
use std::time::{Duration, SystemTime};
use url::Url;

/// The org tolerates a clock that is wrong by this much.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(30);

/// Checks everything that can be checked without a person, at this time. No one is signed in.
pub async fn examine(app: &App, transport: &HttpTransport, now: SystemTime) -> Vec<Finding> {
    let store = app.vault.ping().await;
    let store = store.map_or_else(|reason| Verdict::Wrong(reason.to_string()), |()| Verdict::Fine);
    let mut findings = vec![Finding { what: "store", verdict: store }];
    findings.append(&mut examine_org(&app.org, app.sign_in_page, transport, now).await);
    findings
}

async fn examine_org(
    org: &Client<impl Transport>,
    sign_in_page: SignInPage,
    transport: &impl Transport,
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
    let refusal = begun.as_ref().err().and_then(|failed| EmbeddingRefusal::of_interact(&failed.error));
    match begun {
        Ok(flow) => {
            for what in [proof(&org.config().authentication), "embedding", "redirect URI", "scopes"] {
                note(what, Verdict::Fine);
            }
            if let Some(verdict) = fastpass(&flow, &org.config().device_ports, &org.config().redirect_uri) {
                note("FastPass", verdict);
            }
        }
        // The org checks the client first.
        Err(failed) if refusal.is_some() && sign_in_page != SignInPage::Own => {
            note(proof(&org.config().authentication), Verdict::Fine);
            if sign_in_page == SignInPage::OwnThenOrg {
                let (what, advice) = advice(&failed.error, &redirect_uri, &org.config().authentication);
                note(what, Verdict::Look(advice));
            }
        }
        Err(failed) => {
            let (what, advice) = advice(&failed.error, &redirect_uri, &org.config().authentication);
            note(what, Verdict::Wrong(advice));
        }
    }
    if sign_in_page == SignInPage::Org || sign_in_page == SignInPage::OwnThenOrg && refusal.is_some() {
        note("the org's page", org_page(org, transport).await);
    }
    note(
        "related origins",
        related_origins(transport, &org.config().redirect_uri, &org.config().issuer).await,
    );
    findings.append(&mut look_at(org.config()));
    findings
}

/// What only a person can tell, about this app.
fn look_at(app: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |what, advice: String| findings.push(Finding { what, verdict: Verdict::Look(advice) });
    if matches!(app.authentication, ClientAuthentication::None) {
        let advice = "neither LATCHKEY_CLIENT_SECRET nor LATCHKEY_CLIENT_KEY_FILE is set: from a public client the org accepts neither \
                      a person's address nor their device, and everyone who finds the client id can use it";
        note("client secret", advice.to_owned());
    }
    let back = app.redirect_uri.join("/").map_or_else(|_| String::new(), String::from);
    note(
        "sign-out URI",
        format!(
            "with LATCHKEY_SIGN_OUT=org a sign-out leads to the org's page, and Security > API > Trusted Origins must list \
             {back} with Redirect; if a page of yours sends browsers to the org to sign out, list its return address under \
             Applications > your app > General > Sign-out redirect URIs"
        ),
    );
    let proxy = "Security > Networks: a zone with this server's address under Trusted proxy IPs, or the org counts all \
                 people as one client and slows them all down";
    note("trusted proxy", proxy.to_owned());
    findings
}

/// What an error of the first call means for the admin of the org.
fn advice(
    error: &Error,
    redirect_uri: &str,
    authentication: &ClientAuthentication,
) -> (&'static str, String) {
    let app = "Applications > your app > General";
    if let (Error::OAuth { description, .. }, Some(refusal)) = (error, EmbeddingRefusal::of_interact(error)) {
        return ("embedding", format!("{description} {}", refusal.advice()));
    }
    match error {
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
        other => ("first call", format!("{other}.")),
    }
}

/// The name of the check of how the app proves itself.
fn proof(authentication: &ClientAuthentication) -> &'static str {
    match authentication {
        ClientAuthentication::None => "client id",
        ClientAuthentication::Secret(_) => "client id and secret",
        ClientAuthentication::PrivateKey(_) => "client id and key",
    }
}

/// The org does not accept how the app proves itself.
fn unproven(app: &str, authentication: &ClientAuthentication) -> (&'static str, String) {
    let advice = match authentication {
        ClientAuthentication::None => format!(
            "The org does not know LATCHKEY_CLIENT_ID, or accepts that app only with a secret or a key. {app} > Client \
             Credentials shows which."
        ),
        ClientAuthentication::Secret(_) => format!(
            "The org does not know LATCHKEY_CLIENT_ID, or LATCHKEY_CLIENT_SECRET is the secret of another app. {app} > \
             Client Credentials shows both."
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

/// Whether passkeys of the org's domain work on our page (WebAuthn, related origin requests): they do on the same domain, or
/// if `/.well-known/webauthn` of the org lists our origin.
async fn related_origins(transport: &impl Transport, ours: &Url, org: &Url) -> Verdict {
    let origin = ours.origin().ascii_serialization();
    let (Some(host), Some(org_host)) = (ours.host_str(), org.host_str()) else { return Verdict::Fine };
    if host == org_host || host.ends_with(&format!(".{org_host}")) {
        return Verdict::Fine;
    }
    let advice = format!(
        "Security > Authenticators > Passkeys (FIDO2 WebAuthn) > Related origins: add {origin}, or set the relying party \
         there to a domain that both have"
    );
    let address = format!("{}/.well-known/webauthn", org.origin().ascii_serialization());
    let response = match http::Request::get(&address).body(Body::default()) {
        Ok(request) => transport.send(request).await.ok(),
        Err(_) => None,
    };
    let listed = response.filter(|response| response.status().is_success()).and_then(|response| {
        let document: serde_json::Value = serde_json::from_slice(response.body().as_bytes()).ok()?;
        let origins = document.get("origins")?.as_array()?;
        Some(origins.iter().any(|listed| listed.as_str() == Some(origin.as_str())))
    });
    match listed {
        Some(true) => Verdict::Fine,
        Some(false) => Verdict::Wrong(format!(
            "{address} lists origins, and {origin} is not one of them: passkeys of {org_host} do not work here. {advice}."
        )),
        None => Verdict::Look(format!(
            "passkeys made at {org_host} do not work at {host}, and those made at {host} do not work at {org_host}; if they should, \
             {advice}"
        )),
    }
}

async fn clock(transport: &impl Transport, issuer: &str, now: SystemTime) -> Verdict {
    let request = http::Request::get(format!("{issuer}/.well-known/openid-configuration"));
    let response = match request.body(Body::default()) {
        Ok(request) => transport.send(request).await.ok(),
        Err(_) => None,
    };
    let theirs =
        response.as_ref().and_then(|response| date(response.headers().get(header::DATE)?.to_str().ok()?));
    let Some(theirs) = theirs else { return Verdict::Look("the org's answer has no date".to_owned()) };
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

#[cfg(test)]
mod tests {
    use super::{Verdict, advice, date, related_origins};
    use latchkey_idx::{ClientAuthentication, Error, Request, json_response};
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
        for (error, way) in [("unauthorized_client", "Grant type"), ("access_denied", "Settings > Account")] {
            let (what, advice) = of(error, "");
            assert_eq!(what, "embedding");
            assert!(advice.contains(way) && advice.contains("the org's own page instead"), "{advice}");
        }
        assert_eq!(of("invalid_scope", "").0, "scopes");
        assert_eq!(of("invalid_client", "").0, "client id and secret");
        let (what, advice) =
            of("invalid_request", "The 'redirect_uri' parameter must be a Login redirect URI");
        assert_eq!(what, "redirect URI");
        assert!(advice.contains("https://login.example/login/callback"));
    }

    #[tokio::test]
    async fn passkeys_of_the_org_work_on_its_domain_and_on_origins_that_it_lists() {
        let check = async |ours: &str, status: u16, body: &'static str| {
            let org = move |request: Request| async move {
                assert_eq!(request.uri(), "https://acme.okta.example/.well-known/webauthn");
                Ok(json_response(status, body))
            };
            let (ours, issuer) =
                (ours.parse().unwrap(), "https://acme.okta.example/oauth2/default".parse().unwrap());
            related_origins(&org, &ours, &issuer).await
        };
        let ours = "https://login.example.com/login/callback";
        let listed = r#"{"origins": ["https://login.example.com"]}"#;
        assert_eq!(check(ours, 200, listed).await, Verdict::Fine);
        assert_eq!(check("https://login.acme.okta.example/", 404, "").await, Verdict::Fine);
        let wrong = check(ours, 200, r#"{"origins": ["https://example.com"]}"#).await;
        assert!(
            matches!(&wrong, Verdict::Wrong(advice) if advice.contains("add https://login.example.com,")),
            "{wrong:?}"
        );
        for (status, body) in [(404, ""), (200, "<html>"), (200, "{}")] {
            let look = check(ours, status, body).await;
            assert!(
                matches!(&look, Verdict::Look(advice) if advice.contains("acme.okta.example")),
                "{look:?}"
            );
        }
    }
}
