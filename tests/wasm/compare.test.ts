import { expect, test } from "vitest";
import { compareReference } from "../../src/workers/reference/compare.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

for (let seed = 1; seed <= 8; seed++) {
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
    const [a, b] = [map(), map()];
    const rows = await kernels.compare(labelsOf(dims, a), labelsOf(dims, b), spacing);
    for (const row of rows) {
      const expected = compareReference(a, b, dims, spacing, row.segment);
      expect({ ...row, hausdorff95Mm: 0, meanSurfaceDistanceMm: 0 }).toEqual({
        ...expected,
        hausdorff95Mm: 0,
        meanSurfaceDistanceMm: 0,
      });
      if (expected.hausdorff95Mm === undefined) expect(row.hausdorff95Mm).toBeUndefined();
      else expect(row.hausdorff95Mm).toBeCloseTo(expected.hausdorff95Mm, 10);
      if (expected.meanSurfaceDistanceMm === undefined) expect(row.meanSurfaceDistanceMm).toBeUndefined();
      else expect(row.meanSurfaceDistanceMm).toBeCloseTo(expected.meanSurfaceDistanceMm, 10);
    }
  });
}

test("equal maps agree wholly, over brick borders and at the volume's edge", async () => {
  const dims = [130, 66, 70] as const;
  const labels = labelsOf(dims, flatVolume(dims, "uint16", (i) => (i > 20 ? 5 : 0)).voxels);
  const voxels = 109 * 66 * 70;
  expect(await kernels.compare(labels, labels, [1, 2, 3])).toEqual([
    { segment: 5, voxelsA: voxels, voxelsB: voxels, dice: 1, hausdorff95Mm: 0, meanSurfaceDistanceMm: 0 },
  ]);
});

test("two voxels apart by known millimetres", async () => {
  const dims = [140, 10, 10] as const;
  const at = (i: number, k: number) =>
    labelsOf(dims, flatVolume(dims, "uint16", (x, y, z) => (x === i && y === 0 && z === k ? 1 : 0)).voxels);
  const [row] = await kernels.compare(at(0, 0), at(130, 4), [0.3, 1, 10]);
  expect(row).toMatchObject({ dice: 0, voxelsA: 1, voxelsB: 1 });
  expect(row!.hausdorff95Mm).toBeCloseTo(Math.hypot(39, 40), 12);
});

test("maps of different size are refused", async () => {
  const a = labelsOf([4, 4, 4], new Uint8Array(64));
  const b = labelsOf([4, 4, 5], new Uint8Array(80));
  await expect(kernels.compare(a, b, [1, 1, 1])).rejects.toMatchObject({ kind: "argument" });
});
