import type { LabelBricks } from "#export";
import { BRICK_EDGE, brickCoordinates, brickDims, brickIndex, type Dims, type ImageGrid } from "#volume";

/** Voxels of every label, and the places of those at its surface. */
export interface LabelSurfaces {
  readonly voxels: ReadonlyMap<number, number>;
  /** x, y, z in LPS millimetres of the centres of surface voxels: those with one of six neighbours of another label or outside. */
  readonly points: ReadonlyMap<number, Float64Array>;
}

/** Finds voxel counts and surfaces of all labels in one pass over the bricks that hold any. */
export function labelSurfaces(grid: ImageGrid, labels: LabelBricks): LabelSurfaces {
  const voxels = new Map<number, number>();
  const lists = new Map<number, PointList>();
  const bricks = brickDims(grid.dims);
  for (const index of labels.brickIndices()) {
    const brick = labels.readBrick(index);
    if (!brick) continue;
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    const labelAt = neighbourhood(grid.dims, bricks, labels, brick, [bi, bj, bk]);
    const [ni, nj, nk] = [bi, bj, bk].map((b, axis) => Math.min(BRICK_EDGE, grid.dims[axis]! - b * BRICK_EDGE));
    for (let k = 0; k < nk!; k++) {
      for (let j = 0; j < nj!; j++) {
        for (let i = 0; i < ni!; i++) {
          const label = brick[(k * BRICK_EDGE + j) * BRICK_EDGE + i]!;
          if (label === 0) continue;
          voxels.set(label, (voxels.get(label) ?? 0) + 1);
          if (!isSurface(labelAt, label, i, j, k)) continue;
          let list = lists.get(label);
          if (!list) lists.set(label, (list = new PointList()));
          list.add(grid.toLps([bi * BRICK_EDGE + i, bj * BRICK_EDGE + j, bk * BRICK_EDGE + k]));
        }
      }
    }
  }
  return { voxels, points: new Map([...lists].map(([label, list]) => [label, list.points()])) };
}

type LabelAt = (i: number, j: number, k: number) => number;

function isSurface(labelAt: LabelAt, label: number, i: number, j: number, k: number): boolean {
  return (
    labelAt(i - 1, j, k) !== label ||
    labelAt(i + 1, j, k) !== label ||
    labelAt(i, j - 1, k) !== label ||
    labelAt(i, j + 1, k) !== label ||
    labelAt(i, j, k - 1) !== label ||
    labelAt(i, j, k + 1) !== label
  );
}

/** Labels by voxel of one brick, one step beyond its faces too; 0 outside the volume. */
function neighbourhood(dims: Dims, bricks: Dims, labels: LabelBricks, brick: Uint16Array, at: Dims): LabelAt {
  const others = new Map<number, Uint16Array | undefined>();
  const beyond: LabelAt = (i, j, k) => {
    const ijk = [i + at[0] * BRICK_EDGE, j + at[1] * BRICK_EDGE, k + at[2] * BRICK_EDGE] as const;
    if (ijk.some((value, axis) => value < 0 || value >= dims[axis]!)) return 0;
    const index = brickIndex(bricks, ijk[0] >> 6, ijk[1] >> 6, ijk[2] >> 6);
    // A read brick holds until the next read at least; a copy holds on.
    if (!others.has(index)) others.set(index, labels.readBrick(index)?.slice());
    return others.get(index)?.[((ijk[2] & 63) * BRICK_EDGE + (ijk[1] & 63)) * BRICK_EDGE + (ijk[0] & 63)] ?? 0;
  };
  return (i, j, k) =>
    ((i | j | k) & ~63) === 0 &&
    i < dims[0] - at[0] * BRICK_EDGE &&
    j < dims[1] - at[1] * BRICK_EDGE &&
    k < dims[2] - at[2] * BRICK_EDGE
      ? brick[(k * BRICK_EDGE + j) * BRICK_EDGE + i]!
      : beyond(i, j, k);
}

/** Points that grow in number. */
class PointList {
  #values = new Float64Array(3 * 1024);
  #length = 0;

  add([x, y, z]: readonly [number, number, number]): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values.set([x, y, z], this.#length);
    this.#length += 3;
  }

  points(): Float64Array {
    return this.#values.slice(0, this.#length);
  }
}
