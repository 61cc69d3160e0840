import type { Dims } from "#volume";
import type { SeedsRequest } from "#workers";
import { expect, test } from "vitest";
import { seedsReference } from "../../src/workers/reference/seeds.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flattenLabels, flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

/** Paints a box of random size round a random voxel. */
function stroke(drawn: Uint16Array, [ni, nj, nk]: Dims, label: number, random: () => number, most: number): void {
  const at = [ni, nj, nk].map((edge) => Math.floor(random() * edge));
  const half = [0, 1, 2].map(() => Math.floor(random() * most));
  for (let k = Math.max(0, at[2]! - half[2]!); k <= Math.min(nk - 1, at[2]! + half[2]!); k++) {
    for (let j = Math.max(0, at[1]! - half[1]!); j <= Math.min(nj - 1, at[1]! + half[1]!); j++) {
      for (let i = Math.max(0, at[0]! - half[0]!); i <= Math.min(ni - 1, at[0]! + half[0]!); i++) {
        drawn[(k * nj + j) * ni + i] = label;
      }
    }
  }
}

for (let seed = 1; seed <= 16; seed++) {
  test(`a growth brought up to date equals one from the start after every stroke and erasure, seed ${seed}`, async () => {
    const random = randomFrom(seed);
    const connectivity = seed % 3 === 0 ? 26 : 6;
    const dims = (connectivity === 26 ? [70, 34, 18] : [70, 40, 66]) as unknown as Dims;
    const span = [3, 40, 2000][seed % 3]!;
    const volume = flatVolume(dims, seed % 4 === 0 ? "float32" : "int16", (i, j) =>
      seed % 4 === 0 && (i + j) % 23 === 0 ? Number.NaN : Math.floor(random() * span) + (i > 30 ? span : 0),
    );
    const image = imageOf(volume);
    const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
    for (let n = 0; n < 6; n++) stroke(drawn, dims, 1 + (n % 3), random, 4);
    for (let n = 0; n < 4; n++) stroke(drawn, dims, 9, random, 8);
    stroke(drawn, dims, 1, random, 2);
    stroke(drawn, dims, 2, random, 2);
    let request: SeedsRequest = {
      segments: [1, 2, 3],
      spacingMm: [1, 1.3, 2],
      connectivity,
      ...(seed % 5 === 0 ? { spatialWeight: 0 } : {}),
      ...(seed % 7 === 0 ? { maximumCost: 4 * span } : {}),
      ...(seed % 4 === 1 ? { region: { min: [3, 2, 1], max: [68, 33, 60] } } : {}),
    };
    const kernels = inlineKernels();
    await kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
    let updated = 0;
    for (let step = 0; step < 12; step++) {
      const what = random();
      if (what < 0.35) stroke(drawn, dims, 1 + Math.floor(random() * request.segments.length), random, 5);
      else if (what < 0.6) stroke(drawn, dims, 0, random, 12);
      else if (what < 0.7) stroke(drawn, dims, 9, random, 10);
      else if (what < 0.8)
        request = { ...request, bias: { 2: Math.floor(random() * span * 3), 1: random() < 0.5 ? 1 : 0 } };
      else if (what < 0.9) {
        const [from, to] = [1 + Math.floor(random() * 3), 1 + Math.floor(random() * 3)];
        for (let n = 0; n < drawn.length; n++) if (drawn[n] === from && n % 70 < 35) drawn[n] = to;
      } else if (request.segments.length < 5) {
        request = { ...request, segments: [...request.segments, request.segments.length + 20] };
        stroke(drawn, dims, request.segments.at(-1)!, random, 5);
      }
      const expected = seedsReference(volume, drawn, request);
      const present = new Set(expected.costs.map((cost, n) => (cost >= 0 ? drawn[n]! : 0)));
      const call = kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
      if (request.segments.filter((segment) => present.has(segment)).length < 2) {
        await expect(call).rejects.toMatchObject({ kind: "argument" });
        continue;
      }
      const { bricks, report } = await call;
      const flat = flattenLabels(dims, bricks);
      expect(
        flat.findIndex((label, n) => label !== expected.labels[n]),
        `step ${step}`,
      ).toBe(-1);
      if (report.updated) updated++;
    }
    expect(updated).toBeGreaterThan(3);
  });
}

