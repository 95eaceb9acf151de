// The element <latchkey-sign-in>, for other pages. There is one program, so a page can have one element.
import { language, run, tellOfSight } from "./boot.js";

const at = (name) => new URL(name, import.meta.url).href;
const made = (name, about) => Object.assign(document.createElement(name), about);

const sheet = made("link", { rel: "stylesheet", href: at("./style/main.css"), crossOrigin: "anonymous" });
const frame = made("div", { className: "guest" });
const container = made("div", { className: "card" });
container.part = "card";
frame.append(container);

let host;

customElements.define(
  "latchkey-sign-in",
  class extends HTMLElement {
    // A page that is redrawn may add a new element; the sign-in moves into it and continues.
    connectedCallback() {
      const isFirst = !host;
      host = this;
      (this.shadowRoot ?? this.attachShadow({ mode: "open" })).append(sheet, frame);
      this.dataset.language ??= language([this.closest("[lang]")?.lang ?? "", ...navigator.languages]);
      if (isFirst) start();
      tellOfSight();
    }

    // A removed element sends no requests; typed values stay until an element is added again.
    disconnectedCallback() {
      tellOfSight();
    }
  },
);

function start() {
  run(at("./latchkey-frontend.js"), at("./latchkey-frontend_bg.wasm"), {
    host: () => host,
    container: () => container,
    serverOrigin: () => new URL(import.meta.url).origin,
    notify: (name, code) => host.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: code && { code } })),
  });
}
