import type { VoxelType } from "#volume";
import { expect, test } from "vitest";
import { statisticsReference } from "../../src/workers/reference/statistics.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
const types: readonly VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];
const percentiles = [0, 2.5, 10, 25, 75, 90, 99.9, 100];

/** Values of a type over all that it holds, or large ones with a small spread, where naive sums lose digits. */
function valuesOf(type: VoxelType, spread: "small" | "whole", random: () => number): () => number {
  if (spread === "small") {
    const offset = { int32: 1_000_000, float32: 1_000_000, uint32: 4_294_960_000 }[type as "int32"] ?? 10;
    return () => Math.floor(offset + random() * 100);
  }
  if (type === "float32") return () => (random() - 0.5) * 10 ** Math.floor(random() * 20 - 10);
  const bits = { uint8: 8, int8: 8, uint16: 16, int16: 16, uint32: 32, int32: 32 }[type];
  const low = type.startsWith("u") ? 0 : -(2 ** (bits - 1));
  return () => low + Math.floor(random() * 2 ** bits);
}

for (const [seed, type] of types.entries()) {
  for (const spread of ["small", "whole"] as const) {
    test(`statistics of ${type} voxels with a ${spread} spread equal sorting and two plain passes, seed ${seed}`, async () => {
      const random = randomFrom(seed);
      const dims = [70, 66, 20] as const;
      const volume = flatVolume(dims, type, valuesOf(type, spread, random));
      const labels = flatVolume(dims, "uint16", () => [0, 0, 1, 7, 65_535][Math.floor(random() * 5)]!).voxels;
      const expected = statisticsReference(volume.voxels, labels, dims, percentiles);
      const rows = await kernels.statistics(imageOf(volume), labelsOf(dims, labels), { percentiles });
      const exact = ({ segment, voxels, min, max, box }: (typeof rows)[number]) => ({ segment, voxels, min, max, box });
      expect(rows.map(exact)).toEqual(expected.map(exact));
      rows.forEach((row, n) => {
        const want = expected[n]!;
        expect(Math.abs(row.mean - want.mean)).toBeLessThan(1e-12 * (Math.abs(want.mean) + want.sd));
        expect(Math.abs(row.sd - want.sd)).toBeLessThan(1e-9 * want.sd);
        [row.median, ...row.percentiles].forEach((value, p) => {
          const other = [want.median, ...want.percentiles][p]!;
          expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-12 * Math.abs(other));
        });
        row.centroidIjk.forEach((value, axis) => expect(value).toBeCloseTo(want.centroidIjk[axis]!, 10));
      });
    });
  }
}

test("only bricks with labels are read", async () => {
  const dims = [200, 70, 70] as const;
  const image = imageOf(flatVolume(dims, "int16", (i) => i));
  const labels = labelsOf(
    dims,
    flatVolume(dims, "uint16", (i, j, k) => (i === 199 && j === 69 && k === 69 ? 4 : 0)).voxels,
  );
  const one = { mean: 199, sd: 0, min: 199, max: 199, median: 199, percentiles: [199, 199, 199, 199] };
  expect(await kernels.statistics(image, labels)).toEqual([
    { segment: 4, voxels: 1, ...one, centroidIjk: [199, 69, 69], box: { min: [199, 69, 69], max: [200, 70, 70] } },
  ]);
  expect([...image.reads.keys()]).toEqual([15]);
});

test("segments that are not asked for are left out, and bricks that have only these are not read", async () => {
  const dims = [200, 10, 10] as const;
  for (const type of ["int16", "float32"] as const) {
    const image = imageOf(flatVolume(dims, type, (i) => i));
    const labels = labelsOf(dims, flatVolume(dims, "uint16", (i) => (i < 64 ? 3 : i < 128 ? 5 : 9)).voxels);
    const rows = await kernels.statistics(image, labels, { segments: [5, 77, 0, 5] });
    expect(rows.map(({ segment, voxels, min, max, median }) => ({ segment, voxels, min, max, median }))).toEqual([
      { segment: 5, voxels: 6400, min: 64, max: 127, median: 95.5 },
    ]);
    expect([...image.reads.keys()]).toEqual([1]);
  }
});

