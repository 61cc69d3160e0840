import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { openAddress, openLabelmap, openSources, type SeriesChoice, type SourceFile } from "#sources";
import type { Dims } from "#volume";
import { unpackSegmentation } from "../../../src/sources/precomputed/compressed-segmentation.ts";
import { mortonCode } from "../../../src/sources/precomputed/shards.ts";
import { unpackZip } from "../../../src/sources/zip.ts";
import { randomFrom } from "../../fixtures/random.ts";
import { type ZarrHost, zarrHost } from "./zarr-host.ts";

/*
 * Volumes that TensorStore wrote (tests/oracles/precomputed.py), from files, from an archive and by address.
 */

const archive = new Blob([readFileSync(new URL("../../fixtures/oracles/precomputed.zip", import.meta.url))]);
const size: Dims = [45, 38, 21];

const pattern = (i: number, j: number, k: number, c = 0): number => (3 * i + 51 * j + 997 * k + 7 * c) % 4096;
const smooth = (i: number, j: number, k: number): number => i + 2 * j + k;
const segment = (i: number, j: number, k: number): number => {
  const n = Math.floor(i / 7) + 11 * Math.floor(j / 9) + 70 * Math.floor(k / 5);
  return n % 3 === 0 ? 0 : n;
};

async function filesOf(name: string): Promise<SourceFile[]> {
  const { files } = await unpackZip({ name: "all", blob: archive });
  const start = `all/${name}/`;
  const inside = files.filter((file) => file.name.startsWith(start));
  return Promise.all(
    inside.map(async (file) => ({
      name: `${name}/${file.name.slice(start.length)}`,
      blob: new Blob([await file.blob.arrayBuffer()]),
    })),
  );
}

async function opened(files: readonly SourceFile[]): Promise<SeriesChoice> {
  const { series, refused } = await openSources(files);
  expect(refused).toEqual([]);
  expect(series).toHaveLength(1);
  return series[0]!;
}

/** The largest difference of any voxel from its formula. */
async function farthest(choice: SeriesChoice, value: (i: number, j: number, k: number, c: number) => number) {
  let most = 0;
  let slices = 0;
  for await (const { frame, k, voxels } of (await choice.open()).slices()) {
    slices++;
    for (let n = 0; n < voxels.length; n++) {
      const expected = value(n % size[0], Math.floor(n / size[0]), k, frame);
      most = Math.max(most, Math.abs(voxels[n]! - expected));
    }
  }
  expect(slices).toBe(size[2] * choice.description.frames);
  return most;
}

/** Gzip of `length` bytes, by an extra field of what is missing (RFC 1952, 2.3.1.1). */
function gzipOf(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const plain = gzipSync(bytes);
  const extra = length - plain.length - 2;
  const header = Buffer.from([...plain.subarray(0, 3), 4, ...plain.subarray(4, 10), extra & 255, extra >> 8]);
  return new Uint8Array(Buffer.concat([header, Buffer.alloc(extra), plain.subarray(10)]));
}

let host: ZarrHost | undefined;
afterEach(async () => {
  await host?.stop();
  host = undefined;
});

