import { BRICK_EDGE, brickCoordinates, type Dims, type IndexBox } from "#volume";

/** What changed in a labelmap: bricks at level 0 and, where it is known, the box that holds all changed voxels. */
export interface LabelChange {
  readonly brickIndices: readonly number[];
  readonly box?: IndexBox;
}

/** Counts changed voxels of one brick and the box they lie in. */
export class Touched {
  voxels = 0;
  #low: [number, number, number] = [BRICK_EDGE, BRICK_EDGE, BRICK_EDGE];
  #high: [number, number, number] = [-1, -1, -1];

  add(voxel: number): void {
    this.voxels++;
    this.include(voxel & 63, (voxel >> 6) & 63, voxel >> 12);
  }

  /** Counts a run of voxels, which may go over several rows. */
  addRun(start: number, length: number): void {
    this.voxels += length;
    const end = start + length - 1;
    const oneRow = start >> 6 === end >> 6;
    const onePlane = start >> 12 === end >> 12;
    this.include(oneRow ? start & 63 : 0, onePlane ? (start >> 6) & 63 : 0, start >> 12);
    this.include(oneRow ? end & 63 : BRICK_EDGE - 1, onePlane ? (end >> 6) & 63 : BRICK_EDGE - 1, end >> 12);
  }

  include(i: number, j: number, k: number): void {
    const low = this.#low;
    const high = this.#high;
    if (i < low[0]) low[0] = i;
    if (i > high[0]) high[0] = i;
    if (j < low[1]) low[1] = j;
    if (j > high[1]) high[1] = j;
    if (k < low[2]) low[2] = k;
    if (k > high[2]) high[2] = k;
  }

  /** The box in the volume. */
  box(bricks: Dims, brickIndex: number): IndexBox {
    const [bi, bj, bk] = brickCoordinates(bricks, brickIndex);
    const low = this.#low;
    const high = this.#high;
    const at = [bi * BRICK_EDGE, bj * BRICK_EDGE, bk * BRICK_EDGE] as const;
    return {
      min: [at[0] + low[0], at[1] + low[1], at[2] + low[2]],
      max: [at[0] + high[0] + 1, at[1] + high[1] + 1, at[2] + high[2] + 1],
    };
  }
}

/** Several changes as one; without a box when one of them has none. */
export function joinChanges(changes: readonly LabelChange[]): LabelChange {
  const brickIndices = [...new Set(changes.flatMap((change) => change.brickIndices))];
  const boxes = changes.map((change) => change.box);
  const first = boxes[0];
  if (!first || boxes.includes(undefined)) return { brickIndices };
  const join = (pick: (a: number, b: number) => number, side: "min" | "max", axis: 0 | 1 | 2): number =>
    boxes.reduce((value, box) => pick(value, box![side][axis]), first[side][axis]);
  return {
    brickIndices,
    box: {
      min: [join(Math.min, "min", 0), join(Math.min, "min", 1), join(Math.min, "min", 2)],
      max: [join(Math.max, "max", 0), join(Math.max, "max", 1), join(Math.max, "max", 2)],
    },
  };
}
