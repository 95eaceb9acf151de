// Starts the client. It is a file of its own because the page's policy takes no inline script.
const { glue, wasm } = document.querySelector("script[data-glue]").dataset;
const { default: start } = await import(glue);
await start({ module_or_path: wasm });
