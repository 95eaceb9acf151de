import { load, type LatchkeySignIn } from "@latchkey/element";

await load("https://login.example.com");
// @ts-expect-error An origin is text.
load(8080);

const element: LatchkeySignIn = document.createElement("latchkey-sign-in");
element.addEventListener("latchkey-error", ({ detail }) => detail.code === "cookies");
// @ts-expect-error There is no such code.
element.addEventListener("latchkey-error", ({ detail }) => detail.code === "sunshine");
element.addEventListener("click", (event) => event.target);
document.addEventListener("latchkey-signed-in", (event) => event.detail);
