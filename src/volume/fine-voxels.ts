import type { ImageGrid } from "./image-grid.ts";

/** Voxels of clinical scans are of this size and larger; lengths that tools and views begin with suit them. Millimetres. */
const CLINICAL_MM = 0.2;

/** Size of the voxels along the axis where they are smallest; of an uneven stack's slices the mean. Millimetres. */
export function finestMm({ spacingMm: [i, j, k], sliceOffsetsMm, dims }: ImageGrid): number {
  if (!sliceOffsetsMm || dims[2] < 2) return Math.min(i, j, k);
  return Math.min(i, j, (sliceOffsetsMm.at(-1)! - sliceOffsetsMm[0]!) / (dims[2] - 1));
}

/** What lengths that suit a clinical scan are multiplied by to suit a grid: 1, and less where its voxels are finer (micro-CT). */
export function fineScale(grid: ImageGrid): number {
  return Math.min(finestMm(grid) / CLINICAL_MM, 1);
}
