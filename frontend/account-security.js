// The security part of the account page: password, e-mail addresses, phone numbers, passkeys and other authenticators.
import { action, bdi, el, heading, row } from "./account-dom.js";
import { words } from "./account-form.js";
import { moment } from "./account-text.js";
import { addEmail, addPasskey, addPhone, changePassword, confirmEmail, confirmPhone, removal, renaming } from "./account-changes.js";

/** Authenticators with a group of their own. */
const OWN_GROUP = ["okta_password", "okta_email", "phone_number", "webauthn"];

/** The part, which goes on with a change that was interrupted by a sign-in. */
export function security(page, resumed) {
  const element = el("div", { class: "settings__groups", "aria-busy": "true" });
  /** Closes the open form, if there is one. */
  let close = () => {};
  return { element, load };

  async function load() {
    try {
      show(await page.call("GET", "/api/account"));
    } catch (problem) {
      if (problem.code !== "not_signed_in") failed(problem);
    }
    element.removeAttribute("aria-busy");
    element.querySelector(`[data-open="${resumed}"]`)?.click();
    resumed = null;
  }

  function failed(problem) {
    const again = action(page.say("Try again"), "", load);
    element.replaceChildren(el("p", { class: "banner banner--error" }, words(page, problem), again));
  }

  /** Reads the account again after a change, says what has changed, and returns the focus to its group. */
  async function changed(text, part) {
    close = () => {};
    await load();
    page.announce(text);
    (element.querySelector(`[data-part="${part}"] h3`) ?? element.querySelector("h3"))?.focus({ preventScroll: true });
  }

  /** Opens a form below a row or a group; the button that opened it gets the focus back. */
  function open(where, make) {
    return ({ currentTarget }) => {
      close();
      const shut = () => {
        form.element.remove();
        close = () => {};
        currentTarget.focus({ preventScroll: true });
      };
      let form = make(page, { changed, close: shut, replace });
      close = () => form.element.remove();
      where().append(form.element);
      form.focus();

      /** The next form of the same change. */
      function replace(next) {
        form.element.replaceWith(next.element);
        form = next;
        form.focus();
      }
    };
  }

  function show(account) {
    const groups = [password, emails, phones, passkeys, others].map((group) => group(account)).filter(Boolean);
    element.replaceChildren(...groups, ...missing(account.missingScopes));
  }

  function group(part, title, rows, add = []) {
    const list = rows.length > 0 ? el("ul", { class: "settings__list" }, rows) : null;
    const adding = el("div", { class: "settings__actions" });
    const section = el("section", { class: "settings__group", "data-part": part }, heading(3, title), list, adding);
    for (const [label, make] of add) {
      const button = action(label, "", open(() => section, make));
      button.dataset.open = `${part}:add`;
      adding.append(button);
    }
    return section;
  }

  /** A row with actions that open forms below it. */
  function entry({ actions, ...about }) {
    const item = row(about);
    const place = item.querySelector(".settings__actions");
    for (const [label, name, make] of actions) {
      place.append(make instanceof Function ? action(label, name, open(() => item, make)) : link(label, name, make));
    }
    return item;
  }

  function link(label, name, href) {
    return el("a", { class: "link", href, target: "_blank", rel: "noopener noreferrer", "aria-label": `${label} ${name}` }, label);
  }

  function times({ createdAt, lastUsedAt }) {
    const made = createdAt && page.sayOf("Added {}", moment(new Date(createdAt), page.language));
    const used = lastUsedAt && page.sayOf("Last used {}", moment(new Date(lastUsedAt), page.language));
    return [made, used];
  }

  function password({ password }) {
    if (!password) return null;
    const { isSet, changedAt } = password;
    const title = page.say("Password");
    const change = isSet ? page.say("Change") : page.say("Set a password");
    const when = changedAt && page.sayOf("Changed {}", moment(new Date(changedAt), page.language));
    const item = entry({ icon: "lock", title, details: [isSet ? when : page.say("Not set")], actions: [[change, title, changePassword(isSet)]] });
    item.querySelector("button").dataset.open = "password";
    return group("password", title, [item]);
  }

  function emails({ emails }) {
    if (!emails) return null;
    const rows = emails.map((email) => {
      const details = [email.isPrimary && page.say("Primary"), !email.isVerified && page.say("Not confirmed")];
      const name = email.address;
      const open = [
        [page.say("Confirm"), name, confirmEmail(email)],
        [page.say("Remove"), name, removal("email", `/api/account/emails/${email.id}`, name)],
      ];
      const change = [[page.say("Change"), name, addEmail(email.isPrimary)]];
      return entry({ icon: "email", title: bdi(name), details, actions: email.isVerified ? change : open });
    });
    return group("email", page.say("Email"), rows, [[page.say("Add an email address"), addEmail(emails.length === 0)]]);
  }

  function phones({ phones }) {
    if (!phones) return null;
    const rows = phones.map((phone) => {
      const name = phone.number;
      const remove = [page.say("Remove"), name, removal("phone", `/api/account/phones/${phone.id}`, name)];
      const confirm = [page.say("Confirm"), name, confirmPhone(phone)];
      const change = [page.say("Change"), name, addPhone(phone)];
      const details = [!phone.isVerified && page.say("Not confirmed")];
      return entry({ icon: "phone", title: bdi(name), details, actions: [phone.isVerified ? change : confirm, remove] });
    });
    return group("phone", page.say("Phone"), rows, [[page.say("Add a phone number"), addPhone()]]);
  }

  function passkeys({ passkeys, authenticators = [] }) {
    if (!passkeys) return null;
    const authenticator = authenticators.find(({ key }) => key === "webauthn");
    const rows = passkeys.map((passkey) => {
      const name = passkey.name ?? page.say("Passkey");
      const rename = authenticator && [page.say("Rename"), name, renaming("passkey", authenticator.id, passkey.id, name)];
      const remove = [page.say("Remove"), name, removal("passkey", `/api/account/passkeys/${passkey.id}`, name, { passkey, passkeys })];
      return entry({ icon: "passkey", title: bdi(name), details: times(passkey), actions: [rename, remove].filter(Boolean) });
    });
    const add = globalThis.PublicKeyCredential ? [[page.say("Add a passkey"), addPasskey(authenticator?.id)]] : [];
    return group("passkey", page.say("Passkeys"), rows, add);
  }

  function others({ authenticators = [] }) {
    const rest = authenticators.filter(({ key }) => !OWN_GROUP.includes(key));
    const orgPage = (id, which) => new URL(`/account/authenticators/${id}/${which}`, import.meta.url);
    const rows = rest.flatMap(({ id, name: kind, canSetUp, enrollments }) => {
      const enrolled = enrollments.map((one) => {
        const rename = [page.say("Rename"), one.name, renaming("other", id, one.id, one.name)];
        const remove = one.canRemove && [page.say("Remove"), one.name, orgPage(id, one.id)];
        const details = [one.name !== kind && kind, ...times(one)];
        return entry({ icon: "app", title: bdi(one.name), details, actions: [rename, remove].filter(Boolean) });
      });
      const add = canSetUp && entry({ icon: "app", title: kind, details: [page.say("Not set up")], actions: [[page.say("Set up"), kind, orgPage(id, "set-up")]] });
      return [...enrolled, add].filter(Boolean);
    });
    return rows.length > 0 ? group("other", page.say("Other authenticators"), rows) : null;
  }

  /** What to ask an administrator for. */
  function missing(scopes) {
    if (scopes.length === 0) return [];
    const list = el("ul", { class: "settings__scopes" }, scopes.map((scope) => el("li", {}, el("code", {}, scope))));
    const lead = page.say("Your organization does not let you change everything here. Ask your administrator to grant this app these scopes, and to add them to LATCHKEY_SCOPES:");
    return [el("details", { class: "settings__fold" }, el("summary", {}, page.say("Something is missing here?")), el("p", { class: "form__advice" }, lead), list)];
  }
}
