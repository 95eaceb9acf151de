//! The documents of consent, of the activation of a device, and of a device warning.

use serde_json::{Value, json};

use super::builder::{DocumentBuilder, StepParts};
use super::field;
use super::form::form;
use crate::flow::access::is_fixed_scope;
use crate::oauth::discovery;
use crate::org::settings::access::ConsentPolicy;

impl DocumentBuilder<'_> {
    pub(super) fn consent(&self, policy: ConsentPolicy) -> StepParts {
        let options = json!([
            { "label": "Allow Access", "value": true },
            { "label": "Don't Allow", "value": false },
        ]);
        let consent = json!({ "name": "consent", "label": "Consent", "type": "boolean", "required": true, "options": options });
        let scopes = &self.transaction.request.scopes;
        let (name, fields) = match policy {
            ConsentPolicy::User => ("consent", vec![consent]),
            ConsentPolicy::Admin => ("admin-consent", vec![consent]),
            ConsentPolicy::Granular => {
                // Those that cannot be refused come last.
                let (fixed, open): (Vec<_>, Vec<_>) = scopes.iter().partition(|scope| is_fixed_scope(scope));
                let opted: Vec<Value> =
                    open.into_iter().chain(fixed).map(|scope| opted_scope(scope)).collect();
                let opted = json!({ "name": "optedScopes", "type": "object", "required": true, "form": { "value": opted } });
                // Its buttons are those of the page.
                let consent =
                    json!({ "name": "consent", "type": "boolean", "required": true, "visible": false });
                ("granular-consent", vec![consent, opted])
            }
        };
        let mut form = form(self, name, "consent", fields);
        if let (true, Some(members)) = (policy != ConsentPolicy::Granular, form.as_object_mut()) {
            let scopes = scopes.iter().map(|scope| scope_object(scope)).collect();
            members.insert("scopes".to_owned(), scopes);
        }
        StepParts { forms: vec![form], objects: vec![("authentication", self.authentication())] }
    }

    /// Whether the user of a mailed link wants to sign in, with what is known of the request.
    pub(super) fn email_consent(&self) -> StepParts {
        let options = json!([
            { "label": "Yes, it's me", "value": true },
            { "label": "No, it's not me", "value": false },
        ]);
        let consent = json!({ "name": "consent", "label": "Consent", "type": "boolean", "required": true, "options": options });
        let detail = |name: &str, label: &str, value: &str| json!({ "name": name, "type": "string", "label": label, "value": value });
        let browser = self.transaction.browser.as_deref();
        let details: Vec<Value> = browser
            .map(|browser| detail("browser", "Browser", browser))
            .into_iter()
            .chain([detail("appName", "App", self.label())])
            .collect();
        let mut form = form(self, "email-challenge-consent", "consent", vec![consent]);
        if let Some(members) = form.as_object_mut() {
            members.insert("requestInfo".to_owned(), json!(details));
        }
        StepParts { forms: vec![form], ..StepParts::default() }
    }

    /// Which authorization request is decided. The widget's page for consent reads it.
    fn authentication(&self) -> Value {
        let request = &self.transaction.request;
        let uri = discovery::issuer(self.origin, &request.server);
        json!({ "type": "object", "value": {
            "protocol": "OAUTH2.0",
            "issuer": { "name": self.org.settings.name, "uri": uri },
            "request": {
                "response_type": "code",
                "scope": request.scopes.join(" "),
                "redirect_uri": request.redirect_uri,
                "state": request.state,
                "max_age": -1,
            },
        } })
    }

    pub(super) fn activate_device(&self, user_code: &str) -> StepParts {
        let mut code = field::required("userCode", "Activation Code");
        if let (false, Some(members)) = (user_code.is_empty(), code.as_object_mut()) {
            members.insert("value".to_owned(), json!(user_code));
        }
        StepParts {
            forms: vec![form(self, "user-code", "device/activate", vec![code])],
            ..StepParts::default()
        }
    }

    pub(super) fn device_warning(&self) -> StepParts {
        StepParts {
            forms: vec![form(self, "device-assurance-grace-period", "skip", Vec::new())],
            ..StepParts::default()
        }
    }
}

fn opted_scope(scope: &str) -> Value {
    let (label, description) = described(scope);
    let mut opted = field::boolean(scope, label);
    if let Some(members) = opted.as_object_mut() {
        members.insert("desc".to_owned(), json!(description));
        members.insert("value".to_owned(), json!(true));
        members.insert("mutable".to_owned(), json!(!is_fixed_scope(scope)));
    }
    opted
}

fn scope_object(scope: &str) -> Value {
    let (label, description) = described(scope);
    json!({ "name": scope, "label": label, "value": scope, "desc": description })
}

/// The name of a scope for people, and what it gives.
fn described(scope: &str) -> (&str, &str) {
    match scope {
        "openid" => ("Sign you in", "The app learns who you are."),
        "profile" => ("View your profile", "The app can read your name and other profile attributes."),
        "email" => ("View your email address", "The app can read your email address."),
        "phone" => ("View your phone number", "The app can read your phone number."),
        "address" => ("View your address", "The app can read your address."),
        "offline_access" => ("Keep access", "The app keeps its access while you are away."),
        other => (other, ""),
    }
}
