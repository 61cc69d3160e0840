import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openLabelmap, openSources, type SeriesChoice } from "#sources";
import { type BrickPixels, brickKey, type Dims, ImageGrid, PyramidBuilder, pyramidLevels } from "#volume";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { allVoxels, diskFile, diskFolder, eachSlice, memoryFile, openOne } from "./files.ts";
import {
  AXES_ZYX,
  type CodecName,
  halvedResolutions,
  patterned,
  zarrFiles,
  type ZarrImageWanted,
} from "./zarr-writer.ts";

const open = async (wanted: ZarrImageWanted, name = "scan.ome.zarr"): Promise<SeriesChoice> =>
  openOne(...(await zarrFiles(name, wanted)));

const refusal = async (wanted: ZarrImageWanted): Promise<string> => {
  const { series, refused } = await openSources(await zarrFiles("scan.ome.zarr", wanted));
  expect(series).toEqual([]);
  expect(refused).toHaveLength(1);
  return refused[0]!.message;
};

const single = (shape: readonly number[] = [3, 4, 5], more: object = {}): ZarrImageWanted => ({
  resolutions: [{ shape, value: patterned, ...more }],
  chunks: [2, 2, 3],
});

async function brickOf(choice: SeriesChoice, level: number, at: Dims = [0, 0, 0], frame = 0): Promise<BrickPixels> {
  return choice.chunked!.readBrick({ frame, level, bi: at[0], bj: at[1], bk: at[2] });
}

/** Bricks of every level as the import makes them. */
async function importedBricks(choice: SeriesChoice): Promise<Map<string, BrickPixels>> {
  const bricks = new Map<string, BrickPixels>();
  const { grid, voxelType } = choice.description;
  const builder = new PyramidBuilder(grid.dims, voxelType, 0, (brick) =>
    bricks.set(brickKey(brick.address), brick.take()),
  );
  await eachSlice(choice, (voxels, k) => builder.push(k, voxels));
  return bricks;
}

