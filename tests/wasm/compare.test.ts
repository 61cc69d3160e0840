import { overallAgreement, type CompareRow } from "#workers";
import type { Dims } from "#volume";
import { describe, expect, test } from "vitest";
import { compareReference } from "../../src/workers/reference/compare.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
type Spacing = readonly [number, number, number];

/** Equal to the reference: counts exactly, distances to the last digits. */
function expectEqual(row: CompareRow, expected: CompareRow): void {
  const check = (found: unknown, wanted: unknown, path: string): void => {
    if (typeof wanted === "number" && !Number.isInteger(wanted)) {
      expect(Math.abs((found as number) - wanted), path).toBeLessThanOrEqual(1e-12 * Math.abs(wanted));
    } else if (typeof wanted === "object" && wanted !== null) {
      for (const [key, value] of Object.entries(wanted)) check((found as Record<string, unknown>)[key], value, key);
    } else if (typeof wanted === "number" && path.endsWith("Mm")) expect(found, path).toBeCloseTo(wanted, 12);
    else expect(found, path).toBe(wanted);
  };
  expect(Object.keys(row).sort()).toEqual(Object.keys(expected).sort());
  check(row, expected, "");
}

async function expectReference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  dims: Dims,
  spacing: Spacing,
  toleranceMm = 1,
): Promise<CompareRow[]> {
  const rows = await kernels.compare(labelsOf(dims, a), labelsOf(dims, b), spacing, { toleranceMm });
  const present = new Set([...Array.from(a), ...Array.from(b)].filter((value) => value > 0));
  expect(rows.map(({ segment }) => segment)).toEqual([...present].sort((x, y) => x - y));
  for (const row of rows) expectEqual(row, compareReference(a, b, dims, spacing, row.segment, toleranceMm));
  return rows;
}

for (let seed = 1; seed <= 12; seed++) {
  test(`compare equals trying every pair of surface voxels, seed ${seed}`, async () => {
    const random = randomFrom(seed);
    const dims = [
      10 + Math.floor(random() * 60),
      5 + Math.floor(random() * 20),
      3 + Math.floor(random() * 20),
    ] as const;
    const spacing = [0.1 + random() * 9.9, 0.1 + random(), 0.1 + random() * 3] as const;
    const blob = () => {
      const [x, y, z, r] = [random() * dims[0], random() * dims[1], random() * dims[2], 3 + random() * 6];
      return (i: number, j: number, k: number) => (i - x) ** 2 + (j - y) ** 2 + (k - z) ** 2 < r * r;
    };
    const map = () => {
      const [one, two] = [blob(), blob()];
      return flatVolume(dims, "uint16", (i, j, k) => (one(i, j, k) ? 1 : two(i, j, k) ? 900 : 0)).voxels;
    };
    await expectReference(map(), map(), dims, spacing, random() * 4);
  });
}

describe.each<readonly [string, Spacing]>([
  ["cubes", [1, 1, 1]],
  ["thick slices", [0.3, 0.4, 10]],
  ["long rows", [10, 0.1, 0.2]],
])("surfaces far from one another, voxels as %s", (_name, spacing) => {
  // Farther than the rows that a search looks at, so that planes are swept.
  test("voxels at the ends of the volume", async () => {
    const dims = [140, 70, 70] as const;
    const at = (...voxels: readonly Dims[]) =>
      flatVolume(dims, "uint16", (i, j, k) => (voxels.some(([x, y, z]) => x === i && y === j && z === k) ? 1 : 0))
        .voxels;
    await expectReference(at([0, 0, 0]), at([139, 69, 69]), dims, spacing);
    await expectReference(at([0, 69, 3]), at([139, 0, 64]), dims, spacing);
    await expectReference(at([63, 0, 69], [70, 35, 35]), at([64, 69, 0], [0, 35, 69]), dims, spacing);
  });

  test("a sheet and blobs on both sides of it", async () => {
    const dims = [90, 60, 48] as const;
    const blobs = flatVolume(dims, "uint16", (i, j, k) =>
      (i - 10) ** 2 + (j - 10) ** 2 + (k - 40) ** 2 < 20 || (i - 80) ** 2 + (j - 50) ** 2 + (k - 5) ** 2 < 20 ? 1 : 0,
    );
    const sheet = flatVolume(dims, "uint16", (i, j, k) => (k === 24 && (i + j) % 3 === 0 ? 1 : 0));
    await expectReference(blobs.voxels, sheet.voxels, dims, spacing, 20);
  });

  for (const seed of [1, 2, 3]) {
    test(`scattered voxels, seed ${seed}`, async () => {
      const random = randomFrom(seed);
      const dims = [130, 40, 30] as const;
      const map = (share: number) => flatVolume(dims, "uint16", () => (random() < share ? 1 : 0)).voxels;
      await expectReference(map(0.0005), map(0.0002), dims, spacing);
    });
  }
});

