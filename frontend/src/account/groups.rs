//! The groups of the security part: password, e-mail addresses, phone numbers, passkeys and other authenticators.

use super::change::{AccountChange, AccountGroup, Enrolled, Removal, add_trigger};
use super::change_form::form_place;
use super::moment::moment;
use super::phrase;
use super::rows::{AccountRow, RowAction, detail, masked_title, org_link, title};
use super::security_state::SecurityState;
use crate::any_element::{AnyElement, IntoAnyElement};
use crate::browser::account::has_passkeys;
use crate::browser::intl;
use crate::parts::look::look;
use crate::text::Phrase;
use latchkey_contract::{Account, AccountAuthenticator, AccountEnrollment, AccountPasskey, AccountPassword};
use leptos::prelude::*;

/// The authenticators with a group of their own.
const OWN_GROUP: [&str; 4] = ["okta_password", "okta_email", "phone_number", "webauthn"];

/// The key of the authenticator of passkeys.
const WEBAUTHN: &str = "webauthn";

/// What an action of a row does.
enum ActionKind {
    Open(AccountChange),
    /// A page of the org.
    Leave(String),
}

/// A row of a group: its own name in the page, what it shows, and what its actions are about.
struct GroupRow {
    id: String,
    icon: &'static str,
    title: AnyElement,
    about: String,
    details: Vec<AnyElement>,
    actions: Vec<(Phrase, ActionKind)>,
}

/// All groups that the org lets the person see.
pub(super) fn groups(account: Account, state: SecurityState) -> Vec<AnyElement> {
    let Account { password, emails, phones, passkeys, authenticators, missing_scopes } = account;
    let authenticators = authenticators.unwrap_or_default();
    let webauthn = authenticators.iter().find(|one| one.key == WEBAUTHN).map(|one| one.id.clone());
    let shown = [
        password.map(|password| password_group(&password, state)),
        emails.map(|emails| email_group(&emails, state)),
        phones.map(|phones| phone_group(&phones, state)),
        passkeys.map(|passkeys| passkey_group(&passkeys, webauthn, state)),
        other_group(authenticators, state),
        missing(missing_scopes, state),
    ];
    shown.into_iter().flatten().collect()
}

/// A group with its rows, and the button that adds one.
fn group(
    group: AccountGroup,
    title: Phrase,
    rows: Vec<GroupRow>,
    add: Option<(Phrase, AccountChange)>,
    state: SecurityState,
) -> AnyElement {
    let name = group.name();
    let list = (!rows.is_empty()).then(|| {
        let rows: Vec<AnyElement> = rows.into_iter().map(|row| shown(row, state)).collect();
        view! { <ul {..look("settings__list")}>{rows}</ul> }.into_any_element()
    });
    let add = add.map(|(label, change)| {
        let trigger = add_trigger(group);
        let opens = trigger.clone();
        let open = move || state.open(opens.clone(), opens.clone(), change.clone());
        view! { <RowAction label=state.page.say(label) trigger on_press=open/> }.into_inner()
    });
    let title = state.page.say(title);
    view! {
        <section {..look("settings__group")} data-part=name>
            {view! { <h3 {..look("settings__subheading")} tabindex="-1">{title}</h3> }.into_any_element()}
            {list}
            {view! { <div {..look("settings__actions")}>{add}</div> }.into_any_element()}
            {form_place(add_trigger(group), state)}
        </section>
    }
    .into_any_element()
}

/// A row with actions that open forms below it.
fn shown(row: GroupRow, state: SecurityState) -> AnyElement {
    let GroupRow { id, icon, title, about, details, actions } = row;
    let action = |(at, (label, kind)): (usize, (Phrase, ActionKind))| {
        let label = state.page.say(label);
        match kind {
            ActionKind::Leave(href) => org_link(label, &about, href),
            ActionKind::Open(change) => {
                // The first action has the name of its row, by which a change goes on after another sign-in.
                let trigger = if at == 0 { id.clone() } else { format!("{id}:{at}") };
                let (place, opens) = (id.clone(), trigger.clone());
                let open = move || state.open(place.clone(), opens.clone(), change.clone());
                view! { <RowAction label about=about.clone() trigger on_press=open/> }.into_inner()
            }
        }
    };
    let actions = actions.into_iter().enumerate().map(action).collect();
    view! { <AccountRow icon title details actions below=form_place(id, state)/> }.into_inner()
}