describe("OME-Zarr", () => {
  const codecs: readonly CodecName[] = ["none", "blosc-lz4", "blosc-zstd", "zstd", "lz4", "gzip", "zlib"];
  for (const version of ["0.4", "0.5"] as const) {
    for (const codec of codecs.filter((name) => version === "0.4" || name !== "zlib")) {
      test(`${version} packed by ${codec} has the values that were written`, async () => {
        const choice = await open({ ...single([7, 9, 11]), version, codec });
        expect(choice.description).toMatchObject({ format: `OME-Zarr ${version}`, voxelType: "uint16", frames: 1 });
        expect(choice.description.grid.dims).toEqual([11, 9, 7]);
        const expected = Array.from({ length: 7 * 9 * 11 }, (_, n) =>
          patterned(Math.floor(n / 99), Math.floor(n / 11) % 9, n % 11),
        );
        expect(await allVoxels(choice)).toEqual(expected);
      });
    }
  }

  test("sharded 0.5 reads inner chunks by ranges, absent ones as the fill value", async () => {
    const value = (k: number, j: number, i: number): number => (i < 8 && k < 2 ? 0 : patterned(k, j, i));
    const choice = await open({
      version: "0.5",
      codec: "blosc-zstd",
      resolutions: [{ shape: [6, 10, 20], value }],
      chunks: [2, 4, 4],
      shards: [2, 2, 3],
    });
    expect(await allVoxels(choice)).toEqual(
      Array.from({ length: 1200 }, (_, n) => value(Math.floor(n / 200), Math.floor(n / 20) % 10, n % 20)),
    );
  });

  test("axes in another order, time and channels: every frame has its own voxels", async () => {
    const axes = [
      { name: "t", type: "time" },
      { name: "x", type: "space", unit: "millimeter" },
      { name: "c", type: "channel" },
      { name: "y", type: "space", unit: "millimeter" },
      { name: "z", type: "space", unit: "millimeter" },
    ];
    const value = (t: number, x: number, c: number, y: number, z: number): number =>
      t * 1000 + c * 500 + x * 1 + y * 10 + z * 50;
    const choice = await open({
      axes,
      chunks: [1, 2, 2, 3, 2],
      resolutions: [{ shape: [2, 4, 3, 5, 6], scale: [1, 0.5, 1, 2, 3], translation: [0, 10, 0, 20, 30], value }],
      ome: { omero: { channels: [{ label: "A", window: { start: 10, end: 30 } }, { label: "B" }, { label: "C" }] } },
    });
    const { description } = choice;
    expect(description.frames).toBe(6);
    expect(description.window).toEqual({ center: 20, width: 20 });
    expect(description.notes.join(" ")).toContain("The frames are 2 time points, each with 3 channels (A, B, C).");
    const grid = new ImageGrid(description.grid);
    expect(grid.dims).toEqual([4, 5, 6]);
    expect(grid.spacingMm).toEqual([0.5, 2, 3]);
    expect(grid.originMm).toEqual([10, 20, 30]);
    for (const frame of [0, 4]) {
      const [t, c] = [Math.floor(frame / 3), frame % 3];
      expect(await allVoxels(choice, frame)).toEqual(
        Array.from({ length: 120 }, (_, n) => value(t, n % 4, c, Math.floor(n / 4) % 5, Math.floor(n / 20))),
      );
      const brick = await brickOf(choice, 0, [0, 0, 0], frame);
      expect([brick.voxels[0], brick.voxels[(5 * 64 + 4) * 64 + 3]]).toEqual([
        value(t, 0, c, 0, 0),
        value(t, 3, c, 4, 5),
      ]);
    }
  });

  test("units become millimetres, and orientations that are stated are kept", async () => {
    const oriented = (name: string, value: string) => ({
      name,
      type: "space",
      unit: "micrometer",
      orientation: { type: "anatomical", value },
    });
    const axes = [
      oriented("z", "superior-to-inferior"),
      oriented("y", "posterior-to-anterior"),
      oriented("x", "left-to-right"),
    ];
    const { description } = await open({
      ...single(undefined, { scale: [2000, 500, 250], translation: [1000, 2000, 3000] }),
      axes,
    });
    expect(description.grid.indexToLps).toEqual([-0.25, 0, 0, -3, 0, -0.5, 0, -2, 0, 0, -2, -1]);
    expect(description.notes.join(" ")).toMatch(/in micrometers and were converted/);
    expect(description.notes.join(" ")).not.toMatch(/left and right may be swapped/);
    const plain = await open(single());
    expect(plain.description.notes.join(" ")).toMatch(/left and right may be swapped/);
    const unitless = await open({ ...single(), axes: ["z", "y", "x"].map((name) => ({ name, type: "space" })) });
    expect(unitless.description.notes.join(" ")).toMatch(/no unit of length: millimetres/);
  });

  test("one slice, floats of 64 bits, whole numbers of 64 bits", async () => {
    const slice = await open({
      axes: AXES_ZYX.slice(1),
      chunks: [3, 3],
      dtype: "f8",
      resolutions: [{ shape: [4, 5], value: (j, i) => j + i / 10 }],
    });
    expect(slice.description).toMatchObject({ voxelType: "float32", sourceType: "float64" });
    expect(slice.description.grid.dims).toEqual([5, 4, 1]);
    expect((await allVoxels(slice))[6]).toBe(Math.fround(1.1));
    const whole = await open({ ...single(), dtype: "i8" });
    expect(await allVoxels(whole)).toHaveLength(60);
    const large = await open({ ...single(undefined, { value: () => 2 ** 40 }), dtype: "i8" });
    await expect(brickOf(large, 0)).rejects.toMatchObject({
      kind: "limit",
      message: expect.stringContaining("1099511627776"),
    });
  });

  test("stored resolutions that halve are the levels, though they end a voxel early", async () => {
    const dims: Dims = [131, 130, 67];
    const choice = await open({
      resolutions: halvedResolutions(dims, 3, [0.5, 0.5, 2]),
      chunks: [16, 32, 32],
      codec: "blosc-lz4",
    });
    expect(choice.chunked!.overviewAtHand).toBe(true);
    expect(choice.description.notes.join(" ")).toMatch(
      /1 of 2 overviews is not stored in the image: they are computed/,
    );
    const levels = pyramidLevels(dims);
    expect(levels.map((level) => level.dims)).toEqual([dims, [66, 65, 34], [33, 33, 34]]);
    // Level 1 is the second resolution, of 65 × 65 × 33; level 2 leaves k as it is, so it is made of it.
    const one = await brickOf(choice, 1, [0, 0, 0]);
    expect(one.voxels[(3 * 64 + 2) * 64 + 5]).toBe(patterned(6, 4, 10));
    const edge = await brickOf(choice, 1, [1, 0, 0]);
    expect([edge.voxels[0], edge.voxels[1], edge.voxels[40]]).toEqual([128, 128, 128].map((i) => patterned(0, 0, i)));
    const two = await brickOf(choice, 2);
    expect(two.voxels[0]).toBe(
      Math.floor([0, 2].flatMap((j) => [0, 2].map((i) => patterned(0, j, i))).reduce((a, b) => a + b) / 4 + 0.5),
    );
  });

  test("levels that are not stored are equal to those of an import, bricks at the edge and ranges as well", async () => {
    const wanted = { resolutions: halvedResolutions([133, 66, 70], 1, [1, 1, 1]), chunks: [32, 32, 32] };
    const choice = await open(wanted);
    expect(choice.description.notes.join(" ")).toMatch(/No stored resolution serves as an overview/);
    const imported = await importedBricks(choice);
    expect(imported.size).toBeGreaterThan(12);
    for (const { address, voxels, min, max } of imported.values()) {
      const read = await choice.chunked!.readBrick(address);
      expect([read.min, read.max], brickKey(address)).toEqual([min, max]);
      expect(Buffer.compare(Buffer.from(read.voxels.buffer), Buffer.from(voxels.buffer)), brickKey(address)).toBe(0);
    }
  });

  test("resolutions that halve some axes only give means of the others; what does not halve is not used, and that is said", async () => {
    const inPlane = (level: number) => ({
      shape: [80, Math.ceil(140 / 2 ** level), Math.ceil(140 / 2 ** level)],
      scale: [1, 2 ** level, 2 ** level],
      translation: [0, (2 ** level - 1) / 2, (2 ** level - 1) / 2],
      value: (k: number, j: number, i: number) => patterned(k, j * 2 ** level, i * 2 ** level),
    });
    const odd = { shape: [27, 47, 47], scale: [3, 3, 3], value: () => 9 };
    const choice = await open({ resolutions: [inPlane(0), inPlane(1), inPlane(2), odd], chunks: [16, 64, 64] });
    const { notes } = choice.description;
    expect(notes.join(" ")).toMatch(/1 of the 4 resolutions of the image is not used/);
    expect(notes.join(" ")).toMatch(/overview/);
    const one = await brickOf(choice, 1);
    expect(one.voxels[(5 * 64 + 3) * 64 + 7]).toBe(Math.floor((patterned(10, 6, 14) + patterned(11, 6, 14)) / 2 + 0.5));
  });

  test("in a zip, below other folders, beside a file of another kind", async () => {
    const files = await zarrFiles("deep/scan.ome.zarr", single());
    const choice = await openOne(...files);
    expect(choice.description.name).toBe("scan");
    expect(choice.fileCount).toBe(files.length);
    const listing = await openSources([...files, memoryFile("notes.txt", "hello")]);
    expect(listing.refused.map(({ name }) => name)).toEqual(["notes.txt"]);
  });

  test("labels beside an image are a series of their own and open as labels", async () => {
    const image = await zarrFiles("a.zarr", single());
    const labels = await zarrFiles("a.zarr/labels/cells", {
      ...single(undefined, { value: (_: number, j: number) => j }),
      dtype: "u1",
      ome: { "image-label": {} },
    });
    const { series } = await openSources([...image, ...labels]);
    expect(series.map(({ description }) => description.name)).toEqual(["a", "a/labels/cells"]);
    expect(series.map(({ labelsOf }) => labelsOf)).toEqual([undefined, "OME-Zarr:a.zarr"]);
    const opened = await openLabelmap(series[1]!);
    for await (const { voxels: slice } of opened.slices())
      expect([...slice.slice(0, 11)]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]);
  });

  test("what cannot be read is refused by one line that says what to do", async () => {
    expect(await refusal({ ...single(), multiscales: { version: "0.2" } })).toMatch(
      /OME-Zarr 0\.2; OME-Zarr 0\.4 and 0\.5 are read.*Convert/,
    );
    expect(await refusal({ ...single(), multiscales: { axes: [{ name: "x" }] } })).toMatch(
      /“axes” is not as OME-Zarr 0\.4 wants/,
    );
    expect(await refusal(single(undefined, { scale: [1, 1] }))).toMatch(/scale does not have one number for each axis/);
    expect(await refusal({ ...single(), multiscales: { coordinateTransformations: [{ type: "rotation" }] } })).toMatch(
      /“rotation”.*Resample/,
    );
    const files = await zarrFiles("scan.ome.zarr", single());
    const without = async (path: RegExp, ...more: { name: string; blob: Blob }[]): Promise<string> => {
      const { series, refused } = await openSources([...files.filter(({ name }) => !path.test(name)), ...more]);
      expect(series).toEqual([]);
      return refused[0]!.message;
    };
    expect(await without(/\.zattrs$/)).toMatch(/no “multiscales”.*Open the folder of an image/);
    expect(await without(/\.zgroup$|\.zattrs$/)).toMatch(/Zarr array without the metadata of an OME-Zarr image/);
    expect(await without(/0\/\.zarray$/)).toMatch(/names an array that is not there/);
    const array = (change: object): { name: string; blob: Blob } =>
      memoryFile(
        "scan.ome.zarr/0/.zarray",
        JSON.stringify({
          zarr_format: 2,
          shape: [3, 4, 5],
          chunks: [2, 2, 3],
          dtype: "<u2",
          compressor: null,
          fill_value: 0,
          order: "C",
          filters: null,
          dimension_separator: "/",
          ...change,
        }),
      );
    expect(await without(/\.zarray$/, array({ compressor: { id: "jpegxl" } }))).toMatch(
      /codec “jpegxl”, which is not read; blosc/,
    );
    expect(await without(/\.zarray$/, array({ dtype: "<f2" }))).toMatch(/type “float16”.*Write it/);
    expect(await without(/\.zarray$/, array({ chunks: [30000, 30000, 30000] }))).toMatch(/One chunk of.*is the limit/);
    expect(await without(/\.zarray$/, memoryFile("scan.ome.zarr/0/.zarray", "<html>"))).toMatch(/web page/);
  });

  test("a damaged chunk is an error that names it, never a picture", async () => {
    for (const codec of ["blosc-lz4", "zstd", "gzip"] as const) {
      const files = await zarrFiles("scan.ome.zarr", { ...single(), codec });
      const bad = files.map(({ name, blob }) =>
        name.endsWith("0/0/0/0") ? { name, blob: blob.slice(0, blob.size - 9) } : { name, blob },
      );
      await expect(brickOf(await openOne(...bad), 0), codec).rejects.toMatchObject({
        kind: "source",
        subject: expect.stringContaining("chunk 0, 0, 0"),
      });
    }
  });

  test("reading ends when it is aborted", async () => {
    const choice = await open(single());
    const abort = new AbortController();
    abort.abort();
    await expect(
      choice.chunked!.readBrick({ frame: 0, level: 0, bi: 0, bj: 0, bk: 0 }, { signal: abort.signal }),
    ).rejects.toMatchObject({ name: "AbortError" });
  });

  test("images of other metadata have other fingerprints, the same image the same", async () => {
    const print = async (wanted: ZarrImageWanted): Promise<string> => (await open(wanted)).chunked!.fingerprint;
    expect(await print(single())).toBe(await print(single()));
    expect(await print(single())).not.toBe(await print(single(undefined, { scale: [1, 1, 2] })));
  });

  test("images by python-zarr: filters, byte order, column-major chunks, every compressor", async () => {
    const zip = await diskFile(new URL("../../fixtures/oracles/ome-zarr.zip", import.meta.url).pathname);
    const { series, refused } = await openSources([zip]);
    expect(refused).toEqual([]);
    expect(series.map(({ description }) => description.name.split("/").at(-1))).toEqual([
      "blosc-blosclz",
      "blosc-zstd-bitshuffle",
      "gzip-float64",
      "lz4-big-endian",
      "zlib-delta",
      "zstd-f-order",
    ]);
    const expected = (c: number): number[] =>
      Array.from(
        { length: 9 * 40 * 50 },
        (_, n) => (3 * (n % 50) + 51 * (Math.floor(n / 50) % 40) + 997 * Math.floor(n / 2000) + 7 * c) % 4096,
      );
    for (const choice of series) {
      expect(choice.description.frames).toBe(2);
      expect(new ImageGrid(choice.description.grid).spacingMm).toEqual([0.5, 0.5, 2]);
      for (const frame of [0, 1])
        expect(await allVoxels(choice, frame), choice.description.name).toEqual(expected(frame));
    }
  });
});

