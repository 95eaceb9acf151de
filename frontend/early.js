// Runs before the first paint, and hides the early form if it does not apply. The program loads later.
const root = document.documentElement;
const isSignIn = ["/", "/login"].includes(location.pathname);
let isUnderWay, isSignedIn;
try {
  isUnderWay = sessionStorage.getItem("latchkey.flow");
  isSignedIn = localStorage.getItem("latchkey.here") && location.pathname === "/";
} catch (refused) {
  // The browser blocks storage, so it is empty.
}
if (!isSignIn || isUnderWay || isSignedIn) root.toggleAttribute("data-under-way", true);
// A browser without this function is too old for the program, and may not parse the other scripts.
if (!window.structuredClone) addEventListener("load", () => import("/unsupported.js"));
// The early form was submitted before the program had started; the program submits it again.
document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.closest("[data-early]")) root.toggleAttribute("data-sent", true);
});
// A press that began on the early form's button counts, even if the program's form replaced it before the press ended.
let pressed;
document.addEventListener("pointerdown", (event) => {
  pressed = event.target.closest("[data-early] [type=submit]");
});
document.addEventListener("pointerup", () => {
  if (pressed && !pressed.isConnected) document.querySelector("main [type=submit]")?.click();
});
// Enter held down answers the current step only, and not the next ones.
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter") event.preventDefault();
});
