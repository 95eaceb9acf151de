// What an API behind the proxy asks for besides the session, and the element that gets it.

/** How the person has to sign in. */
export interface SignInRequest {
  /** The assurance that the sign-in must have, as in RFC 9470. */
  acrValues?: string;
  /** The age in seconds that the sign-in may have. */
  maxAge?: number;
}

/** The errors by which an API asks for a stronger or fresher sign-in: that of RFC 9470, and Okta's own. */
const ERRORS = ["insufficient_user_authentication", "insufficient_authentication_context"];

/** What the challenge of a response asks for; nothing if it asks for no other sign-in. */
export function stepUp({ status, headers }: Response): SignInRequest | undefined {
  if (status !== 401 && status !== 403) return undefined;
  // Latchkey writes challenges anew: `Bearer name="value", name="value"`.
  const challenge = headers.get("WWW-Authenticate") ?? "";
  const values = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  if (!ERRORS.includes(values.error ?? "")) return undefined;
  const { acr_values: acrValues, max_age: maxAge } = values;
  return { ...(acrValues && { acrValues }), ...(maxAge && { maxAge: Number(maxAge) }) };
}

/** The sign-in over the page, if the page has one; resolves to whether the person has signed in. */
export async function overlay(request: SignInRequest): Promise<boolean> {
  const element = globalThis.document?.querySelector<HTMLElement & { start?(request: SignInRequest): Promise<boolean> }>(
    'latchkey-sign-in[mode="overlay"]',
  );
  return (await element?.start?.(request)) ?? false;
}
