//! What can be set, and the messages when it is wrong.

use super::{Config, ConfigError, SETTINGS, help, markdown, read, unknown_variables, variables};
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_idx::ClientAuthentication;
use std::{cell::RefCell, collections::BTreeSet, io, path::Path, sync::LazyLock, time::Duration};

const ENOUGH: [(&str, &str); 2] =
    [("LATCHKEY_ISSUER", "https://org.example/oauth2/default"), ("LATCHKEY_CLIENT_ID", "app")];

fn with(more: &[(&str, &str)], file: Option<&str>) -> Result<Config, ConfigError> {
    let all: Vec<_> = more.iter().chain(&ENOUGH).copied().collect();
    read(|name| all.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()), file, open)
}

/// The files of secrets.
fn open(path: &Path) -> io::Result<String> {
    match path.to_str() {
        Some("/run/secret" | "/run/credentials/latchkey_client_secret") => Ok("hunter2\n".to_owned()),
        Some("/run/keys") => Ok(format!("{KEY}\n{KEY}\n")),
        Some("/run/store") => Ok("postgres://u:hunter2@h/db\n".to_owned()),
        Some("/run/key.pem") => Ok(PEM.clone()),
        Some("/run/nonsense") => Ok("hunter2 hunter2".to_owned()),
        Some("/run/empty") => Ok("\n".to_owned()),
        Some("/run/closed") => Err(io::ErrorKind::PermissionDenied.into()),
        _ => Err(io::ErrorKind::NotFound.into()),
    }
}

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// A key of P-256.
static PEM: LazyLock<String> = LazyLock::new(|| {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
    format!("{begin}\n{}\n{end}\n", STANDARD.encode(key.as_ref()))
});

fn problems(more: &[(&str, &str)], file: Option<&str>) -> String {
    with(more, file).unwrap_err().to_string()
}

#[test]
fn an_issuer_and_a_client_id_are_enough() {
    let config = with(&[], None).unwrap();
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.scopes, ["openid", "profile", "email", "offline_access"]);
    assert_eq!(config.idle, Duration::from_secs(1800));
    assert_eq!(config.public_url(config.bind).unwrap().as_str(), "http://localhost:8080/");
}

#[test]
fn every_setting_of_the_table_is_read_and_no_other() {
    let asked = RefCell::new(BTreeSet::new());
    let env = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        None
    };
    read(env, None, open).unwrap_err();
    let mut asked = asked.into_inner();
    assert!(asked.remove("CREDENTIALS_DIRECTORY"));
    assert_eq!(asked, variables().collect());
}

#[test]
fn help_has_every_setting_with_its_variable_key_default_and_meaning() {
    let help = help();
    for text in [
        "LATCHKEY_ISSUER, issuer [required]\n      The authorization server\n",
        "LATCHKEY_BIND, bind [default: 127.0.0.1:8080]\n      Where the server listens\n",
        "LATCHKEY_LIMIT_FLOW, limit_flow [default: 8/5; off if the issuer is plain http]\n",
        "LATCHKEY_KEYS_FILE, keys_file; or a credential: latchkey_keys\n",
        "[proxy] in the file [default: none]\n",
    ] {
        assert!(help.contains(text), "{text} is not in\n{help}");
    }
    assert!(variables().all(|variable| help.contains(&variable)), "{help}");
}

#[test]
fn the_table_of_the_operations_page_is_that_of_the_reader() {
    let page = include_str!("../../../docs/operations.md");
    assert!(page.contains(&markdown()), "docs/operations.md must have this table:\n{}", markdown());
}

#[test]
fn the_configuration_in_effect_mentions_every_setting_that_is_set() {
    let file = format!(
        "public_url = \"https://login.example.com\"\nclient_secret = \"s\"\nassets = \"client\"\nstore = \"memory\"\n\
         keys = \"{KEY}\"\nlogin_domain = \"example.com\"\nadmin_bind = \"127.0.0.1:9090\"\n\
         captcha_origin = \"https://captcha.example.com\"\n\
         captcha_script = \"https://www.recaptcha.net/recaptcha/api.js\"\n\
         username_append = \"@example.com\"\n[brand]\nname = \"ACME\"\n\
         [proxy.orders]\nbase = \"https://api.example.com/\"\nmethods = [\"GET\"]\npaths = [\"orders\"]"
    );
    let shown = with(&[], Some(&file)).unwrap().show();
    let instead_of_a_secret = ["client_key", "client_key_id"];
    for setting in SETTINGS.iter().filter(|setting| !instead_of_a_secret.contains(&setting.key)) {
        assert!(shown.contains(setting.key), "{} is not in\n{shown}", setting.key);
    }
}

