//! Rows of the account page, with their titles, details and actions.

use crate::any_element::{AnyElement, IntoAnyElement};
use crate::parts::look::look;
use leptos::prelude::*;

/// What it is about, details under it, actions, and the form that opens below it.
#[component]
pub(super) fn AccountRow(
    icon: &'static str,
    title: AnyElement,
    details: Vec<AnyElement>,
    actions: Vec<AnyElement>,
    #[prop(optional)] below: Option<AnyElement>,
) -> AnyElement {
    let what = view! {
        <div {..look("settings__what")} data-icon=icon>
            {title}
            {details}
        </div>
    };
    view! {
        <li {..look("settings__row")}>
            {what.into_any_element()}
            {view! { <div {..look("settings__actions")}>{actions}</div> }.into_any_element()}
            {below}
        </li>
    }
    .into_any_element()
}

/// The title of a row.
pub(super) fn title(words: String) -> AnyElement {
    view! { <span {..look("settings__title")}><bdi>{words}</bdi></span> }.into_any_element()
}

/// The title of the row of a password, as fields show one. Screen readers have the heading of its group.
pub(super) fn masked_title() -> AnyElement {
    view! { <span {..look("settings__title")} aria-hidden="true">{MASKED}</span> }.into_any_element()
}

const MASKED: &str = "••••••••";

/// A detail in words.
pub(super) fn detail(words: String) -> AnyElement {
    view! { <span {..look("settings__detail")}>{words}</span> }.into_any_element()
}

/// A detail of the person's or the org's, whose direction is its own.
pub(super) fn own_detail(words: String) -> AnyElement {
    view! { <span {..look("settings__detail")}><bdi>{words}</bdi></span> }.into_any_element()
}

/// A button that looks like a link. Its name for screen readers says what it is about, and `trigger` is its own name in the
/// page.
#[component]
pub(super) fn RowAction(
    label: String,
    #[prop(optional)] about: Option<String>,
    trigger: String,
    #[prop(into)] on_press: Callback<()>,
) -> AnyElement {
    let name = about.map(|about| format!("{label} {about}"));
    view! {
        <button
            {..look("link")}
            type="button"
            aria-label=name
            data-open=trigger
            on:click=move |_| on_press.run(())
        >
            {label}
        </button>
    }
    .into_any_element()
}

/// A link to a page of the org, which opens beside this one.
pub(super) fn org_link(label: String, about: &str, href: String) -> AnyElement {
    let name = format!("{label} {about}");
    view! {
        <a {..look("link")} href=href target="_blank" rel="external noopener noreferrer" aria-label=name>{label}</a>
    }
    .into_any_element()
}

/// A part of the page with its heading, which can be focused.
pub(super) fn part(name: &'static str, heading: String, content: AnyElement) -> AnyElement {
    let heading = view! { <h2 {..look("settings__heading")} tabindex="-1">{heading}</h2> }.into_any_element();
    view! { <section {..look("settings__part")} data-part=name>{heading}{content}</section> }
        .into_any_element()
}
