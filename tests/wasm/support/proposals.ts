import type { LabelProposal } from "#workers";
import type { Dims } from "#volume";
import { flattenLabels, flattenMask } from "./volumes.ts";

/** Dense labels after a proposal where everything may be painted over; checks that the proposal tells its voxels. */
export function applied(dims: Dims, labels: ArrayLike<number>, proposal: LabelProposal): Uint16Array {
  const painted = flattenLabels(dims, proposal.bricks);
  const erased = proposal.erased ? flattenMask(dims, proposal.erased) : new Uint8Array(painted.length);
  let voxels = 0;
  const after = painted.map((label, n) => {
    if (label !== 0 || erased[n] === 1) voxels++;
    return label !== 0 ? label : erased[n] === 1 ? 0 : labels[n]!;
  });
  if (voxels !== proposal.voxels) throw new Error(`The proposal tells ${proposal.voxels} voxels and holds ${voxels}.`);
  return after;
}

/** The first voxel at which labels differ, in words; "equal" when none does. */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): string {
  for (let n = 0; n < expected.length; n++) {
    if (found[n] !== expected[n]) return `voxel ${n}: ${found[n]} for ${expected[n]}`;
  }
  return "equal";
}
