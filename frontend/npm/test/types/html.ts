import { load, type LatchkeySignIn } from "@latchkey/element";

await load("https://login.example.com");
// @ts-expect-error An origin is text.
load(8080);

const element: LatchkeySignIn = document.createElement("latchkey-sign-in");
element.addEventListener("latchkey-error", ({ detail }) => detail.code === "cookies");
// @ts-expect-error A code is text.
element.addEventListener("latchkey-error", ({ detail }) => detail.code === 404);
element.start({ acrValues: "phr", maxAge: 60 }).then((isSignedIn: boolean) => isSignedIn);
element.addEventListener("click", (event) => event.target);
document.addEventListener("latchkey-signed-in", (event) => event.detail);
