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
