//! The table of all settings. The reader, `latchkey --help`, the man page and docs/operations.md use it.

use super::setting::{Setting, SettingDefault, SettingPlace, variable};

/// The variable that names the configuration file.
pub(super) const CONFIG_VARIABLE: &str = "LATCHKEY_CONFIG";
/// The configuration file when no other is named.
pub const DEFAULT_FILE: &str = "latchkey.toml";
const DURATION: &str = "a time such as 90s, 30m, 12h or 7d, of a year at most";

pub(super) const BIND: Setting = Setting::value(
    "bind",
    "127.0.0.1:8080",
    "an address and a port, such as 127.0.0.1:8080",
    "Where the server listens",
);
pub(super) const PUBLIC_URL: Setting = Setting::absent(
    "public_url",
    "http://localhost and the port",
    "an http or https address without a path",
    "Where people reach the server",
);
pub(super) const ISSUER: Setting = Setting::required(
    "issuer",
    "the issuer, such as https://ORG.okta.com/oauth2/default",
    "The authorization server",
);
pub(super) const CLIENT_ID: Setting = Setting::required(
    "client_id",
    "the client id of the application at the org",
    "The client id of the application at the org",
);
pub(super) const CLIENT_SECRET: Setting = Setting::secret(
    "client_secret",
    "none",
    "the application's secret",
    "The application's secret; a confidential client needs this or a private key",
);
pub(super) const CLIENT_KEY: Setting = Setting::secret(
    "client_key",
    "none",
    "a private key in PKCS#8, as PEM: RSA or P-256",
    "The application's private key, in place of a secret (private_key_jwt)",
);
pub(super) const CLIENT_KEY_ID: Setting = Setting::absent(
    "client_key_id",
    "none",
    "the id (kid) of the key at the org",
    "The id (kid) that the org shows beside the public key",
);
pub(super) const SCOPES: Setting = Setting::value(
    "scopes",
    "openid profile email offline_access",
    "scopes with blanks between them, openid among them",
    "The scopes to request",
);
pub(super) const ASSETS: Setting = Setting::absent(
    "assets",
    "the client inside the program",
    "the folder of the built client",
    "A folder with another built client",
);
pub(super) const STORE: Setting = Setting::secret(
    "store",
    "memory",
    "memory, sqlite:PATH, redis://HOST or postgres://USER@HOST/NAME",
    "Where sessions are stored: memory, sqlite:PATH, redis://HOST or postgres://USER@HOST/NAME; has to be set when \
     public_url and issuer are https",
);
pub(super) const KEYS: Setting = Setting::secret(
    "keys",
    "made at start",
    "keys of 32 random bytes in base64url, a blank between them",
    "The keys that seal the sessions, the current one first; every store but memory needs them",
);
pub(super) const IDLE: Setting =
    Setting::value("idle", "30m", DURATION, "A session ends when it has not been used for this long");
pub(super) const ABSOLUTE: Setting =
    Setting::value("absolute", "12h", DURATION, "A session ends after this long in any case");
