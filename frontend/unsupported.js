// Shows what this browser lacks for the sign-in, and what to do. Browsers that are too old for the other scripts fetch it
// too, so it uses the syntax of 2015.

(function () {
  const SENTENCES = {
    cookies:
      "Your browser does not keep this site's cookies. Allow cookies for this site, or open it in a window of its own, and start again.",
    webassembly:
      "This page needs WebAssembly, which your browser does not allow here. Turn Lockdown Mode off for this site, or update your browser, and load the page again.",
    browser: "Your browser is too old for this page. Update it, or use another one.",
  };
  const world = window.latchkey && window.latchkey.root && window.latchkey;
  const missing = world ? world.missing || (runsWebAssembly() ? "browser" : "webassembly") : "browser";
  const root = world ? world.root() : document.documentElement;
  const container = world ? world.container() : document.querySelector("main");
  const wanted = root.getAttribute("data-language") || navigator.language;
  // The language, the same language without its region, or English, which needs no file.
  speak([wanted, wanted.split("-")[0], "en"]);
  if (world) world.notify("latchkey-error", missing);

  /** Whether the browser can compile an empty WebAssembly module. */
  function runsWebAssembly() {
    try {
      return Boolean(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
    } catch (refused) {
      return false;
    }
  }

  function speak(tags) {
    if (tags[0] === "en") return show("en", {});
    const request = new XMLHttpRequest();
    request.open("GET", (world ? world.serverOrigin() : "") + "/text/" + tags[0] + ".json");
    request.onloadend = function () {
      if (request.status === 200) show(tags[0], JSON.parse(request.responseText));
      else speak(tags.slice(1));
    };
    request.send();
  }

  function show(tag, words) {
    const section = made("section", "stage", "");
    const sentence = made("p", "banner banner--error", words[SENTENCES[missing]] || SENTENCES[missing]);
    sentence.setAttribute("role", "alert");
    section.appendChild(made("h1", "heading", words["Sign In"] || "Sign In"));
    section.appendChild(sentence);
    container.textContent = "";
    container.appendChild(section);
    root.lang = tag;
    section.setAttribute("dir", "auto");
  }

  function made(name, look, words) {
    const element = document.createElement(name);
    element.className = look;
    element.setAttribute("part", look);
    element.textContent = words;
    return element;
  }
})();
