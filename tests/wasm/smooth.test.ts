import type { LabelProposal, SmoothRequest, SpacingMm } from "#workers";
import { describe, expect, test } from "vitest";
import { smoothReference } from "../../src/workers/reference/smooth.ts";
import { FULL, gaussianWeights } from "../../src/workers/smooth/smoothing-kernel.ts";
import { inlineKernels } from "./support/kernels.ts";
import { caseSpacings, type LabelCase, labelCases, randomShapes, randomVoxels } from "./support/label-cases.ts";
import { applied, difference } from "./support/proposals.ts";
import { labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
type Method = "median" | "gaussian" | "joint";

function propose(
  { dims, labels }: LabelCase,
  request: Omit<SmoothRequest, "segments"> & { readonly segments?: readonly number[] | undefined },
  by = kernels,
): Promise<LabelProposal> {
  const { segments, ...others } = request;
  return by.smooth(labelsOf(dims, labels), segments ? { ...others, segments } : others);
}

async function check(
  labelCase: LabelCase,
  spacingMm: SpacingMm,
  segments: readonly number[] | undefined,
  method: Method,
  mm: number,
): Promise<void> {
  const { dims, labels } = labelCase;
  const found = applied(dims, labels, await propose(labelCase, { spacingMm, segments, method, mm }));
  expect(difference(found, smoothReference(labels, dims, spacingMm, segments, method, mm))).toBe("equal");
}

const methods: readonly (readonly [Method, number])[] = [
  ["median", 3],
  ["gaussian", 1.2],
  ["joint", 1.2],
];

describe.each(methods)("%s equals the reference", (method, mm) => {
  for (const [n, labelCase] of labelCases.entries()) {
    for (const spacingMm of n % 3 === 0 ? [caseSpacings[0]!] : [caseSpacings[0]!, caseSpacings[n % 3]!]) {
      test(`${labelCase.name}, spacing ${spacingMm.join(" ")}`, () =>
        check(labelCase, spacingMm, undefined, method, mm));
    }
  }

  for (const seed of [81, 82, 83]) {
    test(`chosen segments among others, random sizes, seed ${seed}`, async () => {
      const random = randomFrom(seed);
      const labelCase = randomShapes(seed, [75, 30, 24], 14, [1, 2, 3, 4]);
      const spacingMm = [0.5 + random(), 0.5 + random(), 0.5 + 3 * random()] as const;
      for (const size of [0.3, mm * random(), mm + 2 * random(), mm * 2.5]) {
        await check(labelCase, spacingMm, [4, 2], method, size);
      }
    });
  }

  test("a kernel wider than the volume", () =>
    check(randomShapes(84, [9, 7, 3], 3, [1, 2]), [1, 1, 1], undefined, method, 9));

  test("gives the same voxels where memory allows only one brick at a time", async () => {
    const wide = randomShapes(85, [150, 140, 70], 10, [1, 2]);
    const request = { spacingMm: [1, 1, 1], method, mm: mm * 2 } as const;
    const small = inlineKernels(10 * 2 ** 20);
    const [found, expected] = [await propose(wide, request, small), await propose(wide, request)];
    expect(difference(applied(wide.dims, wide.labels, found), applied(wide.dims, wide.labels, expected))).toBe("equal");
  });
});

describe("joint smoothing opens no gap between neighbours", () => {
  for (const seed of [91, 92, 93, 94]) {
    test(`seed ${seed}`, async () => {
      const labelCase =
        seed % 2 === 0
          ? randomVoxels(seed, [40, 36, 20], 0.7, [1, 2, 3, 4, 5])
          : randomShapes(seed, [40, 36, 20], 14, [1, 2, 3]);
      const { dims, labels } = labelCase;
      const spacingMm = [1, 1, 2] as const;
      const request = { spacingMm, method: "joint", mm: 2 } as const;
      const joint = applied(dims, labels, await propose(labelCase, request));
      const union = { ...labelCase, labels: labels.map((label) => (label === 0 ? 0 : 1)) };
      const smoothed = applied(dims, union.labels, await propose(union, request));
      expect(
        difference(
          joint.map((label) => (label === 0 ? 0 : 1)),
          smoothed,
        ),
      ).toBe("equal");
      // Voxels whose whole kernel is labelled stay labelled.
      const radius = [8, 8, 4];
      let lost = 0;
      for (let n = 0; n < labels.length; n++) {
        const at = [n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / (dims[0] * dims[1]))];
        let whole = true;
        for (let k = -radius[2]!; whole && k <= radius[2]!; k++) {
          for (let j = -radius[1]!; whole && j <= radius[1]!; j++) {
            for (let i = -radius[0]!; whole && i <= radius[0]!; i++) {
              const [x, y, z] = [at[0]! + i, at[1]! + j, at[2]! + k].map((v, axis) => {
                const count = dims[axis]!;
                return v < 0 ? -1 - v : v >= count ? 2 * count - 1 - v : v;
              }) as [number, number, number];
              whole = labels[(z * dims[1] + y) * dims[0] + x] !== 0;
            }
          }
        }
        if (whole && joint[n] === 0) lost++;
      }
      expect(lost).toBe(0);
    });
  }
});

