// The sign-in in a modal dialog over the page, for <latchkey-sign-in mode="overlay">.
const made = (name, about) => Object.assign(document.createElement(name), about);
const BLOCKED = "Your browser has blocked a new window. Allow pop-ups for this page, or press again to leave it. What you typed on it may then be lost.";

export class Overlay {
  #dialog = made("dialog", { className: "overlay", part: "overlay" });
  #button = made("button", { type: "button", className: "link", part: "link" });
  /** Says that the browser has blocked the window of an identity provider. */
  #blocked = made("p", { className: "field__error", part: "field__error", role: "alert" });
  /** Whether an identity provider is open in a window of its own. */
  #isElsewhere = false;
  #frame;
  #focus;

  /**
   * `frame` has the screens. `focus` focuses one, `closed` is called whenever the dialog has closed, and `returned` when the person
   * comes back from the window of an identity provider.
   */
  constructor(frame, { focus, closed, returned }) {
    this.#frame = frame;
    this.#focus = focus;
    this.#dialog.append(frame, this.#button);
    this.#button.addEventListener("click", () => this.close());
    this.#dialog.addEventListener("click", (event) => this.#openWindow(event));
    this.#dialog.addEventListener("close", () => {
      // Out of the page, the program does not poll.
      this.#dialog.remove();
      closed();
    });
    addEventListener("focus", () => this.#isElsewhere && this.isOpen && returned());
    new MutationObserver(() => this.#follow()).observe(frame, { childList: true, subtree: true });
  }

  /** Takes texts, by their English ones. */
  say({ Cancel = "Cancel", [BLOCKED]: blocked = BLOCKED }) {
    this.#button.textContent = Cancel;
    this.#blocked.textContent = blocked;
  }

  /** Opens the dialog in the shadow of the element, with these texts. */
  open(root, words) {
    this.say(words);
    this.#isElsewhere = false;
    this.#dialog.prepend(this.#frame);
    if (!this.#dialog.open) {
      root.append(this.#dialog);
      this.#dialog.showModal();
    }
    this.#focus();
    this.#follow();
  }

  /** Closes it. The browser gives the focus back to where it was. */
  close() {
    this.#dialog.close();
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** Opens an identity provider or Duo in a window, so that the page stays. If the browser blocks it, a second press leaves the page. */
  #openWindow(event) {
    const link = event.target.closest("a:is([href*='/login/redirect/'], [href*='/login/duo/'])");
    if (!link) return;
    const { origin, pathname } = new URL(link.href);
    this.#isElsewhere = Boolean(open(`${origin}/login/window#${pathname}`, "_blank", "popup,width=480,height=720"));
    if (!this.#isElsewhere && this.#blocked.isConnected) return;
    event.preventDefault();
    if (this.#isElsewhere) this.#blocked.remove();
    else link.after(this.#blocked);
  }

  /** Takes the name of the screen, and the focus if a screen that had it is gone. */
  #follow() {
    this.#dialog.ariaLabel = this.#frame.querySelector("h1")?.textContent ?? this.#button.textContent;
    for (const name of ["lang", "dir"]) this.#button[name] = this.#frame[name];
    if (this.#dialog.open && !this.#dialog.matches(":focus-within")) this.#focus();
  }
}
