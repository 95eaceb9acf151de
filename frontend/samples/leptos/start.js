// Starts the program. It is a file of its own because a strict policy allows no script inside the page.
import start from "./latchkey-sample-leptos.js";

start({ module_or_path: new URL("./latchkey-sample-leptos_bg.wasm", import.meta.url) });
