import { latchkeyProxy } from "@latchkey/element/dev-server";
import vue from "@vitejs/plugin-vue";

const isCustomElement = (tag) => tag.startsWith("latchkey-");

export default {
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } })],
  server: { port: 3000, proxy: latchkeyProxy(process.env.LATCHKEY_URL) },
};
