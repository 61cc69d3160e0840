import type { Dims } from "#volume";
import type { LabelProposal } from "#workers";
import { flattenLabels, flattenMask } from "./volumes.ts";

/** Flat labels as they are once a proposal is accepted, with nothing locked; checks the number of voxels that it tells. */
export function applied(dims: Dims, labels: ArrayLike<number>, proposal: LabelProposal): Uint16Array {
  const erased = flattenMask(dims, proposal.erased ?? []);
  const painted = flattenLabels(dims, proposal.bricks);
  const result = new Uint16Array(labels.length);
  let voxels = 0;
  for (let n = 0; n < result.length; n++) {
    if (erased[n] !== 0 || painted[n] !== 0) voxels++;
    result[n] = painted[n]! || (erased[n] !== 0 ? 0 : labels[n]!);
  }
  if (voxels !== proposal.voxels) throw new Error(`The proposal tells ${proposal.voxels} voxels and has ${voxels}.`);
  return result;
}

/** Whether two flat label maps are the same, without the cost of telling where they differ. */
export function same(a: Uint16Array, b: Uint16Array): boolean {
  return Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;
}

/** The first voxel at which labels differ, in words; "equal" when none does. */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): string {
  for (let n = 0; n < expected.length; n++) {
    if (found[n] !== expected[n]) return `voxel ${n}: ${found[n]} for ${expected[n]}`;
  }
  return "equal";
}
