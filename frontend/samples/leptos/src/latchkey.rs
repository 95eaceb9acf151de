//! What the app asks Latchkey: who is signed in, to sign out, and an API behind the proxy.

use js_sys::{Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CustomEvent, RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    /// The element as JavaScript sees it.
    type SignIn;

    #[wasm_bindgen(method, js_name = signOut)]
    fn sign_out(this: &SignIn) -> Promise;
}

/// The claims of the person who has signed in, by name.
pub(crate) fn claims(event: &CustomEvent) -> Vec<(String, String)> {
    let user = Reflect::get(&event.detail(), &"user".into()).unwrap_or_default();
    let names = user.dyn_ref::<Object>().map(Object::keys).unwrap_or_default();
    let claim = |name: JsValue| {
        let value = Reflect::get(&user, &name).ok()?;
        Some((name.as_string()?, value.as_string()?))
    };
    names.iter().filter_map(claim).collect()
}

/// Signs the person out, here and in every other tab.
pub(crate) async fn sign_out() {
    let element = document().query_selector("latchkey-sign-in").ok().flatten();
    if let Some(element) = element {
        // The element says so when it has happened.
        let _ = JsFuture::from(element.unchecked_into::<SignIn>().sign_out()).await;
    }
}

/// The answer of an API that Latchkey lists under `[proxy]`.
pub(crate) async fn call(path: &str) -> Result<String, JsValue> {
    let headers = Object::new();
    Reflect::set(&headers, &"X-CSRF".into(), &"1".into())?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    let response = window().fetch_with_str_and_init(&format!("/api/proxy/{path}"), &init);
    let response: Response = JsFuture::from(response).await?.unchecked_into();
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