#[test]
fn networks_can_be_single_addresses() {
    let config = with(&[("LATCHKEY_TRUSTED_PROXIES", "10.0.0.0/8 192.0.2.7 fd00::/8 ::1")], None).unwrap();
    let shown: Vec<_> = config.trusted_proxies.0.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8", "::1/128"]);
    for wrong in ["10.0.0.0/33", "10.0.0", "fd00::/129", "proxy"] {
        assert!(problems(&[("LATCHKEY_TRUSTED_PROXIES", wrong)], None).contains("10.0.0.0/8"), "{wrong}");
    }
}

#[test]
fn a_variable_has_priority_over_the_file() {
    let file = "bind = \"127.0.0.1:1\"\nidle = \"5m\"\nscopes = [\"openid\", \"groups\"]";
    let config = with(&[("LATCHKEY_BIND", "127.0.0.1:2")], Some(file)).unwrap();
    assert_eq!(config.bind.port(), 2);
    assert_eq!(config.idle, Duration::from_secs(300));
    assert_eq!(config.scopes, ["openid", "groups"]);
}

#[test]
fn every_problem_names_its_key_and_what_the_value_must_be() {
    let all = problems(&[("LATCHKEY_BIND", "8080"), ("LATCHKEY_IDLE", "soon")], None);
    assert!(all.contains("LATCHKEY_BIND") && all.contains("127.0.0.1:8080"), "{all}");
    assert!(all.contains("LATCHKEY_IDLE") && all.contains("30m"), "{all}");
    let missing = read(|_| None, None, open).unwrap_err().to_string();
    assert!(missing.contains("LATCHKEY_ISSUER") && missing.contains("LATCHKEY_CLIENT_ID"), "{missing}");
    assert!(problems(&[], Some("bindd = \"x\"")).contains("latchkey.toml sets `bindd`"));
    for time in ["99999999999999999999d", "367d", "0s", "1w", "-1m"] {
        assert!(problems(&[("LATCHKEY_IDLE", time)], None).contains("LATCHKEY_IDLE"), "{time}");
    }
    for (key, value) in
        [("LATCHKEY_ORG_AT_ONCE", "0"), ("LATCHKEY_LIMIT_CONNECTIONS", "-1"), ("LATCHKEY_LIMIT_FLOW", "8")]
    {
        assert!(problems(&[(key, value)], None).contains(key), "{key}");
    }
    let longer = [("LATCHKEY_IDLE", "13h"), ("LATCHKEY_ABSOLUTE", "12h")];
    assert!(problems(&longer, None).contains("LATCHKEY_IDLE"), "idle is longer than absolute");
    assert!(problems(&[("LATCHKEY_LOGIN_DOMAIN", "@example.com")], None).contains("LATCHKEY_LOGIN_DOMAIN"));
    assert!(problems(&[("LATCHKEY_LOG", "no=such=level")], None).contains("LATCHKEY_LOG"));
}

#[test]
fn a_problem_of_the_file_names_the_file_and_the_line() {
    let broken = "idle = \"5m\"\n\nclient_secret = \"hunter2";
    let plain = problems(&[], Some(broken));
    assert!(plain.starts_with("latchkey.toml cannot be read: line 3: "), "{plain}");
    assert!(!plain.contains("hunter2"), "{plain}");
    let named = [("LATCHKEY_CONFIG", "/etc/latchkey.conf"), ("LATCHKEY_BIND", "8080")];
    assert!(problems(&named, Some(broken)).starts_with("/etc/latchkey.conf cannot be read"));
    assert!(problems(&named, None).contains("`bind` in /etc/latchkey.conf"));
    assert!(problems(&named, Some("x = 1")).starts_with("/etc/latchkey.conf sets `x`"));
}

#[test]
fn a_variable_without_a_setting_is_reported() {
    let variables =
        ["LATCHKEY_ISSUR", "LATCHKEY_ISSUER", "LATCHKEY_LOG", "LATCHKEY_CONFIG", "LATCHKEY_PROXY"];
    let unknown = unknown_variables(variables.into_iter().chain(["PATH"]).map(str::to_owned));
    assert_eq!(unknown, ["LATCHKEY_ISSUR", "LATCHKEY_PROXY"]);
}

