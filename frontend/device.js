// Okta Verify on this device (FastPass): the browser's permission, and the org's challenge on its way to the device. Fetched when needed.

// How long a person may take to confirm in Okta Verify.
const CHALLENGE_TIMEOUT_MS = 300_000;
// Android starts the app first.
const ANDROID_PROBE_TIMEOUT_MS = 3_000;
// What Chromium calls the permission for other programs on this device, newest first.
const PERMISSIONS = ["loopback-network", "local-network-access"];

let passing = new AbortController();

/**
 * Reads the permission for other programs on this device ("permission"), passes a challenge on to Okta Verify ("pass"), ends that
 * ("stop"), or has an app make the device fulfil a policy ("app"). Returns the answers by name: why the page gives up, nothing once Okta
 * Verify has the challenge, whether an app was asked.
 */
export default async function device({ device: ask, challenge, call: appCall }) {
  if (ask === "permission") return { state: await permission() };
  if (ask === "app") return { asked: await askApp(appCall) };
  passing.abort();
  if (ask === "stop") return {};
  passing = new AbortController();
  return pass(challenge, passing.signal);
}

async function permission() {
  for (const name of PERMISSIONS) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch {
      // A browser that does not know the name does not ask either.
    }
  }
  return "unknown";
}

/** Tries one address after the other. A 503 is the Okta Verify of another user of this device. */
async function pass({ addresses, challengeRequest, probeTimeout }, signal) {
  const timeout = /Android/.test(navigator.userAgent) ? ANDROID_PROBE_TIMEOUT_MS : probeTimeout;
  const body = JSON.stringify({ challengeRequest });
  for (const address of addresses) {
    const probe = await call(`${address}/probe`, {}, timeout, signal);
    const answer = probe?.ok && (await call(`${address}/challenge`, { method: "POST", body }, CHALLENGE_TIMEOUT_MS, signal));
    if (signal.aborted) return { stopped: true };
    if (!probe?.ok || answer?.status === 503) continue;
    if (answer?.ok) return {};
    return { reason: "OV_RETURNED_ERROR", ...(answer && { statusCode: answer.status }) };
  }
  return { reason: "OV_UNREACHABLE_BY_LOOPBACK" };
}

/** Calls the app at the first address that answers a probe. */
async function askApp({ addresses, path, probeTimeout }) {
  const { signal } = new AbortController();
  for (const address of addresses) {
    const answers = async (at) => (await call(`${address}/${at}`, {}, probeTimeout, signal))?.ok;
    if ((await answers("probe")) && (await answers(path))) return true;
  }
  return false;
}

/** The response, or nothing if none comes in time. A redirect would take the challenge elsewhere. */
async function call(address, init, timeout, signal) {
  const request = new AbortController();
  const abort = () => request.abort();
  const timer = setTimeout(abort, timeout);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    const headers = { "Content-Type": "application/json" };
    return await fetch(address, { ...init, headers, signal: request.signal, credentials: "omit", cache: "no-store", redirect: "error" });
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
