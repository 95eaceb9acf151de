// The answers of a server that has one screen.

const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const never = () => new Promise(() => {});

/** The calls that begin a flow. */
const BEGINNINGS = ["authenticate", "register", "recover-password", "unlock-account", "activate"];

/** A `fetch` that answers the API as `screen` says, and takes files from beside this page. */
export function answers(screen, fetch) {
  return async (input, init) => {
    const { pathname } = new URL(input.url ?? input, location.href);
    if (pathname.startsWith("/text/") || pathname.startsWith("/account/text/")) return fetch(`.${pathname}`);
    if (pathname === "/brand.json") return json({});
    if (pathname.startsWith("/api/idx/")) return answerFlow(screen, pathname.slice("/api/idx/".length));
    if (pathname.startsWith("/api/")) return answer(screen, pathname.slice("/api/".length));
    if (screen.isWithoutLatePart && pathname.includes("split_late")) throw new TypeError("not reachable");
    return fetch(input, init);
  };
}

function answer({ user, sessions = [], account, isStarting }, path) {
  if (isStarting) return never();
  switch (path) {
    case "session":
      return json(user ? { authenticated: true, user, expiresAt: Math.floor(Date.now() / 1000) + 3600 } : { authenticated: false });
    case "userinfo":
      return json(user);
    case "sessions":
      return json({ sessions });
    case "account":
      return json(account);
    case "idx":
      return new Response(null, { status: 204 });
    default:
      return json({ type: "about:blank", title: "Not found", status: 404, code: "not_found" }, 404);
  }
}

function answerFlow({ transaction, afterwards }, call) {
  if (call === "captcha") return never();
  // After the first answer, the screen says what comes: nothing, so that the button stays busy, or a failure.
  if (!afterwards || BEGINNINGS.includes(call)) return json(whole(transaction));
  if (afterwards === "no answer") return never();
  if (afterwards === "not reachable") throw new TypeError(afterwards);
  return json(afterwards, afterwards.status);
}

/** A transaction with the members that every one has. */
function whole(transaction) {
  const { nextStep } = transaction;
  const rest = { transaction: "gallery", status: "PENDING", availableSteps: nextStep ? [nextStep] : [], enabledFeatures: [], messages: [] };
  return { ...rest, ...transaction };
}
