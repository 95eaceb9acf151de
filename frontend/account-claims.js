// What the org says about the person: its claims, folded away, sorted and in words.
import { bdi, el } from "./account-dom.js";
import { words } from "./account-form.js";
import { moment } from "./account-text.js";

/** The standard claims of OpenID Connect in words. */
const names = (say) => ({
  sub: say("User ID"),
  name: say("Name"),
  given_name: say("First name"),
  family_name: say("Last name"),
  nickname: say("Nickname"),
  preferred_username: say("Username"),
  email: say("Email"),
  email_verified: say("Email confirmed"),
  phone_number: say("Phone"),
  locale: say("Language"),
  zoneinfo: say("Time zone"),
  updated_at: say("Last changed"),
  groups: say("Groups"),
  address: say("Address"),
});

export function claims(page) {
  const table = el("table", { class: "claims" });
  const summary = el("summary", {}, page.say("Show"));
  const element = el("details", { class: "settings__fold" }, summary, table);
  return { element, load };

  async function load() {
    try {
      const all = Object.entries(await page.call("GET", "/api/userinfo"));
      page.userId = all.find(([name]) => name === "sub")?.[1];
      const known = names(page.say);
      const rows = all.map(([name, value]) => [known[name] ?? name, shown(name, value)]);
      const { compare } = new Intl.Collator(page.language);
      rows.sort(([one], [other]) => compare(one, other));
      const cells = rows.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)));
      table.replaceChildren(el("tbody", {}, cells));
    } catch (problem) {
      if (problem.code !== "not_signed_in") table.replaceChildren(el("caption", {}, words(page, problem)));
    }
  }

  function shown(name, value) {
    if (name === "updated_at" && Number.isFinite(value)) return moment(new Date(value * 1000), page.language);
    if (typeof value === "boolean") return value ? page.say("Yes") : page.say("No");
    if (Array.isArray(value)) return bdi(value.join(", "));
    return bdi(typeof value === "object" ? Object.values(value).join(", ") : String(value));
  }
}
