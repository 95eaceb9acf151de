//! What WebDriver BiDi and classic WebDriver share: actions (https://w3c.github.io/webdriver/#actions), and scripts as text.

/** A click of the left button at a point in the window. */
export const POINTER = (x, y) => ({
  type: 'pointer',
  id: 'mouse',
  parameters: { pointerType: 'mouse' },
  actions: [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ],
});

/** Key presses; special keys have code points of their own. */
export const KEYS = (text) => ({
  type: 'key',
  id: 'keyboard',
  actions: [...text].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value }))),
});

export const DELETE = '\uE017';
export const ENTER = '\uE007';

/** The call of a function as text; its result comes back as JSON. */
export function expression(script, values) {
  return `JSON.stringify((${script})(...${JSON.stringify(values)}))`;
}
