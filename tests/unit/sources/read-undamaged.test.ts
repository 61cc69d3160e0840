import { afterEach, describe, expect, test } from "vitest";
import { openAddress, type SourceFile } from "#sources";
import { HttpStore } from "../../../src/sources/zarr/http-store.ts";
import { type ZarrHost, zarrHost } from "./zarr-host.ts";
import { patterned, zarrFiles, type ZarrImageWanted } from "./zarr-writer.ts";

let host: ZarrHost | undefined;
afterEach(() => host?.stop());

const wanted: ZarrImageWanted = {
  version: "0.5",
  resolutions: [{ shape: [2, 4, 4], value: patterned }],
  chunks: [2, 4, 4],
};
const info = {
  type: "image",
  data_type: "uint16",
  num_channels: 1,
  scales: [{ key: "c", size: [4, 4, 2], resolution: [1, 1, 1], chunk_sizes: [[4, 4, 2]], encoding: "raw" }],
};
const voxels = Uint16Array.from({ length: 32 }, (_, n) => patterned(n >> 4, (n >> 2) & 3, n & 3));
const precomputed: SourceFile[] = [
  { name: "volume/info", blob: new Blob([JSON.stringify(info)]) },
  { name: "volume/c/0-4_0-4_0-2", blob: new Blob([voxels]) },
];

describe("chunks that a server sends", () => {
  const cases: readonly (readonly [string, () => Promise<SourceFile[]>])[] = [
    ["raw chunk", () => zarrFiles("scan.zarr", wanted)],
    ["packed chunk", () => zarrFiles("scan.zarr", { ...wanted, codec: "gzip" })],
    ["shard", () => zarrFiles("scan.zarr", { ...wanted, shards: [1, 1, 1] })],
    ["precomputed chunk", async () => precomputed],
  ];
  for (const [name, files] of cases) {
    test(`in part are asked for again (${name}); in part for good, they are damaged`, async () => {
      const served = await files();
      host = await zarrHost(served);
      const address = `${host.url}/${served[0]!.name.split("/")[0]}`;
      const read = async (): Promise<number> => {
        const { series } = await openAddress(address);
        const brick = await series[0]!.chunked!.readBrick({ frame: 0, level: 0, bi: 0, bj: 0, bk: 0 });
        return brick.voxels[64 * 64 + 2 * 64 + 3]!;
      };
      const seen = new Map<string, number>();
      host.cut = (path, length) => {
        const count = (seen.get(path) ?? 0) + 1;
        seen.set(path, count);
        return path.includes("/c/") && count === 1 ? Math.floor(length / 2) : length;
      };
      expect(await read()).toBe(patterned(1, 2, 3));
      host.cut = (path, length) => (path.includes("/c/") ? Math.floor(length / 2) : length);
      host.asked.length = 0;
      await expect(read()).rejects.toMatchObject({ kind: "source", message: expect.stringContaining("damaged") });
      expect(host.asked.filter((path) => path.includes("/c/")).length).toBeGreaterThanOrEqual(3);
    });
  }

  test("again come from the server itself, not from a cache", async () => {
    const caches: RequestCache[] = [];
    const store = new HttpStore("https://images.example/scan.zarr", {
      fetch: async ({ cache }) => {
        caches.push(cache);
        return new Response(new Uint8Array(1));
      },
    });
    await store.get("/c/0", { fresh: false });
    await store.get("/c/0", { fresh: true });
    expect(caches).toEqual(["default", "reload"]);
  });
});
