// Moves from screen to screen: the card takes its new height, and the screens cross over in the direction of travel. There is
// none of it for people who want less motion, for whom `--motion` is 0.

/** How far a screen moves, in pixels. */
const DISTANCE = 24;
/** Attributes that a copy of an element must not have, because labels, screen readers and the program find elements by them. */
const NAMES = ["id", "name", "for", "role", "aria-live", "aria-invalid", "data-first"];

/** Follows the screens in the card. */
export function follow(card) {
  /** The headings of the screens up to the current one. A screen that is among them is behind. */
  const path = [...card.querySelectorAll("h1")].map(({ textContent }) => textContent);
  let height = card.offsetHeight;
  new ResizeObserver(() => (height = card.offsetHeight)).observe(card);
  new MutationObserver((changes) => {
    const screens = (kind) => changes.flatMap((change) => [...change[kind]]).filter((node) => node.localName === "section" && !node.inert);
    const [from, to] = [screens("removedNodes").at(-1), screens("addedNodes").at(-1)];
    if (!from || !to?.isConnected) return;
    const name = to.querySelector("h1")?.textContent;
    const isSameScreen = "still" in to.dataset;
    if (isSameScreen) path.pop();
    const back = path.indexOf(name);
    path.splice(back < 0 ? path.length : back, Infinity, name);
    const duration = milliseconds(getComputedStyle(card).getPropertyValue("--motion"));
    // The card of an element is hidden until its first screen is drawn.
    if (isSameScreen || !duration || !height) return;
    card.querySelectorAll("section[inert]").forEach((picture) => picture.remove());
    card.animate({ height: [`${height}px`, `${card.offsetHeight}px`], overflow: ["clip", "clip"] }, { duration, easing: "ease-out" });
    const isWait = [from, to].some(({ classList }) => classList.contains("starting"));
    if (!isWait) cross(from, to, back < 0 ? DISTANCE : -DISTANCE, duration);
  }).observe(card, { childList: true });
}

/** The old screen leaves as a picture of itself while the new one comes from the other side. */
function cross(from, to, distance, duration) {
  const travel = getComputedStyle(to).direction === "rtl" ? -distance : distance;
  const picture = from.cloneNode(true);
  picture.inert = true;
  picture.ariaHidden = "true";
  for (const element of [picture, ...picture.querySelectorAll("*")]) {
    NAMES.forEach((name) => element.removeAttribute(name));
    // A copy has what was typed, too.
    if (element.type === "password") element.value = "";
  }
  Object.assign(picture.style, { position: "absolute", top: `${to.offsetTop}px`, left: `${to.offsetLeft}px`, width: `${to.offsetWidth}px`, pointerEvents: "none" });
  to.parentNode.append(picture);
  const leaving = picture.animate({ opacity: [1, 0], translate: ["0", `${-travel}px`] }, { duration, easing: "ease-out" });
  leaving.onfinish = leaving.oncancel = () => picture.remove();
  to.animate({ opacity: [0, 1], translate: [`${travel}px`, "0"] }, { duration, easing: "ease-out" });
}

/** A duration in CSS, such as `200ms` or `0.2s`. */
function milliseconds(duration) {
  const number = Number.parseFloat(duration) || 0;
  return duration.trim().endsWith("ms") ? number : number * 1000;
}
