import type {} from "@latchkey/element/react";

export const right = (
  <latchkey-sign-in theme="dark" className="card" onlatchkey-error={({ detail }) => detail.code === "cookies"}>
    The sign-in cannot be shown here.
  </latchkey-sign-in>
);

// @ts-expect-error There is no such theme.
export const wrong = <latchkey-sign-in theme="purple" />;
