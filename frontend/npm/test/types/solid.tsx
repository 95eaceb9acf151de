import type {} from "@latchkey/element/solid";

export const right = (
  <latchkey-sign-in theme="dark" class="card" on:latchkey-error={({ detail }) => detail.code === "cookies"}>
    The sign-in cannot be shown here.
  </latchkey-sign-in>
);

// @ts-expect-error There is no such theme.
export const wrong = <latchkey-sign-in theme="purple" />;
