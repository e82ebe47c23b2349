import { copyFileSync, mkdirSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const OUT = "../src/lengthwise/web/static";
const WASM = ["vision_wasm_module_internal.js", "vision_wasm_module_internal.wasm"];

/** What finds the pose is served from here too: no request leaves the machine. */
function ownWasm(): Plugin {
  return {
    name: "own-wasm",
    closeBundle() {
      mkdirSync(`${OUT}/wasm`, { recursive: true });
      for (const file of WASM)
        copyFileSync(`node_modules/@mediapipe/tasks-vision/wasm/${file}`, `${OUT}/wasm/${file}`);
    },
  };
}

export default defineConfig({
  plugins: [ownWasm()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["index.html", "viewer.html"] },
  },
  worker: { format: "es" },
});