test.each<readonly [string, Dims, (i: number, j: number, k: number) => number]>([
  ["a volume of one voxel", [1, 1, 1], () => 1],
  ["a full volume", [5, 4, 3], () => 2],
  ["a layer one voxel thick", [66, 20, 1], () => 2],
  ["noise over brick borders", [66, 10, 5], (i, j, k) => (i * 7 + j * 5 + k * 3) % 4],
])("%s against itself and against its mirror image", async (_name, dims, label) => {
  const one = flatVolume(dims, "uint16", label).voxels;
  const mirrored = flatVolume(dims, "uint16", (i, j, k) => label(dims[0] - 1 - i, j, k)).voxels;
  for (const row of await expectReference(one, one, dims, [1, 2, 3])) {
    expect(row).toMatchObject({ dice: 1, jaccard: 1, hausdorffMm: 0, surfaceDice: 1, volumeDifference: 0 });
  }
  await expectReference(one, mirrored, dims, [1, 2, 3]);
});

test("equal maps agree wholly, over brick borders and at the volume's edge", async () => {
  const dims = [130, 66, 70] as const;
  const labels = labelsOf(dims, flatVolume(dims, "uint16", (i) => (i > 20 ? 5 : 0)).voxels);
  const voxels = 109 * 66 * 70;
  const surface = voxels - 107 * 64 * 68;
  expect(await kernels.compare(labels, labels, [1, 2, 3])).toMatchObject([
    {
      segment: 5,
      voxelsA: voxels,
      voxelsB: voxels,
      voxelsCommon: voxels,
      dice: 1,
      hausdorff95Mm: 0,
      meanSurfaceDistanceMm: 0,
      surfaceVoxelsA: surface,
      surfaceDice: 1,
    },
  ]);
});

test("two voxels apart by known millimetres", async () => {
  const dims = [140, 10, 10] as const;
  const at = (i: number, k: number) =>
    labelsOf(dims, flatVolume(dims, "uint16", (x, y, z) => (x === i && y === 0 && z === k ? 1 : 0)).voxels);
  const [row] = await kernels.compare(at(0, 0), at(130, 4), [0.3, 1, 10]);
  expect(row).toMatchObject({ dice: 0, voxelsA: 1, voxelsB: 1, surfaceDice: 0 });
  expect(row!.hausdorff95Mm).toBeCloseTo(Math.hypot(39, 40), 12);
  const [near] = await kernels.compare(at(0, 0), at(130, 4), [0.3, 1, 10], { toleranceMm: 60 });
  expect(near!.surfaceDice).toBe(1);
});

test("a surface is within the tolerance where it is a millionth beyond it, and no farther", async () => {
  const dims = [20, 3, 3] as const;
  const at = (x: number) => flatVolume(dims, "uint16", (i, j, k) => (i === x && j === 1 && k === 1 ? 1 : 0)).voxels;
  const share = async (mm: number): Promise<number | undefined> =>
    (await expectReference(at(2), at(12), dims, [mm, mm, mm], 1))[0]!.surfaceDice;
  // What a file says that keeps 0.1 mm in 32 bits.
  expect(await share(Math.fround(0.1))).toBe(1);
  expect(await share(0.100_000_2)).toBe(0);
});

test("a segment in one map only has no distances, and none of it is found", async () => {
  const dims = [4, 4, 4] as const;
  const a = labelsOf(dims, new Uint8Array(64).fill(3));
  const none = labelsOf(dims, new Uint8Array(64));
  const alone = { hausdorff95Mm: undefined, meanSurfaceDistanceMm: undefined, fromAToB: undefined, dice: 0 };
  expect(await kernels.compare(a, none, [1, 1, 1])).toMatchObject([
    { ...alone, sensitivity: 0, precision: undefined, volumeDifference: -1, surfaceVoxelsA: 56, surfaceDice: 0 },
  ]);
  expect(await kernels.compare(none, a, [1, 1, 1])).toMatchObject([
    { ...alone, sensitivity: undefined, precision: 0, volumeDifference: undefined, surfaceVoxelsB: 56 },
  ]);
  expect(await kernels.compare(none, none, [1, 1, 1])).toEqual([]);
});

