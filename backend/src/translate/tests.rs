//! Tests of the translation.

use super::*;

fn named(name: &str) -> idx::Input {
    idx::Input {
        name: name.to_owned(),
        kind: idx::InputType::Text,
        label: None,
        description: None,
        required: true,
        secret: false,
        visible: true,
        mutable: true,
        value: None,
        options: Vec::new(),
        inputs: Vec::new(),
        messages: Vec::new(),
        min_length: None,
        max_length: None,
    }
}

#[test]
fn a_message_stays_with_its_field_inside_groups_and_choices() {
    let message = idx::Message {
        severity: Some(idx::Severity::Error),
        text: "No.".to_owned(),
        key: Some("some.key".to_owned()),
        params: Vec::new(),
        links: Vec::new(),
        device_call: None,
    };
    let refused = idx::Input { messages: vec![message], ..named("answer") };
    let value = idx::OptionValue::Inputs(vec![refused.clone()]);
    let options = vec![idx::Choice {
        label: None,
        value,
        profile: idx::Profile::default(),
        grace_period: None,
        id: None,
        methods: Vec::new(),
    }];
    let outer = idx::Input { inputs: vec![refused], options, ..named("credentials") };
    let translated = input(&outer);
    let Some(ChoiceValue::Form { form: chosen }) = &translated.options[0].value else {
        panic!("{translated:?}")
    };
    for form in [translated.form.as_ref().unwrap(), chosen] {
        assert_eq!(form.value[0].messages[0].i18n.as_ref().unwrap().key, "some.key");
    }
}

#[test]
fn the_methods_of_okta_verify_are_listed_with_it_and_those_of_a_phone_are_not() {
    let choice_of = |value: &str, methods: Vec<idx::Choice>| idx::Choice {
        label: Some(value.to_uppercase()),
        value: idx::OptionValue::Value(idx::Scalar::Text(value.to_owned())),
        profile: idx::Profile::default(),
        grace_period: None,
        id: None,
        methods,
    };
    let methods = |key: &str, names: &[&str]| {
        let authenticator = choice_of(key, names.iter().map(|name| choice_of(name, Vec::new())).collect());
        choice(&authenticator, &[]).methods.into_iter().map(|method| method.label).collect::<Vec<_>>()
    };
    assert_eq!(methods("okta_verify", &["push", "totp"]), ["PUSH", "TOTP"]);
    assert_eq!(methods("okta_verify", &["push"]), Vec::<String>::new());
    assert_eq!(methods("phone_number", &["sms", "voice"]), Vec::<String>::new());
}

#[test]
fn two_authenticators_of_one_key_get_their_ids_and_a_single_one_its_key() {
    let option = |id: &str, key: &str| idx::Choice {
        label: None,
        value: idx::OptionValue::Value(idx::Scalar::Text(key.to_owned())),
        profile: idx::Profile::default(),
        grace_period: None,
        id: Some(id.to_owned()),
        methods: Vec::new(),
    };
    let all = [option("aut1", "custom_app"), option("aut2", "custom_app"), option("aut3", "okta_email")];
    let values = all.iter().map(|one| choice(one, &all).value);
    let expected = ["aut1", "aut2", "okta_email"].map(|text| Some(ChoiceValue::Plain(text.into())));
    assert!(values.eq(expected));
}

#[test]
fn what_a_device_needs_is_a_message_with_a_link_that_is_safe_to_follow() {
    let shown = |enrollment| {
        let ended = idx::Transaction { device_enrollment: Some(enrollment), ..ended() };
        let message = device::set_up(&ended).unwrap();
        let i18n = message.i18n.unwrap();
        (i18n.key, i18n.params, message.links.into_iter().map(|link| link.url).collect::<Vec<_>>())
    };
    let managed = |link: &str| idx::DeviceEnrollment::Managed {
        vendor: Some("Vendor".to_owned()),
        link: Some(link.to_owned()),
    };
    let (key, params) = ("latchkey.device.managed".to_owned(), vec![Value::from("Vendor")]);
    let https = "https://enroll.example.com/";
    assert_eq!(shown(managed(https)), (key.clone(), params.clone(), vec![https.to_owned()]));
    assert_eq!(shown(managed("javascript:x")), (key, params, Vec::new()));
    let registered = shown(idx::DeviceEnrollment::Registered("https://org.example.com".to_owned()));
    assert_eq!(
        (registered.0.as_str(), registered.1),
        ("latchkey.set.up.with.address", vec!["https://org.example.com".into()])
    );
}

fn ended() -> idx::Transaction {
    idx::Transaction {
        status: idx::Status::Terminal,
        next_step: None,
        available_steps: Vec::new(),
        captcha: None,
        has_left_device: false,
        device_enrollment: None,
        user: None,
        app: None,
        enabled_features: Vec::new(),
        messages: Vec::new(),
    }
}

#[test]
fn an_error_without_a_text_is_not_blank() {
    let of = |severity, text: &str| idx::Message {
        severity: Some(severity),
        text: text.to_owned(),
        key: Some("some.key".to_owned()),
        params: Vec::new(),
        links: Vec::new(),
        device_call: None,
    };
    assert!(message(&of(idx::Severity::Error, "")).message.starts_with("Something went wrong"));
    assert_eq!(message(&of(idx::Severity::Error, "No.")).message, "No.");
}
