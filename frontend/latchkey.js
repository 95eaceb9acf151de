// The element <latchkey-sign-in>, for other pages: its attributes, properties and methods.
import * as signIn from "./latchkey-sign-in.js";
import { reflectAttributes, takeEarlyProperties } from "./latchkey-properties.js";

/** Texts of a page that has none of its own. */
const NO_TEXTS = {};

class LatchkeySignIn extends HTMLElement {
  static observedAttributes = signIn.OBSERVED;
  #text = NO_TEXTS;

  connectedCallback() {
    takeEarlyProperties(this);
    signIn.connect(this);
  }

  disconnectedCallback() {
    signIn.disconnect(this);
  }

  attributeChangedCallback(name, before, now) {
    // A removed element looks at its attributes when it is added again.
    if (signIn.host === this && this.isConnected && before !== now) signIn.follow(name);
  }

  /** Who is signed in: `{ user, expiresAt }`, or null. */
  get session() {
    return signIn.session.current ?? null;
  }

  /** Texts of the page in place of ours, by the English ones; those of another language than English are in a member named like it. */
  get text() {
    return this.#text;
  }

  set text(text) {
    this.#text = text ?? NO_TEXTS;
    if (signIn.host === this && this.isConnected) signIn.showTexts();
  }

  /** Asks the server who is signed in, and shows that. */
  refresh() {
    return signIn.session.refresh();
  }

  /** Signs the person out: here and in every other tab, or everywhere; and at the org, if the server is set up to do so. */
  signOut({ everywhere = false } = {}) {
    return signIn.session.signOut(everywhere);
  }

  /**
   * Begins a flow: the one that the attributes name, or another one; in the mode `overlay` over the page. Resolves to whether the
   * person has signed in, which is false for one who closes the dialog.
   */
  start(options = {}) {
    return signIn.host === this ? signIn.start(options) : Promise.resolve(false);
  }

  /** Begins the flow that the attributes name. */
  restart() {
    this.start();
  }

  /** Cancels the flow. */
  cancel() {
    if (signIn.host === this) signIn.tell("cancel");
  }

  /** Focuses the first field of the screen. */
  focus(options) {
    const first =
      signIn.host === this && (signIn.container.querySelector("[data-first], input, button") ?? signIn.container.querySelector("h1"));
    if (first) first.focus(options);
    else super.focus(options);
  }
}

reflectAttributes(LatchkeySignIn);
customElements.define("latchkey-sign-in", LatchkeySignIn);
