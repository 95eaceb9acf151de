// The changes of the account page: each makes a form, and a second one if a code has to be entered.
import { action } from "./account-dom.js";
import { form, words } from "./account-form.js";
import { forget, make } from "./account-passkeys.js";

const CODE = { name: "code", inputmode: "numeric", autocomplete: "one-time-code", autocapitalize: "characters" };

/** Sets or changes the password. */
export function changePassword(isSet) {
  return (page, { changed, close }) => {
    const current = { name: "currentPassword", label: page.say("Current password"), type: "password", autocomplete: "current-password" };
    return form(page, {
      part: "password",
      fields: [
        ...(isSet ? [current] : []),
        { name: "password", label: page.say("New password"), type: "password", autocomplete: "new-password" },
        { name: "again", label: page.say("Re-enter new password"), type: "password", autocomplete: "new-password", sameAs: "password" },
      ],
      label: page.say("Save"),
      close,
      async submit({ currentPassword, password }) {
        await page.call("POST", "/api/account/password", { ...(isSet && { currentPassword }), password });
        await changed(page.say("Your password has been changed."), "password");
      },
    });
  };
}

/** Adds an address; a new primary address replaces the old one once it is confirmed. */
export function addEmail(isPrimary) {
  return (page, { changed, close, replace }) =>
    form(page, {
      part: "email:add",
      fields: [{ name: "email", label: page.say("New email address"), type: "email", inputmode: "email", autocomplete: "email", autocapitalize: "none" }],
      label: page.say("Send a code"),
      close,
      async submit({ email }) {
        const sent = await page.call("POST", "/api/account/emails", { email: email.trim(), isPrimary });
        replace(emailCode(page, { changed, close }, { ...sent, address: email.trim() }));
      },
    });
}

/** Confirms an address that was added before. */
export function confirmEmail({ id, address }) {
  return (page, { changed, close, replace }) =>
    form(page, {
      part: "email:add",
      lead: page.say("We send a code to {}.", address),
      label: page.say("Send a code"),
      close,
      async submit() {
        const sent = await page.call("POST", `/api/account/emails/${id}/challenge`, {});
        replace(emailCode(page, { changed, close }, { ...sent, address }));
      },
    });
}

function emailCode(page, { changed, close }, { id, challenge, address }) {
  const resend = again(page, address, async () => {
    ({ challenge } = await page.call("POST", `/api/account/emails/${id}/challenge`, {}));
  });
  return form(page, {
    part: "email:add",
    lead: page.say("A code was sent to {}.", address),
    fields: [{ ...CODE, label: page.say("Verification code") }],
    label: page.say("Confirm"),
    links: [resend],
    close,
    async submit({ code }) {
      await page.call("POST", `/api/account/emails/${id}/verify`, { challenge, verificationCode: digits(code) });
      await changed(page.say("{} has been confirmed.", address), "email");
    },
  });
}

/** Adds a number, in place of another one if there is one to change. */
export function addPhone(old) {
  return (page, { changed, close, replace }) =>
    form(page, {
      part: "phone:add",
      fields: [
        { name: "phoneNumber", label: page.say("New phone number"), type: "tel", inputmode: "tel", autocomplete: "tel", hint: page.say("With the country code, such as +1 555 666 7777") },
        method(page),
      ],
      label: page.say("Send a code"),
      close,
      async submit({ phoneNumber, methodType }) {
        const number = phoneNumber.replace(/[^+\d]/g, "");
        const phone = await page.call("POST", "/api/account/phones", { phoneNumber: number, methodType });
        replace(phoneCode(page, { changed, close }, phone, methodType, old));
      },
    });
}

/** Confirms a number that was added before. */
export function confirmPhone(phone) {
  return (page, { changed, close, replace }) =>
    form(page, {
      part: "phone:add",
      lead: page.say("We send a code to {}.", phone.number),
      fields: [method(page)],
      label: page.say("Send a code"),
      close,
      async submit({ methodType }) {
        await page.call("POST", `/api/account/phones/${phone.id}/challenge`, { methodType });
        replace(phoneCode(page, { changed, close }, phone, methodType));
      },
    });
}

function phoneCode(page, { changed, close }, { id, number }, methodType, old) {
  const resend = again(page, number, () => page.call("POST", `/api/account/phones/${id}/challenge`, { methodType }));
  return form(page, {
    part: "phone:add",
    lead: page.say("A code was sent to {}.", number),
    fields: [{ ...CODE, label: page.say("Verification code") }],
    label: page.say("Confirm"),
    links: [resend],
    close,
    async submit({ code }) {
      await page.call("POST", `/api/account/phones/${id}/verify`, { verificationCode: digits(code) });
      // An org with room for one number has replaced it already.
      if (old) await page.call("DELETE", `/api/account/phones/${old.id}`).catch(() => {});
      await changed(page.say("{} has been confirmed.", number), "phone");
    },
  });
}

function method(page) {
  return { name: "methodType", label: page.say("How the code reaches you"), options: [["sms", page.say("SMS")], ["voice", page.say("Call")]] };
}

/** Sends the code again. */
function again(page, to, send) {
  const button = action(page.say("Send the code again"), "", async () => {
    try {
      await send();
      page.announce(page.say("A code was sent to {}.", to));
    } catch (problem) {
      page.announce(words(page, problem));
      button.title = words(page, problem);
    }
  });
  return button;
}

/** A code as people paste it: in groups, or with blanks around it. */
function digits(code) {
  return code.replace(/[\s-]/g, "");
}

/** Makes a passkey on this device, and asks for its name. */
export function addPasskey(authenticator) {
  return (page, { changed, close, replace }) =>
    form(page, {
      part: "passkey:add",
      lead: page.say("A passkey signs you in with your fingerprint, face, screen lock or security key."),
      label: page.say("Continue"),
      close,
      async submit() {
        const { options } = await page.call("POST", "/api/account/passkeys/options", {});
        const passkey = await page.call("POST", "/api/account/passkeys", await make(page, options));
        const name = passkey.name ?? page.say("Passkey");
        if (!authenticator) return changed(page.say("{} has been added.", name), "passkey");
        replace(renaming("passkey", authenticator, passkey.id, name)(page, { changed, close: () => changed(page.say("{} has been added.", name), "passkey") }));
      },
    });
}

/** Gives an enrolment a name. */
export function renaming(part, authenticator, id, name) {
  return (page, { changed, close }) =>
    form(page, {
      part,
      fields: [{ name: "nickname", label: page.say("Name"), value: name, maxlength: 100, autocomplete: "off" }],
      label: page.say("Save"),
      close,
      async submit({ nickname }) {
        await page.call("POST", `/api/account/authenticators/${authenticator}/enrollments/${id}`, { nickname: nickname.trim() });
        await changed(page.say("The name is now {}.", nickname.trim()), part);
      },
    });
}

/** Removes something after a question. The browser forgets a removed passkey, too, if it can. */
export function removal(part, path, name, { passkey, passkeys } = {}) {
  return (page, { changed, close }) =>
    form(page, {
      part,
      lead: page.say("Remove {}? You cannot sign in with it any more.", name),
      label: page.say("Remove"),
      close,
      async submit() {
        await page.call("DELETE", path);
        if (passkey) await forget(passkey, passkeys.filter((one) => one !== passkey), page.userId);
        await changed(page.say("{} has been removed.", name), part);
      },
    });
}
