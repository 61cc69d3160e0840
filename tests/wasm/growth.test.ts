import { VoxelwrightError } from "#base";
import { type VoxelType, VOXEL_RANGE } from "#volume";
import { describe, expect, test } from "vitest";
import { growReference } from "../../src/workers/reference/grow.ts";
import { growthCases } from "./support/growth-cases.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flattenMask, flatVolume, imageOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

describe("growth equals the breadth-first reference", () => {
  for (const { name, volume, seeds, range, connectivity, region } of growthCases) {
    test(name, async () => {
      const expected = growReference(volume.voxels, volume.dims, seeds, range, connectivity, region);
      const request = { seeds, range, connectivity, segment: 7, ...(region ? { region } : {}) };
      const grown = await kernels.grow(imageOf(volume), request);
      expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected)).toBe(0);
      expect(grown.voxels).toBe(expected.reduce((sum, bit) => sum + bit, 0));
      expect(grown.segment).toBe(7);
    });
  }
});

describe("the range is exact for every voxel type", () => {
  const types: readonly VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];
  for (const type of types) {
    const [least, most] = VOXEL_RANGE[type];
    const ends = type === "float32" ? [-1, 1] : [least, most];
    const middle = Math.floor((ends[0]! + ends[1]!) / 2);
    const ranges: readonly (readonly [number, number])[] = [
      [least, most],
      [least, least],
      [most, most],
      [middle, middle],
      [middle - 0.5, middle + 0.5],
      [middle + 0.25, middle + 0.75],
      [Number.NEGATIVE_INFINITY, middle],
      [middle + 1, Number.POSITIVE_INFINITY],
      [5, 4],
    ];
    for (const [low, high] of ranges) {
      test(`${type} from ${low} to ${high}`, async () => {
        const random = randomFrom(11);
        const special = [least, most, middle, middle - 1, middle + 1, 0, 1];
        const volume = flatVolume([66, 9, 10], type, () => {
          const pick = Math.floor(random() * 10);
          const value = special[pick] ?? ends[0]! + random() * (ends[1]! - ends[0]!);
          return type === "float32" ? value : Math.round(value);
        });
        const seeds = [
          [0, 0, 0],
          [65, 8, 9],
          [30, 4, 4],
          [31, 4, 4],
          [32, 5, 4],
          [64, 1, 1],
        ] as const;
        const expected = growReference(volume.voxels, volume.dims, seeds, { low, high }, 26);
        const grown = await kernels.grow(imageOf(volume), {
          seeds,
          range: { low, high },
          connectivity: 26,
          segment: 1,
        });
        expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected)).toBe(0);
      });
    }
  }

  test("NaN voxels are never inside, infinite ones are inside an infinite range", async () => {
    const values = [Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const volume = flatVolume([70, 5, 5], "float32", (i) => values[i % 4]!);
    const range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const seeds = [
      [1, 0, 0],
      [4, 0, 0],
      [67, 0, 0],
    ] as const;
    const expected = growReference(volume.voxels, volume.dims, seeds, range, 6);
    const grown = await kernels.grow(imageOf(volume), { seeds, range, connectivity: 6, segment: 1 });
    expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected)).toBe(0);
    expect(grown.voxels).toBe(2 * 3 * 25);
  });

  test("ends that are no float32 are rounded inwards", async () => {
    const volume = flatVolume([3, 1, 1], "float32", (i) => [0.1, 0.1 - 1e-8, 0.1 + 1e-8][i]!);
    for (const range of [
      { low: 0.1, high: 1 },
      { low: 0, high: 0.1 },
      { low: 1e-50, high: 1 },
      { low: -1, high: -1e-50 },
    ]) {
      const expected = growReference(volume.voxels, volume.dims, [[0, 0, 0]], range, 6);
      const grown = await kernels.grow(imageOf(volume), { seeds: [[0, 0, 0]], range, connectivity: 6, segment: 1 });
      expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected)).toBe(0);
    }
  });
});

describe("out of core", () => {
  const range = { low: 50, high: 150 };
  const column = flatVolume([200, 200, 130], "int16", (i, j) => (i < 60 && j < 60 ? 100 : 0));

  test("reads each touched brick once and no other", async () => {
    const image = imageOf(column);
    await kernels.grow(image, { seeds: [[5, 5, 0]], range, connectivity: 26, segment: 1 });
    expect([...image.reads.keys()].sort((a, b) => a - b)).toEqual([0, 16, 32]);
    expect([...image.reads.values()]).toEqual([1, 1, 1]);
  });

  test("a budget in which nothing fits ends with a limit error, and the next job runs", async () => {
    const small = inlineKernels(2 ** 20);
    const image = imageOf(flatVolume([256, 256, 200], "float32", (i) => 80 + (i % 40)));
    const grow = small.grow(image, { seeds: [[0, 0, 0]], range: { low: 50, high: 115 }, connectivity: 6, segment: 1 });
    await expect(grow).rejects.toMatchObject({ kind: "limit" });
    const next = await small.grow(imageOf(flatVolume([20, 20, 20], "uint8", () => 100)), {
      seeds: [[5, 5, 0]],
      range,
      connectivity: 6,
      segment: 1,
    });
    expect(next.voxels).toBe(20 ** 3);
  });

  test("an abort half-way ends with AbortError", async () => {
    const abort = new AbortController();
    const image = imageOf(flatVolume([300, 130, 130], "int16", () => 100));
    const fractions: number[] = [];
    const grow = kernels.grow(
      image,
      { seeds: [[0, 0, 0]], range, connectivity: 6, segment: 1 },
      {
        signal: abort.signal,
        onProgress: ({ fraction }) => {
          fractions.push(fraction);
          if (fractions.length === 2) abort.abort();
        },
      },
    );
    await expect(grow).rejects.toMatchObject({ name: "AbortError" });
    expect(Math.max(...fractions)).toBeLessThan(1);
  });

  test("what a brick source rejects with comes through", async () => {
    const image = imageOf(column);
    const broken = {
      ...image,
      bricks: {
        readBrick: () => Promise.reject(new VoxelwrightError("integrity", "Brick 0 does not match its checksum.")),
      },
    };
    const grow = kernels.grow(broken, { seeds: [[5, 5, 0]], range, connectivity: 6, segment: 1 });
    await expect(grow).rejects.toMatchObject({ kind: "integrity" });
  });

  test("a brick that is not imported yet is said, not taken for background", async () => {
    const missing = { ...imageOf(column), bricks: { readBrick: () => Promise.resolve(undefined) } };
    const grow = kernels.grow(missing, { seeds: [[5, 5, 0]], range, connectivity: 6, segment: 1 });
    await expect(grow).rejects.toMatchObject({ kind: "not-found" });
  });

  for (const seed of [
    [-1, 0, 0],
    [0.5, 0, 0],
    [200, 0, 0],
    [Number.NaN, 0, 0],
  ] as const) {
    test(`seed ${seed.join(", ")} is refused`, async () => {
      const grow = kernels.grow(imageOf(column), { seeds: [seed], range, connectivity: 6, segment: 1 });
      await expect(grow).rejects.toMatchObject({ kind: "argument" });
    });
  }
});
