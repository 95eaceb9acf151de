//! The account of the flow, on every screen from the moment that the org knows it.

use super::alternatives::EntryLink;
use super::frame::HeadingViews;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::focus::focus_first_field_next;
use crate::flow::Flow;
use crate::parts::icon::{Icon, badge};
use crate::parts::look::look;
use crate::text::Phrase;
use latchkey_contract::route::Entry;
use latchkey_contract::{IdentifiedUser, Values};
use leptos::prelude::*;

/// The views beside the heading of a screen. Without an icon of its own it has that of the authenticator, if it is about one.
pub(super) fn beside(own: Option<Icon>, flow: Flow) -> HeadingViews {
    let shown = own.or_else(|| {
        let key = flow.authenticator()?;
        Some(Icon::of(&key).unwrap_or(Icon::Shield))
    });
    HeadingViews {
        icon: shown.map(badge).into_iter().collect(),
        account: flow.user().map(|user| account(user, flow)).into_iter().collect(),
    }
}

/// The account with its name, and a link that begins again and keeps the username.
fn account(user: IdentifiedUser, flow: Flow) -> AnyElement {
    let label = flow.text.phrase(Phrase::NotYou);
    let other = view! { <EntryLink entry=Entry::SignIn class="link" label flow/> }.into_inner();
    let begin = move |_| {
        focus_first_field_next();
        // The link leads to the address that a step-up has already.
        if flow.step_up().is_some() {
            flow.begin(Entry::SignIn.path().to_owned(), Values::new());
        }
    };
    let link = view! { <span on:click=begin>{other}</span> };
    chip(user, Some(link.into_any_element()))
}

/// The account: its initial, its name and its identifier.
pub(super) fn chip(user: IdentifiedUser, link: Option<AnyElement>) -> AnyElement {
    let name = full_name(&user);
    let initial = initial(if name.is_empty() { &user.identifier } else { &name });
    let name =
        (!name.is_empty()).then(|| view! { <bdi {..look("account__name")}>{name}</bdi> }.into_any_element());
    view! {
        <div {..look("account")}>
            <span {..look("account__initial")} aria-hidden="true">{initial}</span>
            <span {..look("account__body")}>
                <span {..look("account__names")}>
                    {name}
                    <bdi {..look("account__identifier")}>{user.identifier}</bdi>
                </span>
                {link}
            </span>
        </div>
    }
    .into_any_element()
}

/// The name of the account, or what stands for it.
pub(super) fn name_of(user: &IdentifiedUser) -> String {
    let name = full_name(user);
    if name.is_empty() { user.identifier.clone() } else { name }
}

fn full_name(user: &IdentifiedUser) -> String {
    let names = [user.first_name.as_deref(), user.last_name.as_deref()];
    names.into_iter().flatten().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The first letter of a name. The style sheet makes it a capital.
fn initial(name: &str) -> String {
    name.chars().next().map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_part_of_a_name_leaves_no_gap() {
        let user = |first: Option<&str>, last: Option<&str>| {
            let [first_name, last_name] = [first, last].map(|name| name.map(str::to_owned));
            full_name(&IdentifiedUser { first_name, last_name, ..IdentifiedUser::default() })
        };
        assert_eq!(user(Some("Mary"), Some("Jones")), "Mary Jones");
        assert_eq!(user(None, Some("Jones")), "Jones");
        assert_eq!(user(Some(""), None), "");
    }

    #[test]
    fn the_initial_is_a_whole_letter() {
        assert_eq!([initial("mary@example.com"), initial("ñandú"), initial("")], ["m", "ñ", ""]);
    }
}
