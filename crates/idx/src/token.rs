//! Tokens, and the checks an id token must pass before anyone is taken to be signed in.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Map, Value};

use crate::ion::{Ion, Tape};
use crate::keys::Keys;
use crate::secret::{Secret, same};

const LARGEST: usize = 16 * 1024;
pub(crate) const LEEWAY: u64 = 30;
const OLDEST: u64 = 10 * 60;
pub(crate) const YOUNGEST: u64 = 60;
const LONGEST_LIFE: u64 = 24 * 60 * 60;

/// What the org gave for an interaction code.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// For calls to the org and to APIs.
    pub access_token: Secret,
    /// For new tokens, if `offline_access` was asked for.
    pub refresh_token: Option<Secret>,
    /// Who signed in, if `openid` was asked for. It has passed every check.
    pub id_token: Option<IdToken>,
    /// How long the access token is good for.
    pub expires_in: Option<Duration>,
    /// What was granted.
    pub scope: Option<String>,
}

/// A checked id token.
#[derive(Clone)]
pub struct IdToken {
    /// The token itself, to end the session at the org with.
    pub raw: Secret,
    /// What it says about the person.
    pub claims: Map<String, Value>,
}

/// Why an id token is not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is no signed token, or is larger than any honest one.
    Shape,
    /// Its header asks for what we do not do.
    Header,
    /// It is not signed with RS256.
    Algorithm,
    /// It is signed with a key the org does not have.
    UnknownKey,
    /// The signature is wrong.
    Signature,
    /// A member is there twice.
    Duplicate,
    /// It is from somebody else.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// It was made in answer to another attempt.
    Nonce,
    /// It has expired, or was never good.
    Expired,
    /// It is not good yet.
    NotYet,
    /// It was made too long ago, or in the future.
    IssuedAt,
    /// It is good for longer than any honest one.
    Lifetime,
    /// It does not say who, or somebody else than before.
    Subject,
    /// It does not belong to the access token or the code it came with.
    Hash,
    /// The sign-in was longer ago than was asked for.
    AuthTime,
    /// The sign-in was weaker than was asked for.
    Acr,
    /// There is none, although `openid` was asked for.
    Missing,
    /// It is no notice that sessions have ended.
    Event,
}

/// What an id token must say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'e> {
    pub(crate) issuer: &'e str,
    pub(crate) client_id: &'e str,
    pub(crate) nonce: Nonce<'e>,
    /// The person it must be about, if that is known already.
    pub(crate) subject: Option<&'e str>,
    pub(crate) access_token: &'e str,
    pub(crate) code: Option<&'e str>,
    pub(crate) acr: Option<&'e str>,
    pub(crate) max_age: Option<u64>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Nonce<'e> {
    /// It must be there and be this one.
    Must(&'e str),
    /// A refreshed token need not repeat it, but may not have another.
    May(Option<&'e str>),
}

impl IdToken {
    /// Who signed in. It never changes for a person, as a mail address may.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.claims.get("sub").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn nonce(&self) -> Option<&str> {
        self.claims.get("nonce").and_then(Value::as_str)
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken(…)")
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "it is no signed token",
            Self::Header => "its header asks for what we do not do",
            Self::Algorithm => "it is not signed with RS256",
            Self::UnknownKey => "its key is not the org's",
            Self::Signature => "its signature is wrong",
            Self::Duplicate => "a member is there twice",
            Self::Issuer => "it is from another issuer",
            Self::Audience => "it is for another client",
            Self::Nonce => "it belongs to another attempt",
            Self::Expired => "it has expired",
            Self::NotYet => "it is not good yet",
            Self::IssuedAt => "it was not made just now",
            Self::Lifetime => "it is good for too long",
            Self::Subject => "it is about somebody else, or nobody",
            Self::Hash => "it belongs to another access token or code",
            Self::AuthTime => "the sign-in was too long ago",
            Self::Acr => "the sign-in was too weak",
            Self::Missing => "there is none",
            Self::Event => "it is no notice of an end",
        })
    }
}

/// What a signed token is for. One kind is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Id,
    Logout,
    Revocation,
}

/// The `kid` of a token, before anything else about it is believed.
pub(crate) fn key_id(token: &str, kind: TokenKind) -> Result<String, Flaw> {
    let [header, ..] = parts(token)?;
    let header = members(decode(header)?)?;
    check_header(header.root(), kind)?;
    header.root().text("kid").map(str::to_owned).ok_or(Flaw::UnknownKey)
}

/// Checks everything about an id token and returns what it says.
pub(crate) fn verify(
    token: &str,
    keys: &Keys,
    expected: &Expected<'_>,
    now: SystemTime,
) -> Result<IdToken, Flaw> {
    let claims = open(token, keys, TokenKind::Id)?;
    check_claims(claims.root(), expected, now)?;
    match claims.root().to_value() {
        Value::Object(claims) => Ok(IdToken { raw: token.into(), claims }),
        _ => Err(Flaw::Shape),
    }
}

/// What a token says, if one of these keys has signed it.
pub(crate) fn open(token: &str, keys: &Keys, kind: TokenKind) -> Result<Tape, Flaw> {
    let kid = key_id(token, kind)?;
    let [_, payload, signature] = parts(token)?;
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    let key = keys.find(&kid).ok_or(Flaw::UnknownKey)?;
    let signature = BASE64.decode(signature).map_err(|_| Flaw::Shape)?;
    if !key.has_signed(signed.as_bytes(), &signature) {
        return Err(Flaw::Signature);
    }
    members(decode(payload)?)
}

