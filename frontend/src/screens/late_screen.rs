//! The screens of the late part.

use super::device::DeviceScreen;
use super::elsewhere::ElsewhereScreen;
use super::ended::EndedScreen;
use super::passkey::PasskeyScreen;
use super::signed_in::SignedInScreen;
use super::signed_in_already::SignedInAlreadyScreen;
use super::starting::StartingScreen;
use super::step_form::StepFormScreen;
use super::wait::WaitScreen;
use crate::any_element::AnyElement;
use crate::flow::Flow;
use crate::flow::screen::Screen;
use leptos::prelude::*;

/// Builds the current screen.
pub(crate) fn late_screen(flow: Flow) -> AnyElement {
    match flow.screen() {
        Screen::Starting => view! { <StartingScreen flow/> }.into_inner(),
        Screen::SignedInAlready(already) => view! { <SignedInAlreadyScreen already flow/> }.into_inner(),
        Screen::Form(form) => view! { <StepFormScreen form flow/> }.into_inner(),
        Screen::Wait(wait) => view! { <WaitScreen wait flow/> }.into_inner(),
        Screen::Device(step) => view! { <DeviceScreen step flow/> }.into_inner(),
        Screen::Passkey(prompt) => view! { <PasskeyScreen prompt flow/> }.into_inner(),
        Screen::Elsewhere(elsewhere) => view! { <ElsewhereScreen elsewhere flow/> }.into_inner(),
        Screen::Ended(ended) => view! { <EndedScreen ended flow/> }.into_inner(),
        Screen::SignedIn(person) => view! { <SignedInScreen person flow/> }.into_inner(),
    }
}
