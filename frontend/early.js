// Runs before the first paint, and hides the early form if it does not apply. The program loads later.
const root = document.documentElement;
const isSignIn = ["/", "/login"].includes(location.pathname);
let isUnderWay, isSignedIn;
try {
  isUnderWay = sessionStorage.getItem("latchkey.flow");
  isSignedIn = localStorage.getItem("latchkey.here");
} catch (refused) {
  // The browser blocks storage, so it is empty.
}
if (!isSignIn || isUnderWay || isSignedIn) root.toggleAttribute("data-under-way", true);
// A browser without this function is too old for the program, and may not parse the other scripts.
if (!window.structuredClone) addEventListener("load", () => import("/unsupported.js"));
// What was pressed in the early form waits for the program, which presses the same in its own form.
document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!event.target.closest("[data-early]")) return;
  root.dataset.sent = "[type=submit]";
  event.target.querySelector("[type=submit]").setAttribute("aria-busy", true);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-early] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  root.dataset.sent = `[href="${link.getAttribute("href")}"]`;
});
// A press counts even if its form was replaced by an equal one between its beginning and its end, in the same place. The program's
// form replaces the early one, and a form in another language replaces the one before, which the program marks as early.
let pressed, place;
document.addEventListener("pointerdown", ({ target }) => {
  pressed = target.closest("main :is(a, button, input, label)");
  place = pressed?.getBoundingClientRect();
});
document.addEventListener("pointerup", ({ clientX: x, clientY: y }) => {
  if (!pressed || pressed.isConnected || !pressed.closest("[data-early]") || x < place.left || x > place.right || y < place.top || y > place.bottom) return;
  const name = ["id", "for", "href", "type"].find((name) => pressed.hasAttribute(name));
  document.querySelector(`main [${name}="${pressed.getAttribute(name)}"]`)?.click();
});
// Enter held down answers the current step only, and not the next ones.
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter") event.preventDefault();
});
