import type { VoxelType } from "#volume";
import { describe, expect, test } from "vitest";
import { histogramReference } from "../../src/workers/reference/histogram.ts";
import { thresholdReference } from "../../src/workers/reference/threshold.ts";
import { inlineKernels } from "./support/kernels.ts";
import { type FlatVolume, flattenMask, flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
const dims = [70, 66, 65] as const;
const types: readonly VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];

/** Random voxels over the middle of a type's range, with its ends among them, and NaN and infinities in float32. */
function randomVolume(type: VoxelType, seed: number): FlatVolume {
  const random = randomFrom(seed);
  const [low, high] = {
    uint8: [0, 255],
    int8: [-128, 127],
    uint16: [0, 65_535],
    int16: [-32_768, 32_767],
    uint32: [0, 4_294_967_295],
    int32: [-2_147_483_648, 2_147_483_647],
    float32: [-1e6, 1e6],
  }[type] as [number, number];
  const odd = type === "float32" ? [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] : [low, high];
  return flatVolume(dims, type, () => {
    if (random() < 0.01) return odd[Math.floor(random() * odd.length)]!;
    // Few different values, so that they occur again.
    return (low + high) / 2 + Math.round((random() - 0.5) * 200);
  });
}

const random = randomFrom(77);
const labels = flatVolume(dims, "uint16", (i) => (i < 20 ? 0 : [0, 1, 4, 4, 9][Math.floor(random() * 5)]!)).voxels;
const map = labelsOf(dims, labels);
const region = { min: [5, 60, 3], max: [69, 66, 65] } as const;
const choices = [
  ["everywhere", {}],
  ["in a box", { region }],
  ["inside segments", { inside: { labels: map, segments: [4, 9] } }],
  ["in a box and inside a segment", { region, inside: { labels: map, segments: [1] } }],
] as const;

function maskOf(choice: (typeof choices)[number][1], volume: FlatVolume, range: { low: number; high: number }) {
  const inside =
    "inside" in choice
      ? labels.map((label) => ((choice.inside.segments as readonly number[]).includes(label) ? 1 : 0))
      : undefined;
  return thresholdReference(volume.voxels, dims, range, "region" in choice ? choice.region : undefined, inside);
}

