//! Reads the body of a call: small JSON, not nested deeply, with each name once.

use super::{ApiError, RequestPurpose};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use latchkey_contract::{ProblemCode, Value, Values};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{fmt, time::Duration};

/// The largest body; a passkey's attestation fits.
pub const MAX_BODY_BYTES: usize = 16 * 1024;
/// The timeout for a whole body of that size, and for a larger one.
const TIMEOUT: Duration = Duration::from_secs(3);
const LARGE_BODY_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_DEPTH: usize = 32;
const MAX_TEXT_BYTES: usize = 12 * 1024;
const MAX_NAME_BYTES: usize = 128;
const MAX_MEMBERS: usize = 64;
/// The largest integer up to which JavaScript represents every integer exactly.
pub(crate) const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// The answers in a body.
pub struct Answers(pub Values);

impl<S: Send + Sync> FromRequest<S> for Answers {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        read(&whole(body, MAX_BODY_BYTES).await?).map(Self)
    }
}

/// The request with its whole body in memory, if that is small. A larger body is left to the proxy, and refused on all
/// other routes.
pub async fn read_ahead(purpose: RequestPurpose, request: Request) -> Result<Request, ApiError> {
    check_coding(request.headers())?;
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let length = request.body().size_hint();
    if purpose == RequestPurpose::Upstream && length.upper().is_none_or(|max| max > MAX_BODY_BYTES as u64) {
        return Ok(request);
    }
    if length.lower() > MAX_BODY_BYTES as u64 {
        return Err(ProblemCode::TooLarge.into());
    }
    let (parts, body) = request.into_parts();
    let body = within(TIMEOUT, body, MAX_BODY_BYTES).await?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// The length is known by `Content-Length` or by chunks. Another coding beneath the chunks would be read in different ways
/// by different programs.
fn check_coding(headers: &HeaderMap) -> Result<(), ApiError> {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => Ok(()),
        (Some(only), None) if only.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(ApiError::invalid("the only transfer coding that is taken is `chunked`, once")),
    }
}

/// All of a body, if it is no larger than this and arrives in time.
pub async fn whole(body: Body, largest: usize) -> Result<Bytes, ApiError> {
    within(LARGE_BODY_TIMEOUT, body, largest).await
}

async fn within(timeout: Duration, body: Body, largest: usize) -> Result<Bytes, ApiError> {
    let reading = Limited::new(body, largest).collect();
    let collected = tokio::time::timeout(timeout, reading)
        .await
        .map_err(|_| ApiError::invalid("the body took too long to arrive; send the whole request again"))?
        .map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => ProblemCode::TooLarge.into(),
            None => ApiError::invalid("the body ended early"),
        })?;
    Ok(collected.to_bytes())
}

/// Reads an object of answers.
pub fn read(body: &[u8]) -> Result<Values, ApiError> {
    let text = str::from_utf8(body).map_err(|_| ApiError::invalid("the body is not UTF-8"))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Within { depth: MAX_DEPTH }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| ApiError::invalid(reason(&error)))?;
    match value {
        Value::Object(values) => Ok(values),
        _ => Err(ApiError::invalid("the body is not a JSON object")),
    }
}

fn check_type(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        let detail = "a body that is compressed or coded otherwise is not taken";
        return Err(ApiError::Detailed(ProblemCode::UnsupportedMediaType, detail.to_owned()));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|part| part.eq_ignore_ascii_case("charset=utf-8"));
    if json && utf8 { Ok(()) } else { Err(ProblemCode::UnsupportedMediaType.into()) }
}

/// Where it is wrong and how, without quoting the body: it may hold a password.
fn reason(error: &serde_json::Error) -> String {
    let what = if error.is_data() { error.to_string() } else { "not JSON".to_owned() };
    let what = what.split(" at line ").next().unwrap_or_default().to_owned();
    format!("{what}, at line {} column {}", error.line(), error.column())
}

/// A value that is no deeper than this.
#[derive(Clone, Copy)]
struct Within {
    depth: usize,
}

