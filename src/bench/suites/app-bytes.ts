import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { repositoryRoot } from "../node-machine.ts";
import type { BenchRow } from "../report.ts";
import type { SuitePort } from "../suite.ts";

/** Bytes of the built site, as they lie on disk and as they travel (gzip); samples and codecs apart. */
export function appBytesRows(port: SuitePort): Promise<BenchRow[]> {
  const folder = join(repositoryRoot(), "dist");
  if (!existsSync(join(folder, "index.html"))) {
    port.note("bytes of the app: left out, as the site is not built (npm run build).");
    return Promise.resolve([]);
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith(".map"));
  const groups: readonly (readonly [string, (name: string) => boolean])[] = [
    [
      "scripts, styles and page",
      (name) => /\.(?:js|css|html|webmanifest)$/.test(name) && !isCodec(name) && !isSample(name),
    ],
    ["WASM core", (name) => /kernels.*\.wasm$/.test(name)],
    ["codecs, loaded when a scan needs them", isCodec],
    ["sample scans", isSample],
  ];
  const rows = groups.map(([name, belongs]): BenchRow => {
    const chosen = files.filter(belongs);
    const packed = chosen.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
    const bytes = chosen.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    return {
      name: `bytes of the app: ${name}`,
      input: `${chosen.length} files of dist, ${bytes} bytes; size is gzip`,
      bytes: packed,
    };
  });
  return Promise.resolve(rows.filter((row) => row.bytes! > 0));
}

function isCodec(name: string): boolean {
  return (
    name.startsWith("pipelines/") ||
    (/\.(?:wasm|zst)$/.test(name) && !/kernels/.test(name)) ||
    /codec|charls|openjp|blosc|lz4|zstd/.test(name)
  );
}

function isSample(name: string): boolean {
  return name.startsWith("samples/");
}
