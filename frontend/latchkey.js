// The element <latchkey-sign-in>, for other pages. There is one program, so a page can have one element.
import { language, run, tellOfSight } from "./boot.js";

const at = (name) => new URL(name, import.meta.url).href;
const made = (name, about) => Object.assign(document.createElement(name), about);

const sheet = made("link", { rel: "stylesheet", href: at("./style/main.css"), crossOrigin: "anonymous" });
const frame = made("div", { className: "guest" });
const container = made("div", { className: "card" });
container.part = "card";
frame.append(container);

/** Here the tabs of an origin, and @latchkey/client, say that a person has signed in or out, by the name of the event. */
const channel = new BroadcastChannel("latchkey");

const SIGNED_IN = "latchkey-signed-in";

let host;
let isSignedIn = false;

/** Lets the client ask the server who is signed in: another tab or the page itself may have changed that. */
function refresh() {
  if (host?.isConnected) container.dispatchEvent(new Event("pageshow"));
}

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
      if (isSignedIn) refresh();
    }

    // A removed element sends no requests; typed values stay until an element is added again.
    disconnectedCallback() {
      tellOfSight();
    }

    /** Asks the server who is signed in, and shows that. */
    refresh() {
      refresh();
    }

    /** Signs the person out, here and in every other tab. */
    async signOut() {
      const headers = { "X-CSRF": "1", "Content-Type": "application/json" };
      const { ok, status } = await fetch(at("/api/logout"), { method: "POST", credentials: "include", headers, body: "{}" });
      if (!ok) throw new Error(`The server has not signed the person out (status ${status}).`);
      refresh();
    }
  },
);

function start() {
  addEventListener("focus", () => isSignedIn && refresh());
  channel.onmessage = ({ data }) => (data === SIGNED_IN) !== isSignedIn && refresh();
  run(at("./latchkey-frontend.js"), at("./latchkey-frontend_bg.wasm"), {
    host: () => host,
    container: () => container,
    serverOrigin: () => new URL(import.meta.url).origin,
    notify(name, code) {
      if (!code) {
        isSignedIn = name === SIGNED_IN;
        channel.postMessage(name);
      }
      host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail: code && { code } }));
    },
  });
}
