//! The forms of each step, the main one first.

use serde_json::{Value, json};

use super::authenticator::{Action, AuthenticatorObject};
use super::builder::{CURRENT, DocumentBuilder, StepParts};
use super::enroll::card_with_length;
use super::field;
use super::form::{form, related};
use crate::oauth::discovery;
use crate::org::authenticator::Authenticator;
use crate::org::settings::captcha::CaptchaPage;
use crate::org::transaction::Step;

impl DocumentBuilder<'_> {
    #[expect(clippy::too_many_lines, reason = "one form for each stage")]
    pub(super) fn parts(&self) -> StepParts {
        match &self.transaction.step {
            Step::Identify => self.identify().with_captcha(self, CaptchaPage::SignIn),
            Step::ProbeDevice(proof) => self.probe_device(proof),
            Step::ActivateDevice { user_code } => self.activate_device(user_code),
            Step::IdentifyRecovery => StepParts {
                forms: vec![
                    form(
                        self,
                        "identify-recovery",
                        "identify",
                        vec![field::required("identifier", "Username")],
                    ),
                    form(self, "select-identify", "identify/select", Vec::new()),
                ],
                ..StepParts::default()
            }
            .with_captcha(self, CaptchaPage::Sspr),
            Step::EnrollProfile(typed) => {
                let fields: Vec<Value> = self
                    .app
                    .profile
                    .attributes
                    .iter()
                    .map(|a| field::attribute(a, typed.get(&a.name)))
                    .collect();
                let mut forms = vec![
                    form(self, "enroll-profile", "enroll/new", vec![user_profile(fields)]),
                    form(self, "select-identify", "identify/select", Vec::new()),
                ];
                forms.extend(self.identity_providers());
                StepParts { forms, ..StepParts::default() }.with_captcha(self, CaptchaPage::Ssr)
            }
            Step::UpdateProfile { missing, skippable } => {
                let asked = self.app.profile.attributes.iter().filter(|a| missing.contains(&a.name));
                let fields: Vec<Value> = asked.map(|a| field::attribute(a, None)).collect();
                let mut forms = vec![form(self, "profile-update", "enroll/new", vec![user_profile(fields)])];
                forms.extend(skippable.then(|| form(self, "skip", "skip", Vec::new())));
                StepParts { forms, ..StepParts::default() }
            }
            Step::SelectAuthenticator => {
                let keys = self.offered_authenticators();
                self.authenticator_choice(StepParts::default(), &keys, true)
            }
            Step::SelectMethod(key) => self.select_method(*key),
            Step::Challenge(challenge) => self.challenge(challenge),
            Step::SelectUnlock => self.select_unlock(),
            Step::SelectEnrollment(offer) => self.enrollment_choice(StepParts::default(), offer),
            Step::EnrollPhone { offer, method } => self.enroll_phone(offer, *method),
            Step::Enrolling { offer, what } => self.enrolling(offer, what),
            Step::RenewPassword(days) => self.renew_password(*days),
            Step::ResetPassword => {
                let fields = vec![
                    field::secret("passcode", "New password"),
                    field::boolean("revokeSessions", "Sign me out of all other devices"),
                ];
                let fields = vec![field::credentials(fields)];
                StepParts {
                    forms: vec![related(self, "reset-authenticator", "challenge/answer", CURRENT, fields)],
                    objects: vec![
                        (CURRENT, self.password().wrapped()),
                        ("recoveryAuthenticator", self.password().wrapped()),
                    ],
                }
            }
            Step::ResetPin => {
                let fields = vec![field::credentials(vec![field::secret("passcode", "PIN")])];
                StepParts {
                    forms: vec![related(self, "reset-authenticator", "challenge/answer", CURRENT, fields)],
                    objects: vec![(CURRENT, card_with_length().wrapped())],
                }
            }
            Step::VerifyIdentity(service) => self.verify_identity(*service),
            Step::PromotePasskey { challenge } => self.promote_passkey(challenge),
            Step::Consent(policy) => self.consent(*policy),
            Step::EmailConsent(_) => self.email_consent(),
            Step::DeviceWarning => self.device_warning(),
            Step::EnrollDevice(what) => self.device_enrollment(*what),
            Step::Scripted => self.scripted(),
            Step::StaySignedIn => {
                let stay = json!({ "name": "keepMeSignedIn", "label": "Keep me signed in", "type": "boolean", "required": true });
                StepParts {
                    forms: vec![form(self, "keep-me-signed-in", "keep-me-signed-in", vec![stay])],
                    ..StepParts::default()
                }
            }
            Step::Granted { code } => self.granted(code),
            Step::Ended { messages, .. } => {
                let messages: Vec<Value> = messages.iter().map(crate::org::message::Message::ion).collect();
                StepParts {
                    forms: Vec::new(),
                    objects: vec![("messages", json!({ "type": "array", "value": messages }))],
                }
            }
        }
    }

    /// The step of the app's script, with any name and any fields.
    fn scripted(&self) -> StepParts {
        let Some(script) = &self.app.scripted_step else { return StepParts::default() };
        let fields = script.attributes.iter().map(|a| field::attribute(a, None)).collect();
        StepParts { forms: vec![form(self, &script.name, "scripted", fields)], ..StepParts::default() }
    }

    pub(super) fn identify(&self) -> StepParts {
        let mut name = field::required("identifier", "Username");
        if let (Some(hint), Some(name)) = (&self.transaction.request.login_hint, name.as_object_mut()) {
            name.insert("value".to_owned(), json!(hint));
        }
        let mut fields = vec![name];
        let mut parts = StepParts::default();
        if self.app.asks_password_first() {
            fields.push(field::credentials(vec![field::secret("passcode", "Password")]));
            if !self.app.password.recovery.is_empty() {
                let password = AuthenticatorObject::authenticator(Authenticator::OktaPassword)
                    .with_action(self, &Action::Recover);
                parts.objects.push((CURRENT, password.wrapped()));
            }
        }
        if self.app.global_session.keep_me_signed_in {
            fields.push(field::boolean("rememberMe", "Keep me signed in"));
        }
        parts.forms.push(form(self, "identify", "identify", fields));
        if self.app.profile.self_service_registration {
            parts.forms.push(form(self, "select-enroll-profile", "enroll", Vec::new()));
        }
        if self.app.has_passwords() && !self.app.password.unlock.is_empty() {
            parts.forms.push(form(self, "unlock-account", "unlock-account", Vec::new()));
        }
        parts.forms.extend(self.identity_providers());
        if self.app.vendors.card_button {
            let launch = "authenticators/nfc/launch";
            parts.forms.push(form(self, "launch-nfc-authenticator", launch, Vec::new()));
        }
        self.add_passkey_forms(&mut parts);
        parts.forms.extend(self.launch_passkey_form());
        parts.forms.extend(self.launch_form());
        parts
    }

    pub(super) fn identity_providers(&self) -> Vec<Value> {
        let offered = self.org.providers.iter().filter(|p| self.app.identity_providers.contains(&p.id));
        let base = discovery::base(self.origin, &self.transaction.request.server);
        let reference = self.transaction.reference();
        offered
            .map(|p| {
                json!({
                    "name": "redirect-idp",
                    "type": p.kind,
                    "idp": { "id": p.id, "name": p.name },
                    "href": if p.is_certificate() {
                        self.provider_address(&p.id)
                    } else {
                        format!("{base}/v1/authorize?client_id={}&request_uri=urn:okta:{reference}:{}", self.app.client_id, p.id)
                    },
                    "method": "GET",
                })
            })
            .collect()
    }

    pub(super) fn renew_password(&self, days: Option<u64>) -> StepParts {
        let fields = vec![field::credentials(vec![field::secret("passcode", "New password")])];
        let mut password = self.password();
        let name = match days {
            None => "reenroll-authenticator",
            Some(days) => {
                let mut settings = self.app.password.complexity.settings();
                if let Some(settings) = settings.as_object_mut() {
                    settings.insert("daysToExpiry".to_owned(), json!(days));
                }
                password = password.with("settings", settings);
                "reenroll-authenticator-warning"
            }
        };
        let mut forms = vec![related(self, name, "challenge/answer", CURRENT, fields)];
        forms.extend(days.map(|_| form(self, "skip", "skip", Vec::new())));
        StepParts { forms, objects: vec![(CURRENT, password.wrapped())] }
    }

    pub(super) fn granted(&self, code: &str) -> StepParts {
        let mut fields = vec![
            json!({ "name": "grant_type", "required": true, "value": "interaction_code" }),
            json!({ "name": "interaction_code", "required": true, "value": code }),
            json!({ "name": "client_id", "required": true, "value": self.app.client_id }),
        ];
        if self.app.is_confidential() {
            fields.push(json!({ "name": "client_secret", "required": true }));
        }
        fields.push(json!({ "name": "code_verifier", "required": true }));
        let issue = json!({
            "rel": ["create-form"],
            "name": "issue",
            "href": format!("{}/v1/token", discovery::base(self.origin, &self.transaction.request.server)),
            "method": "POST",
            "value": fields,
            "accepts": "application/x-www-form-urlencoded",
        });
        StepParts { forms: Vec::new(), objects: vec![("successWithInteractionCode", issue)] }
    }

    /// The password authenticator with its complexity settings.
    pub(super) fn password(&self) -> AuthenticatorObject {
        AuthenticatorObject::authenticator(Authenticator::OktaPassword)
            .with("settings", self.app.password.complexity.settings())
    }
}

fn user_profile(fields: Vec<Value>) -> Value {
    json!({ "name": "userProfile", "type": "object", "required": true, "form": { "value": fields } })
}
