import { latchkeyProxy } from "@latchkey/element/dev-server";
import { svelte } from "@sveltejs/vite-plugin-svelte";

export default { plugins: [svelte()], server: { port: 3000, proxy: latchkeyProxy(process.env.LATCHKEY_URL) } };
