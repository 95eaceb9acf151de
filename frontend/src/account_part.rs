//! The split point of the account: code that only these functions reach is in the account part, which is fetched when the
//! account is shown.

use crate::account::element::element;
use crate::account::shell::AccountShell;
use crate::account::view::account;
use crate::any_element::AnyElement;
use crate::browser::element::AccountHost;
use js_sys::Function;
use leptos::mount::mount_to;
use leptos::wasm_split::SplitLoaderError;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

/// The functions of the account part.
#[derive(Clone, Copy)]
pub(crate) struct AccountFunctions {
    /// Builds the account for a place in the program.
    pub(crate) account: fn(AccountShell) -> AnyElement,
    /// Mounts the account in an element of another page.
    show_in_element: fn(HtmlElement, JsValue),
}

/// The functions of the account part. A failed fetch can be repeated.
#[cfg_attr(
    feature = "split",
    leptos::wasm_split::wasm_split(account, wasm_split_path = leptos::wasm_split, fallible)
)]
pub(crate) fn functions() -> Result<AccountFunctions, SplitLoaderError> {
    Ok(AccountFunctions { account, show_in_element })
}

/// Mounts the account in an element of another page.
fn show_in_element(container: HtmlElement, host: JsValue) {
    let host = AccountHost::new(host, container.clone());
    mount_to(container, move || element(&host)).forget();
}

/// Fetches the account part.
#[cfg(feature = "split")]
pub(crate) use functions as fetch;

/// The account part, which is not a separate module here.
#[cfg(not(feature = "split"))]
pub(crate) async fn fetch() -> Result<AccountFunctions, SplitLoaderError> {
    functions()
}

/// Shows the account in an element of another page, whose script is `host`. If the part cannot be fetched, `failed` is called.
pub(crate) fn show(container: HtmlElement, host: JsValue, failed: Function) {
    spawn_local(async move {
        match fetch().await {
            Ok(part) => (part.show_in_element)(container, host),
            Err(_) => drop(failed.call0(&JsValue::UNDEFINED)),
        }
    });
}
