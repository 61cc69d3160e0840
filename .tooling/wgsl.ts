import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/**
 * `import code from "#shaders/slice/slice.wgsl?raw"` gives the text with every line `#include "common/x.wgsl"` replaced by
 * that file, paths taken from shaders/. A file is put in once, so includes may repeat or form a diamond. Text and
 * comments stay as written. (vite-plugin-glsl cannot do `?raw`, strips comments and repeats files.)
 */
export function wgsl(shaders: string): Plugin {
  const directive = /^[ \t]*#include[ \t]+"([^"\n]+)"[ \t]*;?[ \t]*$/gm;

  function expand(path: string, seen: Set<string>, from: string): string {
    seen.add(path);
    let code: string;
    try {
      code = readFileSync(path, "utf8");
    } catch {
      throw new Error(`${from}: no such shader: ${path}`);
    }
    return code.replace(directive, (line, name: string, offset: number) => {
      const included = join(shaders, name);
      const at = `${path}:${code.slice(0, offset).split("\n").length}: ${line.trim()}`;
      return seen.has(included) ? "" : expand(included, seen, at);
    });
  }

  return {
    name: "voxelwright:wgsl",
    enforce: "pre",
    load: {
      filter: { id: /\.wgsl\?raw$/ },
      handler(id) {
        const path = id.slice(0, -"?raw".length);
        const seen = new Set<string>();
        const code = expand(path, seen, "import");
        for (const file of seen) this.addWatchFile(file);
        return { code: `export default ${JSON.stringify(code)};`, map: null, moduleType: "js" };
      },
    },
  };
}