describe("Neuroglancer precomputed", () => {
  const cases = [
    { name: "raw", voxelType: "uint16", frames: 2, value: pattern, within: 0 },
    {
      name: "float",
      voxelType: "float32",
      frames: 1,
      value: (...at: [number, number, number]) => pattern(...at) / 4,
      within: 0,
    },
    { name: "jpeg", voxelType: "uint8", frames: 1, value: smooth, within: 4 },
    { name: "segments-32", voxelType: "uint32", frames: 1, value: segment, within: 0 },
    { name: "segments-64-sharded", voxelType: "uint32", frames: 1, value: segment, within: 0 },
    { name: "raw-sharded", voxelType: "uint16", frames: 1, value: pattern, within: 0 },
  ] as const;

  test.each(cases)(
    "$name has the voxels that were written, in files and by address",
    async ({ name, value, ...told }) => {
      const files = await filesOf(name);
      const choice = await opened(files);
      const { voxelType, frames, within } = told;
      expect(choice.description).toMatchObject({ name, voxelType, frames, format: "Neuroglancer precomputed" });
      expect(await farthest(choice, value)).toBeLessThanOrEqual(within);

      host = await zarrHost(files);
      for (const address of [`${host.url}/${name}`, `precomputed://${host.url}/${name}/`, `${host.url}/${name}/info`]) {
        const { series } = await openAddress(address);
        expect(series.map(({ description }) => description)).toEqual([choice.description]);
        const { voxels, min } = await series[0]!.chunked!.readBrick({
          frame: frames - 1,
          level: 0,
          bi: 0,
          bj: 0,
          bk: 0,
        });
        expect(Math.abs(voxels[(9 * 64 + 20) * 64 + 31]! - value(31, 20, 9, frames - 1))).toBeLessThanOrEqual(within);
        expect(min).toBeGreaterThanOrEqual(0);
      }
    },
  );

  test("lies where its offset says, in millimetres; the frame that is assumed is said", async () => {
    const { description } = await opened(await filesOf("raw"));
    const { dims, indexToLps } = description.grid;
    expect(dims).toEqual(size);
    // Voxel 10, 20, 30 of 4, 5 and 6 µm: its middle is half a voxel further.
    const expected = [0.004, 0, 0, 0.042, 0, 0.005, 0, 0.1025, 0, 0, 0.006, 0.183];
    indexToLps.forEach((value, n) => expect(value).toBeCloseTo(expected[n]!, 12));
    expect(description.notes).toEqual([
      expect.stringContaining("nanometers and were converted to millimetres"),
      expect.stringContaining("left and right may be swapped"),
      expect.stringContaining("2 channels"),
    ]);
    expect((await opened(await filesOf("jpeg"))).description.notes.join()).toContain("packed as JPEG");
  });

  test("its own resolutions are the levels, and opening asks for its metadata alone", async () => {
    // A volume of more than one brick along each axis, of which only the overview is there.
    const [finest, coarse] = [
      [90, 76, 70],
      [45, 38, 35],
    ] as const;
    const voxels = new Uint16Array(coarse[0] * coarse[1] * coarse[2]).map((_, n) => n % 4096);
    const scale = { chunk_sizes: [[64, 64, 64]], encoding: "raw" };
    const info = {
      type: "image",
      data_type: "UINT16",
      num_channels: 1,
      scales: [
        { ...scale, key: "fine", size: finest, resolution: [8, 8, 8], voxel_offset: [10, 20, 30] },
        { ...scale, key: "./coarse", size: coarse, resolution: [16, 16, 16], voxel_offset: [5, 10, 15] },
      ],
    };
    host = await zarrHost([
      { name: "two/info", blob: new Blob([JSON.stringify(info)]) },
      { name: "two/coarse/5-50_10-48_15-50", blob: new Blob([voxels]) },
    ]);
    const { series } = await openAddress(`${host.url}/two`);
    expect(host.asked.filter((path) => !/zarr|\.z/.test(path))).toEqual(["/two/info"]);
    host.asked.length = 0;
    const brick = await series[0]!.chunked!.readBrick({ frame: 0, level: 1, bi: 0, bj: 0, bk: 0 });
    expect(brick.voxels[(3 * 64 + 4) * 64 + 5]).toBe(((3 * 38 + 4) * 45 + 5) % 4096);
    expect(host.asked).toEqual(["/two/coarse/5-50_10-48_15-50"]);
  });

  test("a segmentation opens as labels, with the names that are told", async () => {
    const choice = await opened(await filesOf("segments-32"));
    expect(choice.segments).toEqual([
      { layer: 0, value: 1, name: "One" },
      { layer: 0, value: 2, name: "Two" },
    ]);
    for await (const { k, voxels } of (await openLabelmap(choice)).slices())
      expect(voxels[5 * size[0] + 30]).toBe(segment(30, 5, k));
  });

  test("all volumes of an archive are found, and what lies beside them is opened as ever", async () => {
    const { series, refused } = await openSources([
      { name: "all.zip", blob: archive },
      { name: "info", blob: new Blob(["no JSON at all"]) },
    ]);
    expect(series.map(({ description }) => description.name).sort()).toEqual(cases.map(({ name }) => name).sort());
    expect(refused.map(({ name }) => name)).toEqual(["info"]);
  });

  test("chunks on a disk may be packed as gzip, with the ending or without; absent ones are 0", async () => {
    const files = await filesOf("raw");
    const packed = await Promise.all(
      files.map(async ({ name, blob }, n) => {
        if (name.endsWith("info") || n % 3 === 0) return { name, blob };
        const bytes = new Blob([new Uint8Array(gzipSync(new Uint8Array(await blob.arrayBuffer())))]);
        return { name: n % 3 === 1 ? `${name}.gz` : name, blob: bytes };
      }),
    );
    expect(await farthest(await opened(packed), pattern)).toBe(0);
    const some = files.filter(({ name }) => !/\/10-42_20-36_30-/.test(name));
    const choice = await opened(some);
    const absent = (i: number, j: number, k: number, c: number): number => (i < 32 && j < 16 ? 0 : pattern(i, j, k, c));
    expect(await farthest(choice, absent)).toBe(0);
  });

  test("a packed chunk as long as its voxels is not taken for them, nor voxels that begin as gzip for a packed one", async () => {
    const voxels = Uint8Array.from({ length: 512 }, (_, n) => [0x1f, 0x8b, 8, 0][n] ?? n % 7);
    const info = {
      type: "image",
      data_type: "uint8",
      num_channels: 1,
      scales: [{ key: "s", size: [8, 8, 8], resolution: [1, 1, 1], chunk_sizes: [[8, 8, 8]], encoding: "raw" }],
    };
    const read = async (name: string, chunk: Uint8Array<ArrayBuffer>): Promise<readonly number[]> => {
      const files = [
        { name: "v/info", blob: new Blob([JSON.stringify(info)]) },
        { name: `v/s/0-8_0-8_0-8${name}`, blob: new Blob([chunk]) },
      ];
      const { voxels: brick } = await (await opened(files)).chunked!.readBrick({
        frame: 0,
        level: 0,
        bi: 0,
        bj: 0,
        bk: 0,
      });
      return Array.from(voxels, (_, n) => brick[((n >> 6) * 64 + ((n >> 3) & 7)) * 64 + (n & 7)]!);
    };
    expect(await read("", voxels)).toEqual([...voxels]);
    expect(await read(".gz", gzipOf(voxels, 512))).toEqual([...voxels]);
    expect(await read("", gzipOf(voxels, 512))).toEqual([...voxels]);
    // By its name it is gzip, whatever its bytes say.
    await expect(read(".gz", voxels)).rejects.toThrow(/damaged/);
    await expect(
      read(
        ".gz",
        voxels.map((value) => value ^ 1),
      ),
    ).rejects.toThrow(/damaged/);
  });

  test("what is damaged or not read is said, never shown", async () => {
    const reading = async (name: string, damage: (files: SourceFile[]) => SourceFile[]): Promise<string> => {
      const { series, refused } = await openSources(damage(await filesOf(name)));
      if (refused.length > 0) return refused[0]!.message;
      return farthest(series[0]!, () => 0).then(
        () => "read",
        (error: Error) => error.message,
      );
    };
    const shorter = (files: SourceFile[]): SourceFile[] =>
      files.map((file) =>
        file.name.endsWith("info") ? file : { ...file, blob: file.blob.slice(0, file.blob.size - 41) },
      );
    const told = (change: (info: { scales: Record<string, unknown>[]; [key: string]: unknown }) => void) => {
      return (files: SourceFile[]): SourceFile[] => {
        const info = JSON.parse(readInfo) as never;
        change(info);
        return files.map((file) =>
          /^[^/]+\/info$/.test(file.name) ? { ...file, blob: new Blob([JSON.stringify(info)]) } : file,
        );
      };
    };
    const readInfo = await (await filesOf("raw")).find(({ name }) => name === "raw/info")!.blob.text();
    expect(await reading("raw", shorter)).toMatch(/damaged: a chunk has \d+ bytes instead of \d+/);
    expect(await reading("segments-32", shorter)).toMatch(/damaged: .* outside of/);
    expect(await reading("jpeg", shorter)).toMatch(/damaged|decoded/);
    expect(await reading("raw-sharded", shorter)).toMatch(/shard is damaged/);
    expect(
      await reading(
        "raw",
        told((info) => (info.scales[0]!["encoding"] = "jxl")),
      ),
    ).toMatch(/packed as “jxl”/);
    expect(
      await reading(
        "raw",
        told((info) => (info["data_type"] = "complex64")),
      ),
    ).toMatch(/no voxels that are read/);
    expect(
      await reading(
        "raw",
        told((info) => (info.scales[0]!["size"] = [1, 2])),
      ),
    ).toMatch(/“scales.0.size/);
    expect(
      await reading(
        "raw",
        told((info) => (info.scales[0]!["key"] = "../other")),
      ),
    ).toMatch(/outside of its folder/);
    expect(
      await reading(
        "raw",
        told((info) => (info.scales[0]!["chunk_sizes"] = [[2048, 2048, 2048]])),
      ),
    ).toMatch(/limit/);
    host = await zarrHost(await filesOf("raw"));
    await expect(openAddress(`precomputed://${host.url}/nothing`)).rejects.toThrow(/no precomputed volume/);
  });
});