fn password_group(password: &AccountPassword, state: SecurityState) -> AnyElement {
    let page = state.page;
    let is_set = password.is_set;
    let changed = password.changed_at.as_deref().filter(|_| is_set);
    let label = if is_set { phrase::CHANGE } else { phrase::SET_A_PASSWORD };
    let row = GroupRow {
        id: AccountGroup::Password.name().to_owned(),
        icon: "lock",
        title: if is_set { masked_title() } else { title(page.say(phrase::NOT_SET)) },
        about: page.say(phrase::PASSWORD),
        details: changed.map(|at| when(phrase::CHANGED_AT, at, state)).into_iter().collect(),
        actions: vec![(label, ActionKind::Open(AccountChange::Password { is_set }))],
    };
    group(AccountGroup::Password, phrase::PASSWORD, vec![row], None, state)
}

fn email_group(emails: &[latchkey_contract::AccountEmail], state: SecurityState) -> AnyElement {
    let page = state.page;
    let rows = emails.iter().map(|email| {
        let (id, address) = (email.id.clone(), email.address.clone());
        let notes = [
            email.is_primary.then_some(phrase::PRIMARY),
            (!email.is_verified).then_some(phrase::NOT_CONFIRMED),
        ];
        let actions = if email.is_verified {
            let change = AccountChange::AddEmail { is_primary: email.is_primary };
            vec![(phrase::CHANGE, ActionKind::Open(change))]
        } else {
            let confirm = AccountChange::ConfirmEmail { id: id.clone(), address: address.clone() };
            let remove = removal(AccountGroup::Email, format!("/api/account/emails/{id}"), &address);
            vec![(phrase::CONFIRM, ActionKind::Open(confirm)), (phrase::REMOVE, remove)]
        };
        let details = notes.into_iter().flatten().map(|note| detail(page.say(note))).collect();
        let id = format!("email:{id}");
        GroupRow { id, icon: "email", title: title(address.clone()), about: address, details, actions }
    });
    let add = AccountChange::AddEmail { is_primary: emails.is_empty() };
    let add = Some((phrase::ADD_AN_EMAIL_ADDRESS, add));
    group(AccountGroup::Email, phrase::EMAIL, rows.collect(), add, state)
}

fn phone_group(phones: &[latchkey_contract::AccountPhone], state: SecurityState) -> AnyElement {
    let rows = phones.iter().map(|phone| {
        let (id, number) = (phone.id.clone(), phone.number.clone());
        let first = if phone.is_verified {
            (phrase::CHANGE, AccountChange::AddPhone { replaces: Some(id.clone()) })
        } else {
            (phrase::CONFIRM, AccountChange::ConfirmPhone { id: id.clone(), number: number.clone() })
        };
        let remove = removal(AccountGroup::Phone, format!("/api/account/phones/{id}"), &number);
        GroupRow {
            id: format!("phone:{id}"),
            icon: "phone",
            title: title(number.clone()),
            about: number,
            details: (!phone.is_verified)
                .then(|| detail(state.page.say(phrase::NOT_CONFIRMED)))
                .into_iter()
                .collect(),
            actions: vec![(first.0, ActionKind::Open(first.1)), (phrase::REMOVE, remove)],
        }
    });
    let add = Some((phrase::ADD_A_PHONE_NUMBER, AccountChange::AddPhone { replaces: None }));
    group(AccountGroup::Phone, phrase::PHONE, rows.collect(), add, state)
}

fn passkey_group(passkeys: &[AccountPasskey], webauthn: Option<String>, state: SecurityState) -> AnyElement {
    let rows = passkeys.iter().map(|passkey| {
        let name = passkey.name.clone().unwrap_or_else(|| state.page.say(phrase::PASSKEY));
        let rename = webauthn
            .clone()
            .map(|authenticator| rename(AccountGroup::Passkey, authenticator, &passkey.id, &name));
        let others = passkeys.iter().filter(|other| other.id != passkey.id).cloned().collect();
        let remove = ActionKind::Open(AccountChange::Remove(Removal {
            group: AccountGroup::Passkey,
            path: format!("/api/account/passkeys/{}", passkey.id),
            name: name.clone(),
            passkey: Some((passkey.clone(), others)),
        }));
        GroupRow {
            id: format!("passkey:{}", passkey.id),
            icon: "passkey",
            title: title(name.clone()),
            about: name,
            details: times(passkey.created_at.as_deref(), passkey.last_used_at.as_deref(), state),
            actions: rename.into_iter().chain([(phrase::REMOVE, remove)]).collect(),
        }
    });
    let add = has_passkeys()
        .then(|| (phrase::ADD_A_PASSKEY, AccountChange::AddPasskey { authenticator: webauthn.clone() }));
    group(AccountGroup::Passkey, phrase::PASSKEYS, rows.collect(), add, state)
}

