import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Bundles a worker for Node's worker threads; gives its address. The bundle goes when the test process ends. */
export async function bundleWorker(entry: string): Promise<URL> {
  const outDir = mkdtempSync(join(root, ".build/worker-"));
  process.once("exit", () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false,
    root,
    logLevel: "warn",
    build: {
      ssr: true,
      outDir,
      target: "node20",
      minify: false,
      rolldownOptions: { input: { worker: join(root, entry) }, output: { entryFileNames: "[name].mjs" } },
    },
  });
  return pathToFileURL(join(outDir, "worker.mjs"));
}
