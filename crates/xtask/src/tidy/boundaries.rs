//! What each room leaves alone.

use super::{Findings, Source, catches, holds_everywhere, lines_with, shipped, spares};

/// In `idx` only the client and the transports have side effects.
fn idx_is_pure(source: &Source) -> Findings {
    let acts = ["client/", "transport/"];
    let file = source.path.strip_prefix("crates/idx/src/").unwrap_or_default();
    if file.is_empty() || acts.iter().any(|room| file.starts_with(room)) {
        return Vec::new();
    }
    let words = [
        "SystemTime::now",
        "Instant::now",
        "std::env",
        "env::var",
        "getrandom::",
        "rand::fill",
        "reqwest::",
        "tracing::",
    ];
    lines_with(&shipped(&source.text), &words)
}

/// The server below its composition root gets time and randomness as arguments.
fn the_server_takes_time_and_randomness(source: &Source) -> Findings {
    let is_root =
        ["app.rs", "clock.rs", "main.rs"].iter().any(|file| source.path == format!("backend/src/{file}"));
    if !source.within("backend/src") || is_root || source.ends_with("/tests.rs") {
        return Vec::new();
    }
    let words = [
        "SystemTime::now",
        "Instant::now",
        ".elapsed()",
        "Clock::system",
        "RandomSource::system",
        "getrandom::",
        "rand::fill",
    ];
    lines_with(&shipped(&source.text), &words)
}

/// The handles and tokens of the org are not the contract's.
fn contract_keeps_the_orgs_secrets_out(source: &Source) -> Findings {
    if !source.within("crates/contract/src") {
        return Vec::new();
    }
    lines_with(
        &source.text,
        &["pub state_handle", "pub interaction_handle", "pub access_token", "pub refresh_token"],
    )
}

/// Configuration is read once, in its own room.
fn routes_read_no_environment(source: &Source) -> Findings {
    if !source.within("backend/src/api") {
        return Vec::new();
    }
    lines_with(&shipped(&source.text), &["env::var", "std::env"])
}

/// Only one file knows both vocabularies.
fn translation_has_one_place(source: &Source) -> Findings {
    let in_backend =
        source.within("backend/src") && source.ends_with(".rs") && !source.path.contains("/translate");
    let names = |what: &str| shipped(&source.text).contains(what);
    if in_backend && names("latchkey_contract::Step") && names("latchkey_idx::Step") {
        return vec![(1, "knows the steps of both vocabularies".to_owned())];
    }
    Vec::new()
}

/// What touches the DOM lies in one room of the client, and what fetches in one file.
fn the_browser_has_its_room(source: &Source) -> Findings {
    if !source.within("frontend/src") || !source.ends_with(".rs") {
        return Vec::new();
    }
    let of_the_browser = source.path.contains("/browser") || source.ends_with("/main.rs");
    let of_the_network = source.path == "frontend/src/api/transport.rs";
    let mut found = Vec::new();
    if !of_the_browser && !of_the_network {
        found.extend(lines_with(&shipped(&source.text), &["fetch_with_"]));
    }
    // Signals stand around what happens, in one file; what happens knows of none.
    let is_pure = source.within("frontend/src/flow") && !source.ends_with("/mod.rs");
    if is_pure {
        found.extend(lines_with(&shipped(&source.text), &["leptos", "web_sys", "js_sys", "RwSignal"]));
    }
    let shows = ["screens", "form", "parts", "account"]
        .iter()
        .any(|room| source.within(&format!("frontend/src/{room}")));
    if shows {
        found.extend(lines_with(&shipped(&source.text), &["web_sys::", "use web_sys", "js_sys::"]));
    }
    found
}

/// The page's policy takes neither a style attribute nor markup from a string.
fn the_policy_is_kept(source: &Source) -> Findings {
    let markup =
        source.within("frontend") && [".rs", ".html", ".js"].iter().any(|ending| source.ends_with(ending));
    if !markup {
        return Vec::new();
    }
    lines_with(
        &source.text,
        &[" style=\"", "inner_html", "innerHTML", "outerHTML", "insertAdjacentHTML", "onclick="],
    )
}

