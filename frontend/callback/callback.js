// The callback page. It removes the query from the address, posts it, and continues.
import { borrow, entitle, goOn, take, translated } from "/login/page.js";

const given = new URLSearchParams(location.search);
history.replaceState(null, "", location.pathname);

const body = {};
for (const [name, key] of [["state", "state"], ["otp", "otp"], ["interaction_code", "interactionCode"], ["code", "code"], ["iss", "iss"], ["error", "error"]]) {
  if (given.has(name)) body[key] = given.get(name);
}

const show = (id, text) => {
  const element = document.getElementById(id);
  element.textContent = translated(text);
  element.hidden = false;
};

const say = async (heading, text) => {
  await borrow().catch(() => {});
  entitle(translated(heading));
  show("heading", heading);
  show("text", text);
  show("on", "Back to sign in");
  document.getElementById("heading").focus();
};

const post = () =>
  fetch("/api/idx/callback", {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": "1" },
    body: JSON.stringify(body),
  });

try {
  const answer = await post();
  const result = await answer.json();
  const problem = answer.ok ? null : result;
  take(answer.ok ? result : (problem.transaction ?? {}));
  const ended = result.status === "TERMINAL" && result.messages?.find((message) => message.class === "ERROR");
  if (ended) {
    await say("That did not work", ended.message);
  } else if (answer.ok || problem.code === "stale_step" || problem.code === "not_signed_in") {
    goOn(result);
  } else if (problem.code === "no_transaction" && /^[0-9A-Za-z]{1,16}$/.test(body.otp ?? "")) {
    await say("Enter this code where you started", "You started to sign in with another browser. Go back to it and enter this code:");
    show("code", body.otp);
    show("advice", "If you did not start to sign in, close this page and do not share the code.");
    document.getElementById("on").hidden = true;
  } else if (problem.code === "no_transaction" || problem.code === "flow_expired") {
    await say("This sign-in is over", "It took too long, or was finished elsewhere. Please start again.");
  } else if (problem.code === "org_refused") {
    await say("That did not work", "This sign-in is not set up correctly. Please contact your administrator.");
  } else {
    await say("That did not work", "The sign-in could not be finished just now. Please try again.");
  }
} catch {
  await say("You are offline", "The sign-in could not be finished. Check your connection and open the link again.");
}
