// Calls of the account page to the server that this script comes from.

/** Why a call failed: the members of a problem (RFC 9457), or the code `offline`. */
export class CallError extends Error {
  constructor({ code, reason, detail, stepUp, retryAfter }) {
    super(code);
    Object.assign(this, { code, reason, detail, stepUp, retryAfter });
  }
}

/** Calls the server; the JSON of the response, or null without any. */
export async function call(method, path, body) {
  const headers = { "X-CSRF": "1", Accept: "application/json", ...(body && { "Content-Type": "application/json" }) };
  const request = { method, headers, credentials: "include", body: body && JSON.stringify(body) };
  let response;
  try {
    response = await fetch(new URL(path, import.meta.url), request);
    if (response.status === 204) return null;
    const json = await response.json();
    if (response.ok) return json;
    throw new CallError(json);
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw new CallError({ code: response ? "garbled" : "offline" });
  }
}
