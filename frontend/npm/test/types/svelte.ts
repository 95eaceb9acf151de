import type {} from "@latchkey/element/svelte";
import type { SvelteHTMLElements } from "svelte/elements";

type Attributes = SvelteHTMLElements["latchkey-sign-in"];

export const right: Attributes = { theme: "dark", class: "card", "onlatchkey-error": ({ detail }) => detail.code === "cookies" };
// @ts-expect-error There is no such theme.
export const wrong: Attributes = { theme: "purple" };
