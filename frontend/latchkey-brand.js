// The brand of the server on the element. The tokens and slots of the page around it count more.

const made = (name, about) => Object.assign(document.createElement(name), about);
const classed = (name, className, about) => {
  const element = made(name, { className, ...about });
  element.part = className;
  return element;
};

/** The brand that is shown, what resolves when it is drawn, and the style sheet with its tokens. */
let shown, drawn, sheet;

/** Shows the brand of this server: its tokens in `frame`, its logo and name in the slot `logo`, and its links in the slot `footer`. */
export function show(brand, server, place) {
  if (brand !== shown) [shown, drawn] = [brand, draw(brand, server, place)];
  return drawn;
}

async function draw({ name, logo, links = [], tokens = {} }, server, { frame, slots }) {
  const header = classed("div", "mast");
  if (logo) header.append(classed("img", "mast__mark", { alt: "", src: await pictureAt(new URL(logo, server)) }));
  if (name) header.append(made("span", { textContent: name }));
  const footer = classed("nav", "ways");
  footer.append(...links.map(({ text, href }) => classed("a", "link", { textContent: text, href: new URL(href, server), target: "_blank", rel: "noopener" })));
  slots.logo.replaceChildren(...(header.firstChild ? [header] : []));
  slots.footer.replaceChildren(...(footer.firstChild ? [footer] : []));
  sheet?.remove();
  sheet = Object.keys(tokens).length ? made("link", { rel: "stylesheet", href: `${server}/brand.css`, crossOrigin: "anonymous" }) : undefined;
  if (!sheet) return;
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
