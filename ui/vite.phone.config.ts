import { defineConfig } from "vite";

// A page of its own in a folder of its own: the phone's listener serves this folder and nothing else.
export default defineConfig({
  build: {
    outDir: "../src/lengthwise/web/static/phone",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: { input: "phone.html" },
  },
});
