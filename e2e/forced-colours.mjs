//! Differences that forced colours hide: shadows and tints are gone, edges remain.

/**
 * A description of each control or state that is invisible with forced colours, in the page or in the shadow of the element
 * `host`. Changes nothing on the page except the focus.
 */
export async function invisible(page, host) {
  // Focus rings appear for keyboard users only.
  await page.keyboard.press('Tab');
  return page.evaluate((host) => {
    const root = host ? document.querySelector(host).shadowRoot : document.body;
    const found = [];
    const canvas = getComputedStyle(document.documentElement).backgroundColor;
    const name = (element) => element.outerHTML.slice(0, 120);
    const isSeen = (element) => element.checkVisibility() && getComputedStyle(element).clipPath === 'none';
    const seen = (what) => [...root.querySelectorAll(what)].filter(isSeen);
    const edge = (style) => ['Top', 'Right', 'Bottom', 'Left'].map((side) => [style[`border${side}Style`], style[`border${side}Width`], style[`border${side}Color`]]);
    const look = (element) => JSON.stringify([edge(getComputedStyle(element)), getComputedStyle(element).backgroundColor]);
    const otherwise = (element, change, back) => {
      const before = look(element);
      change();
      const after = look(element);
      back();
      return before !== after;
    };

    for (const control of seen('a[href], button, input, select')) {
      control.focus();
      // The ring is on the control or on its label.
      const rings = [control, control.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one));
      if (!rings.some(({ outlineStyle, outlineWidth }) => outlineStyle === 'solid' && outlineWidth !== '0px')) found.push(`no ring: ${name(control)}`);
      const style = getComputedStyle(control);
      const isEdged = edge(style).every(([kind, width, colour]) => kind === 'solid' && width !== '0px' && colour !== canvas);
      if (!isEdged && style.textDecorationLine !== 'underline' && !control.checked) found.push(`no edge: ${name(control)}`);
    }

    const marks = seen('[type=radio], [type=checkbox]');
    const chosen = marks.filter(({ checked }) => checked);
    for (const mark of marks) {
      const { checked } = mark;
      const isOther = otherwise(mark, () => { mark.checked = !checked; }, () => { mark.checked = checked; });
      if (!isOther) found.push(`chosen or not: ${name(mark)}`);
    }
    for (const mark of chosen) mark.checked = true;

    for (const field of seen('input:not([type=radio], [type=checkbox]), main select')) {
      const was = field.getAttribute('aria-invalid');
      const back = () => (was === null ? field.removeAttribute('aria-invalid') : field.setAttribute('aria-invalid', was));
      if (!otherwise(field, () => field.setAttribute('aria-invalid', was === 'true' ? 'false' : 'true'), back)) found.push(`wrong or not: ${name(field)}`);
    }

    for (const button of seen('button[aria-busy]')) {
      const was = button.ariaBusy;
      button.ariaBusy = 'true';
      const turning = getComputedStyle(button, '::after');
      const [first, second, third, fourth] = edge(turning).map(([, , colour]) => colour);
      if (turning.content === 'none' || (first === second && second === third && third === fourth)) found.push(`busy or not: ${name(button)}`);
      button.ariaBusy = was;
    }

    // Elements that consist of a background only.
    for (const element of seen('*')) {
      const isPainted = ({ backgroundColor }) => backgroundColor !== canvas && backgroundColor !== 'rgba(0, 0, 0, 0)';
      const isDot = !element.firstChild && !element.matches('a, button, input, select, img, svg, svg *, p, ul, main, div');
      if (isDot && element.clientWidth && !isPainted(getComputedStyle(element))) found.push(`a dot: ${name(element)}`);
      for (const which of ['::before', '::after']) {
        const drawn = getComputedStyle(element, which);
        if (drawn.content !== 'none' && drawn.maskImage !== 'none' && !isPainted(drawn)) found.push(`a drawing (${which}): ${name(element)}`);
      }
    }
    return found;
  }, host);
}
