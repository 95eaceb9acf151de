// The sign-in in a modal dialog over the page, for <latchkey-sign-in mode="overlay">.

const made = (name, about) => Object.assign(document.createElement(name), about);

export class Overlay {
  #dialog = made("dialog", { className: "overlay", part: "overlay" });
  #button = made("button", { type: "button", className: "link", part: "link" });
  #frame;
  #focus;

  /** `frame` has the screens. `focus` focuses one, and `closed` is called whenever the dialog has closed. */
  constructor(frame, focus, closed) {
    this.#frame = frame;
    this.#focus = focus;
    this.#dialog.append(frame, this.#button);
    this.#button.addEventListener("click", () => this.close());
    this.#dialog.addEventListener("close", () => {
      // Out of the page, the program does not poll.
      this.#dialog.remove();
      closed();
    });
    new MutationObserver(() => this.#follow()).observe(frame, { childList: true, subtree: true });
  }

  /** Opens the dialog in the shadow of the element; `label` is on the button that closes it. */
  open(root, label) {
    this.#button.textContent = label;
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

  /** Takes the name of the screen, and the focus if a screen that had it is gone. */
  #follow() {
    this.#dialog.ariaLabel = this.#frame.querySelector("h1")?.textContent ?? this.#button.textContent;
    for (const name of ["lang", "dir"]) this.#button[name] = this.#frame[name];
    if (this.#dialog.open && !this.#dialog.matches(":focus-within")) this.#focus();
  }
}
