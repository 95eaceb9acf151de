// The page that a browser comes back to: it cleans the address, posts what stood in it, and goes on.

const given = new URLSearchParams(location.search);
history.replaceState(null, "", location.pathname);

const body = {};
for (const [name, key] of [["state", "state"], ["otp", "otp"], ["interaction_code", "interactionCode"], ["error", "error"]]) {
  if (given.has(name)) body[key] = given.get(name);
}

const show = (id, text) => {
  const element = document.getElementById(id);
  element.textContent = text;
  element.hidden = false;
};

const say = (heading, text) => {
  document.title = heading;
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
  const problem = answer.ok ? null : await answer.json();
  if (answer.ok || problem.code === "stale_step" || problem.code === "not_signed_in") {
    location.replace("/");
  } else if (problem.code === "no_transaction" && /^[0-9A-Za-z]{1,16}$/.test(body.otp ?? "")) {
    say("Enter this code where you began", "You began to sign in in another browser. Go back to it and enter this code:");
    show("code", body.otp);
    show("advice", "You did not begin to sign in anywhere? Then close this page, and give the code to nobody.");
    document.getElementById("on").hidden = true;
  } else if (problem.code === "no_transaction" || problem.code === "flow_expired") {
    say("This sign-in is over", "It took too long, or was finished elsewhere. Please begin again.");
  } else {
    say("That did not work", "The sign-in could not be finished just now. Please try again.");
  }
} catch {
  say("You are offline", "The sign-in could not be finished. Check your connection and open the link again.");
}
