//! JSON Web Tokens (RFC 7519): the header, the signature and the shape of a signed token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use super::keys::KeySet;
use crate::error::TokenError;
use crate::protocol::ion::Ion;
use crate::protocol::tape::Tape;

const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The kind of a signed token, by the `typ` of its header. One kind is never accepted as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Id,
    Logout,
    Revocation,
}

/// The `kid` of a token. It is not verified yet.
pub(crate) fn key_id(token: &str, kind: TokenKind) -> Result<String, TokenError> {
    let [header, ..] = parts(token)?;
    let header = object(decode(header)?)?;
    check_header(header.root(), kind)?;
    header.root().text("kid").map(str::to_owned).ok_or(TokenError::UnknownKey)
}

/// The claims of a token that one of these keys has signed.
pub(crate) fn verified_claims(token: &str, keys: &KeySet, kind: TokenKind) -> Result<Tape, TokenError> {
    let kid = key_id(token, kind)?;
    let [_, payload, signature] = parts(token)?;
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    let key = keys.find(&kid).ok_or(TokenError::UnknownKey)?;
    let signature = BASE64.decode(signature).map_err(|_| TokenError::Shape)?;
    if !key.verifies(signed.as_bytes(), &signature) {
        return Err(TokenError::Signature);
    }
    object(decode(payload)?)
}

fn check_header(header: Ion<'_>, kind: TokenKind) -> Result<(), TokenError> {
    if header.text("alg") != Some("RS256") {
        return Err(TokenError::Algorithm);
    }
    let (name, may_be_missing) = match kind {
        TokenKind::Id => ("JWT", true),
        TokenKind::Logout => ("logout+jwt", false),
        TokenKind::Revocation => ("global-token-revocation+jwt", false),
    };
    let is_of_kind = match header.get("typ") {
        None => may_be_missing,
        Some(typ) => typ.as_text().is_some_and(|typ| typ.eq_ignore_ascii_case(name)),
    };
    // Keys in the header (`jwk`, `jku`, `x5c`, `x5u`) are ignored: the org's key set is the only source.
    if !is_of_kind || ["crit", "cty", "enc", "zip"].iter().any(|name| header.get(name).is_some()) {
        return Err(TokenError::Header);
    }
    Ok(())
}

fn parts(token: &str) -> Result<[&str; 3], TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::Shape);
    }
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None) => Ok([header, payload, signature]),
        _ => Err(TokenError::Shape),
    }
}

fn decode(part: &str) -> Result<String, TokenError> {
    let bytes = BASE64.decode(part).map_err(|_| TokenError::Shape)?;
    String::from_utf8(bytes).map_err(|_| TokenError::Shape)
}

fn object(text: String) -> Result<Tape, TokenError> {
    let tape = Tape::read(text).map_err(|_| TokenError::Shape)?;
    if !tape.root().is_object() {
        return Err(TokenError::Shape);
    }
    if has_duplicate_names(tape.root()) { Err(TokenError::Duplicate) } else { Ok(tape) }
}

fn has_duplicate_names(ion: Ion<'_>) -> bool {
    let members: Vec<_> = ion.members().collect();
    let has_own = members
        .iter()
        .enumerate()
        .any(|(index, (name, _))| members.iter().skip(index + 1).any(|(other, _)| other == name));
    has_own
        || members.iter().any(|(_, value)| has_duplicate_names(*value))
        || ion.items().any(has_duplicate_names)
}
