import { latchkeyProxy } from "@latchkey/element/dev-server";
import react from "@vitejs/plugin-react";

export default { plugins: [react()], server: { port: 3000, proxy: latchkeyProxy(process.env.LATCHKEY_URL) } };
