//! A transaction as JSON with the wire's own members, unknown ones included: to compare with other SDKs.

use serde_json::{Map, Value, json};

use super::features::features;
use super::position::Position;
use super::rules::{listed_rule, rule};
use super::step_draft::{
    AuthenticatorOption, InputDraft, StepDraft, StepExtra, draft_action, draft_step_of_sdk,
};
use super::transaction::status;
use crate::protocol::document::{Document, RelatedAuthenticator};
use crate::protocol::ion::Ion;

/// The transaction as Okta's own SDKs represent it.
pub(crate) fn transaction_json(document: &Document, position: Position) -> Value {
    let actions: Vec<_> = document.actions().into_iter().map(|action| (action, action.full_name())).collect();
    let form_steps =
        document.forms().filter_map(|form| Some(step(&draft_step_of_sdk(form, listed_rule(form.name())?))));
    let action_steps = actions.iter().map(|(action, name)| step(&draft_action(*action, name)));
    let mut json = json!({
        "status": status(document, position).as_str(),
        "availableSteps": form_steps.chain(action_steps).collect::<Vec<_>>(),
        "enabledFeatures": features(document).into_iter().map(|feature| feature.as_str()).collect::<Vec<_>>(),
        "messages": document.messages().into_iter().map(Ion::to_value).collect::<Vec<_>>(),
    });
    if let Position::AtForm(index) = position
        && let Some(form) = document.form_at(index)
    {
        let mut next = step(&draft_step_of_sdk(form, rule(form)));
        let resend = actions.iter().find(|(_, name)| name.contains("resend"));
        set(&mut next, "canSkip", document.find_form("skip").map(|_| true.into()));
        set(&mut next, "canResend", resend.map(|_| true.into()));
        set(&mut json, "nextStep", Some(next));
    }
    set(&mut json, "interactionCode", document.interaction_code().map(Value::from));
    json
}

fn step(draft: &StepDraft<'_>) -> Value {
    let mut json = match &draft.extra {
        StepExtra::Action { form: Some(form) } => without_address(*form),
        StepExtra::None
        | StepExtra::Poll { .. }
        | StepExtra::Redirect { .. }
        | StepExtra::Action { form: None } => json!({}),
    };
    set(&mut json, "name", Some(draft.name.into()));
    set(&mut json, "inputs", Some(draft.inputs.iter().map(input).collect()));
    if let Some(related) = draft.authenticator {
        let kind = related.object.get("type").filter(|kind| kind.is_truthy());
        set(&mut json, "type", kind.map(Ion::to_value));
        set(&mut json, "authenticator", Some(authenticator(related)));
    }
    set(&mut json, "authenticatorEnrollments", draft.enrollments.map(Ion::to_value));
    match &draft.extra {
        StepExtra::Poll { refresh } => {
            let refresh = refresh.map(Ion::to_value);
            set(&mut json, "poll", Some(json!({"required": true, "refresh": refresh})));
        }
        StepExtra::Redirect { form } => {
            for name in ["type", "idp", "href"] {
                set(&mut json, name, form.get(name).map(Ion::to_value));
            }
        }
        StepExtra::None | StepExtra::Action { .. } => {}
    }
    json
}

fn input(draft: &InputDraft<'_>) -> Value {
    let mut json = draft.field.map_or_else(|| json!({}), Ion::to_value);
    set(&mut json, "name", Some(draft.name.into()));
    if let Value::Object(members) = &mut json {
        members.remove("required");
    }
    set(&mut json, "required", draft.required.map(Value::from));
    set(&mut json, "type", draft.kind.map(Value::from));
    set(&mut json, "label", draft.label.map(Value::from));
    set(&mut json, "visible", draft.hidden.then_some(false.into()));
    let option = |option: &AuthenticatorOption<'_>| json!({"label": option.label.map(Ion::to_value), "value": option.value});
    let options = draft.options.as_ref().map(|options| options.iter().map(option).collect());
    set(&mut json, "options", options);
    set(&mut json, "messages", draft.messages.map(Ion::to_value));
    json
}

fn authenticator(related: RelatedAuthenticator<'_>) -> Value {
    let mut json = related.object.to_value();
    if let (Some(ids), Value::Object(members)) = (related.ids, &mut json) {
        members.remove("id");
        members.remove("enrollmentId");
        members.extend(ids.id.map(|id| ("id".to_owned(), id.to_value())));
        members.extend(ids.enrollment.map(|id| ("enrollmentId".to_owned(), id.to_value())));
    }
    json
}

/// An action without its address and without the state handle.
fn without_address(form: Ion<'_>) -> Value {
    let mut members = Map::new();
    for (name, value) in form.members() {
        match name {
            "href" | "method" | "rel" | "accepts" | "produces" => {}
            "value" => {
                let fields = value.items().filter(|field| field.text("name") != Some("stateHandle"));
                members.insert(name.to_owned(), fields.map(Ion::to_value).collect());
            }
            _ => {
                members.insert(name.to_owned(), value.to_value());
            }
        }
    }
    Value::Object(members)
}

fn set(object: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(members), Some(value)) = (object, value) {
        members.insert(name.to_owned(), value);
    }
}
