// The callback page. It removes the query from the address, posts it, and continues.

const given = new URLSearchParams(location.search);
history.replaceState(null, "", location.pathname);

const body = {};
for (const [name, key] of [["state", "state"], ["otp", "otp"], ["interaction_code", "interactionCode"], ["code", "code"], ["iss", "iss"], ["error", "error"]]) {
  if (given.has(name)) body[key] = given.get(name);
}

/** Texts in the person's language, by their English text. */
let words = {};

const show = (id, text) => {
  const element = document.getElementById(id);
  element.textContent = words[text] ?? text;
  element.hidden = false;
};

const say = async (heading, text) => {
  await borrow().catch(() => {});
  document.title = words[heading] ?? heading;
  show("heading", heading);
  show("text", text);
  show("on", "Back to sign in");
  document.getElementById("heading").focus();
};

/** The client's page names the style sheet and the languages; it may be missing. */
async function borrow() {
  const page = await (await fetch("/")).text();
  const file = (pattern) => page.match(pattern)[1];
  await Promise.allSettled([dress(file(/<link rel="stylesheet" href="(\/[^"]+)">/)), translate(file(/<script type="module" src="(\/[^"]+)"/))]);
}

async function dress(href) {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const dressed = new Promise((loaded) => ["load", "error"].forEach((end) => sheet.addEventListener(end, loaded)));
  document.head.append(sheet);
  await dressed;
}

async function translate(script) {
  const client = await import(script);
  const tag = client.language(navigator.languages);
  words = await client.words(tag);
  client.speak(document.documentElement, tag);
}

const post = () =>
  fetch("/api/idx/callback", {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": "1" },
    body: JSON.stringify(body),
  });

/** The flow goes on in this tab: it may have begun in a page of another origin, or in another tab. */
const take = ({ status, transaction }) => {
  try {
    if (status === "PENDING") sessionStorage.setItem("latchkey.flow", transaction);
  } catch {}
};

try {
  const answer = await post();
  const result = await answer.json();
  const problem = answer.ok ? null : result;
  take(answer.ok ? result : (problem.transaction ?? {}));
  if (answer.ok && result.status === "SUCCESS") {
    location.replace(result.nextStep?.href ?? "/");
  } else if (answer.ok || problem.code === "stale_step" || problem.code === "not_signed_in") {
    location.replace("/");
  } else if (problem.code === "no_transaction" && /^[0-9A-Za-z]{1,16}$/.test(body.otp ?? "")) {
    await say("Enter this code where you began", "You began to sign in in another browser. Go back to it and enter this code:");
    show("code", body.otp);
    show("advice", "If you did not start to sign in, close this page and do not share the code.");
    document.getElementById("on").hidden = true;
  } else if (problem.code === "no_transaction" || problem.code === "flow_expired") {
    await say("This sign-in is over", "It took too long, or was finished elsewhere. Please begin again.");
  } else {
    await say("That did not work", "The sign-in could not be finished just now. Please try again.");
  }
} catch {
  await say("You are offline", "The sign-in could not be finished. Check your connection and open the link again.");
}
