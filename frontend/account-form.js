// Forms of the account page. They open below the row that they are about, one at a time, and give the focus back.
import { el } from "./account-dom.js";

let count = 0;

/**
 * A form. `fields` are `{ name, label, type, …attributes, hint, options }`; `submit` gets the values by name and resolves when the
 * change is made. `part` is the part of the account that a person comes back to after they have signed in again.
 */
export function form(page, { part, lead, fields = [], label, links = [], submit, close }) {
  const controls = fields.map((field) => control(field));
  const banner = el("div", { class: "notes" });
  const button = el("button", { class: "button", type: "submit" }, label);
  const cancel = el("button", { class: "button button--quiet", type: "button", onclick: close }, page.say("Cancel"));
  const element = el(
    "form",
    { class: "form settings__form", novalidate: true, onsubmit },
    lead && el("p", { class: "form__advice", id: `lead-${(count += 1)}` }, lead),
    banner,
    controls.map((one) => one.element),
    el("div", { class: "form__buttons" }, button, cancel),
    links.length > 0 && el("div", { class: "settings__actions" }, links),
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  return { element, focus: () => (controls[0]?.input ?? button).focus() };

  async function onsubmit(event) {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const missing = controls.find((one) => one.isRequired && !one.value().trim());
    if (missing) return missing.refuse(page.say("Fill in this field."));
    const twin = controls.find((one) => one.field.sameAs && one.value() !== find(one.field.sameAs).value());
    if (twin) return twin.refuse(page.say("The passwords are not the same."));
    button.setAttribute("aria-busy", "true");
    banner.replaceChildren();
    try {
      await submit(Object.fromEntries(controls.map((one) => [one.field.name, one.value()])));
    } catch (problem) {
      refuse(problem);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  function find(name) {
    return controls.find((one) => one.field.name === name);
  }

  function refuse(problem) {
    if (problem.code === "step_up_required") return stepUp(problem.stepUp ?? {});
    const text = words(page, problem);
    // The org begins its reason with the name of the field.
    const named = find(/^\w+(?=: )/.exec(problem.detail ?? "")?.[0]);
    const refused = problem.code === "account_refused" && (named ?? controls.find((one) => one.isRequired && one.field.name !== "currentPassword"));
    if (refused) return refused.refuse(text);
    banner.replaceChildren(el("p", { class: "banner banner--error", role: "alert" }, text));
  }

  /** The org wants a sign-in that is newer or stronger. */
  function stepUp(needed) {
    const name = page.username;
    const why = name
      ? page.say("To change this, sign in again as {}. You come back here afterwards.", name)
      : page.say("To change this, sign in again. You come back here afterwards.");
    const again = el("button", { class: "button", type: "button", onclick: () => page.stepUp(part, needed) }, page.say("Sign in again"));
    element.replaceChildren(el("p", { class: "banner", role: "alert" }, why), el("div", { class: "form__buttons" }, again, cancel));
    again.focus();
  }
}

/** What a problem means for the person. */
export function words(page, { code, reason, detail, retryAfter }) {
  if (code === "account_refused" && reason === "wrong_code") return page.say("This code is wrong or has expired.");
  if (code === "account_refused" && reason === "duplicate") return page.say("This belongs to your account already.");
  // The org says which of its rules a value breaks.
  if (code === "account_refused" && detail) return detail.replace(/^\w+: /, "");
  if (code === "rate_limited") return page.say("Please wait {} seconds, then try again.", retryAfter ?? 30);
  if (code === "missing_scope") return page.say("Your organization does not allow this change here. Ask your administrator.");
  if (code === "offline") return page.say("You seem to be offline. What you typed is still here.");
  return page.say("That did not work. Please try again.");
}

function control(field) {
  const { name, label, hint, options, sameAs, value, ...attributes } = field;
  const id = `account-${name}-${(count += 1)}`;
  if (options) return choice(field, id);
  const error = el("p", { class: "field__error", id: `${id}-error` });
  const note = hint && el("p", { class: "form__advice", id: `${id}-hint` }, hint);
  const input = el("input", { class: "field__input", id, name, type: "text", spellcheck: "false", "aria-describedby": `${id}-error${hint ? ` ${id}-hint` : ""}`, ...attributes });
  if (value) input.value = value;
  input.addEventListener("input", () => {
    input.removeAttribute("aria-invalid");
    error.textContent = "";
  });
  const box = el("div", { class: "field__box" }, input);
  return {
    field,
    input,
    isRequired: true,
    element: el("div", { class: "field" }, el("label", { class: "field__label", for: id }, label), box, note, error),
    value: () => input.value,
    refuse(text) {
      input.setAttribute("aria-invalid", "true");
      error.textContent = text;
      input.focus();
      input.select();
    },
  };
}

/** A choice between a few options; the first is chosen. */
function choice(field, id) {
  const inputs = field.options.map(([value, label], index) => {
    const input = el("input", { type: "radio", name: field.name, value, id: `${id}-${value}`, checked: index === 0 });
    return { input, element: el("label", { class: "settings__choice", for: `${id}-${value}` }, input, label) };
  });
  const legend = el("legend", { class: "choices__legend" }, field.label);
  return {
    field,
    input: inputs[0].input,
    isRequired: false,
    element: el("fieldset", { class: "settings__choices" }, legend, inputs.map((one) => one.element)),
    value: () => inputs.find((one) => one.input.checked).input.value,
    refuse: () => inputs[0].input.focus(),
  };
}
