// The page of a window in which a person signs in elsewhere, while the page that opened it stays as it is.
import { borrow, entitle, isWindow, markWindow, translated } from "/login/page.js";

/** The address at the server that leads to the identity provider, or to Duo's frame; none at the end. */
const redirect = location.hash.slice(1);

if (/^\/login\/(redirect|duo)\//.test(redirect)) {
  markWindow();
  location.replace(redirect);
} else if (isWindow()) {
  finish();
} else {
  location.replace("/");
}

/** The other tabs of the origin look who is signed in, and a page of another origin does so when it gets the focus. */
async function finish() {
  const channel = new BroadcastChannel("latchkey");
  channel.postMessage("latchkey-signed-in");
  channel.close();
  close();
  // Some browsers close a window only by hand.
  await borrow().catch(() => {});
  for (const id of ["heading", "text"]) {
    const element = document.getElementById(id);
    element.textContent = translated(element.textContent);
  }
  entitle(document.getElementById("heading").textContent);
  document.querySelector("main").hidden = false;
  document.getElementById("heading").focus();
}
