// The built site: dist/, made anew when a source is newer than it, and served at one address.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { preview } from "vite";
import { newest, replaceFolder, root, SetupError } from "./setup.mjs";

/** Builds if need be; what the bundler says is shown only when it fails. */
export function buildSite() {
  const index = join(root, "dist/index.html");
  const sources = ["src", "shaders", ".build/kernels.wasm", ".tooling", "vite.config.ts", "package-lock.json"];
  const fresh = existsSync(index) && statSync(index).mtimeMs >= newest(...sources.map((path) => join(root, path)));
  if (fresh) return;
  process.stderr.write("Building the site …\n");
  replaceFolder(join(root, "dist"), (draft) => {
    const args = [join(root, "node_modules/vite/bin/vite.js"), "build", "--outDir", draft];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new SetupError(`${stdout}${stderr}\nThe site could not be built; see above.`);
  });
}

/** Serves dist/ on `port`, or on the next free one unless `strictPort`; the address. */
export async function serveSite({ port = 4173, strictPort = false } = {}) {
  const configFile = join(root, "vite.config.ts");
  const server = await preview({ configFile, logLevel: "warn", preview: { port, strictPort } });
  return server.resolvedUrls.local[0];
}
