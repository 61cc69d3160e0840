import type { Dims } from "#volume";
import type { KernelImage, KernelLabels, SeedsProposal, SeedsRequest } from "#workers";
import { describe, expect, test } from "vitest";
import { seedsReference } from "../../src/workers/reference/seeds.ts";
import { inlineKernels } from "./support/kernels.ts";
import { type SeedsCase, seedsCases } from "./support/seeds-cases.ts";
import { flattenLabels, flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

function differing(a: Uint16Array, b: Uint16Array): number {
  let count = 0;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) count++;
  return count;
}

function grow({ volume, drawn, request }: Pick<SeedsCase, "volume" | "drawn" | "request">, budgetBytes?: number) {
  return inlineKernels(budgetBytes).growFromSeeds(imageOf(volume), labelsOf(volume.dims, drawn), request);
}

const kernels = inlineKernels();
for (const { name, volume, drawn, request } of seedsCases) {
  test(`growth from seeds equals Dijkstra: ${name}`, async () => {
    const expected = seedsReference(volume, drawn, request);
    const grown = await kernels.growFromSeeds(imageOf(volume), labelsOf(volume.dims, drawn), request);
    expect(differing(flattenLabels(volume.dims, grown.bricks), expected.labels)).toBe(0);
    expect(grown.voxels).toBe(expected.labels.filter((label) => label !== 0).length);
    const { valueStep, costStep, spatialWeight } = expected.metric;
    expect(grown.report).toMatchObject({ valueStep, costStep, spatialWeight, updated: false });
  });
}

