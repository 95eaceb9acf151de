import path from "node:path";

export default {
  distDir: "dist",
  // For the packages of this checkout, which lie outside of the samples. Packages of npm do not need it.
  turbopack: { root: path.resolve(import.meta.dirname, "../..") },
};
