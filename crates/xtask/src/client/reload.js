// Loads the page again when the client was built anew. Part of drafts only.
const built = async () => (await fetch("/manifest.json", { cache: "no-store" })).json();
const first = (await built()).inputs;
for (;;) {
  await new Promise((next) => setTimeout(next, 500));
  // While a build is being written, or the server starts again, there is nothing to compare.
  const now = await built().catch(() => undefined);
  if (now !== undefined && now.inputs !== first) {
    location.reload();
    break;
  }
}
