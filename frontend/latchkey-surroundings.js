// The page around the element: its language, its dialogs, what it adds to the screens in slots, and whether it lets an answer be sent.

/** The element and everything that it stands in, out of any shadow. */
function* ancestors(element) {
  for (let node = element; node; node = node.parentNode ?? node.host) yield node;
}

/** The language of the element, or of what it stands in. */
export function nearestLanguage(element) {
  for (const { lang } of ancestors(element)) if (lang) return lang;
  return "";
}

/** Whether the element is in an open modal dialog; with `dialog`, whether it is in that one and that one is modal. */
export function isInModal(element, dialog) {
  return [...ancestors(element)].some((node) => (dialog ? node === dialog : true) && node.matches?.("dialog:modal"));
}

/** Focuses the first field if the page wants that, or in a modal dialog, unless a field of the page has the focus. */
export function focusIfWanted(host, isWanted) {
  const { activeElement } = document;
  const isElsewhere = activeElement?.matches("input, select, textarea, [autofocus]") && activeElement !== host;
  if (!isElsewhere && (isWanted || isInModal(host))) host.focus();
}

/** Follows what `isInModal` and `nearestLanguage` depend on, in the page and in each shadow that the element stands in. */
export function observeSurroundings(observer, element) {
  observer.disconnect();
  for (let root = element.getRootNode(); root; root = root.host?.getRootNode()) {
    observer.observe(root, { attributeFilter: ["lang", "open"], subtree: true });
  }
}

/** Whether the element has content of its own that is not for a slot. */
export function hasFallback(element) {
  return [...element.childNodes].some(({ slot, nodeType, data }) => !slot && (nodeType === Node.ELEMENT_NODE || (nodeType === Node.TEXT_NODE && data.trim())));
}

/** The slots of a screen, each with what it stands beside. */
const PLACES = [
  ["before-heading", "h1", "before"],
  ["after-heading", "h1", "after"],
  ["before-submit", "form .form__buttons", "before"],
];
const slots = PLACES.map(([name, selector, side]) => ({ slot: named(name), selector, side }));

/** A slot. */
export function named(name) {
  return Object.assign(document.createElement("slot"), { name });
}

/** Moves the slots into the screen that is drawn now. Where a screen has no place for one, its content is not shown. */
export function placeSlots(container) {
  for (const { slot, selector, side } of slots) {
    const place = container.querySelector(selector);
    if (!place) slot.remove();
    else if (slot.parentNode !== place.parentNode) place[side](slot);
  }
}

/** What holds answers and says why one is not sent, once a page has had a say in it. */
let objections;
const loadObjections = () => (objections ??= import("./latchkey-objections.js"));

/**
 * Sends the answer to `step` unless the page objects: by a control in `before-submit` that is not valid, by cancelling the event
 * that `fire` fires, or by a rejected promise in its `waitUntil`. `isCurrent` says whether the step is still shown.
 */
export async function submitIfAllowed(answer) {
  const controls = slots.at(-1).slot.assignedElements({ flatten: true });
  if ((objections || controls.length) && !(await loadObjections()).areValid(controls, answer)) return;
  const promises = [];
  let isFired = false;
  const { defaultPrevented } = answer.fire((promise) => {
    if (isFired) throw new DOMException("waitUntil holds the answer only if it is called before the listener returns.", "InvalidStateError");
    promises.push(promise);
  });
  isFired = true;
  if (defaultPrevented) return;
  if (!promises.length) return answer.send();
  const reason = Promise.all(promises).then(() => null, (error) => error ?? "");
  (await loadObjections()).hold(answer, reason);
}
