import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Dims } from "#volume";
import { describe, expect, test } from "vitest";
import { growReference } from "../../src/workers/reference/grow.ts";
import { statisticsReference } from "../../src/workers/reference/statistics.ts";
import { inlineKernels } from "./support/kernels.ts";
import { readNifti } from "./support/nifti.ts";
import { flattenLabels, flattenMask, type FlatVolume, imageOf, labelsOf } from "./support/volumes.ts";

const data = resolve(process.env["VOXELWRIGHT_DATA"] ?? "../shared/data", "labels");
const kernels = inlineKernels();

/** Mean Dice over the labels of the slices between `planes` that are not among them. */
function hiddenDice({ dims, voxels }: FlatVolume, filled: ArrayLike<number>, planes: readonly number[]): number {
  const counts = new Map<number, { truth: number; found: number; both: number }>();
  const of = (label: number) => {
    let count = counts.get(label);
    if (!count) counts.set(label, (count = { truth: 0, found: 0, both: 0 }));
    return count;
  };
  const slice = dims[0] * dims[1];
  for (let n = (planes[0]! + 1) * slice; n < planes.at(-1)! * slice; n++) {
    if (planes.includes(Math.floor(n / slice))) continue;
    const truth = voxels[n]!;
    const found = filled[n]!;
    if (truth !== 0) of(truth).truth++;
    if (found !== 0) of(found).found++;
    if (truth !== 0 && truth === found) of(truth).both++;
  }
  const hidden = [...counts.values()].filter(({ truth }) => truth > 0);
  return hidden.reduce((sum, { truth, found, both }) => sum + (2 * both) / (truth + found), 0) / hidden.length;
}

describe.skipIf(!existsSync(data))("real scans", () => {
  // Dice of @itk-wasm/morphological-contour-interpolation 2.0.0 on the same kept slices (axis 2), over the same hidden slices.
  const sets: readonly (readonly [file: string, every: number, peerDice: number])[] = [
    ["colin27-aal/aal-labels.nii.gz", 5, 0.8141],
    ["colin27-aal/aal-labels.nii.gz", 10, 0.6646],
    ["spleen-ct/spleen-manual.nii.gz", 2, 0.9655],
    ["spleen-ct/spleen-manual.nii.gz", 5, 0.9152],
    ["hippocampus/001-label.nii.gz", 5, 0.8241],
    ["hippocampus/003-label.nii.gz", 5, 0.7946],
    ["hippocampus/004-label.nii.gz", 5, 0.7855],
    ["spinal-cord-t1/cord-manual.nii.gz", 5, 0.9447],
    ["sts-001-gtv/MR_T1_gtv_mask.nii.gz", 5, 0.935],
    ["totalsegmentator-body/labels.nii.gz", 5, 0.4735],
    ["totalsegmentator-body/labels.nii.gz", 10, 0.3241],
  ];
  for (const [file, every, peerDice] of sets) {
    test(`fill of ${file} from every ${every}th slice beats morphological interpolation`, async () => {
      const truth = readNifti(join(data, file));
      const slice = truth.dims[0] * truth.dims[1];
      const first = Math.floor(truth.voxels.findIndex((label) => label !== 0) / slice);
      const last = Math.floor(truth.voxels.findLastIndex((label) => label !== 0) / slice);
      const planes: number[] = [];
      for (let k = first; k <= last; k += every) planes.push(k);
      const kept = new Uint16Array(truth.voxels.length);
      for (const k of planes) kept.set(truth.voxels.subarray(k * slice, (k + 1) * slice), k * slice);
      const { spacingMm } = truth;
      const { bricks } = await kernels.fill(labelsOf(truth.dims, kept), { axis: 2, spacingMm, method: "shape" });
      const filled = flattenLabels(truth.dims, bricks);
      kept.forEach((label, n) => label !== 0 && (filled[n] = label));
      expect(hiddenDice(truth, filled, planes)).toBeGreaterThan(peerDice);
    });
  }

  test("growth in a CT from the middle of the spleen equals the reference, as do its statistics", async () => {
    const ct = readNifti(join(data, "spleen-ct/ct.nii.gz"));
    const organ = readNifti(join(data, "spleen-ct/spleen-manual.nii.gz"));
    const inside = [...organ.voxels.keys()].filter((n) => organ.voxels[n] === 1);
    const n = inside[inside.length >> 1]!;
    const seed: Dims = [
      n % ct.dims[0],
      Math.floor(n / ct.dims[0]) % ct.dims[1],
      Math.floor(n / (ct.dims[0] * ct.dims[1])),
    ];
    const range = { low: ct.voxels[n]! - 40, high: ct.voxels[n]! + 40 };
    for (const connectivity of [6, 18, 26] as const) {
      const expected = growReference(ct.voxels, ct.dims, [seed], range, connectivity);
      const grown = await kernels.grow(imageOf(ct), { seeds: [seed], range, connectivity, segment: 1 });
      expect(grown.voxels).toBeGreaterThan(50_000);
      expect(Buffer.compare(flattenMask(ct.dims, grown.bricks), expected)).toBe(0);
    }
    const [row] = await kernels.statistics(imageOf(ct), labelsOf(ct.dims, organ.voxels));
    const [expected] = statisticsReference(ct.voxels, organ.voxels, ct.dims);
    expect(row).toMatchObject({ segment: 1, voxels: expected!.voxels, min: expected!.min, max: expected!.max });
    expect(row!.mean).toBeCloseTo(expected!.mean, 9);
    expect(row!.sd).toBeCloseTo(expected!.sd, 9);
  });
});
