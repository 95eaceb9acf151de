// The page that a browser comes back to: it cleans the address, posts what stood in it, and goes on.

const given = new URLSearchParams(location.search);
history.replaceState(null, "", location.pathname);

const body = {};
for (const [name, key] of [["state", "state"], ["otp", "otp"], ["interaction_code", "interactionCode"], ["error", "error"]]) {
  if (given.has(name)) body[key] = given.get(name);
}

/** Where a language is at home that is asked for without saying where. */
const HOME = { pt: "pt-BR", zh: "zh-CN" };
let words = {};

const show = (id, text) => {
  const element = document.getElementById(id);
  element.textContent = words[text] ?? text;
  element.hidden = false;
};

const say = async (heading, text) => {
  await Promise.allSettled([dress(), translate()]);
  document.title = words[heading] ?? heading;
  show("heading", heading);
  show("text", text);
  show("on", "Back to sign in");
  document.getElementById("heading").focus();
};

/** The looks are those of the client, whatever its sheet is called today. */
async function dress() {
  const page = await (await fetch("/")).text();
  const [, href] = page.match(/<link rel="stylesheet" href="(\/[^"]+)">/);
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const dressed = new Promise((loaded) => ["load", "error"].forEach((end) => sheet.addEventListener(end, loaded)));
  document.head.append(sheet);
  await dressed;
}

/** The language is the one that was chosen in the client, or the first of the browser's that there is. */
async function translate() {
  const wanted = [localStorage.getItem("latchkey.language") ?? [], ...navigator.languages].flat();
  const near = (tag) => (/^zh-(Hant|TW|HK|MO)/.test(tag) ? [tag] : [tag, tag.split("-")[0], HOME[tag.split("-")[0]] ?? []].flat());
  for (const tag of new Set(wanted.flatMap(near))) {
    if (tag === "en") return;
    const answer = await fetch(`/text/${tag}.json`);
    if (!answer.ok) continue;
    words = await answer.json();
    document.documentElement.lang = tag;
    document.documentElement.dir = ["ar", "he"].includes(tag) ? "rtl" : "ltr";
    return;
  }
}

const post = () =>
  fetch("/api/idx/callback", {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": "1" },
    body: JSON.stringify(body),
  });

try {
  const answer = await post();
  const problem = answer.ok ? null : await answer.json();
  if (answer.ok || problem.code === "stale_step" || problem.code === "not_signed_in") {
    location.replace("/");
  } else if (problem.code === "no_transaction" && /^[0-9A-Za-z]{1,16}$/.test(body.otp ?? "")) {
    await say("Enter this code where you began", "You began to sign in in another browser. Go back to it and enter this code:");
    show("code", body.otp);
    show("advice", "You did not begin to sign in anywhere? Then close this page, and give the code to nobody.");
    document.getElementById("on").hidden = true;
  } else if (problem.code === "no_transaction" || problem.code === "flow_expired") {
    await say("This sign-in is over", "It took too long, or was finished elsewhere. Please begin again.");
  } else {
    await say("That did not work", "The sign-in could not be finished just now. Please try again.");
  }
} catch {
  await say("You are offline", "The sign-in could not be finished. Check your connection and open the link again.");
}
