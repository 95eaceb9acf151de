//! The split point of the program: code that only these functions reach is in the late part.

use crate::api::person::person;
use crate::browser::mount::late_sheet;
use crate::form::collect_late::take;
use crate::form::late_controls::control;
use crate::late::{self, LateFunctions};
use crate::screens::countdown::{resend_button, wait_line};
use crate::screens::late_screen::late_screen;
use crate::screens::message_lines::message_lines;
use crate::text::org_messages::in_our_words;
use leptos::wasm_split::SplitLoaderError;

/// The functions of the late part. A failed fetch can be repeated.
#[cfg_attr(
    feature = "split",
    leptos::wasm_split::wasm_split(late, wasm_split_path = leptos::wasm_split, fallible)
)]
fn functions() -> Result<LateFunctions, SplitLoaderError> {
    Ok(LateFunctions {
        screen: late_screen,
        control,
        take,
        resend: resend_button,
        message_lines,
        wait_line,
        person,
        org_words: in_our_words,
    })
}

/// Fetches the late part with its style sheet, if it is a separate module.
pub(crate) async fn fetch() -> Result<LateFunctions, SplitLoaderError> {
    let sheet = late_sheet();
    #[cfg(feature = "split")]
    let functions = functions().await?;
    #[cfg(not(feature = "split"))]
    let functions = functions()?;
    sheet.await;
    late::install(functions);
    Ok(functions)
}
