//! Where the program is split: all that only `build` reaches is in the late part.

use crate::any_element::AnyElement;
use crate::form::late_controls::control;
use crate::late::{Build, LateView};
use crate::parts::picture::picture;
use crate::screens::ended::EndedScreen;
use crate::screens::passkey::PasskeyScreen;
use crate::screens::signed_in::SignedInScreen;
use crate::screens::wait::WaitScreen;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

/// Fetches the late part. One that could not be fetched can be fetched again.
#[cfg_attr(
    feature = "split",
    leptos::wasm_split::wasm_split(late, wasm_split_path = leptos::wasm_split, fallible)
)]
fn build_function() -> Result<Build, SplitLoaderError> {
    Ok(build)
}

/// Fetches the late part, where it is a part of its own.
pub(crate) async fn fetch() -> Result<Build, SplitLoaderError> {
    #[cfg(feature = "split")]
    return build_function().await;
    #[cfg(not(feature = "split"))]
    build_function()
}

fn build(late: LateView) -> Vec<AnyElement> {
    match late {
        LateView::Wait(wait, flow) => vec![view! { <WaitScreen wait flow/> }.into_inner()],
        LateView::Passkey(prompt, flow) => vec![view! { <PasskeyScreen prompt flow/> }.into_inner()],
        LateView::SignedIn(person, flow) => vec![view! { <SignedInScreen person flow/> }.into_inner()],
        LateView::Ended(ended, flow) => vec![view! { <EndedScreen ended flow/> }.into_inner()],
        LateView::Control(field, state) => control(&field, state),
        LateView::Picture(href, secret, flow) => picture(href, secret, flow.text),
    }
}