/// A browser test does what a person can do, and waits for what a person can see.
fn tests_see_what_a_person_sees(source: &Source) -> Findings {
    if !source.within("e2e") || !source.ends_with(".spec.mjs") {
        return Vec::new();
    }
    lines_with(
        &source.text,
        &["waitForTimeout", "test.only", "locator('.", "locator(\".", "locator('#", "locator(\"#"],
    )
}

#[test]
fn idx_takes_time_chance_and_settings_as_arguments() {
    catches(idx_is_pure, "crates/idx/src/flow/step.rs", "let now = SystemTime::now();");
    spares(idx_is_pure, "crates/idx/src/lib.rs", "//! let now = SystemTime::now();");
    spares(idx_is_pure, "crates/idx/src/client/flow_calls.rs", "let now = SystemTime::now();");
    spares(
        idx_is_pure,
        "crates/idx/src/flow/step.rs",
        "#[cfg(test)]\nmod tests { fn now() { SystemTime::now(); } }",
    );
    holds_everywhere(idx_is_pure);
}

#[test]
fn the_server_has_a_clock_and_a_source_of_randomness() {
    let now = "let now = SystemTime::now();";
    catches(the_server_takes_time_and_randomness, "backend/src/api/flow.rs", now);
    catches(the_server_takes_time_and_randomness, "backend/src/session/lease.rs", "since.elapsed() > LIMIT");
    spares(the_server_takes_time_and_randomness, "backend/src/main.rs", now);
    holds_everywhere(the_server_takes_time_and_randomness);
}

#[test]
fn the_contract_has_no_room_for_the_orgs_secrets() {
    catches(
        contract_keeps_the_orgs_secrets_out,
        "crates/contract/src/lib.rs",
        "    pub state_handle: String,",
    );
    holds_everywhere(contract_keeps_the_orgs_secrets_out);
}

#[test]
fn a_route_reads_no_environment() {
    catches(routes_read_no_environment, "backend/src/api/flow.rs", "std::env::var(\"X\")");
    holds_everywhere(routes_read_no_environment);
}

#[test]
fn only_translate_knows_both_vocabularies() {
    let both = "use latchkey_contract::Step;\nuse latchkey_idx::Step as Asked;";
    catches(translation_has_one_place, "backend/src/api/flow.rs", both);
    spares(translation_has_one_place, "backend/src/translate/mod.rs", both);
    holds_everywhere(translation_has_one_place);
}

#[test]
fn the_dom_and_the_network_have_one_place_each() {
    catches(the_browser_has_its_room, "frontend/src/screens/fill.rs", "use web_sys::window;");
    catches(the_browser_has_its_room, "frontend/src/flow/step.rs", "use leptos::prelude::*;");
    catches(the_browser_has_its_room, "frontend/src/flow/reply.rs", "use leptos::prelude::*;");
    spares(the_browser_has_its_room, "frontend/src/flow/mod.rs", "use leptos::prelude::*;");
    catches(the_browser_has_its_room, "frontend/src/flow/send.rs", "window().fetch_with_str(url)");
    spares(the_browser_has_its_room, "frontend/src/api/transport.rs", "window().fetch_with_str(url)");
    holds_everywhere(the_browser_has_its_room);
}

#[test]
fn nothing_needs_an_exception_from_the_pages_policy() {
    catches(the_policy_is_kept, "frontend/src/parts/field.rs", "<p style=\"color: red\">");
    catches(the_policy_is_kept, "frontend/src/parts/field.rs", "<p inner_html=text>");
    spares(the_policy_is_kept, "frontend/src/parts/field.rs", "<p style:width=width>");
    holds_everywhere(the_policy_is_kept);
}

#[test]
fn a_browser_test_neither_sleeps_nor_looks_behind_the_page() {
    catches(tests_see_what_a_person_sees, "e2e/sign-in/a.spec.mjs", "await page.waitForTimeout(500);");
    catches(tests_see_what_a_person_sees, "e2e/sign-in/a.spec.mjs", "page.locator('.field__error')");
    holds_everywhere(tests_see_what_a_person_sees);
}
