import type { DistanceRequest } from "#workers";
import { describe, expect, test } from "vitest";
import { createMemory, instantiate } from "../../src/workers/kernel-core.ts";
import { MemoryArena } from "../../src/workers/memory-arena.ts";
import { distanceReference, squaredDistancesReference } from "../../src/workers/reference/box-distance.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { caseSpacings, type LabelCase, labelCases, randomShapes, randomVoxels } from "./support/label-cases.ts";
import { labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

async function check({ dims, labels }: LabelCase, request: DistanceRequest): Promise<void> {
  const { box, values } = await kernels.distance(labelsOf(dims, labels), request);
  expect(box).toEqual(request.box ?? { min: [0, 0, 0], max: dims });
  const expected = distanceReference(labels, dims, request);
  const wrong = values.findIndex((value, n) => value !== expected[n]);
  expect(wrong < 0 ? "equal" : `voxel ${wrong}: ${values[wrong]} for ${expected[wrong]}`).toBe("equal");
}

describe.each(["unsigned", "signed", "many"] as const)("%s distances equal the reference", (mode) => {
  for (const [n, labelCase] of labelCases.entries()) {
    for (const spacingMm of n % 3 === 0 ? [caseSpacings[0]!] : [caseSpacings[0]!, caseSpacings[n % 3]!]) {
      test(`${labelCase.name}, spacing ${spacingMm.join(" ")}`, () => check(labelCase, { mode, spacingMm }));
    }
  }

  for (const seed of [11, 12, 13, 14]) {
    test(`chosen segments in a box, with a largest distance, seed ${seed}`, async () => {
      const random = randomFrom(seed);
      const labelCase = randomShapes(seed, [90, 30, 20], 9, [1, 2, 3]);
      const min = labelCase.dims.map((n) => Math.floor(random() * n * 0.6)) as [number, number, number];
      const max = labelCase.dims.map((n, axis) => min[axis]! + 1 + Math.floor(random() * (n - min[axis]! - 1)));
      const box = { min, max: max as [number, number, number] };
      const spacingMm = [0.5 + random(), 0.5 + random(), 0.5 + 3 * random()] as const;
      await check(labelCase, { mode, spacingMm, segments: [1, 3], box });
      for (const maxMm of [0.4, 2.5, 9, 1000])
        await check(labelCase, { mode, spacingMm, segments: [3, 1], box, maxMm });
      await check(labelCase, { mode, spacingMm, maxMm: 4 });
    });
  }
});

test("distances equal trying every pair in double precision, seed 21", async () => {
  const { dims, labels } = randomVoxels(21, [19, 17, 13], 0.01, [1]);
  const spacingMm = [0.83, 1.21, 3.7] as const;
  const { values } = await kernels.distance(labelsOf(dims, labels), { mode: "unsigned", spacingMm });
  const place = (n: number): number[] => [
    (n % dims[0]) * spacingMm[0],
    (Math.floor(n / dims[0]) % dims[1]) * spacingMm[1],
    Math.floor(n / (dims[0] * dims[1])) * spacingMm[2],
  ];
  const sites = [...labels.keys()].filter((n) => labels[n] === 1).map(place);
  values.forEach((value, n) => {
    const own = place(n);
    const least = Math.min(...sites.map((site) => Math.hypot(...site.map((mm, axis) => mm - own[axis]!))));
    expect(Math.abs(value - least)).toBeLessThan(3e-7 * least + 1e-12);
  });
});

test("a segment that is not there is infinitely far away, and a full volume infinitely deep", async () => {
  const [, full] = labelCases as [LabelCase, LabelCase];
  const labels = labelsOf(full.dims, full.labels);
  const spacingMm = [1, 1, 1] as const;
  const far = await kernels.distance(labels, { mode: "unsigned", spacingMm, segments: [99] });
  expect(new Set(far.values)).toEqual(new Set([Number.POSITIVE_INFINITY]));
  const deep = await kernels.distance(labels, { mode: "signed", spacingMm });
  expect(new Set(deep.values)).toEqual(new Set([Number.NEGATIVE_INFINITY]));
});

describe("requests that do not fit", () => {
  const { dims, labels } = randomShapes(1, [31, 26, 17], 12, [1, 2, 3]);
  const map = labelsOf(dims, labels);
  test.each<[string, Partial<DistanceRequest>, RegExp]>([
    ["spacing", { spacingMm: [1, 0, 1] }, /three lengths above 0/],
    ["no segments", { segments: [] }, /No segment is given/],
    ["background as a segment", { segments: [0] }, /whole number from 1 to 65535, not 0/],
    ["largest distance", { maxMm: -1 }, /length above 0 mm, not -1/],
    ["box past the volume", { box: { min: [0, 0, 0], max: [32, 26, 17] } }, /is not in the volume/],
    ["empty box", { box: { min: [3, 3, 3], max: [3, 4, 4] } }, /is not in the volume/],
  ])("%s", async (_, change, message) => {
    const call = kernels.distance(map, { mode: "unsigned", spacingMm: [1, 1, 1], ...change });
    await expect(call).rejects.toMatchObject({ kind: "argument", message: expect.stringMatching(message) as string });
  });

  test("a box above the memory budget says what to do; a smaller one goes through", async () => {
    const small = inlineKernels(8 * 2 ** 20);
    const wide = randomShapes(5, [180, 150, 70], 3, [1]);
    const request = { mode: "unsigned", spacingMm: [1, 1, 1] } as const;
    const bricks = labelsOf(wide.dims, wide.labels);
    await expect(small.distance(bricks, request)).rejects.toMatchObject({
      kind: "limit",
      advice: "Ask for a smaller box or give a largest distance.",
    });
    const box = { min: [100, 60, 20], max: [130, 90, 40] } as const;
    const part = await small.distance(bricks, { ...request, box, maxMm: 20 });
    const whole = await kernels.distance(bricks, { ...request, box, maxMm: 20 });
    expect(Buffer.compare(Buffer.from(part.values.buffer), Buffer.from(whole.values.buffer))).toBe(0);
  });
});

describe("the transform in the core", () => {
  const core = instantiate(wasmModule, createMemory(2 ** 26));
  const arena = new MemoryArena(core.memory);

  for (const seed of [31, 32, 33, 34, 35, 36]) {
    test(`a box that lies elsewhere than the mask, seed ${seed}`, () => {
      arena.reset();
      const random = randomFrom(seed);
      const whole = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
      const size = [whole(1, 90), whole(1, 12), whole(1, 12)] as const;
      const first = [whole(-100, 40), whole(-15, 10), whole(-15, 10)] as const;
      const count = [whole(1, 100), whole(1, 20), whole(1, 20)] as const;
      const steps = [1 + random(), 1, 1 + 3 * random()] as const;
      const set = new Set<number>([whole(0, size[0] * size[1] * size[2] - 1)]);
      for (let n = 0; n < 20; n++) set.add(whole(0, size[0] * size[1] * size[2] - 1));
      const row = Math.ceil(size[0] / 64) * 8;
      const bits = arena.allocate(row * size[1] * size[2]);
      for (const n of set) {
        const at = bits + Math.floor(n / size[0]) * row + ((n % size[0]) >> 3);
        const bytes = new Uint8Array(core.memory.buffer);
        bytes[at]! |= 1 << ((n % size[0]) & 7);
      }
      const { exports } = core;
      const to = arena.allocate(count[0] * count[1] * Math.max(count[2], size[2]) * 4);
      const job = arena.allocate(exports.distanceJobBytes(...size, ...first, ...count));
      const expected = squaredDistancesReference(
        (i, j, k) => set.has((k * size[1] + j) * size[0] + i),
        { min: [0, 0, 0], max: size },
        { min: first, max: [first[0] + count[0], first[1] + count[1], first[2] + count[2]] },
        steps,
      );
      for (const limit of [1e30, 300, 40, 4]) {
        exports.distanceStart(job, bits, ...size, ...first, ...count, ...steps, limit, 0, to);
        exports.boxDistances(job);
        const found = new Float32Array(core.memory.buffer, to, expected.length);
        expected.forEach((value, n) => {
          if (value <= limit) expect(found[n]).toBe(value);
          else expect(found[n]).toBeGreaterThan(limit);
        });
      }
    });
  }
});