fn check_header(header: Ion<'_>, kind: TokenKind) -> Result<(), Flaw> {
    if header.text("alg") != Some("RS256") {
        return Err(Flaw::Algorithm);
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
    // Keys in the header (`jwk`, `jku`, `x5c`, `x5u`) are passed over: the org's key set is the only source.
    if !is_of_kind || ["crit", "cty", "enc", "zip"].iter().any(|name| header.get(name).is_some()) {
        return Err(Flaw::Header);
    }
    Ok(())
}

fn check_claims(claims: Ion<'_>, expected: &Expected<'_>, now: SystemTime) -> Result<(), Flaw> {
    let now = now.duration_since(UNIX_EPOCH).map_err(|_| Flaw::NotYet)?.as_secs();
    if claims.text("iss") != Some(expected.issuer) {
        return Err(Flaw::Issuer);
    }
    check_audience(claims, expected.client_id)?;
    let is_ours = match (expected.nonce, claims.get("nonce")) {
        (Nonce::Must(nonce) | Nonce::May(Some(nonce)), Some(own)) => is_same(own, nonce),
        (Nonce::May(_), own) => own.is_none(),
        (Nonce::Must(_), None) => false,
    };
    if !is_ours {
        return Err(Flaw::Nonce);
    }
    check_times(claims, now)?;
    let subject =
        claims.text("sub").filter(|subject| (1..=255).contains(&subject.len())).ok_or(Flaw::Subject)?;
    if expected.subject.is_some_and(|before| before != subject) {
        return Err(Flaw::Subject);
    }
    for (name, whole) in [("at_hash", Some(expected.access_token)), ("c_hash", expected.code)] {
        match (claims.get(name), whole) {
            (None, _) => {}
            (Some(own), Some(whole)) if is_same(own, &half_hash(whole)) => {}
            (Some(_), _) => return Err(Flaw::Hash),
        }
    }
    if let Some(max_age) = expected.max_age {
        let since = moment(claims, "auth_time").map_err(|_| Flaw::AuthTime)?.ok_or(Flaw::AuthTime)?;
        if now > since.saturating_add(max_age).saturating_add(LEEWAY) {
            return Err(Flaw::AuthTime);
        }
    }
    if expected
        .acr
        .is_some_and(|asked| !claims.text("acr").is_some_and(|own| asked.split(' ').any(|one| one == own)))
    {
        return Err(Flaw::Acr);
    }
    Ok(())
}

pub(crate) fn check_audience(claims: Ion<'_>, client_id: &str) -> Result<(), Flaw> {
    let is_ours = claims.get("aud").is_some_and(|audience| {
        let mut several = audience.items();
        let only = several.next().filter(|_| several.next().is_none());
        audience.as_text().or_else(|| only?.as_text()) == Some(client_id)
    });
    let party_is_us = claims.get("azp").is_none_or(|party| party.as_text() == Some(client_id));
    if is_ours && party_is_us { Ok(()) } else { Err(Flaw::Audience) }
}

fn check_times(claims: Ion<'_>, now: u64) -> Result<(), Flaw> {
    let expiry = moment(claims, "exp").map_err(|_| Flaw::Expired)?.ok_or(Flaw::Expired)?;
    let issued = moment(claims, "iat").map_err(|_| Flaw::IssuedAt)?.ok_or(Flaw::IssuedAt)?;
    if expiry.saturating_add(LEEWAY) <= now {
        return Err(Flaw::Expired);
    }
    if issued > now.saturating_add(YOUNGEST) || issued < now.saturating_sub(OLDEST) {
        return Err(Flaw::IssuedAt);
    }
    if expiry <= issued || expiry - issued > LONGEST_LIFE {
        return Err(Flaw::Lifetime);
    }
    match moment(claims, "nbf").map_err(|_| Flaw::NotYet)? {
        Some(start) if start > now.saturating_add(LEEWAY) => Err(Flaw::NotYet),
        _ => Ok(()),
    }
}

/// A time in whole seconds. Texts, fractions and negatives are no times.
pub(crate) fn moment(claims: Ion<'_>, name: &str) -> Result<Option<u64>, ()> {
    claims.get(name).map(|value| value.as_u64().ok_or(())).transpose()
}

/// The left half of the SHA-256, as `at_hash` and `c_hash` carry it.
fn half_hash(whole: &str) -> String {
    let hash = digest::digest(&digest::SHA256, whole.as_bytes());
    BASE64.encode(hash.as_ref().get(..16).unwrap_or_default())
}

fn parts(token: &str) -> Result<[&str; 3], Flaw> {
    if token.len() > LARGEST {
        return Err(Flaw::Shape);
    }
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None) => Ok([header, payload, signature]),
        _ => Err(Flaw::Shape),
    }
}

fn decode(part: &str) -> Result<String, Flaw> {
    let bytes = BASE64.decode(part).map_err(|_| Flaw::Shape)?;
    String::from_utf8(bytes).map_err(|_| Flaw::Shape)
}

fn members(text: String) -> Result<Tape, Flaw> {
    let tape = Tape::read(text).map_err(|_| Flaw::Shape)?;
    if !tape.root().is_members() {
        return Err(Flaw::Shape);
    }
    if has_twins(tape.root()) { Err(Flaw::Duplicate) } else { Ok(tape) }
}

fn has_twins(ion: Ion<'_>) -> bool {
    let members: Vec<_> = ion.members().collect();
    let twins = members
        .iter()
        .enumerate()
        .any(|(index, (name, _))| members.iter().skip(index + 1).any(|(other, _)| other == name));
    twins || members.iter().any(|(_, value)| has_twins(*value)) || ion.items().any(has_twins)
}

fn is_same(own: Ion<'_>, text: &str) -> bool {
    own.as_text().is_some_and(|own| same(own, text))
}