test("one segment alone is smoothed the same by gaussian and joint", async () => {
  const labelCase = randomShapes(95, [50, 40, 30], 6, [1, 2]);
  const request = { spacingMm: [1, 1, 1], mm: 2, segments: [2] } as const;
  const [gaussian, joint] = [
    await propose(labelCase, { ...request, method: "gaussian" }),
    await propose(labelCase, { ...request, method: "joint" }),
  ];
  const { dims, labels } = labelCase;
  expect(difference(applied(dims, labels, joint), applied(dims, labels, gaussian))).toBe("equal");
});

test("segments that trade voxels give them up first, so that no rule of painting keeps them", async () => {
  const labelCase = randomVoxels(96, [40, 40, 40], 0.9, [1, 2]);
  const { bricks, erased } = await propose(labelCase, { spacingMm: [1, 1, 1], method: "joint", mm: 2 });
  const taken = new Map(Array.from(erased!, ([index, bits]) => [index, bits.slice()]));
  let traded = 0;
  let kept = 0;
  for (const [index, labels] of bricks) {
    const own = labelsOf(labelCase.dims, labelCase.labels).readBrick(index)!;
    labels.forEach((label, n) => {
      if (label === 0 || own[n] === 0) return;
      traded++;
      kept += 1 - ((taken.get(index)![n >> 3]! >> (n & 7)) & 1);
    });
  }
  expect(kept).toBe(0);
  expect(traded).toBeGreaterThan(0);
});

describe("Gaussians in whole numbers", () => {
  test.each([0.1, 0.2, 0.5, 1, 2.37, 8, 40])("σ of %s voxels", (sigma) => {
    const weights = [...gaussianWeights(sigma)];
    const radius = Math.floor(4 * sigma + 0.5);
    expect(weights).toHaveLength(2 * radius + 1);
    expect(weights.reduce((a, b) => a + b)).toBe(FULL);
    expect(weights).toEqual(weights.toReversed());
    const shape = weights.map((_, n) => Math.exp(-0.5 * ((n - radius) / sigma) ** 2));
    const sum = shape.reduce((a, b) => a + b);
    weights.forEach((weight, n) =>
      expect(Math.abs(weight - (shape[n]! / sum) * FULL)).toBeLessThanOrEqual(n === radius ? 2 : 1),
    );
  });
});

describe("requests that do not fit", () => {
  const labelCase = randomShapes(97, [20, 20, 20], 3, [1]);
  test("a median over too many voxels", async () => {
    const call = propose(labelCase, { spacingMm: [0.1, 0.1, 0.1], method: "median", mm: 10 });
    await expect(call).rejects.toMatchObject({ kind: "limit", advice: "Choose a smaller size." });
  });
  test("an unknown method", async () => {
    const call = propose(labelCase, { spacingMm: [1, 1, 1], method: "sharpen" as "open", mm: 1 });
    await expect(call).rejects.toMatchObject({ kind: "argument", advice: expect.stringContaining("joint") as string });
  });
  test("no size", async () => {
    await expect(propose(labelCase, { spacingMm: [1, 1, 1], method: "joint", mm: 0 })).rejects.toMatchObject({
      kind: "argument",
    });
  });
});

test("an abort half-way leaves nothing behind", async () => {
  const wide = randomShapes(98, [150, 140, 70], 10, [1, 2]);
  const map = labelsOf(wide.dims, wide.labels);
  const request = { spacingMm: [1, 1, 1], method: "joint", mm: 3 } as const;
  const abort = new AbortController();
  const call = kernels.smooth(map, request, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect((await kernels.smooth(map, request)).voxels).toBeGreaterThan(0);
});
