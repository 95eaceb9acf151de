// The brand of the server on the element. The tokens and slots of the page around it count more.

const made = (name, about) => Object.assign(document.createElement(name), about);
const classed = (name, className, about) => {
  const element = made(name, { className, ...about });
  element.part = className;
  return element;
};

/** By frame: the brand that is shown, what resolves when it is drawn, and the style sheet with its tokens. */
const shown = new WeakMap();

/** Shows the brand of this server: its tokens in `frame`, its logo and name in the slot `logo`, and its links in the slot `footer`. */
export function show(brand, server, place) {
  const before = shown.get(place.frame);
  if (before?.brand === brand) return before.drawn;
  before?.sheet?.remove();
  const now = { brand };
  shown.set(place.frame, now);
  return (now.drawn = draw(now, server, place));
}

async function draw(shown, server, { frame, slots }) {
  const { name, logo, links = [], tokens = {} } = shown.brand;
  const header = classed("div", "mast");
  if (logo) header.append(classed("img", "mast__mark", { alt: "", src: await pictureAt(new URL(logo, server)) }));
  if (name) header.append(made("span", { textContent: name }));
  const footer = classed("nav", "ways");
  footer.append(...links.map(({ text, href }) => classed("a", "link", { textContent: text, href: new URL(href, server), target: "_blank", rel: "noopener" })));
  slots.logo.replaceChildren(...(header.firstChild ? [header] : []));
  slots.footer.replaceChildren(...(footer.firstChild ? [footer] : []));
  if (!Object.keys(tokens).length) return;
  const sheet = (shown.sheet = made("link", { rel: "stylesheet", href: `${server}/brand.css`, crossOrigin: "anonymous" }));
  const loaded = new Promise((done) => Object.assign(sheet, { onload: done, onerror: done }));
  frame.prepend(sheet);
  // In the mode `overlay`, the frame comes into the page only when all of it is here.
  if (frame.isConnected) await loaded;
}

/** The address of a picture with the picture in it, so that the policy of the page need not list the server in `img-src`. */
async function pictureAt(address) {
  const answer = await fetch(address);
  return answer.ok ? `data:image/svg+xml,${encodeURIComponent(await answer.text())}` : "";
}
