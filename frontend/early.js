// Runs before the page is painted, so that nobody sees a form that is not for them. The rest of the program comes later.
const root = document.documentElement;
const isSignIn = ["/", "/login"].includes(location.pathname);
let isUnderWay, isSignedIn;
try {
  isUnderWay = sessionStorage.getItem("latchkey.flow");
  isSignedIn = localStorage.getItem("latchkey.here") && location.pathname === "/";
} catch (refused) {
  // A browser may refuse the storage itself: then nothing was kept in it.
}
if (!isSignIn || isUnderWay || isSignedIn) root.toggleAttribute("data-under-way", true);
// A browser without this function is older than what the program is made of, and may not even read the other scripts.
if (!window.structuredClone) addEventListener("load", () => import("/unsupported.js"));
// Sent before the program could take it: it is sent again by the program.
document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.closest("[data-early]")) root.toggleAttribute("data-sent", true);
});
// Enter held down answers the step it was pressed at, and not the ones that follow.
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter") event.preventDefault();
});