impl Within {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth }),
            None => Err(E::custom("nested too deep")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Within {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number, true, false, a list or an object")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        if number.unsigned_abs() <= MAX_SAFE_INTEGER.unsigned_abs() {
            Ok(Value::Integer(number))
        } else {
            Err(E::custom("a number is too large"))
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        if number.abs() <= MAX_SAFE_INTEGER as f64 {
            Ok(Value::Number(number))
        } else {
            Err(E::custom("a number is too large"))
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(E::custom("a string is too long"));
        }
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Err(E::custom("null is no answer"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let within = self.deeper()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(within)? {
            values.push(value);
            if values.len() > MAX_MEMBERS {
                return Err(A::Error::custom("a list is too long"));
            }
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let within = self.deeper()?;
        let mut values = Values::new();
        while let Some(name) = object.next_key::<String>()? {
            if name.len() > MAX_NAME_BYTES {
                return Err(A::Error::custom("a name is too long"));
            }
            let value = object.next_value_seed(within)?;
            if values.insert(name, value).is_some() {
                return Err(A::Error::custom("a name is there twice"));
            }
            if values.len() > MAX_MEMBERS {
                return Err(A::Error::custom("an object has too many members"));
            }
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_TEXT_BYTES, read, within};
    use crate::http::ApiError;
    use axum::body::Body;
    use latchkey_contract::{ProblemCode, Value};
    use std::{
        pin::Pin,
        task::{Context, Poll},
        time::Duration,
    };

    fn refusal(body: &[u8]) -> String {
        match read(body) {
            Err(ApiError::Detailed(ProblemCode::InvalidRequest, detail)) => detail,
            other => panic!("taken, or refused in another way: {other:?}"),
        }
    }

    #[test]
    fn answers_keep_their_types() {
        let values = read(br#"{"text":"\u00e9","flag":true,"list":[1,-2,1.5],"object":{"a":"b"}}"#).unwrap();
        assert_eq!(*values.get("text").unwrap(), Value::Text("é".into()));
        assert_eq!(*values.get("flag").unwrap(), Value::Bool(true));
        let list = vec![Value::Integer(1), Value::Integer(-2), Value::Number(1.5)];
        assert_eq!(*values.get("list").unwrap(), Value::List(list));
        assert!(matches!(values.get("object"), Some(Value::Object(object)) if object.len() == 1));
    }

    #[test]
    fn sec_93_what_is_deep_long_double_or_odd_is_refused() {
        let deep = [&b"{\"a\":"[..], &b"[".repeat(40), &b"]".repeat(40), b"}"].concat();
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_TEXT_BYTES + 1));
        let wide = format!("{{\"a\":[{}0]}}", "0,".repeat(64));
        assert!(refusal(&deep).starts_with("nested too deep"));
        assert!(refusal(long.as_bytes()).starts_with("a string is too long"));
        assert!(refusal(wide.as_bytes()).starts_with("a list is too long"));
        assert!(refusal(br#"{"a":1,"a":2}"#).starts_with("a name is there twice"));
        assert!(refusal(br#"{"a":{"b":1,"b":2}}"#).starts_with("a name is there twice"));
        assert!(refusal(br#"{"a":null}"#).starts_with("null is no answer"));
        for number in ["99999999999999999999", "9007199254740992", "-9007199254740992", "1e300"] {
            let large = format!("{{\"a\":{number}}}");
            assert!(refusal(large.as_bytes()).starts_with("a number is too large"), "{number}");
        }
        assert!(refusal(br#"{"a":1e999}"#).starts_with("not JSON"));
        assert!(refusal(br#"{"a":"\ud800"}"#).starts_with("not JSON"));
        assert!(refusal(b"{\"a\":\"\xff\"}").starts_with("the body is not UTF-8"));
        for body in [&b""[..], b"[]", b"1", b"null", b"{}{}", b"{", b"{\"a\":NaN}"] {
            refusal(body);
        }
    }

    /// A body of which nothing ever comes.
    struct Never;

    impl hyper::body::Body for Never {
        type Data = bytes::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<hyper::body::Frame<bytes::Bytes>, Self::Error>>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn sec_92_a_body_that_does_not_arrive_is_given_up() {
        let read = within(Duration::from_millis(20), Body::new(Never), 10).await;
        assert!(
            matches!(read, Err(ApiError::Detailed(ProblemCode::InvalidRequest, why)) if why.contains("too long"))
        );
    }

    #[test]
    fn a_refusal_does_not_quote_the_body() {
        assert!(!refusal(br#"{"password":"hunter2" "#).contains("hunter2"));
        assert!(!refusal(br#"{"password":"hunter2","password":"hunter2"}"#).contains("hunter2"));
    }
}