for (const [seed, type] of types.entries()) {
  describe(`${type} voxels, seed ${seed}`, () => {
    const volume = randomVolume(type, seed);
    const image = imageOf(volume);
    const middle = volume.voxels.slice().sort()[volume.voxels.length >> 1]!;

    for (const [name, choice] of choices) {
      test(`a threshold ${name} equals a plain loop`, async () => {
        for (const [low, high] of [
          [middle - 20, middle + 30],
          [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
          [middle + 0.2, middle + 0.7],
          [middle + 5, middle - 5],
          [-1e12, -1e11],
        ] as const) {
          const range = { low, high };
          const found = await kernels.threshold(image, { ...choice, range, segment: 3 });
          const expected = maskOf(choice, volume, range);
          expect(Buffer.compare(flattenMask(dims, found.bricks), expected)).toBe(0);
          expect(found.voxels).toBe(expected.reduce((sum, bit) => sum + bit, 0));
          expect(found.segment).toBe(3);
        }
      });

      test(`a histogram ${name} equals a plain count`, async () => {
        const all = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
        const counted = maskOf(choice, { ...volume, voxels: new Uint8Array(volume.voxels.length) }, all);
        for (const bins of type === "float32" ? [1, 7, 64] : [64]) {
          expect(await kernels.histogram(image, { ...choice, bins })).toEqual(
            histogramReference(volume.voxels, counted, bins),
          );
        }
      });
    }
  });
}

describe("what is read", () => {
  test("a region reads the bricks that it touches, and labels those that hold them", async () => {
    const image = imageOf(flatVolume([130, 70, 70], "int16", (i) => i));
    await kernels.threshold(image, {
      range: { low: 0, high: 5 },
      segment: 1,
      region: { min: [70, 0, 0], max: [80, 9, 9] },
    });
    expect([...image.reads.keys()]).toEqual([1]);
    const dots = labelsOf(
      [130, 70, 70],
      flatVolume([130, 70, 70], "uint8", (i, j, k) => (i + j + k === 0 ? 2 : 0)).voxels,
    );
    const inside = { labels: dots, segments: [2] };
    const { voxels } = await kernels.threshold(image, { range: { low: 0, high: 5 }, segment: 1, inside });
    expect([voxels, ...image.reads.keys()]).toEqual([1, 1, 0]);
  });

  test("float32 voxels that are all the same fall into one bin; none at all make no bins", async () => {
    const same = await kernels.histogram(imageOf(flatVolume([9, 9, 9], "float32", () => 2.5)), { bins: 4 });
    expect([same.step, ...same.counts]).toEqual([0.25, 0, 0, 729, 0]);
    const none = await kernels.histogram(imageOf(flatVolume([9, 9, 9], "float32", () => Number.NaN)), { bins: 4 });
    expect([none.counts.length, none.notFinite]).toEqual([0, 729]);
  });

  test("an empty region has no voxels", async () => {
    const image = imageOf(flatVolume([9, 9, 9], "uint8", () => 1));
    const outside = { min: [20, 0, 0], max: [30, 9, 9] } as const;
    expect((await kernels.threshold(image, { range: { low: 0, high: 5 }, segment: 1, region: outside })).voxels).toBe(
      0,
    );
    expect((await kernels.histogram(image, { region: outside })).centres.length).toBe(0);
  });

  test("padding of bricks is not counted", async () => {
    const histogram = await kernels.histogram(imageOf(flatVolume([3, 5, 7], "int16", (i) => i - 1)));
    expect([[...histogram.centres], [...histogram.counts]]).toEqual([
      [-1, 0, 1],
      [35, 35, 35],
    ]);
  });
});

describe("limits", () => {
  const image = imageOf(flatVolume([128, 128, 64], "int32", (i, j, k) => (k * 128 + j) * 128 + i - 500_000));

  test("a million different 32-bit values are counted one by one", async () => {
    const { centres, counts } = await kernels.histogram(image);
    expect(centres.length).toBe(2 ** 20);
    expect(centres.every((value, n) => value === n - 500_000)).toBe(true);
    expect(counts.every((count) => count === 1)).toBe(true);
  });

  test("where the budget does not hold them, it ends with what to do", async () => {
    await expect(inlineKernels(2 ** 24).histogram(image)).rejects.toMatchObject({ kind: "limit" });
    expect((await kernels.histogram(image, { region: { min: [0, 0, 0], max: [4, 4, 4] } })).centres.length).toBe(64);
  });

  test("an abort ends both, and the next calls work", async () => {
    for (const call of [
      (signal: AbortSignal) => kernels.histogram(image, {}, { signal }),
      (signal: AbortSignal) => kernels.threshold(image, { range: { low: 0, high: 9 }, segment: 1 }, { signal }),
    ]) {
      const abort = new AbortController();
      const running = call(abort.signal);
      abort.abort();
      await expect(running).rejects.toMatchObject({ name: "AbortError" });
      await expect(call(new AbortController().signal)).resolves.toBeDefined();
    }
  });

  test("a brick that is not there yet is told", async () => {
    const missing = { ...image, bricks: { readBrick: () => Promise.resolve(undefined) } };
    await expect(kernels.histogram(missing)).rejects.toMatchObject({ kind: "not-found" });
  });

  test("labels of other dims, no range, and odd bins are refused", async () => {
    const inside = { labels: map, segments: [1] };
    const range = { low: 0, high: 1 };
    await expect(kernels.threshold(image, { range, segment: 1, inside })).rejects.toMatchObject({ kind: "argument" });
    const none = { low: Number.NaN, high: 1 };
    await expect(kernels.threshold(image, { range: none, segment: 1 })).rejects.toMatchObject({ kind: "argument" });
    await expect(kernels.histogram(image, { bins: 0 })).rejects.toMatchObject({ kind: "argument" });
  });
});
