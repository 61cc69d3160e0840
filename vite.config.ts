import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VitePWA } from "vite-plugin-pwa";
import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";
import { kernelsFile, kernelsInNode } from "./.tooling/kernels.ts";
import { samplesAsFiles } from "./.tooling/samples.ts";
import { wgsl } from "./.tooling/wgsl.ts";
import { contentSecurityPolicy, isolationHeaders } from "./src/headers.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const shaders = fileURLToPath(new URL("shaders", import.meta.url));
const testing = process.env.VITEST !== undefined;

/** Puts the content security policy into the built page; the dev server needs inline scripts and styles. */
const policy = {
  name: "voxelwright:policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
      injectTo: "head-prepend",
    },
  ],
} as const;

/** Installable, and offline from the first visit: everything is precached, samples and WASM included. */
const offline = VitePWA({
  strategies: "injectManifest",
  srcDir: ".",
  filename: "service-worker.ts",
  injectRegister: false,
  injectManifest: {
    globPatterns: ["**/*"],
    globIgnores: ["service-worker.js", "**/*.map", "**/*.md"],
    maximumFileSizeToCacheInBytes: 16 * 2 ** 20,
  },
  manifest: {
    name: "Voxelwright",
    short_name: "Voxelwright",
    description: "Annotate huge 3D CT and MR volumes in a browser tab, on your own machine.",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#14171c",
    theme_color: "#14171c",
    icons: [
      { src: "icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "icon-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  },
});

/** One vitest project a folder of tests; all run in plain Node. */
const project = (name: string, options: object = {}) => ({
  extends: true as const,
  test: { name, include: [`tests/${name}/**/*.test.ts`], environment: "node", ...options },
});

export default defineConfig({
  // The tests look at the whole repository, the site at src.
  root: testing ? root : fileURLToPath(new URL("src", import.meta.url)),
  base: "./",
  cacheDir: fileURLToPath(new URL(".cache/vite", import.meta.url)),
  plugins: testing
    ? [wgsl(shaders), kernelsInNode(kernelsFile(root))]
    : [wgsl(shaders), solid(), samplesAsFiles(), policy, offline],
  server: { headers: isolationHeaders, fs: { allow: [root] } },
  preview: { headers: { ...isolationHeaders, "Content-Security-Policy": contentSecurityPolicy } },
  // zarrita names a second Zstandard decoder, of 750 kB; codecs.ts puts ours in its place.
  resolve: { alias: testing ? [] : [{ find: "numcodecs/zstd", replacement: join(root, "src/sources/zarr/zstd.ts") }] },
  worker: { format: "es", plugins: () => [wgsl(shaders)] },
  build: {
    outDir: fileURLToPath(new URL("dist", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // Data URLs would need a wider policy, and WASM must come with its own type to be compiled while it loads.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
  test: {
    pool: "forks",
    projects: [
      // No test waits for time: a limit is there for one that hangs, on a machine however busy. The runner itself needs no core.
      project("unit", { testTimeout: 60_000, maxWorkers: "100%" }),
      project("contract", { testTimeout: 60_000, maxWorkers: "100%" }),
      project("wasm", { testTimeout: 120_000, maxWorkers: "100%" }),
      // One process, one GPUDevice for all files.
      project("gpu", {
        testTimeout: 60_000,
        isolate: false,
        maxWorkers: 1,
        fileParallelism: false,
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});