describe("a whole volume that is divided", () => {
  const dims: Dims = [140, 130, 70];
  const random = randomFrom(21);
  const volume = flatVolume(dims, "int16", (i, j) => Math.floor(random() * 60) + (((i >> 5) + (j >> 5)) % 2) * 200);
  const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (let n = 0; n < 40; n++) drawn[Math.floor(random() * drawn.length)] = 1 + (n % 7);
  const request: SeedsRequest = { segments: [1, 2, 3, 4, 5, 6, 7], spacingMm: [1, 1, 1.5], connectivity: 6 };
  const spilling = 18 * 2 ** 20;

  for (const connectivity of [6, 26] as const) {
    test(`is the same when few bricks find room at a time, ${connectivity} neighbours`, async () => {
      const whole = await grow({ volume, drawn, request: { ...request, connectivity } });
      const image = imageOf(volume);
      const small = inlineKernels(spilling);
      const pieces = await small.growFromSeeds(image, labelsOf(dims, drawn), { ...request, connectivity });
      expect([...pieces.bricks].length).toBe(18);
      expect(differing(flattenLabels(dims, pieces.bricks), flattenLabels(dims, whole.bricks))).toBe(0);
      expect(pieces.report).toEqual(whole.report);
      // Some bricks were put away and read again.
      expect(Math.max(...image.reads.values())).toBeGreaterThan(1);
      // What did not fit as a whole is not kept.
      const again = await small.growFromSeeds(image, labelsOf(dims, drawn), { ...request, connectivity });
      expect(again.report.updated).toBe(false);
    });
  }

  test("ends with a limit when not even two bricks find room, and the next growth works", async () => {
    const small = inlineKernels(10.5 * 2 ** 20);
    const call = small.growFromSeeds(imageOf(volume), labelsOf(dims, drawn), request);
    await expect(call).rejects.toMatchObject({ kind: "limit", advice: expect.stringContaining("region") });
    const near = { ...request, region: { min: [0, 0, 0], max: [60, 60, 60] } } as const;
    expect((await small.growFromSeeds(imageOf(volume), labelsOf(dims, drawn), near)).voxels).toBeGreaterThan(200_000);
  });

  test("reads every brick once, and only those of the region", async () => {
    const image = imageOf(volume);
    await kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
    expect([...image.reads.values()]).toEqual(Array.from({ length: 18 }, () => 1));
    const part = imageOf(volume);
    const region = { min: [0, 0, 0], max: [64, 130, 64] } as const;
    await kernels.growFromSeeds(part, labelsOf(dims, drawn), { ...request, region });
    expect(part.reads.size).toBe(3);
  });

  test("is left alone by an abort half-way, and the next growth is whole", async () => {
    const whole = await grow({ volume, drawn, request });
    const own = inlineKernels();
    const abort = new AbortController();
    const call = own.growFromSeeds(imageOf(volume), labelsOf(dims, drawn), request, {
      signal: abort.signal,
      onProgress: ({ fraction }) => fraction > 0.3 && abort.abort(),
    });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    const next = await own.growFromSeeds(imageOf(volume), labelsOf(dims, drawn), request);
    expect(next.report.updated).toBe(false);
    expect(differing(flattenLabels(dims, next.bricks), flattenLabels(dims, whole.bricks))).toBe(0);
  });

  test("tells progress that ends at 1", async () => {
    const told: number[] = [];
    await inlineKernels().growFromSeeds(imageOf(volume), labelsOf(dims, drawn), request, {
      onProgress: ({ fraction }) => told.push(fraction),
    });
    expect(told.at(-1)).toBe(1);
    expect(told.every((fraction, n) => fraction >= (told[n - 1] ?? 0))).toBe(true);
  });

  test("rejects with not-found while a brick is not imported", async () => {
    const image: KernelImage = {
      ...imageOf(volume),
      bricks: { readBrick: (at) => (at.bi === 1 ? Promise.resolve(undefined) : imageOf(volume).bricks.readBrick(at)) },
    };
    const call = kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
    await expect(call).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("what is told", () => {
  const dims: Dims = [40, 20, 10];
  const volume = flatVolume(dims, "float32", (i) => (i === 20 ? Number.NaN : i * 0.25));
  const drawn = new Uint16Array(8000);
  drawn[0] = 1;
  drawn[3] = 2;
  const request: SeedsRequest = { segments: [1, 2], spacingMm: [1, 1, 1], connectivity: 6 };

  test("float values are compared in steps of a power of 2 that takes their range into 16 bits", async () => {
    const { report } = await grow({ volume, drawn, request });
    expect(report.valueStep).toBe(2 ** -12);
    expect(report.spatialWeight).toBe(9.75 / 1024);
    expect(report.costStep).toBeLessThanOrEqual(report.spatialWeight / 8);
  });

  test("whole numbers in float voxels give what they give as integers", async () => {
    const random = randomFrom(3);
    const values = Array.from({ length: 8000 }, () => Math.floor(random() * 4000) - 1000);
    const as = (type: "int16" | "float32") => flatVolume(dims, type, (i, j, k) => values[(k * 20 + j) * 40 + i]!);
    const weighted = { ...request, spatialWeight: 2 };
    const [whole, float] = await Promise.all([
      grow({ volume: as("int16"), drawn, request: weighted }),
      grow({ volume: as("float32"), drawn, request: weighted }),
    ]);
    expect(differing(flattenLabels(dims, whole.bricks), flattenLabels(dims, float.bricks))).toBe(0);
  });

  test("voxels that are not reached are counted: behind walls, and in bricks that growth never comes near", async () => {
    const { report, voxels } = await grow({ volume, drawn, request });
    expect(voxels).toBe(20 * 200 - 2);
    expect(report.unreached).toBe(19 * 200);
    const wide: Dims = [200, 4, 4];
    const wall = flatVolume(wide, "int16", () => 0);
    const drawn2 = new Uint16Array(3200);
    for (let n = 0; n < 3200; n++) if (n % 200 === 60) drawn2[n] = 9;
    drawn2[0] = 1;
    drawn2[5] = 2;
    const second = await grow({ volume: wall, drawn: drawn2, request });
    expect(second.voxels).toBe(60 * 16 - 2);
    expect(second.report.unreached).toBe(139 * 16);
  });

  test("flat areas are split half-way", async () => {
    const line = flatVolume([101, 1, 1], "int16", () => 5);
    const ends = new Uint16Array(101);
    ends[0] = 2;
    ends[100] = 1;
    const { bricks } = await grow({ volume: line, drawn: ends, request });
    const flat = flattenLabels([101, 1, 1], bricks);
    // At the same cost the lower segment wins.
    expect([flat[49], flat[50], flat[51]]).toEqual([2, 1, 1]);
  });

  test("paths that cost more than can be counted are refused, and a maximum cost lets them be", async () => {
    const dims3: Dims = [200, 3, 3];
    const stripes = flatVolume(dims3, "uint16", (i) => (i % 2) * 65_535);
    const ends = new Uint16Array(1800);
    ends[0] = 1;
    ends[1] = 2;
    const many = Array.from({ length: 4000 }, (_, n) => n + 1);
    const call = grow({ volume: stripes, drawn: ends, request: { ...request, segments: many } });
    await expect(call).rejects.toMatchObject({ kind: "limit", advice: expect.stringContaining("maximumCost") });
    const most = { ...request, segments: many, maximumCost: 8000 };
    expect((await grow({ volume: stripes, drawn: ends, request: most })).voxels).toBeGreaterThan(0);
  });
});

describe("requests that make no sense", () => {
  const dims: Dims = [10, 10, 10];
  const image = imageOf(flatVolume(dims, "int16", () => 0));
  const drawn = new Uint16Array(1000);
  drawn[0] = 1;
  drawn[999] = 2;
  const labels = labelsOf(dims, drawn);
  const request: SeedsRequest = { segments: [1, 2], spacingMm: [1, 1, 1], connectivity: 6 };
  const refused: readonly (readonly [string, Partial<SeedsRequest>, KernelLabels?])[] = [
    ["one segment", { segments: [1, 1] }],
    ["a segment without voxels", { segments: [1, 3] }],
    ["seeds of one segment in the region", { region: { min: [0, 0, 0], max: [5, 5, 5] } }],
    ["a region outside the volume", { region: { min: [20, 0, 0], max: [30, 5, 5] } }],
    ["background as a segment", { segments: [0, 1] }],
    ["a segment above 16 bits", { segments: [1, 2, 65_536] }],
    ["a fraction of a segment", { segments: [1, 2.5] }],
    ["nothing to grow over", { inside: [] }],
    ["a seed to be grown over", { inside: [0, 2] }],
    ["a voxel size of 0", { spacingMm: [1, 0, 1] }],
    ["18 neighbours", { connectivity: 18 as 6 }],
    ["a negative weight", { spatialWeight: -1 }],
    ["a weight that is no number", { spatialWeight: Number.NaN }],
    ["a weight that rounding loses", { spatialWeight: 1e-9 }],
    ["a weight too large to count", { spatialWeight: 1e9 }],
    ["a negative bias", { bias: { 1: -3 } }],
    ["a bias too large to count", { bias: { 1: 1e9 } }],
    ["a negative maximum cost", { maximumCost: -1 }],
    ["labels of other dims", {}, labelsOf([11, 10, 10], new Uint16Array(1100))],
  ];
  for (const [what, change, other] of refused) {
    test(`are refused: ${what}`, async () => {
      const call: Promise<SeedsProposal> = kernels.growFromSeeds(image, other ?? labels, { ...request, ...change });
      await expect(call).rejects.toMatchObject({ kind: "argument" });
      expect((await kernels.growFromSeeds(image, labels, request)).voxels).toBe(998);
    });
  }
});
