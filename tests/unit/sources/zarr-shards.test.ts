import { afterEach, describe, expect, test } from "vitest";
import { openAddress, openSources, type SourceFile } from "#sources";
import { allVoxels, openOne } from "./files.ts";
import { type ZarrHost, zarrHost } from "./zarr-host.ts";
import { patterned, zarrFiles, type ZarrImageWanted } from "./zarr-writer.ts";

const value = (k: number, j: number, i: number): number => (i < 8 && k < 2 ? 0 : patterned(k, j, i));
const image: ZarrImageWanted = {
  version: "0.5",
  resolutions: [{ shape: [6, 10, 20], value }],
  chunks: [2, 4, 4],
  shards: [2, 2, 3],
};
const expected = Array.from({ length: 1200 }, (_, n) => value(Math.floor(n / 200), Math.floor(n / 20) % 10, n % 20));

let host: ZarrHost | undefined;
afterEach(() => host?.stop());

/** The files of the image, the metadata of its array and its shards changed. */
async function changed(
  wanted: ZarrImageWanted,
  { metadata = (json) => json, shard = (blob) => blob }: ArrayChange,
): Promise<SourceFile[]> {
  const files = await zarrFiles("scan.zarr", wanted);
  return Promise.all(
    files.map(async ({ name, blob }) => {
      if (name.startsWith("scan.zarr/0/c/")) return { name, blob: shard(blob) };
      if (name !== "scan.zarr/0/zarr.json") return { name, blob };
      return { name, blob: new Blob([JSON.stringify(metadata(JSON.parse(await blob.text()) as ArrayMetadata))]) };
    }),
  );
}

interface ArrayMetadata {
  readonly codecs: readonly [{ readonly name: string; readonly configuration: object }];
}

interface ArrayChange {
  readonly metadata?: (json: ArrayMetadata) => object;
  readonly shard?: (blob: Blob) => Blob;
}

describe("shards of OME-Zarr", () => {
  for (const indexAt of ["start", "end"] as const) {
    for (const codec of ["none", "zstd"] as const) {
      test(`with the index at the ${indexAt} (${codec}) have the values that were written, in files and by address`, async () => {
        const files = await zarrFiles("scan.zarr", { ...image, indexAt, codec });
        expect(await allVoxels(await openOne(...files))).toEqual(expected);
        host = await zarrHost(files);
        const { series } = await openAddress(`${host.url}/scan.zarr`);
        expect(await allVoxels(series[0]!)).toEqual(expected);
      });
    }
  }

  test("that zarrita would read in another way are refused by name", async () => {
    const refusal = async (metadata: (json: ArrayMetadata) => object): Promise<string> => {
      const { series, refused } = await openSources(await changed(image, { metadata }));
      expect(series).toEqual([]);
      return refused[0]!.message;
    };
    const configured = (json: ArrayMetadata, change: object): object => {
      const [{ name, configuration }] = json.codecs;
      return { ...json, codecs: [{ name, configuration: { ...configuration, ...change } }] };
    };
    expect(await refusal((json) => configured(json, { codecs: json.codecs }))).toMatch(/shards within shards/);
    expect(await refusal((json) => configured(json, { index_location: "middle" }))).toMatch(/index at “middle”/);
    expect(await refusal((json) => configured(json, { chunk_shape: [2, 3, 4] }))).toMatch(/do not hold whole chunks/);
    expect(await refusal((json) => configured(json, { index_codecs: [{ name: "own" }] }))).toMatch(/codec “own”/);
    const turned = { name: "transpose", configuration: { order: [2, 1, 0] } };
    expect(await refusal((json) => ({ ...json, codecs: [turned, ...json.codecs] }))).toMatch(/turned or packed/);
  });

  test("that end early are damaged, with a checksum and without", async () => {
    const unchecked = (json: ArrayMetadata): object => {
      const [{ name, configuration }] = json.codecs;
      const index = [{ name: "bytes", configuration: { endian: "little" } }];
      return { ...json, codecs: [{ name, configuration: { ...configuration, index_codecs: index } }] };
    };
    for (const metadata of [unchecked, (json: ArrayMetadata) => json]) {
      for (const indexAt of ["start", "end"] as const) {
        for (const left of [40, 500]) {
          const shard = (blob: Blob): Blob => blob.slice(0, left);
          const choice = await openOne(...(await changed({ ...image, indexAt }, { metadata, shard })));
          await expect(allVoxels(choice)).rejects.toMatchObject({ kind: "source" });
        }
      }
    }
  });
});