pub(super) const RENEW_BEFORE: Setting = Setting::value(
    "renew_before",
    "30s",
    DURATION,
    "An access token with less than this left is renewed before it is used; a long-lived one already once 72 to 88 % \
     of its life have passed",
);
pub(super) const TRUSTED_PROXIES: Setting = Setting::value(
    "trusted_proxies",
    "",
    "networks such as 10.0.0.0/8, a blank between them",
    "Networks of proxies that are believed when they report the address of a client",
);
pub(super) const ALLOWED_ORIGINS: Setting = Setting::value(
    "allowed_origins",
    "",
    "https origins such as https://app.example.com, a blank between them; plain http on this machine only",
    "Pages of yours on other origins, of the same site, that may call the API",
);
pub(super) const LOGIN_DOMAIN: Setting = Setting::absent(
    "login_domain",
    "none",
    "a domain such as example.com",
    "The domain that the org adds to a username without one: mary and mary@example.com are then one person for the \
     identifier limit",
);
pub(super) const CAPTCHA_ORIGIN: Setting = Setting::absent(
    "captcha_origin",
    "none",
    "an https origin without a path, such as https://captcha.example.com",
    "Another origin that leads to this server, for the frame in which hCaptcha and reCAPTCHA run; without it neither is loaded",
);
pub(super) const CAPTCHA_SCRIPT: Setting = Setting::absent(
    "captcha_script",
    "the vendor's own",
    "the https address of a script",
    "The address of the vendor's script, for its other hosts such as https://www.recaptcha.net/recaptcha/api.js",
);
pub(super) const FASTPASS_PORTS: Setting = Setting::value(
    "fastpass_ports",
    "",
    "ports such as 2000 6511 6512 6513, a blank between them",
    "The ports at which pages may ask Okta Verify on the person's own device (FastPass); without them a flow leaves FastPass and goes \
     on without it",
);
pub(super) const DUO_ORIGINS: Setting = Setting::value(
    "duo_origins",
    "",
    "https origins such as https://api-1234.duosecurity.com, a blank between them; plain http on this machine only",
    "The origins of Duo whose frame may be shown, if your org has not moved to Duo's own page; the frame is shown on a page of its own",
);
pub(super) const SIGN_IN_PAGE: Setting = Setting::value(
    "sign_in_page",
    "own",
    "own, own-then-org or org",
    "Where people sign in: on the page and the element of this server (own), on the org's page (org), for an application \
     without the grant type Interaction Code, or on the org's page only while the org does not let the application embed the sign-in \
     (own-then-org)",
);
pub(super) const SIGN_OUT: Setting = Setting::value(
    "sign_out",
    "here",
    "here or org",
    "What a sign-out ends: the session of this server (here), or the org's session in the same browser as well (org), on the \
     org's page, which then leads back",
);
pub(super) const NEW_PASSWORD: Setting = Setting::value(
    "new_password",
    "twice",
    "twice or once",
    "How people type a new password: in two fields, which are compared (twice), or in one (once)",
);
pub(super) const USERNAME_APPEND: Setting = Setting::absent(
    "username_append",
    "none",
    "an @ and a domain, such as @example.com",
    "What is appended to a username without an @ before it goes to the org, so that people can type mary for \
     mary@example.com",
);
pub(super) const RETURN_TO: Setting = Setting::value(
    "return_to",
    "",
    "https origins such as https://app.example.com, a blank between them; plain http on this machine only",
    "Origins to which a browser may be sent after signing in (return_to); paths of this server and origins in \
     allowed_origins are always allowed",
);
pub(super) const ADMIN_BIND: Setting = Setting::absent(
    "admin_bind",
    "none",
    "an address and a port, such as 127.0.0.1:9090",
    "Where /metrics, /healthz and /readyz are served to operators",
);
pub(super) const LIMIT_ADDRESS: Setting = Setting::rate(
    "limit_address",
    "600/60",
    "Sign-ins begun from one address (IPv6: one /64), as calls/seconds; an address may give four times as many answers \
     and poll ten times as often",
);
pub(super) const LIMIT_SESSION: Setting = Setting::rate(
    "limit_session",
    "240/60",
    "Answers given in one session, as calls/seconds; it may poll four times as often",
);
pub(super) const LIMIT_IDENTIFIER: Setting = Setting::rate(
    "limit_identifier",
    "30/60",
    "Attempts at one person's account from all addresses, as calls/seconds; devices that this person has used have a \
     count of their own",
);
pub(super) const LIMIT_FLOW: Setting = Setting::rate(
    "limit_flow",
    "8/5",
    "Calls to the org in one flow, as calls/seconds (the org allows ten in five seconds); a faster caller has to wait",
);
pub(super) const LIMIT_CONNECTIONS: Setting = Setting::new(
    "limit_connections",
    SettingDefault::Limit("512"),
    "off, or a number such as 512",
    "Connections from one address (IPv6: one /64) that is not a trusted proxy; a quarter as many of its requests are \
     served at once",
);
pub(super) const ORG_AT_ONCE: Setting = Setting::value(
    "org_at_once",
    "30",
    "a number such as 30",
    "Calls to the org at once; at most a third of them renew tokens, and a call that waits for two seconds is answered \
     503",
);
pub(super) const PROXY_WITHIN: Setting = Setting::value(
    "proxy_within",
    "30s",
    DURATION,
    "How long an upstream may take to begin its answer, and between two pieces of it",
);
pub(super) const LOG: Setting = Setting::value(
    "log",
    "info",
    "how much is logged, such as info or debug",
    "How much is logged, as JSON on standard error",
);
pub(super) const PROXY: Setting = Setting {
    key: "proxy",
    default: SettingDefault::Absent("none"),
    place: SettingPlace::Table,
    must_be: "tables such as [proxy.orders] with base = \"https://api.example.com/\", methods = [\"GET\"] and paths = \
              [\"orders/*\"]",
    meaning: "Upstreams that can be called through /api/proxy with the person's access token, such as [proxy.orders]",
};

pub(super) const BRAND: Setting = Setting {
    key: "brand",
    default: SettingDefault::Absent("none"),
    place: SettingPlace::Table,
    must_be: "a table [brand] with name, logo, links, [brand.tokens] and [brand.text.LANGUAGE]",
    meaning: "Your name, logo, style tokens, links and texts on every page (docs/theming.md)",
};

/// All settings, in the order in which they are shown.
pub const SETTINGS: [&Setting; 37] = [
    &ISSUER,
    &CLIENT_ID,
    &CLIENT_SECRET,
    &CLIENT_KEY,
    &CLIENT_KEY_ID,
    &SCOPES,
    &BIND,
    &PUBLIC_URL,
    &ADMIN_BIND,
    &ASSETS,
    &STORE,
    &KEYS,
    &IDLE,
    &ABSOLUTE,
    &RENEW_BEFORE,
    &TRUSTED_PROXIES,
    &ALLOWED_ORIGINS,
    &SIGN_IN_PAGE,
    &SIGN_OUT,
    &NEW_PASSWORD,
    &RETURN_TO,
    &USERNAME_APPEND,
    &LOGIN_DOMAIN,
    &CAPTCHA_ORIGIN,
    &CAPTCHA_SCRIPT,
    &FASTPASS_PORTS,
    &DUO_ORIGINS,
    &LIMIT_ADDRESS,
    &LIMIT_SESSION,
    &LIMIT_IDENTIFIER,
    &LIMIT_FLOW,
    &LIMIT_CONNECTIONS,
    &ORG_AT_ONCE,
    &PROXY_WITHIN,
    &LOG,
    &PROXY,
    &BRAND,
];

/// All keys that the configuration file may have.
pub(super) fn file_keys() -> impl Iterator<Item = String> {
    SETTINGS.iter().flat_map(|setting| [Some(setting.key.to_owned()), setting.file_key()]).flatten()
}

/// All variables that set something.
pub fn variables() -> impl Iterator<Item = String> {
    let settings = SETTINGS.iter().filter(|setting| setting.place != SettingPlace::Table);
    let keys = settings.flat_map(|setting| [Some(setting.key.to_owned()), setting.file_key()]).flatten();
    keys.map(|key| variable(&key)).chain([CONFIG_VARIABLE.to_owned()])
}