#[test]
fn the_configuration_in_effect_can_be_read_back_and_hides_secrets() {
    let secrets = [("LATCHKEY_CLIENT_SECRET", "hunter2"), ("LATCHKEY_LIMIT_SESSION", "7/60")];
    let file = "idle = \"5m\"\nlogin_domain = \"example.com\"\ntrusted_proxies = [\"10.0.0.0/8\"]\n\
                sign_in_page = \"own-then-org\"";
    let shown = with(&secrets, Some(file)).unwrap().show();
    assert!(!shown.contains("hunter2") && shown.contains("# client_secret is set"), "{shown}");
    for line in [
        "limit_session = \"7/60\"",
        "sign_in_page = \"own-then-org\"",
        "limit_address = \"600/60\"",
        "limit_flow = \"8/5\"",
        "limit_connections = \"512\"",
        "org_at_once = \"30\"",
        "idle = \"300s\"",
        "login_domain = \"example.com\"",
        "public_url = \"http://localhost:8080/\"",
    ] {
        assert!(shown.contains(line), "{line} is not in {shown}");
    }
    assert_eq!(
        read(|_| None, Some(&shown), open).unwrap().show(),
        shown.replace("client_secret is set", "client_secret and client_key are not set")
    );
}

#[test]
fn a_public_url_with_plain_http_must_be_on_loopback() {
    for local in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080", "http://app.localhost"] {
        assert!(with(&[("LATCHKEY_PUBLIC_URL", local)], None).is_ok(), "{local}");
    }
    for other in
        ["http://login.example.com", "http://192.168.0.7:8080", "http://0.0.0.0", "http://localhost.example"]
    {
        let problem = problems(&[("LATCHKEY_PUBLIC_URL", other)], None);
        assert!(problem.contains("LATCHKEY_PUBLIC_URL") && problem.contains("https"), "{other}: {problem}");
    }
}