test("only the segments asked for are compared", async () => {
  const dims = [8, 8, 8] as const;
  const labels = labelsOf(dims, flatVolume(dims, "uint16", (i) => 1 + (i >> 1)).voxels);
  const rows = await kernels.compare(labels, labels, [1, 1, 1], { segments: [3, 99] });
  expect(rows.map(({ segment }) => segment)).toEqual([3]);
});

test("overall agreement sums before it divides", async () => {
  const dims = [8, 8, 8] as const;
  const a = flatVolume(dims, "uint16", (i) => (i < 4 ? 1 : i < 7 ? 2 : 0)).voxels;
  const b = flatVolume(dims, "uint16", (i) => (i < 5 ? 1 : i < 6 ? 2 : i < 7 ? 3 : 0)).voxels;
  const rows = await kernels.compare(labelsOf(dims, a), labelsOf(dims, b), [1, 1, 1]);
  const overall = overallAgreement(rows)!;
  expect(overall).toMatchObject({ segments: 3, voxelsA: 7 * 64, voxelsB: 7 * 64, voxelsCommon: 5 * 64 });
  expect(overall.dice).toBeCloseTo(5 / 7, 12);
  expect(overall.meanDice).toBeCloseTo((8 / 9 + 2 / 4 + 0) / 3, 12);
  expect(overall.hausdorffMm).toBe(Math.max(rows[0]!.hausdorffMm!, rows[1]!.hausdorffMm!));
  expect(overallAgreement([])).toBeUndefined();
});

test("bad arguments are refused", async () => {
  const a = labelsOf([4, 4, 4], new Uint8Array(64));
  const b = labelsOf([4, 4, 5], new Uint8Array(80));
  await expect(kernels.compare(a, b, [1, 1, 1])).rejects.toMatchObject({ kind: "argument" });
  await expect(kernels.compare(a, a, [1, 0, 1])).rejects.toMatchObject({ kind: "argument" });
  await expect(kernels.compare(a, a, [1, 1, 1], { toleranceMm: -1 })).rejects.toMatchObject({ kind: "argument" });
});

test("a segment beyond the budget ends with a limit error, and the next call works", async () => {
  const dims = [128, 128, 128] as const;
  const small = inlineKernels(8 * 2 ** 20);
  const noise = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (i ^ j ^ k) & 1).voxels);
  await expect(small.compare(noise, noise, [1, 1, 1])).rejects.toMatchObject({ kind: "limit" });
  const few = labelsOf(dims, flatVolume(dims, "uint16", (i) => (i === 5 ? 1 : 0)).voxels);
  expect(await small.compare(few, few, [1, 1, 1])).toEqual(await kernels.compare(few, few, [1, 1, 1]));
});

test("segments whose bits do not fit together are compared group by group", async () => {
  // Each of 16 segments lies in every block: 2 MiB of bits and surfaces in two maps, where a group has 24.
  const dims = [512, 128, 64] as const;
  const label = (i: number, j: number, k: number) => 1 + ((i + j + k) & 15);
  const a = labelsOf(dims, flatVolume(dims, "uint16", label).voxels);
  const b = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => label(i + 1, j, k)).voxels);
  const rows = await inlineKernels(48 * 2 ** 20).compare(a, b, [1, 2, 3]);
  expect(rows.map(({ segment }) => segment)).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
  for (const row of rows) expect(row).toMatchObject({ voxelsA: 2 ** 18, voxelsCommon: 0, medianSurfaceDistanceMm: 1 });
});

test("an abort half-way leaves nothing behind", async () => {
  const dims = [128, 128, 128] as const;
  const noise = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (i ^ j ^ k) & 1).voxels);
  const abort = new AbortController();
  const call = kernels.compare(noise, noise, [1, 1, 1], { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect((await kernels.compare(noise, noise, [1, 1, 1]))[0]!.dice).toBe(1);
});
