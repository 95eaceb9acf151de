//! A page in any engine: finds elements by role and name, in shadow trees too.

import { setTimeout } from 'node:timers/promises';

import { DELETE, ENTER } from './protocol.mjs';
import { findElement } from './find-element.mjs';

const TIMEOUT_MS = 15_000;
const FOCUS_TIMEOUT_MS = 2_000;
const MAX_CLICKS = 4;
const PAUSE_MS = 25;
/** A change takes more than one frame to reach the screen. */
const FRAMES = 5;

export const heading = (name) => ({ role: 'heading', name });
export const button = (name) => ({ role: 'button', name });
export const link = (name) => ({ role: 'link', name });
/** A link or button below the form. */
export const offer = (name) => ({ role: 'offer', name });
export const field = (name) => ({ role: 'textbox', name });
export const radio = (name) => ({ role: 'radio', name });
export const checkbox = (name) => ({ role: 'checkbox', name });
export const list = (name) => ({ role: 'combobox', name });
/** Any text that contains `name`. */
export const text = (name) => ({ role: 'text', name });

export class Page {
  constructor(tab, base) {
    this.tab = tab;
    this.base = base;
  }

  visit(path) {
    return this.tab.goto(new URL(path, this.base).href);
  }

  reload() {
    return this.tab.reload();
  }

  back() {
    return this.tab.traverse(-1);
  }

  forward() {
    return this.tab.traverse(1);
  }

  /** Calls a function in the page. */
  run(script, ...values) {
    return this.tab.run(script, ...values);
  }

  /** The first visible element that matches, or undefined. */
  look(target) {
    const { name } = target;
    const wanted = name instanceof RegExp ? { pattern: name.source, flags: name.flags } : { exact: name };
    return this.run(findElement, target.role, wanted);
  }

  /** Waits until an element matches `target` and all of `wanted`: `{ value: 'mary', isFocused: true }`. */
  async see(target, wanted = {}, timeout = TIMEOUT_MS) {
    let last;
    const fits = (found) => found && Object.entries(wanted).every(([name, value]) => found[name] === value);
    for (const late = Date.now() + timeout; Date.now() < late; await setTimeout(PAUSE_MS)) {
      // A page that is being unloaded cannot run a script.
      last = await this.look(target).catch((error) => error.message);
      if (fits(last)) return last;
    }
    throw new Error(`${target.role} ${target.name} is not as expected: ${JSON.stringify(wanted)}\nlast seen: ${JSON.stringify(last)}`);
  }

  /** Waits until one of `targets` is visible, and returns it. */
  async seeOneOf(...targets) {
    for (const late = Date.now() + TIMEOUT_MS; Date.now() < late; await setTimeout(PAUSE_MS)) {
      for (const target of targets) if (await this.look(target).catch(() => null)) return target;
    }
    throw new Error(`none of these is seen: ${targets.map(({ role, name }) => `${role} ${name}`).join(', ')}`);
  }

  /** Waits until no element matches. */
  async seeNo(target) {
    for (const late = Date.now() + TIMEOUT_MS; Date.now() < late; await setTimeout(PAUSE_MS)) {
      if ((await this.look(target).catch(() => 'unknown')) === undefined) return;
    }
    throw new Error(`${target.role} ${target.name} is still seen`);
  }

  /** Clicks the middle of an element, once it is enabled and not covered. */
  async press(target) {
    const { x, y } = await this.see(target, { isReachable: true });
    await this.tab.click(x, y);
  }

  /** Replaces the text of a field by typing. */
  async fill(target, value) {
    await this.#select(target);
    await this.type(value || DELETE);
    await this.see(target, { value });
  }

  /** Replaces the value of a field and sends it with Enter. */
  async send(target, value) {
    await this.#select(target);
    await this.type(value + ENTER);
  }

  async #select(target) {
    await this.#enter(target);
    await this.run(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      at?.select?.();
    });
  }

  /** Clicks again if the focus does not follow: a click into a page that is still being built may get lost. */
  async #enter(target) {
    for (let tries = 1; ; tries += 1) {
      await this.press(target);
      const seen = this.see(target, { isFocused: true }, FOCUS_TIMEOUT_MS);
      if (tries === MAX_CLICKS) return seen;
      if (await seen.then(() => true, () => false)) return undefined;
    }
  }

  /** Presses keys in the focused element. */
  type(text) {
    return this.tab.type(text);
  }

  /** A screenshot after the page was drawn. */
  async picture() {
    await this.run((frames) => {
      globalThis.framesToDraw = frames;
      const drawn = () => (globalThis.framesToDraw -= 1) > 0 && requestAnimationFrame(drawn);
      requestAnimationFrame(drawn);
    }, FRAMES);
    for (const late = Date.now() + TIMEOUT_MS; Date.now() < late; await setTimeout(PAUSE_MS)) {
      if ((await this.run(() => globalThis.framesToDraw)) <= 0) return this.tab.picture();
    }
    throw new Error('the page is not drawn');
  }

  front() {
    return this.tab.front();
  }
}
