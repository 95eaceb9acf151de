// The say of the page in whether an answer is sent: by what it has put in front of the buttons, or by a promise.

/** Why an answer was not sent, below the buttons of its form. */
const objection = Object.assign(document.createElement("p"), { id: "objection", className: "field__error" });
objection.part = "field__error";

/** The step with a form that waits for the page. */
let held;

/** Whether the controls of the page let an answer be sent. None is sent while another one is held. */
export function areValid(controls, { container, step }) {
  if (held === step) return false;
  withdraw(container);
  const invalid = controls.flatMap((one) => [one, ...one.querySelectorAll("*")]).find((control) => control.validationMessage && control.matches(":invalid"));
  if (!invalid) return true;
  object(container, invalid.validationMessage);
  invalid.focus();
  return false;
}

/** Sends an answer once `reason` resolves to null; else it is why the answer is not sent. `isCurrent` says whether its step is still shown. */
export async function hold({ container, step, isCurrent, send }, reason) {
  held = step;
  setBusy(container, "true");
  const objected = await reason;
  held = undefined;
  if (!isCurrent()) return;
  setBusy(container, "false");
  if (objected === null) send();
  else object(container, objected.message ?? objected);
}

const button = (container) => container.querySelector("form [type=submit]");

function setBusy(container, value) {
  for (const name of ["aria-busy", "aria-disabled"]) button(container)?.setAttribute(name, value);
}

/** The objection stands in the live region of the screen, and is read out. */
function object(container, reason) {
  objection.textContent = reason;
  container.querySelector("form .form__buttons")?.after(objection);
  button(container)?.setAttribute("aria-describedby", objection.id);
}

function withdraw(container) {
  objection.remove();
  button(container)?.removeAttribute("aria-describedby");
}
