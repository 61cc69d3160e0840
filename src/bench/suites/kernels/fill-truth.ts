import type { Dims } from "#volume";
import type { FillRequest, KernelLabels, Kernels, SpacingMm } from "#workers";
import { drawBricks } from "../../dense.ts";

/** Labels that are known everywhere. */
export interface Truth {
  readonly what: string;
  readonly dims: Dims;
  readonly spacingMm: SpacingMm;
  readonly dense: Uint16Array;
}

/** Drawn labels and what is filled between them. */
export async function filled(
  kernels: Kernels,
  kept: Uint16Array,
  dims: Dims,
  labels: KernelLabels,
  request: FillRequest,
): Promise<Uint16Array> {
  const { bricks } = await kernels.fill(labels, request);
  const all = kept.slice();
  drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, all);
  return all;
}

function forEachVoxel([ni, nj, nk]: Dims, visit: (ijk: Dims, n: number) => void): void {
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) for (let i = 0; i < ni; i++, n++) visit([i, j, k], n);
  }
}

/** Every n-th slice of those with labels. */
export function slicesOf({ dims, dense }: Truth, axis: 0 | 1 | 2, every: number): number[] {
  const held = new Uint8Array(dims[axis]);
  forEachVoxel(dims, (ijk, n) => {
    if (dense[n] !== 0) held[ijk[axis]] = 1;
  });
  const slices: number[] = [];
  for (let z = held.indexOf(1); z <= held.lastIndexOf(1); z += every) slices.push(z);
  return slices;
}

/** What is drawn of a truth. */
export function keep({ dims, dense }: Truth, isDrawn: (ijk: Dims) => boolean): Uint16Array {
  const kept = new Uint16Array(dense.length);
  forEachVoxel(dims, (ijk, n) => {
    if (dense[n] !== 0 && isDrawn(ijk)) kept[n] = dense[n]!;
  });
  return kept;
}

/** Mean Dice of all labels over the voxels that count. */
export function meanDice({ dims, dense }: Truth, found: ArrayLike<number>, counts: (ijk: Dims) => boolean): number {
  const sums = new Map<number, [both: number, sum: number]>();
  const of = (label: number): [number, number] => {
    let own = sums.get(label);
    if (!own) sums.set(label, (own = [0, 0]));
    return own;
  };
  forEachVoxel(dims, (ijk, n) => {
    const [truth, ours] = [dense[n]!, found[n]!];
    if ((truth === 0 && ours === 0) || !counts(ijk)) return;
    of(truth)[1]++;
    of(ours)[1]++;
    if (truth === ours) of(truth)[0]++;
  });
  sums.delete(0);
  let total = 0;
  for (const [both, sum] of sums.values()) total += (2 * both) / sum;
  return total / sums.size;
}