test("the compressed Morton code takes a bit of each axis in turn, without those that are always 0", () => {
  expect(mortonCode([1, 1, 1], [2, 2, 2])).toBe(7n);
  expect(mortonCode([3, 0, 0], [4, 1, 1])).toBe(3n);
  // x has three bits, y one, z two: z1 x2 from above, x1 z1 …
  expect(mortonCode([5, 1, 2], [8, 2, 4])).toBe(0b110011n);
  const seen = new Set<bigint>();
  for (let z = 0; z < 3; z++)
    for (let y = 0; y < 5; y++) for (let x = 0; x < 9; x++) seen.add(mortonCode([x, y, z], [9, 5, 3]));
  expect(seen.size).toBe(9 * 5 * 3);
});

test.each([1, 2, 3])(
  "compressed segmentations of random bytes end in an error or in values, never beyond (seed %i)",
  (seed) => {
    const random = randomFrom(seed);
    let failed = 0;
    for (let n = 0; n < 300; n++) {
      const bytes = Uint8Array.from({ length: 16 + Math.floor(random() * 200) }, () =>
        random() < 0.7 ? 0 : random() * 256,
      );
      try {
        expect(unpackSegmentation(bytes, [5, 6, 7], 1, [4, 4, 4], 2)).toHaveLength(5 * 6 * 7 * 2);
      } catch {
        failed++;
      }
    }
    expect(failed).toBeGreaterThan(100);
  },
);