test("labels in the padding of a brick do not count", async () => {
  const dims = [10, 10, 10] as const;
  const labels = { dims, readBrick: () => new Uint16Array(64 ** 3).fill(2), brickIndices: () => [0] };
  const rows = await kernels.statistics(imageOf(flatVolume(dims, "uint8", () => 3)), labels, {
    shape: { indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
  });
  expect(rows).toMatchObject([{ segment: 2, voxels: 1000, mean: 3, sd: 0, box: { min: [0, 0, 0], max: dims } }]);
  expect(rows[0]!.shape!.feretMm).toBeCloseTo(Math.hypot(9, 9, 9), 12);
});

test("NaN voxels are counted and left out of the rest; a label of NaN only has NaN values", async () => {
  const dims = [4, 1, 1] as const;
  const volume = flatVolume(dims, "float32", (i) => [1, Number.NaN, 3, Number.NaN][i]!);
  const rows = await kernels.statistics(imageOf(volume), labelsOf(dims, [1, 1, 1, 2]), { percentiles: [25] });
  const none = Number.NaN;
  expect(rows).toMatchObject([
    { segment: 1, voxels: 3, mean: 2, sd: 1, min: 1, max: 3, median: 2, percentiles: [1.5] },
    { segment: 2, voxels: 1, mean: none, sd: none, min: none, max: none, median: none, percentiles: [none] },
  ]);
});

test("without an image size and place are measured, and values are NaN", async () => {
  const dims = [4, 2, 1] as const;
  const rows = await kernels.statistics(undefined, labelsOf(dims, [0, 1, 1, 1, 0, 0, 0, 0]));
  expect(rows).toMatchObject([{ segment: 1, voxels: 3, mean: Number.NaN, centroidIjk: [2, 0, 0] }]);
});

test("no labels give no rows", async () => {
  const dims = [4, 4, 4] as const;
  const none = labelsOf(dims, new Uint8Array(64));
  const shape = { indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] } as const;
  for (const type of ["uint8", "float32"] as const) {
    expect(await kernels.statistics(imageOf(flatVolume(dims, type, () => 1)), none, { shape })).toEqual([]);
  }
});

test("an image of another size and odd percentiles are refused", async () => {
  const labels = labelsOf([4, 4, 4], new Uint8Array(64).fill(1));
  const image = imageOf(flatVolume([4, 4, 5], "uint8", () => 1));
  await expect(kernels.statistics(image, labels)).rejects.toMatchObject({ kind: "argument" });
  for (const odd of [-1, 101, Number.NaN]) {
    await expect(kernels.statistics(undefined, labels, { percentiles: [odd] })).rejects.toMatchObject({
      kind: "argument",
    });
  }
});

test("more values than the budget holds end with a limit error, and the next call works", async () => {
  const dims = [64, 64, 64] as const;
  const random = randomFrom(1);
  const small = inlineKernels(16 * 2 ** 20);
  const image = imageOf(flatVolume(dims, "uint16", () => Math.floor(random() * 65_536)));
  const many = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => 1 + (((k * 64 + j) * 64 + i) % 20_000)).voxels);
  await expect(small.statistics(image, many)).rejects.toMatchObject({
    kind: "limit",
    advice: expect.stringMatching(/fewer segments/) as string,
  });
  const few = labelsOf(dims, flatVolume(dims, "uint16", (i) => (i < 10 ? 1 : 0)).voxels);
  expect(await small.statistics(image, few)).toEqual(await kernels.statistics(image, few));
});

test("an abort half-way leaves nothing behind", async () => {
  const dims = [64, 64, 640] as const;
  const image = imageOf(flatVolume(dims, "float32", (i, j, k) => i + j + k));
  const labels = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => 1 + ((i ^ j ^ k) & 3)).voxels);
  const abort = new AbortController();
  const call = kernels.statistics(image, labels, {}, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect((await kernels.statistics(image, labels)).map(({ voxels }) => voxels)).toEqual([
    655360, 655360, 655360, 655360,
  ]);
});
