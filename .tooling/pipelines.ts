import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** itk-wasm's modules that the readers call in the browser, by package; each is a .js and a .wasm.zst file. */
const pipelines: Record<string, string[]> = {
  "@itk-wasm/image-io": ["gdcm-read-image"],
};

/**
 * Serves itk-wasm's pipelines from `pipelines/` beside the page instead of a CDN: the dev server reads them from
 * node_modules, the build copies them. Code sets `setPipelinesBaseUrl(new URL("pipelines", document.baseURI).href)`.
 */
export function itkPipelines(root: string): Plugin {
  const files = new Map<string, string>();
  for (const [name, modules] of Object.entries(pipelines)) {
    for (const file of modules.flatMap((module) => [`${module}.js`, `${module}.wasm.zst`])) {
      files.set(file, join(root, "node_modules", name, "dist/pipelines", file));
    }
  }
  return {
    name: "voxelwright:itk-pipelines",
    configureServer(server) {
      server.middlewares.use("/pipelines", (request, response, next) => {
        const path = files.get((request.url ?? "").split("?")[0]?.slice(1) ?? "");
        if (path === undefined) return next();
        response.setHeader("Content-Type", path.endsWith(".js") ? "text/javascript" : "application/zstd");
        createReadStream(path).pipe(response);
      });
    },
    generateBundle() {
      if (this.environment.config.consumer !== "client") return;
      for (const [file, path] of files) {
        this.emitFile({ type: "asset", fileName: `pipelines/${file}`, source: readFileSync(path) });
      }
    },
  };
}