/// The authenticators without a group of their own; they are set up and removed on pages of the org.
fn other_group(authenticators: Vec<AccountAuthenticator>, state: SecurityState) -> Option<AnyElement> {
    let rest = authenticators.into_iter().filter(|one| !OWN_GROUP.contains(&one.key.as_str()));
    let rows: Vec<GroupRow> = rest.flat_map(|one| authenticator_rows(&one, state)).collect();
    (!rows.is_empty()).then(|| group(AccountGroup::Other, phrase::OTHER_AUTHENTICATORS, rows, None, state))
}

fn authenticator_rows(authenticator: &AccountAuthenticator, state: SecurityState) -> Vec<GroupRow> {
    let AccountAuthenticator { id, name, can_set_up, enrollments, .. } = authenticator;
    let (page, kind) = (state.page, state.page.translated(name));
    let org_page =
        |which: &str| ActionKind::Leave(page.url(&format!("/account/authenticators/{id}/{which}")));
    let enrolled = |one: &AccountEnrollment| {
        let name = page.translated(&one.name);
        let remove = one.can_remove.then(|| (phrase::REMOVE, org_page(&one.id)));
        let kind = (name != kind).then(|| detail(kind.clone()));
        let times = times(one.created_at.as_deref(), one.last_used_at.as_deref(), state);
        GroupRow {
            id: format!("other:{}", one.id),
            icon: "app",
            details: kind.into_iter().chain(times).collect(),
            actions: core::iter::once(rename(AccountGroup::Other, id.clone(), &one.id, &name))
                .chain(remove)
                .collect(),
            title: title(name.clone()),
            about: name,
        }
    };
    let mut rows: Vec<GroupRow> = enrollments.iter().map(enrolled).collect();
    rows.extend(can_set_up.then(|| GroupRow {
        id: format!("other:{id}"),
        icon: "app",
        title: title(kind.clone()),
        about: kind.clone(),
        details: vec![detail(page.say(phrase::NOT_SET_UP))],
        actions: vec![(phrase::SET_UP, org_page("set-up"))],
    }));
    rows
}

fn removal(group: AccountGroup, path: String, name: &str) -> ActionKind {
    ActionKind::Open(AccountChange::Remove(Removal { group, path, name: name.to_owned(), passkey: None }))
}

fn rename(group: AccountGroup, authenticator: String, id: &str, name: &str) -> (Phrase, ActionKind) {
    let enrolled = Enrolled { authenticator, id: id.to_owned(), name: name.to_owned() };
    (phrase::RENAME, ActionKind::Open(AccountChange::Rename(group, enrolled)))
}

/// When something was added and last used, as far as it is known.
fn times(added: Option<&str>, used: Option<&str>, state: SecurityState) -> Vec<AnyElement> {
    let added = added.map(|at| when(phrase::ADDED_AT, at, state));
    added.into_iter().chain(used.map(|at| when(phrase::USED_AT, at, state))).collect()
}

fn when(phrase: Phrase, at: &str, state: SecurityState) -> AnyElement {
    state.page.say_with(phrase, moment(intl::moment(at), state.page))
}

/// What to ask an administrator for.
fn missing(scopes: Vec<String>, state: SecurityState) -> Option<AnyElement> {
    let page = state.page;
    let shown = |scopes: Vec<String>| {
        let scope = |scope: String| view! { <li><code>{scope}</code></li> }.into_any_element();
        let list: Vec<AnyElement> = scopes.into_iter().map(scope).collect();
        let [summary, lead] = [phrase::MISSING_SUMMARY, phrase::MISSING_SCOPES].map(|one| page.say(one));
        view! {
            <details {..look("settings__fold")}>
                <summary>{summary}</summary>
                {view! { <p {..look("form__advice")}>{lead}</p> }.into_any_element()}
                {view! { <ul {..look("settings__scopes")}>{list}</ul> }.into_any_element()}
            </details>
        }
        .into_any_element()
    };
    (!scopes.is_empty()).then(|| shown(scopes))
}
