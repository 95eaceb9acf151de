//! A single value on the wire.

use serde_json::{Number, Value};

use crate::protocol::ion::Ion;

/// A simple value.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(Number),
}

impl Scalar {
    pub(super) fn read(value: Ion<'_>) -> Option<Self> {
        let text = || value.as_text().map(|text| Self::Text(text.to_owned()));
        let number = || value.as_number().map(|number| Self::Number(number.clone()));
        value.as_bool().map(Self::Boolean).or_else(text).or_else(number)
    }
}

impl From<&Scalar> for Value {
    fn from(scalar: &Scalar) -> Self {
        match scalar {
            Scalar::Text(text) => text.as_str().into(),
            Scalar::Boolean(flag) => (*flag).into(),
            Scalar::Number(number) => Self::Number(number.clone()),
        }
    }
}
