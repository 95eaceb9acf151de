// The page with Duo's frame. It answers the step with what Duo has signed, and returns to the sign-in page.
import { borrow, goOn, take, translated } from "/login/page.js";

const section = document.getElementById("duo");
const { origin, request, transaction, missing } = section.dataset;

const say = (text) => {
  document.getElementById("text").textContent = text;
};

/** Duo's frame. Its half of the signed request is before the colon. */
function frame(forDuo) {
  const address = new URL("/frame/web/v1/auth", origin);
  address.search = new URLSearchParams({ tx: forDuo, parent: location.href, v: "2.6" });
  return Object.assign(document.createElement("iframe"), { src: address.href, title: "Duo" });
}

async function answer(signatureData) {
  const answered = await fetch("/api/idx/proceed", {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf": "1", "x-transaction": transaction },
    body: JSON.stringify({ signatureData }),
  });
  const result = await answered.json();
  take(result);
  // A refusal is shown on the sign-in page, which also has the other ways.
  goOn(result);
}

function ask() {
  const [forDuo, own] = request.split(":");
  const asked = frame(forDuo);
  addEventListener("message", async (event) => {
    if (event.origin !== origin || event.source !== asked.contentWindow || typeof event.data !== "string") return;
    try {
      await answer(`${event.data}:${own}`);
    } catch {
      say(translated("The sign-in could not be finished just now. Please try again."));
    }
  });
  section.insertBefore(asked, document.getElementById("back"));
}

if (origin) ask();
await borrow().catch(() => {});
document.getElementById("back").textContent = translated("Choose another way");
if (missing) say(translated("This sign-in needs a frame of Duo that is not set up here. The operator has to set {}.").replace("{}", missing));
