import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { kernelsInNode } from "./kernels.ts";
import { wgsl } from "./wgsl.ts";

/* The CLI for Node: .build/cli/main.js and, beside it, one file for every worker shell in src. Packages stay outside. */

const root = fileURLToPath(new URL("..", import.meta.url));
const src = join(root, "src");
const workers = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".worker.ts"));
const output = (path: string) => basename(path, ".ts");

/** `new URL("./x.worker.ts", import.meta.url)` names the built worker, which lies in the same folder as main.js. */
const workerUrls: Plugin = {
  name: "voxelwright:node-workers",
  transform: {
    filter: { code: /\.worker\.ts["'`]/ },
    handler: (code) => ({
      map: null,
      code: code.replace(
        /new URL\(\s*["'`]([^"'`]+\.worker)\.ts["'`]\s*,\s*import\.meta\.url\s*,?\s*\)/g,
        (_, path: string) => `new URL("./${basename(path)}.js", import.meta.url)`,
      ),
    }),
  },
};

export default defineConfig({
  root: src,
  publicDir: false,
  logLevel: "warn",
  cacheDir: join(root, ".cache/vite-cli"),
  plugins: [wgsl(join(root, "shaders")), kernelsInNode('new URL("../kernels.wasm", import.meta.url).href'), workerUrls],
  build: {
    ssr: true,
    target: "node20",
    outDir: join(root, ".build/cli"),
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        main: join(src, "cli/main.ts"),
        ...Object.fromEntries(workers.map((path) => [output(path), join(src, path)])),
      },
      // All in one folder: addresses relative to import.meta.url hold wherever the code ends up.
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
