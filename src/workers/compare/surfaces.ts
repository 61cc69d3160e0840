import { BRICK_EDGE, brickCoordinates, brickDims, brickIndex, type Dims } from "#volume";
import type { KernelLabels } from "../kernel-data.ts";
import type { Pacer } from "../pacer.ts";

/** Whole voxel indices of points, i, j, k in turn; grows as it is filled. */
export class PointList {
  #values = new Int32Array(384);
  #length = 0;

  get count(): number {
    return this.#length / 3;
  }

  push(i: number, j: number, k: number): void {
    if (this.#length + 3 > this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = i;
    this.#values[this.#length++] = j;
    this.#values[this.#length++] = k;
  }

  /** Positions in millimetres, x, y, z in turn. */
  scaled(spacingMm: readonly [number, number, number]): Float64Array {
    return Float64Array.from(
      this.#values.subarray(0, this.#length),
      (value, n) => value * spacingMm[(n % 3) as 0 | 1 | 2],
    );
  }
}

/** Voxels of a segment, and those of them with a 6-neighbour of another value or outside the volume. */
export interface SegmentSurface {
  voxels: number;
  readonly surface: PointList;
}

/** The surfaces of all segments of a label map; every brick is read once, its neighbours for their faces. */
export async function findSurfaces(
  labels: KernelLabels,
  pacer: Pacer,
  what: string,
): Promise<Map<number, SegmentSurface>> {
  const bricks = brickDims(labels.dims);
  const found = new Map<number, SegmentSurface>();
  const indices = [...labels.brickIndices()].sort((a, b) => a - b);
  for (const [n, index] of indices.entries()) {
    await pacer.pause(n / indices.length, what);
    const values = labels.readBrick(index);
    if (values) scanBrick(labels, values, brickCoordinates(bricks, index), bricks, found);
  }
  return found;
}

function scanBrick(
  labels: KernelLabels,
  values: Uint16Array,
  brick: Dims,
  bricks: Dims,
  found: Map<number, SegmentSurface>,
): void {
  const [bi, bj, bk] = brick;
  const { dims } = labels;
  const beside = (axis: 0 | 1 | 2, step: 1 | -1): Uint16Array | undefined => {
    const other: [number, number, number] = [bi, bj, bk];
    other[axis] += step;
    if (other[axis] < 0 || other[axis] >= bricks[axis]) return undefined;
    return labels.readBrick(brickIndex(bricks, ...other));
  };
  const STRIDES = [1, BRICK_EDGE, BRICK_EDGE ** 2] as const;
  const sides = ([0, 1, 2] as const).flatMap((axis) =>
    ([-1, 1] as const).map((step) => ({ axis, step, stride: STRIDES[axis] * step, other: beside(axis, step) })),
  );
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (value === 0) continue;
    const local = [n & 63, (n >> 6) & 63, n >> 12] as const;
    const i = bi * BRICK_EDGE + local[0];
    const j = bj * BRICK_EDGE + local[1];
    const k = bk * BRICK_EDGE + local[2];
    if (i >= dims[0] || j >= dims[1] || k >= dims[2]) continue;
    let segment = found.get(value);
    if (!segment) found.set(value, (segment = { voxels: 0, surface: new PointList() }));
    segment.voxels++;
    const at = [i, j, k] as const;
    const onSurface = sides.some(({ axis, step, stride, other }) => {
      const next = at[axis] + step;
      if (next < 0 || next >= dims[axis]) return true;
      const inBrick = local[axis] + step;
      if (inBrick >= 0 && inBrick < BRICK_EDGE) return values[n + stride] !== value;
      return other?.[n + stride - step * BRICK_EDGE * STRIDES[axis]] !== value;
    });
    if (onSurface) segment.surface.push(i, j, k);
  }
}