#[test]
fn a_problem_does_not_quote_a_secret() {
    assert!(!problems(&[("LATCHKEY_KEYS", "hunter2")], None).contains("hunter2"));
    let config = with(&[("LATCHKEY_CLIENT_SECRET", "hunter2")], None).unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn sec_222_a_secret_can_be_in_a_file_of_its_own_or_a_credential() {
    let secret_of = |config: Config| match config.authentication {
        ClientAuthentication::Secret(secret) => secret.reveal().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(secret_of(with(&[("LATCHKEY_CLIENT_SECRET_FILE", "/run/secret")], None).unwrap()), "hunter2");
    assert_eq!(secret_of(with(&[], Some("client_secret_file = \"/run/secret\"")).unwrap()), "hunter2");
    let credentials = ("CREDENTIALS_DIRECTORY", "/run/credentials");
    assert_eq!(secret_of(with(&[credentials], None).unwrap()), "hunter2");
    assert_eq!(with(&[("LATCHKEY_KEYS_FILE", "/run/keys")], None).unwrap().keys.len(), 2);
    let store = [("LATCHKEY_STORE_FILE", "/run/store"), ("LATCHKEY_KEYS_FILE", "/run/keys")];
    let config = with(&store, None).unwrap();
    assert!(matches!(config.store, super::StoreAddress::Postgres(_)));
    assert!(!format!("{config:?}{}", config.show()).contains("hunter2"));
}

#[test]
fn sec_222_a_secret_that_is_set_in_two_ways_is_an_error_that_names_both() {
    let file = ("LATCHKEY_CLIENT_SECRET_FILE", "/run/secret");
    let both = problems(&[("LATCHKEY_CLIENT_SECRET", "hunter2"), file], None);
    assert!(both.contains("LATCHKEY_CLIENT_SECRET and LATCHKEY_CLIENT_SECRET_FILE"), "{both}");
    assert!(!both.contains("hunter2"), "{both}");
    let both = problems(&[file, ("CREDENTIALS_DIRECTORY", "/run/credentials")], None);
    assert!(both.contains("LATCHKEY_CLIENT_SECRET_FILE and the credential latchkey_client_secret"), "{both}");
    let both = problems(&[("LATCHKEY_KEYS", KEY), ("LATCHKEY_KEYS_FILE", "/run/keys")], None);
    assert!(both.contains("LATCHKEY_KEYS and LATCHKEY_KEYS_FILE"), "{both}");
    let key = [("LATCHKEY_CLIENT_KEY_FILE", "/run/key.pem"), ("LATCHKEY_CLIENT_KEY_ID", "kid-1"), file];
    let both = problems(&key, None);
    assert!(both.contains("LATCHKEY_CLIENT_SECRET and LATCHKEY_CLIENT_KEY"), "{both}");
}

#[test]
fn sec_222_a_file_without_the_secret_is_named_and_not_quoted() {
    for (name, path, expected) in [
        ("LATCHKEY_KEYS_FILE", "/run/nonsense", "keys of 32 random bytes"),
        ("LATCHKEY_KEYS_FILE", "/run/empty", "keys of 32 random bytes"),
        ("LATCHKEY_CLIENT_SECRET_FILE", "/run/empty", "the application's secret"),
        ("LATCHKEY_CLIENT_SECRET_FILE", "/run/closed", "permission denied"),
        ("LATCHKEY_CLIENT_SECRET_FILE", "/run/none", "/run/none"),
        ("LATCHKEY_STORE_FILE", "/run/nonsense", "postgres://"),
    ] {
        let problem = problems(&[(name, path)], None);
        assert!(
            problem.contains(name) && problem.contains(expected) && !problem.contains("hunter2"),
            "{problem}"
        );
    }
    let unreadable = [("LATCHKEY_CLIENT_KEY_FILE", "/run/nonsense"), ("LATCHKEY_CLIENT_KEY_ID", "kid-1")];
    assert!(problems(&unreadable, None).contains("PKCS#8"));
}

#[test]
fn sec_222_a_private_key_needs_its_id() {
    let (key, id) = (("LATCHKEY_CLIENT_KEY_FILE", "/run/key.pem"), ("LATCHKEY_CLIENT_KEY_ID", "kid-1"));
    let config = with(&[key, id], None).unwrap();
    assert!(matches!(&config.authentication, ClientAuthentication::PrivateKey(key) if key.id() == "kid-1"));
    assert!(config.show().contains("# client_key is set: kid-1"));
    assert!(problems(&[key], None).contains("LATCHKEY_CLIENT_KEY_ID"));
    assert!(problems(&[id], None).contains("LATCHKEY_CLIENT_KEY_FILE"));
}

#[test]
fn a_store_that_outlives_the_process_needs_configured_keys() {
    let key = ("LATCHKEY_KEYS", KEY);
    for store in ["sqlite:sessions.db", "redis://localhost", "rediss://u:p@h:1/2", "postgres://u:p@h/db"] {
        let store = ("LATCHKEY_STORE", store);
        assert!(problems(&[store], None).contains("LATCHKEY_KEYS"));
        assert!(with(&[store, key], None).is_ok());
    }
    assert!(problems(&[("LATCHKEY_STORE", "mysql://h/db")], None).contains("LATCHKEY_STORE"));
    assert!(
        !format!("{:?}", with(&[("LATCHKEY_STORE", "redis://u:hunter2@h"), key], None)).contains("hunter2")
    );
}

#[test]
fn rel_06_a_public_server_stores_sessions_in_memory_only_if_it_is_configured_so() {
    let public = ("LATCHKEY_PUBLIC_URL", "https://login.example.com");
    let refused = problems(&[public], None);
    assert!(refused.contains("LATCHKEY_STORE") && refused.contains("sqlite:PATH"), "{refused}");
    assert!(with(&[public, ("LATCHKEY_STORE", "memory")], None).is_ok());
    assert!(with(&[public], Some("store = \"memory\"")).is_ok());
    let dev = ("LATCHKEY_ISSUER", "http://localhost:8081/oauth2/default");
    assert!(with(&[public, dev], None).is_ok() && with(&[], None).is_ok(), "to try it");
}

#[test]
fn sec_54_an_upstream_lists_the_methods_and_paths_that_can_be_called() {
    let file = |base: &str, methods: &str| {
        format!("[proxy.orders]\nbase = \"{base}\"\nmethods = {methods}\npaths = [\"orders/*\"]")
    };
    let good = with(&[], Some(&file("https://api.example.com/v1", "[\"GET\"]"))).unwrap();
    assert_eq!(good.upstreams.0["orders"].base.as_str(), "https://api.example.com/v1/");
    assert!(with(&[], Some(&file("http://localhost:9/", "[\"GET\"]"))).is_ok());
    for (base, methods, wrong) in [
        ("http://api.example.com/", "[\"GET\"]", "base"),
        ("ftp://api.example.com/", "[\"GET\"]", "base"),
        ("https://api.example.com/", "[]", "methods"),
        ("https://api.example.com/", "[\"CONNECT\"]", "methods"),
        ("https://api.example.com/", "\"GET\"", "methods"),
    ] {
        let problem = problems(&[], Some(&file(base, methods)));
        assert!(problem.starts_with(&format!("`{wrong}` of [proxy.orders] in latchkey.toml")), "{problem}");
    }
    let good = file("https://api.example.com/", "[\"GET\"]");
    for path in ["", "/orders", "*/items", "orders/*/items"] {
        let problem = problems(&[], Some(&good.replace("orders/*", path)));
        assert!(problem.starts_with("`paths` of [proxy.orders]"), "{path}: {problem}");
    }
    let caching = |list: &str| format!("{good}\ncacheable = {list}");
    let cacheable = with(&[], Some(&caching("[\"orders/catalog/*\"]"))).unwrap();
    assert_eq!(cacheable.upstreams.0["orders"].cacheable, ["orders/catalog/*"]);
    for list in ["[]", "true", "[\"/orders\"]"] {
        let problem = problems(&[], Some(&caching(list)));
        assert!(problem.starts_with("`cacheable` of [proxy.orders]"), "{list}: {problem}");
    }
    assert!(problems(&[], Some(&format!("{good}\ntimeout = 5"))).contains("`proxy.orders.timeout`"));
    assert!(problems(&[], Some(&good.replace("orders]", "\"a/b\"]"))).contains("[proxy.a/b]"));
    assert!(problems(&[], Some("proxy = 1")).contains("`proxy`"));
}

#[test]
fn plain_http_is_for_addresses_on_this_machine() {
    let dev = ("LATCHKEY_ISSUER", "http://localhost:8081/oauth2/default");
    assert!(with(&[dev], None).is_ok());
    assert!(problems(&[dev, ("LATCHKEY_BIND", "0.0.0.0:8080")], None).contains("LATCHKEY_BIND"));
    let plain = ("LATCHKEY_ISSUER", "http://org.example/oauth2/default");
    assert!(problems(&[plain], None).contains("LATCHKEY_ISSUER"));
    assert!(problems(&[("LATCHKEY_PUBLIC_URL", "http://app.example")], None).contains("LATCHKEY_PUBLIC_URL"));
    let store = ("LATCHKEY_STORE", "memory");
    assert!(with(&[("LATCHKEY_PUBLIC_URL", "https://app.example"), store], None).is_ok());
}

#[test]
fn sec_03_only_first_party_https_origins_are_allowed() {
    let ours = ("LATCHKEY_PUBLIC_URL", "https://login.example.com");
    let store = ("LATCHKEY_STORE", "memory");
    let listed = |origins: &'static str| with(&[ours, store, ("LATCHKEY_ALLOWED_ORIGINS", origins)], None);
    assert_eq!(listed("https://app.example.com https://example.com").unwrap().allowed_origins.len(), 2);
    for origin in [
        "*",
        "null",
        "http://app.example.com",
        "http://localhost:3000",
        "https://other.com",
        "https://com",
        "https://example.com.evil.com",
        "https://evilexample.com",
        "https://192.0.2.1",
        "https://app.example.com/path",
        "https://user@app.example.com",
    ] {
        assert!(listed(origin).is_err(), "{origin}");
    }
    let shared = ("LATCHKEY_PUBLIC_URL", "https://a.github.io");
    assert!(with(&[shared, ("LATCHKEY_ALLOWED_ORIGINS", "https://b.github.io")], None).is_err());
}

#[test]
fn sec_03_on_this_machine_origins_of_other_ports_are_allowed() {
    let dev = ("LATCHKEY_ISSUER", "http://localhost:8081/oauth2/default");
    let listed = |origins: &'static str| with(&[dev, ("LATCHKEY_ALLOWED_ORIGINS", origins)], None);
    assert_eq!(listed("http://localhost:3000 http://localhost:5173").unwrap().allowed_origins.len(), 2);
    let wrong = ["https://localhost:3000", "http://127.0.0.1:3000", "http://app.localhost:3000"];
    for origin in wrong {
        assert!(listed(origin).is_err(), "{origin}");
    }
}

#[test]
fn the_frame_of_a_captcha_has_another_origin_than_the_pages() {
    let ours = ("LATCHKEY_PUBLIC_URL", "https://login.example.com");
    let store = ("LATCHKEY_STORE", "memory");
    let at = |origin: &'static str| [ours, store, ("LATCHKEY_CAPTCHA_ORIGIN", origin)];
    assert!(with(&at("https://captcha.example.com"), None).is_ok());
    for origin in ["https://login.example.com", "http://captcha.example.com", "https://a.example.com/path"] {
        assert!(problems(&at(origin), None).contains("LATCHKEY_CAPTCHA_ORIGIN"), "{origin}");
    }
    assert!(
        problems(&[store, ("LATCHKEY_CAPTCHA_ORIGIN", "https://a.example.com")], None).contains("CAPTCHA")
    );
    assert!(
        problems(&[("LATCHKEY_CAPTCHA_SCRIPT", "http://vendor.example/a.js")], None)
            .contains("CAPTCHA_SCRIPT")
    );
}
