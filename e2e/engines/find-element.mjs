//! Runs in the page: finds an element by role and name, as a person does, and describes it.

/** Runs in the page, so it may not use anything outside. */
export function findElement(role, { exact, pattern, flags }) {
  const TYPED = 'input:not([type=checkbox], [type=radio], [type=hidden], [type=submit]), textarea';
  const SELECTORS = {
    heading: 'h1, h2',
    button: 'button',
    link: 'a[href]',
    offer: 'button, a[href]',
    textbox: TYPED,
    radio: '[type=radio]',
    checkbox: '[type=checkbox]',
    combobox: 'select',
    text: 'h1, h2, p, span, li, td, th, code, label, a, button, legend, output',
  };
  const plain = (words) => (words ?? '').replace(/\s+/g, ' ').trim();
  const fits = (words) => (pattern === undefined ? (role === 'text' ? words.includes(exact) : words === exact) : new RegExp(pattern, flags).test(words));
  const all = (root) => [...root.querySelectorAll('*')].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  const isSeen = (element) => {
    const { visibility, clipPath } = getComputedStyle(element);
    return element.getClientRects().length > 0 && visibility === 'visible' && clipPath === 'none';
  };
  const textOf = (element) => {
    const copy = element.cloneNode(true);
    for (const hidden of copy.querySelectorAll('[aria-hidden=true]')) hidden.remove();
    return copy.textContent;
  };
  const nameOf = (element) => {
    if (element.ariaLabel) return plain(element.ariaLabel);
    const labels = [...(element.labels ?? [])].map(textOf).join(' ');
    return plain(labels || (element.matches('input, select, textarea') ? element.placeholder : textOf(element)));
  };
  const found = all(document).find((element) => element.matches(SELECTORS[role]) && isSeen(element) && fits(nameOf(element)));
  if (!found) return undefined;
  found.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  // A radio or checkbox that is drawn by its label is clicked there.
  const { left, top, width, height } = found.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const root = found.getRootNode();
  const hit = root.elementFromPoint(x, y);
  const isHit = hit === found || found.contains(hit) || [...(found.labels ?? [])].some((label) => label.contains(hit));
  return {
    name: nameOf(found),
    value: found.value,
    type: found.type,
    isChecked: found.checked,
    isFocused: root.activeElement === found,
    isReachable: isHit && !found.disabled,
    x,
    y,
    width,
    height,
  };
}
