//! Answers: building, joining and writing them as JSON.

use crate::decimal;
use latchkey_contract::{Value, Values};

/// An answer with one value.
pub(crate) fn one(name: &str, value: impl Into<Value>) -> Values {
    let mut values = Values::new();
    values.insert(name.to_owned(), value.into());
    values
}

/// All values of both; the later ones override.
pub(crate) fn both(mut earlier: Values, later: Values) -> Values {
    earlier.extend(later);
    earlier
}

/// The body of a call: answers by input name.
pub(crate) fn json(values: &Values) -> String {
    let mut out = String::new();
    object(values, &mut out);
    out
}

fn object(values: &Values, out: &mut String) {
    out.push('{');
    for (at, (name, inner)) in values.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        text(name, out);
        out.push(':');
        value(inner, out);
    }
    out.push('}');
}

fn value(value_: &Value, out: &mut String) {
    match value_ {
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Integer(number) => out.push_str(&number.to_string()),
        // JSON has no NaN and no infinity.
        Value::Number(number) => out.push_str(&decimal::words(*number).unwrap_or_else(|| "null".to_owned())),
        Value::Text(words) => text(words, out),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                value(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => object(members, out),
    }
}

fn text(words: &str, out: &mut String) {
    out.push('"');
    for letter in words.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control < ' ' => {
                let number = u32::from(control);
                out.push_str("\\u00");
                for nibble in [number >> 4, number & 15] {
                    out.push(char::from_digit(nibble, 16).unwrap_or('0'));
                }
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_values_read_back_the_same() {
        let answers = Values::from([
            ("password".to_owned(), Value::from("q\"\\\u{1}\n\u{1f}ü€𝄞")),
            ("skip".to_owned(), Value::from(true)),
            ("age".to_owned(), Value::Integer(-7)),
            ("ratio".to_owned(), Value::Number(0.25)),
            ("scopes".to_owned(), Value::Object(Values::from([("a.b".to_owned(), Value::from(false))]))),
            ("list".to_owned(), Value::List(vec![Value::from("a"), Value::Integer(2)])),
            ("none".to_owned(), Value::Object(Values::new())),
        ]);
        let back: Values = serde_json::from_str(&json(&answers)).unwrap();
        assert!(back == answers);
    }
}
