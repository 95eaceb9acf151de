// The element <latchkey-account>, for other pages: the account of the signed-in person, without the program of the sign-in.
import { language, speak } from "./boot.js";
import { show, signInAgain } from "./account.js";
import { call } from "./account-call.js";
import { action, bdi, el, heading } from "./account-dom.js";
import { speaker } from "./account-text.js";

const { origin } = new URL(import.meta.url);

/** On this channel, every tab of the origin says that a person has signed in or out, by the name of the event. */
const channel = new BroadcastChannel("latchkey");
const SIGNED_OUT = "latchkey-signed-out";

class LatchkeyAccount extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });

  connectedCallback() {
    this.refresh();
  }

  /** Asks the server who is signed in, and shows their account. */
  async refresh() {
    const tag = language([this.lang || document.documentElement.lang, ...navigator.languages], "");
    const { authenticated, user = {} } = await call("GET", "/api/session?touch=0").catch(() => ({}));
    const sheet = (href) => el("link", { rel: "stylesheet", href, crossorigin: "anonymous" });
    const sheets = [sheet(new URL("./style/main.css", import.meta.url)), sheet(new URL("./style/late.css", import.meta.url))];
    const stage = el("div", { class: "stage" });
    const frame = el("div", { class: "guest" }, el("div", { class: "card" }, stage));
    speak(frame, tag);
    this.#root.replaceChildren(...sheets, frame);
    if (!authenticated) {
      stage.append(el("slot"));
      return;
    }
    const say = await speaker(tag);
    const username = user.preferred_username ?? user.email ?? "";
    const place = el("div");
    const signOut = action(say("Sign out"), "", () => this.signOut());
    stage.append(heading(1, bdi(user.name ?? username)), bdi(username), el("div", { class: "settings__actions" }, signOut), place);
    await show(place, {
      language: tag,
      username,
      signedOut: () => this.#signedOut(),
      stepUp: (needed) => this.#stepUp(needed, username),
    });
  }

  /** Signs the person out, here and in every other tab. */
  async signOut() {
    await call("POST", "/api/logout", {});
    channel.postMessage(SIGNED_OUT);
    this.#signedOut();
  }

  #signedOut() {
    this.dispatchEvent(new CustomEvent(SIGNED_OUT, { bubbles: true, composed: true }));
    this.refresh();
  }

  /** A page that signs people in itself cancels the event; else the browser goes to the sign-in page and comes back. */
  #stepUp(needed, username) {
    const event = new CustomEvent("latchkey-step-up", { bubbles: true, composed: true, cancelable: true, detail: needed });
    if (this.dispatchEvent(event)) signInAgain(origin, location.href, needed, username);
  }
}

customElements.define("latchkey-account", LatchkeyAccount);
