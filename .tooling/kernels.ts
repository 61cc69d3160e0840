import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";

const resolved = "\0kernels.wasm?url";

/**
 * `import url from "#kernels.wasm?url"` is the address of the compiled WASM core. In the page that is package.json's
 * import and Vite's own `?url` (fetch it). Under vitest and in the CLI it is a file: URL (node:fs reads it): there this
 * plugin answers with `expression`, which is JavaScript.
 */
export function kernelsInNode(expression: string): Plugin {
  return {
    name: "voxelwright:kernels",
    enforce: "pre",
    resolveId: { filter: { id: /^#kernels\.wasm\?url$/ }, handler: () => resolved },
    load: {
      filter: { id: /kernels\.wasm\?url$/ },
      handler: (id) => (id === resolved ? `export default ${expression};` : null),
    },
  };
}

/** The file: URL of the core in a working copy, as a JavaScript expression. */
export function kernelsFile(root: string): string {
  return JSON.stringify(pathToFileURL(resolve(root, ".build/kernels.wasm")).href);
}
