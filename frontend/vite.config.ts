import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./", // chunks find each other beside themselves, whatever STATIC_URL is
  publicDir: false,
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // a data: URI would need a hole in the content security policy
    modulePreload: { polyfill: false },
    target: ["chrome123", "edge123", "firefox128", "safari17.5"], // light-dark() and nesting stay as written
    rolldownOptions: { input: "src/main.ts" },
  },
  test: { include: ["test/**/*.test.ts"] },
});
