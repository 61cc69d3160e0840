import type { VoxelType } from "#volume";
import { expect, test } from "vitest";
import { statisticsReference } from "../../src/workers/reference/statistics.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
const types: readonly VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

for (const [seed, type] of types.entries()) {
  test(`statistics of ${type} voxels equal two plain passes, seed ${seed}`, async () => {
    const random = randomFrom(seed);
    const dims = [70, 66, 20] as const;
    // Large values with a small spread are where naive sums lose digits.
    const offset = type === "int32" || type === "float32" ? 1_000_000 : type === "uint32" ? 4_294_960_000 : 10;
    const volume = flatVolume(dims, type, () => Math.floor(offset + random() * 100));
    const labels = flatVolume(dims, "uint16", () => [0, 0, 1, 7, 65_535][Math.floor(random() * 5)]!).voxels;
    const expected = statisticsReference(volume.voxels, labels);
    const rows = await kernels.statistics(imageOf(volume), labelsOf(dims, labels));
    expect(rows.map(({ segment, voxels, min, max }) => ({ segment, voxels, min, max }))).toEqual(
      expected.map(({ segment, voxels, min, max }) => ({ segment, voxels, min, max })),
    );
    rows.forEach((row, n) => {
      expect(Math.abs(row.mean - expected[n]!.mean)).toBeLessThan(1e-12 * Math.abs(expected[n]!.mean));
      expect(Math.abs(row.sd - expected[n]!.sd)).toBeLessThan(1e-9 * expected[n]!.sd);
    });
  });
}

test("only bricks with labels are read", async () => {
  const dims = [200, 70, 70] as const;
  const image = imageOf(flatVolume(dims, "int16", (i) => i));
  const labels = labelsOf(
    dims,
    flatVolume(dims, "uint16", (i, j, k) => (i === 199 && j === 69 && k === 69 ? 4 : 0)).voxels,
  );
  expect(await kernels.statistics(image, labels)).toEqual([
    { segment: 4, voxels: 1, mean: 199, sd: 0, min: 199, max: 199 },
  ]);
  expect([...image.reads.keys()]).toEqual([15]);
});

test("labels in the padding of a brick do not count", async () => {
  const dims = [10, 10, 10] as const;
  const labels = { dims, readBrick: () => new Uint16Array(64 ** 3).fill(2), brickIndices: () => [0] };
  const rows = await kernels.statistics(imageOf(flatVolume(dims, "uint8", () => 3)), labels);
  expect(rows).toEqual([{ segment: 2, voxels: 1000, mean: 3, sd: 0, min: 3, max: 3 }]);
});

test("NaN voxels are counted and left out of the rest; a label of NaN only has NaN values", async () => {
  const dims = [4, 1, 1] as const;
  const volume = flatVolume(dims, "float32", (i) => [1, Number.NaN, 3, Number.NaN][i]!);
  const rows = await kernels.statistics(imageOf(volume), labelsOf(dims, [1, 1, 1, 2]));
  expect(rows).toEqual([
    { segment: 1, voxels: 3, mean: 2, sd: 1, min: 1, max: 3 },
    { segment: 2, voxels: 1, mean: Number.NaN, sd: Number.NaN, min: Number.NaN, max: Number.NaN },
  ]);
});

test("no labels give no rows", async () => {
  const dims = [4, 4, 4] as const;
  expect(
    await kernels.statistics(imageOf(flatVolume(dims, "uint8", () => 1)), labelsOf(dims, new Uint8Array(64))),
  ).toEqual([]);
});