describe.runIf(hasSharedData)("OME-Zarr of real scans", () => {
  interface Told {
    readonly dims: Dims;
    readonly sum: number;
    readonly voxels: readonly (readonly [number, number, number, number])[];
  }
  const told = JSON.parse(
    readFileSync(new URL("../../fixtures/oracles/ome-zarr.json", import.meta.url), "utf8"),
  ) as Record<string, Told>;

  for (const [name, { dims, sum, voxels }] of Object.entries(told)) {
    test(`${name} is as numpy reads it`, async () => {
      const files = await diskFolder(sharedData(`ome-zarr/${name}`));
      const choice = await openOne(...files.map((file) => ({ ...file, name: `${name}/${file.name}` })));
      expect(choice.description.grid.dims).toEqual(dims);
      let total = 0;
      await eachSlice(choice, (slice) => {
        for (const value of slice) total += value;
      });
      expect(Math.abs(total - sum)).toBeLessThan(1e-6 * sum);
      for (const [i, j, k, value] of voxels) {
        const at: Dims = [i >> 6, j >> 6, k >> 6];
        const brick = await brickOf(choice, 0, at);
        expect(brick.voxels[((k & 63) * 64 + (j & 63)) * 64 + (i & 63)]).toBe(value);
      }
      expect(choice.description.notes.join(" ")).not.toMatch(/overview|not used/);
      expect((await choice.thumbnail()).pixels.some((grey) => grey > 100)).toBe(true);
    });
  }

  test("chunks in a folder are not looked into before they are shown", async () => {
    const [name] = Object.keys(told);
    const opened: string[] = [];
    const watched = (await diskFolder(sharedData(`ome-zarr/${name}`))).map(({ name: path, blob }) => ({
      name: `${name}/${path}`,
      blob: new Proxy(blob, {
        get(target, key) {
          opened.push(path);
          const value = Reflect.get(target, key, target) as unknown;
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
    }));
    const beside = memoryFile("notes.txt", "a word");
    const { series, refused } = await openSources([...watched, beside]);
    expect(series).toHaveLength(1);
    expect(refused.map((file) => file.name)).toEqual(["notes.txt"]);
    expect(opened.filter((path) => !/(zarr\.json|\.z\w+)$/.test(path))).toEqual([]);
  });

  test("an image whose finer resolutions are missing is refused", async () => {
    const files = await diskFolder(sharedData("malformed/ome-zarr/corrupt-chunk.ome.zarr"));
    const { series, refused } = await openSources(files);
    expect(series).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.message).toMatch(/names an array that is not there.*whole copy/);
  });
});
