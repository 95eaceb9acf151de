// The list of languages of the element, for a page that allows some of them only.

/** The list below the screens, and all of its options. */
let menu;
let options = [];

/** Offers the languages that the page allows, or all if it names none; a single one is no choice. Returns whether that of the screens is one of them. */
export function offer(allowed, frame, container) {
  menu ??= frame.querySelector("footer");
  if (!menu) return true;
  const select = menu.querySelector("select");
  if (!options.length) options = [...select.options];
  const isAllowed = (tag) => !allowed.length || allowed.includes(tag);
  const offered = options.filter(({ value }) => isAllowed(value));
  select.replaceChildren(...offered);
  select.value = frame.lang;
  if (offered.length > 1) container.after(menu);
  else menu.remove();
  return isAllowed(frame.dataset.language);
}
