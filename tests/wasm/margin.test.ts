import type { LabelProposal, SpacingMm } from "#workers";
import { describe, expect, test } from "vitest";
import type { MarginStep } from "../../src/workers/margin/margin.ts";
import { marginReference } from "../../src/workers/reference/margin.ts";
import { inlineKernels } from "./support/kernels.ts";
import { caseSpacings, type LabelCase, labelCases, randomShapes, randomVoxels } from "./support/label-cases.ts";
import { applied, difference } from "./support/proposals.ts";
import { labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

function propose(
  { dims, labels }: LabelCase,
  spacingMm: SpacingMm,
  segments: readonly number[] | undefined,
  step: MarginStep,
  by = kernels,
): Promise<LabelProposal> {
  const map = labelsOf(dims, labels);
  const asked = { spacingMm, ...(segments ? { segments } : {}) };
  if (step.kind === "hollow") return by.hollow(map, { ...asked, thicknessMm: step.mm, mode: step.mode });
  if (step.kind === "grow" || step.kind === "shrink") {
    return by.margin(map, { ...asked, mm: step.kind === "grow" ? step.mm : -step.mm });
  }
  return by.smooth(map, { ...asked, method: step.kind, mm: step.mm });
}

async function check(
  labelCase: LabelCase,
  spacingMm: SpacingMm,
  segments: readonly number[] | undefined,
  step: MarginStep,
) {
  const { dims, labels } = labelCase;
  const found = applied(dims, labels, await propose(labelCase, spacingMm, segments, step));
  expect(difference(found, marginReference(labels, dims, spacingMm, segments, step))).toBe("equal");
}

const steps: readonly (readonly [string, MarginStep])[] = [
  ["grow", { kind: "grow", mm: 3 }],
  ["shrink", { kind: "shrink", mm: 1.4 }],
  ["open", { kind: "open", mm: 2 }],
  ["close", { kind: "close", mm: 3 }],
  ["hollow inside", { kind: "hollow", mm: 1, mode: "inside" }],
  ["hollow outside", { kind: "hollow", mm: 2, mode: "outside" }],
  ["hollow in the middle", { kind: "hollow", mm: 3, mode: "middle" }],
];

describe.each(steps)("%s equals the reference", (_, step) => {
  for (const [n, labelCase] of labelCases.entries()) {
    for (const spacingMm of n % 3 === 0 ? [caseSpacings[0]!] : [caseSpacings[0]!, caseSpacings[n % 3]!]) {
      test(`${labelCase.name}, spacing ${spacingMm.join(" ")}`, () => check(labelCase, spacingMm, undefined, step));
    }
  }

  for (const seed of [41, 42, 43]) {
    test(`chosen segments among others, random lengths, seed ${seed}`, async () => {
      const random = randomFrom(seed);
      const labelCase = randomShapes(seed, [75, 30, 24], 14, [1, 2, 3, 4]);
      const spacingMm = [0.5 + random(), 0.5 + random(), 0.5 + 3 * random()] as const;
      for (const mm of [0.3, 1.1, 2 + random(), 4 + 2 * random()])
        await check(labelCase, spacingMm, [4, 2], { ...step, mm });
    });
  }
});

describe("lengths", () => {
  test("a length that is a sum of spacings reaches the voxel that far away", async () => {
    // In binary 3 × 0.1 is more than 0.3.
    const line = {
      name: "row",
      dims: [20, 1, 1] as const,
      labels: Uint16Array.from({ length: 20 }, (_, i) => (i === 10 ? 1 : 0)),
    };
    for (const step of [0.1, 0.3, 0.7, 1.1]) {
      const spacing = [step, step, step] as const;
      for (let n = 1; n < 6; n++) {
        const { voxels } = await propose(line, spacing, undefined, {
          kind: "grow",
          mm: Number((n * step).toFixed(10)),
        });
        expect(voxels).toBe(2 * n);
      }
    }
  });

  test("a length below every spacing changes nothing when growing and takes nothing away", async () => {
    const labelCase = randomShapes(3, [30, 30, 30], 5, [1]);
    for (const kind of ["grow", "shrink", "open", "close"] as const) {
      expect((await propose(labelCase, [1, 1, 2], undefined, { kind, mm: 0.9 })).voxels).toBe(0);
    }
  });
});

describe("borders of the volume", () => {
  const full = labelCases.find(({ name }) => name === "full")!;
  test("take nothing from a segment that fills the volume", async () => {
    for (const kind of ["shrink", "open", "close"] as const) {
      expect((await propose(full, [1, 1, 1], undefined, { kind, mm: 4 })).voxels).toBe(0);
    }
    expect((await propose(full, [1, 1, 1], undefined, { kind: "hollow", mm: 1, mode: "inside" })).voxels).toBe(
      20 * 18 * 9,
    );
  });

  test("are where a closing adds nothing and an opening takes nothing", async () => {
    const dims = [30, 30, 30] as const;
    // A ball one voxel from the border, and a plate two voxels thick on it.
    const ball = {
      name: "ball",
      dims,
      labels: new Uint16Array(27_000).map((_, n) => {
        const [i, j, k] = [n % 30, Math.floor(n / 30) % 30, Math.floor(n / 900)];
        return Math.hypot(i - 7, j - 15, k - 15) <= 6 ? 1 : 0;
      }),
    };
    const closed = applied(dims, ball.labels, await propose(ball, [1, 1, 1], undefined, { kind: "close", mm: 4 }));
    expect(closed.some((label, n) => label === 1 && n % 30 === 0)).toBe(false);
    const plate = { name: "plate", dims, labels: new Uint16Array(27_000).map((_, n) => (n % 30 < 2 ? 1 : 0)) };
    expect((await propose(plate, [1, 1, 1], undefined, { kind: "open", mm: 2 })).voxels).toBe(0);
  });
});

describe("properties, seed 51", () => {
  const labelCase = randomShapes(51, [60, 50, 40], 12, [1, 2, 3]);
  const { dims, labels } = labelCase;
  const after = async (step: MarginStep, of: Uint16Array = labels): Promise<Uint16Array> =>
    applied(dims, of, await propose({ ...labelCase, labels: of }, [1, 1, 1.5], undefined, step));

  /** Voxels of which something is not so. */
  const wrong = (isSo: (label: number, n: number) => boolean): number =>
    labels.reduce((count, label, n) => count + (isSo(label, n) ? 0 : 1), 0);

  test("growing keeps every labelled voxel, shrinking adds none", async () => {
    const [grown, shrunk] = [await after({ kind: "grow", mm: 3 }), await after({ kind: "shrink", mm: 2 })];
    expect(wrong((label, n) => label === 0 || grown[n] === label)).toBe(0);
    expect(wrong((label, n) => shrunk[n] === label || shrunk[n] === 0)).toBe(0);
  });

  test("opening only takes and closing only adds, and opening again changes nothing", async () => {
    const opened = await after({ kind: "open", mm: 2 });
    const closed = await after({ kind: "close", mm: 2 });
    expect(wrong((label, n) => opened[n] === label || opened[n] === 0)).toBe(0);
    expect(wrong((label, n) => label === 0 || closed[n] === label)).toBe(0);
    expect(difference(await after({ kind: "open", mm: 2 }, opened), opened)).toBe("equal");
  });
});

describe("tiles", () => {
  const wide = randomShapes(61, [150, 140, 70], 10, [1, 2]);
  test.each(steps)("%s gives the same voxels where memory allows only one brick at a time", async (_, step) => {
    const small = inlineKernels(12 * 2 ** 20);
    const [found, expected] = await Promise.all([
      propose(wide, [1, 1, 1], undefined, { ...step, mm: 5 }, small),
      propose(wide, [1, 1, 1], undefined, { ...step, mm: 5 }),
    ]);
    expect(difference(applied(wide.dims, wide.labels, found), applied(wide.dims, wide.labels, expected))).toBe("equal");
  });

  test("a length whose halo does not fit says what to do, and the next call works", async () => {
    const small = inlineKernels(9 * 2 ** 20);
    const call = propose(wide, [1, 1, 1], undefined, { kind: "grow", mm: 100 }, small);
    await expect(call).rejects.toMatchObject({
      kind: "limit",
      advice: expect.stringContaining("smaller length") as string,
    });
    expect((await propose(wide, [1, 1, 1], undefined, { kind: "grow", mm: 2 }, small)).voxels).toBeGreaterThan(0);
  });

  test("a volume longer than boxes of labels can tell is cut", async () => {
    const dims = [66_000, 1, 1] as const;
    const labels = new Uint16Array(66_000).map((_, i) => (i === 65_600 || i === 10 ? 1 : 0));
    const found = applied(dims, labels, await kernels.margin(labelsOf(dims, labels), { spacingMm: [1, 1, 1], mm: 2 }));
    const grown = [...found.keys()].filter((i) => found[i] === 1);
    expect(grown).toEqual([8, 9, 10, 11, 12, 65_598, 65_599, 65_600, 65_601, 65_602]);
  });

  test("an abort leaves nothing behind", async () => {
    const abort = new AbortController();
    const map = labelsOf(wide.dims, wide.labels);
    const request = { spacingMm: [1, 1, 1], mm: 8 } as const;
    const call = kernels.margin(map, request, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect((await kernels.margin(map, request)).voxels).toBeGreaterThan(0);
  });
});

test("many small labels compete as the reference says, seed 71", () =>
  check(randomVoxels(71, [40, 30, 20], 0.01, [5, 1, 9, 2, 8, 3]), [1, 1, 2], undefined, { kind: "grow", mm: 9 }));

test.each([0, Number.NaN, Number.POSITIVE_INFINITY])("a margin of %s mm is refused", async (mm) => {
  const map = labelsOf([4, 4, 4], new Uint16Array(64).fill(1));
  await expect(kernels.margin(map, { spacingMm: [1, 1, 1], mm })).rejects.toMatchObject({ kind: "argument" });
});
