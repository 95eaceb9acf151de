// Runs a vendor's CAPTCHA for the page around this frame. The server says which script it is and which pages may embed the frame.
const { script, global, holders } = document.querySelector("script[data-script]").dataset;
const siteKey = new URLSearchParams(location.search).get("site_key");
const READY = "latchkeyCaptchaReady";

const loaded = new Promise((resolve, reject) => {
  globalThis[READY] = resolve;
  const source = new URL(script);
  source.searchParams.set("onload", READY);
  source.searchParams.set("render", "explicit");
  source.searchParams.set("hl", navigator.language);
  const element = document.createElement("script");
  element.src = source;
  element.onerror = reject;
  document.head.append(element);
});
// Waited for only when the form is sent.
loaded.catch(() => {});

let holder;
let widget;

/** Answers the page that asked: with a token, or with nothing when there is none. */
function answer(token = "") {
  parent.postMessage({ captchaToken: token }, holder);
}

function render(api) {
  const none = () => answer();
  return api.render("captcha", {
    sitekey: siteKey,
    size: "invisible",
    callback: answer,
    "error-callback": none,
    "close-callback": none,
    "expired-callback": none,
    "chalexpired-callback": none,
  });
}

addEventListener("message", async ({ origin, source, data }) => {
  if (source !== parent || !holders.split(" ").includes(origin) || data !== "execute") return;
  holder = origin;
  try {
    await loaded;
    const api = globalThis[global];
    widget ??= render(api);
    // A token counts once.
    api.reset(widget);
    await api.execute(widget);
  } catch {
    answer();
  }
});
