// The built site: dist/, made anew when a source is newer than it, and served at one address.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { build, preview } from "vite";
import { newest, root } from "./setup.mjs";

export async function buildSite() {
  const index = join(root, "dist/index.html");
  const worker = join(root, "dist/service-worker.js");
  const sources = ["src", "shaders", ".build/kernels.wasm", ".tooling", "vite.config.ts", "package-lock.json"];
  const fresh = existsSync(worker) && statSync(index).mtimeMs >= newest(...sources.map((path) => join(root, path)));
  if (fresh) return;
  process.stderr.write("Building the site …\n");
  await build({ root: join(root, "src"), configFile: join(root, "vite.config.ts"), logLevel: "warn" });
}

/** Serves dist/ on `port`, or on the next free one unless `strictPort`; the address. */
export async function serveSite({ port = 4173, strictPort = false } = {}) {
  const configFile = join(root, "vite.config.ts");
  const server = await preview({ configFile, logLevel: "warn", preview: { port, strictPort } });
  return server.resolvedUrls.local[0];
}
