import type {} from "@latchkey/element/vue";
import type { GlobalComponents } from "vue";

type Props = InstanceType<GlobalComponents["latchkey-sign-in"]>["$props"];

export const right: Props = { theme: "dark", class: "card" };
// @ts-expect-error There is no such theme.
export const wrong: Props = { theme: "purple" };
