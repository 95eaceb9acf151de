// The account page: what signs the person in, where they are signed in, and what the org says about them. It is fetched when it is
// shown: by the page after a sign-in, and by the element <latchkey-account>.
import { el, heading, status } from "./account-dom.js";
import { call } from "./account-call.js";
import { speaker } from "./account-text.js";
import { security } from "./account-security.js";
import { sessions } from "./account-sessions.js";
import { claims } from "./account-claims.js";

/** The part of the account that a person wanted to change before they had to sign in again. */
const RESUMED = "latchkey.account";

/** Shows the account within the program, which shows who is signed in and how to sign out. */
export function showInProgram(place, username) {
  const { root, host, container, serverOrigin } = globalThis.latchkey;
  return show(place, {
    language: root().lang || "en",
    username,
    // The program asks who is signed in.
    signedOut: () => container().dispatchEvent(new Event("pageshow")),
    stepUp: (needed) => (serverOrigin() ? host().start({ acrValues: needed.acrValues, username }) : signInAgain("/", "/", needed, username)),
  });
}

/** Leaves for the sign-in page of the server at `server`, which leads back to `back`. */
export function signInAgain(server, back, { acrValues, maxAge }, username) {
  const query = { acr_values: acrValues, max_age: maxAge, login_hint: username, return_to: back };
  const given = Object.entries(query).filter(([, value]) => value);
  location.assign(new URL(`/login?${new URLSearchParams(given)}`, new URL(server, location.href)));
}

/**
 * Shows the account in `root`. `world` has the language, the username to sign in again with, what to call when the person is not
 * signed in any more, and how to sign in again for a change (`stepUp`).
 */
export async function show(root, world) {
  const say = await speaker(world.language);
  const announcements = status();
  const page = {
    say,
    /** The same with an element in place of the `{}`. */
    sayOf(english, inside) {
      const [before, after] = say(english, "\0").split("\0");
      return el("span", {}, before, inside, after);
    },
    language: world.language,
    /** Calls the server; a person who is not signed in any more leaves this page, if it is still shown. */
    async call(...request) {
      try {
        return await call(...request);
      } catch (problem) {
        if (problem.code === "not_signed_in" && root.isConnected) world.signedOut();
        throw problem;
      }
    },
    announce(text) {
      announcements.textContent = "";
      // A text that is the same again is announced again.
      setTimeout(() => announcements.replaceChildren(text));
    },
    stepUp(part, needed) {
      remember(part);
      world.stepUp(needed);
    },
    username: world.username,
  };
  const parts = [
    [say("Security"), security(page, resumed())],
    [say("Where you are signed in"), sessions(page)],
    [say("What your organization knows about you"), claims(page)],
  ];
  const shown = parts.map(([title, part]) => el("section", { class: "settings__part" }, heading(2, title), part.element));
  const sheet = el("link", { rel: "stylesheet", href: new URL("./style/account.css", import.meta.url), crossorigin: "anonymous" });
  root.replaceChildren(sheet, el("div", { class: "settings" }, announcements, ...shown));
  await Promise.all(parts.map(([, part]) => part.load()));
}

function remember(part) {
  try {
    sessionStorage.setItem(RESUMED, part);
  } catch {
    // In a browser that blocks storage, the person finds the part again.
  }
}

/** The part to go on with, once. */
function resumed() {
  try {
    const part = sessionStorage.getItem(RESUMED);
    sessionStorage.removeItem(RESUMED);
    return part;
  } catch {
    return null;
  }
}