test("an update costs in proportion to what changes, and reads no brick again", async () => {
  const dims: Dims = [200, 130, 70];
  const random = randomFrom(2);
  const image = imageOf(flatVolume(dims, "int16", () => Math.floor(random() * 100)));
  const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (let n = 0; n < 60; n++) drawn[Math.floor(random() * drawn.length)] = 1 + (n % 20);
  const request: SeedsRequest = {
    segments: Array.from({ length: 20 }, (_, n) => n + 1),
    spacingMm: [1, 1, 1],
    connectivity: 6,
  };
  const kernels = inlineKernels();
  const first = await kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
  const before = flattenLabels(dims, first.bricks);
  drawn[(30 * 130 + 60) * 200 + 100] = 5;
  const second = await kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
  expect(second.report.updated).toBe(true);
  const after = flattenLabels(dims, second.bricks);
  const changed = after.filter((label, n) => label !== before[n]).length;
  expect(changed).toBeGreaterThan(0);
  expect(changed).toBeLessThan(before.length / 20);
  expect(Math.max(...image.reads.values())).toBe(1);
  drawn[(30 * 130 + 60) * 200 + 100] = 0;
  const third = await kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
  expect(third.report.updated).toBe(true);
  expect(flattenLabels(dims, third.bricks).every((label, n) => label === before[n])).toBe(true);
});

test("a growth that loses most of what it reached begins anew, and is as good as any", async () => {
  const dims: Dims = [70, 40, 30];
  const random = randomFrom(6);
  const volume = flatVolume(dims, "int16", () => Math.floor(random() * 100));
  const image = imageOf(volume);
  const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
  stroke(drawn, dims, 1, random, 6);
  drawn[0] = 2;
  drawn[drawn.length - 1] = 3;
  const request: SeedsRequest = { segments: [1, 2, 3], spacingMm: [1, 1, 1], connectivity: 6 };
  const kernels = inlineKernels();
  await kernels.growFromSeeds(image, labelsOf(dims, drawn), request);
  const without = drawn.map((label) => (label === 1 ? 0 : label));
  const { bricks, report } = await kernels.growFromSeeds(image, labelsOf(dims, without), request);
  expect(report.updated).toBe(false);
  const expected = seedsReference(volume, without, request).labels;
  expect(flattenLabels(dims, bricks).every((label, n) => label === expected[n])).toBe(true);
  expect((await kernels.growFromSeeds(image, labelsOf(dims, without), request)).report.updated).toBe(true);
});

test("state is not used for another image, another cost, another region or other segments", async () => {
  const dims: Dims = [40, 30, 20];
  const random = randomFrom(4);
  const image = imageOf(flatVolume(dims, "int16", () => Math.floor(random() * 100)));
  const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
  drawn[0] = 1;
  drawn[9000] = 2;
  drawn[15_000] = 3;
  const labels = labelsOf(dims, drawn);
  const request: SeedsRequest = { segments: [1, 2, 3], spacingMm: [1, 1, 1], connectivity: 6 };
  const changes: readonly Partial<SeedsRequest>[] = [
    { connectivity: 26 },
    { spacingMm: [1, 1, 2] },
    { spatialWeight: 3 },
    { maximumCost: 100 },
    { region: { min: [0, 0, 0], max: [40, 30, 19] } },
    { inside: [0, 7] },
    { segments: [1, 2] },
  ];
  const kernels = inlineKernels();
  for (const change of changes) {
    await kernels.growFromSeeds(image, labels, request);
    expect((await kernels.growFromSeeds(image, labels, request)).report.updated).toBe(true);
    const other = await kernels.growFromSeeds(image, labels, { ...request, ...change });
    expect(other.report.updated, JSON.stringify(change)).toBe(false);
  }
  const twin = imageOf(flatVolume(dims, "int16", (i) => i));
  await kernels.growFromSeeds(image, labels, request);
  expect((await kernels.growFromSeeds(twin, labels, request)).report.updated).toBe(false);
});
