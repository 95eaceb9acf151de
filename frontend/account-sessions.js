// Where the person is signed in: a list of sessions, which they can end.
import { action, bdi, el, row } from "./account-dom.js";
import { words } from "./account-form.js";
import { moment } from "./account-text.js";

/** Each browser also names those it is compatible with, so the most specific comes first. */
const BROWSERS = [
  [/\b(Edg|EdgA)\b/, "Edge"],
  [/\bOPR\b/, "Opera"],
  [/\b(Firefox|FxiOS)\b/, "Firefox"],
  [/\b(CriOS|Chrome|HeadlessChrome)\b/, "Chrome"],
  [/\bSafari\b/, "Safari"],
];
const SYSTEMS = [
  [/\biPhone\b/, "iPhone", "mobile"],
  [/\biPad\b/, "iPad", "mobile"],
  [/\bAndroid\b/, "Android", "mobile"],
  [/\bCrOS\b/, "ChromeOS", "computer"],
  [/\bWindows\b/, "Windows", "computer"],
  [/\bMacintosh\b/, "macOS", "computer"],
  [/\bLinux\b/, "Linux", "computer"],
];

export function sessions(page) {
  const list = el("ul", { class: "settings__list", "aria-label": page.say("Where you are signed in") });
  const note = el("div", { class: "notes" });
  const element = el("div", {}, note, list);
  return { element, load };

  async function load() {
    try {
      const { sessions } = await page.call("GET", "/api/sessions");
      list.replaceChildren(...sessions.map(item));
    } catch (problem) {
      if (problem.code !== "not_signed_in") refuse(problem, load);
    }
  }

  function refuse(problem, again) {
    note.replaceChildren(el("p", { class: "banner banner--error", role: "alert" }, words(page, problem), " ", action(page.say("Try again"), "", again)));
  }

  function item(session) {
    const { name, icon } = device(session.userAgent ?? "");
    const title = name ?? page.say("Another device");
    const details = [
      session.current && page.say("this device"),
      page.sayOf("Signed in {}", moment(new Date(session.since * 1000), page.language)),
      session.address && bdi(session.address),
    ];
    const button = !session.current && action(page.say("Sign out there"), `${title} ${session.address ?? ""}`.trim(), () => end(session, entry));
    const entry = row({ icon, title: bdi(title), details, actions: [button] });
    return entry;
  }

  /** Ends a session. The list stays where it is, and the focus goes to the next entry. */
  async function end(session, entry) {
    try {
      await page.call("DELETE", `/api/sessions/${session.id}`);
    } catch (problem) {
      if (problem.code !== "not_found") return refuse(problem, () => end(session, entry));
    }
    note.replaceChildren();
    const left = [...list.querySelectorAll("button")];
    const next = left[left.indexOf(entry.querySelector("button")) + 1] ?? left.at(-2) ?? element.parentElement.querySelector("h2");
    next.focus({ preventScroll: true });
    entry.remove();
    page.announce(page.say("That session has ended."));
  }
}

/** The browser and its system, such as `Firefox, macOS`, and the kind of device. */
export function device(userAgent) {
  const browser = BROWSERS.find(([mark]) => mark.test(userAgent))?.[1];
  const [, system, icon = "computer"] = SYSTEMS.find(([mark]) => mark.test(userAgent)) ?? [];
  return { name: [browser, system].filter(Boolean).join(", ") || null, icon };
}
