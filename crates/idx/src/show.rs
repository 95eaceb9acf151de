//! A transaction as JSON in the wire's own words, with whatever the org sent along.

use serde_json::{Map, Value, json};

use crate::document::{Document, Whose};
use crate::engine::features;
use crate::ion::Ion;
use crate::rules::{offered, rule};
use crate::sketch::{self, Asked, Beside, Sketch};
use crate::transaction::{Standing, status};

/// The transaction, as other kits for the same protocol show it.
pub(crate) fn transaction(document: &Document, standing: Standing) -> Value {
    let actions: Vec<_> = document.actions().into_iter().map(|action| (action, action.name())).collect();
    let forms = document.forms().filter_map(|form| Some(step(&sketch::sketch(form, offered(form.name())?))));
    let ways = actions.iter().map(|(action, name)| step(&sketch::action(*action, name)));
    let mut shown = json!({
        "status": status(document, standing).as_str(),
        "availableSteps": forms.chain(ways).collect::<Vec<_>>(),
        "enabledFeatures": features(document).into_iter().map(|feature| feature.as_str()).collect::<Vec<_>>(),
        "messages": document.messages().into_iter().map(Ion::to_value).collect::<Vec<_>>(),
    });
    if let Standing::At(index) = standing
        && let Some(form) = document.form_at(index)
    {
        let mut next = step(&sketch::sketch(form, rule(form)));
        set(&mut next, "canSkip", document.find_form("skip").map(|_| true.into()));
        set(
            &mut next,
            "canResend",
            actions.iter().find(|(_, name)| name.contains("resend")).map(|_| true.into()),
        );
        set(&mut shown, "nextStep", Some(next));
    }
    set(&mut shown, "interactionCode", document.interaction_code().map(Value::from));
    shown
}

fn step(sketch: &Sketch<'_>) -> Value {
    let mut shown = match &sketch.beside {
        Beside::Action { form: Some(form) } => without_address(*form),
        Beside::Nothing | Beside::Poll { .. } | Beside::Redirect { .. } | Beside::Action { form: None } => {
            json!({})
        }
    };
    set(&mut shown, "name", Some(sketch.name.into()));
    set(&mut shown, "inputs", Some(sketch.inputs.iter().map(input).collect()));
    if let Some(whose) = sketch.authenticator {
        set(&mut shown, "type", whose.object.get("type").filter(|kind| kind.is_set()).map(Ion::to_value));
        set(&mut shown, "authenticator", Some(authenticator(whose)));
    }
    set(&mut shown, "authenticatorEnrollments", sketch.enrollments.map(Ion::to_value));
    match &sketch.beside {
        Beside::Poll { refresh } => {
            let refresh = refresh.map(Ion::to_value);
            set(&mut shown, "poll", Some(json!({"required": true, "refresh": refresh})));
        }
        Beside::Redirect { form } => {
            for name in ["type", "idp", "href"] {
                set(&mut shown, name, form.get(name).map(Ion::to_value));
            }
        }
        Beside::Nothing | Beside::Action { .. } => {}
    }
    shown
}

fn input(asked: &Asked<'_>) -> Value {
    let mut shown = asked.field.map_or_else(|| json!({}), Ion::to_value);
    set(&mut shown, "name", Some(asked.name.into()));
    if let Value::Object(members) = &mut shown {
        members.remove("required");
    }
    set(&mut shown, "required", asked.required.map(Value::from));
    set(&mut shown, "type", asked.kind.map(Value::from));
    set(&mut shown, "label", asked.label.map(Value::from));
    set(&mut shown, "visible", asked.hidden.then_some(false.into()));
    let options = asked.options.as_ref().map(|offers| {
        let offer = |offer: &sketch::Offer<'_>| json!({"label": offer.label.map(Ion::to_value), "value": offer.value});
        offers.iter().map(offer).collect::<Vec<_>>().into()
    });
    set(&mut shown, "options", options);
    set(&mut shown, "messages", asked.messages.map(Ion::to_value));
    shown
}

fn authenticator(whose: Whose<'_>) -> Value {
    let mut shown = whose.object.to_value();
    if let (Some(ids), Value::Object(members)) = (whose.ids, &mut shown) {
        members.remove("id");
        members.remove("enrollmentId");
        members.extend(ids.id.map(|id| ("id".to_owned(), id.to_value())));
        members.extend(ids.enrollment.map(|id| ("enrollmentId".to_owned(), id.to_value())));
    }
    shown
}

/// An action without the address it would be sent to, and without the state handle.
fn without_address(form: Ion<'_>) -> Value {
    let mut members = Map::new();
    for (name, value) in form.members() {
        match name {
            "href" | "method" | "rel" | "accepts" | "produces" => {}
            "value" => {
                let fields = value.items().filter(|field| field.text("name") != Some("stateHandle"));
                members.insert(name.to_string(), fields.map(Ion::to_value).collect());
            }
            _ => {
                members.insert(name.to_string(), value.to_value());
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
