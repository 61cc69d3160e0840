import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import type { Connect, Plugin } from "vite";

/**
 * Vite's servers send a `.gz` file as an encoding of something else, which the browser undoes; other hosts send the
 * file. Here a sample arrives as the file it is, so that its size and its bytes are those that samples.json states.
 */
export function samplesAsFiles(): Plugin {
  const handler =
    (folder: string): Connect.NextHandleFunction =>
    (request, response, next) => {
      const name = /^\/([\w.-]+\.gz)(?:\?|$)/.exec(request.url ?? "")?.[1];
      if (name === undefined || !existsSync(join(folder, name))) return next();
      response.setHeader("Content-Type", "application/gzip");
      createReadStream(join(folder, name)).pipe(response);
    };
  return {
    name: "voxelwright:samples",
    configureServer(server) {
      server.middlewares.use("/samples", handler(join(server.config.publicDir, "samples")));
    },
    configurePreviewServer(server) {
      server.middlewares.use("/samples", handler(join(server.config.build.outDir, "samples")));
    },
  };
}
