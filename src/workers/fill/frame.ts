import { BRICK_EDGE, brickDims, brickIndex, type Dims } from "#volume";
import type { Axis, Occupancy } from "./occupancy.ts";

/** Steps of a voxel index in a brick along i, j, k. */
const STRIDE = [1, BRICK_EDGE, BRICK_EDGE ** 2] as const;

/** The pixels and slices of a stack, in which shapes are found and moved. */
export interface StackFrame {
  readonly nu: number;
  readonly nv: number;
  /** Edges of a pixel, and from slice to slice, in millimetres. */
  readonly su: number;
  readonly sv: number;
  readonly sz: number;
  /** Slices in all: the stack is cut off, not closed, at the first and the last of them. */
  readonly slices: number;
  /** Pixels to an edge of what was drawn on. */
  readonly finer: 1 | 2;
}

/**
 * Slices across one axis, cut to the box of the segments: pixel (u, v) of slice z. The two other axes keep their order, u the
 * lower one.
 */
export class SliceFrame implements StackFrame {
  readonly axis: Axis;
  /** First voxel of the box along u and v, and its size. */
  readonly u0: number;
  readonly v0: number;
  readonly nu: number;
  readonly nv: number;
  /** Spacing along u, v and the axis, in millimetres. */
  readonly su: number;
  readonly sv: number;
  readonly sz: number;
  readonly finer = 1;
  /** Slices of the volume along the axis. */
  readonly slices: number;
  readonly uAxis: Axis;
  readonly vAxis: Axis;
  readonly #bricks: Dims;

  constructor(
    dims: Dims,
    axis: Axis,
    spacingMm: readonly [number, number, number],
    segments: ReadonlyMap<number, Occupancy>,
    /** Pixels of the volume around the segments. */
    around = 0,
  ) {
    this.axis = axis;
    this.slices = dims[axis];
    [this.uAxis, this.vAxis] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
    this.#bricks = brickDims(dims);
    [this.u0, this.nu] = extent(segments, this.uAxis, around);
    [this.v0, this.nv] = extent(segments, this.vAxis, around);
    this.su = spacingMm[this.uAxis];
    this.sv = spacingMm[this.vAxis];
    this.sz = spacingMm[axis];
  }

  /** What a linear function of places (millimetres from voxel 0, 0, 0) is on slice z. */
  linear(z: number, of: (at: readonly [number, number, number]) => number): Linear {
    const place = (u: number, v: number): [number, number, number] => {
      const at: [number, number, number] = [0, 0, 0];
      at[this.uAxis] = (this.u0 + u) * this.su;
      at[this.vAxis] = (this.v0 + v) * this.sv;
      at[this.axis] = z * this.sz;
      return at;
    };
    const start = of(place(0, 0));
    return [start, of(place(1, 0)) - start, of(place(0, 1)) - start];
  }

  /** Calls `visit` for each rectangle of slice z that one brick covers. */
  forEachTile(z: number, visit: (tile: Tile) => void): void {
    const { u0, v0, nu, nv } = this;
    const at: [number, number, number] = [0, 0, 0];
    at[this.axis] = z >> 6;
    for (let bv = v0 >> 6; bv << 6 < v0 + nv; bv++) {
      for (let bu = u0 >> 6; bu << 6 < u0 + nu; bu++) {
        at[this.uAxis] = bu;
        at[this.vAxis] = bv;
        const fromU = Math.max(u0, bu << 6);
        const fromV = Math.max(v0, bv << 6);
        visit({
          index: brickIndex(this.#bricks, ...at),
          brickU: (bu << 6) - u0,
          brickV: (bv << 6) - v0,
          u: fromU - u0,
          v: fromV - v0,
          countU: Math.min(u0 + nu, (bu + 1) << 6) - fromU,
          countV: Math.min(v0 + nv, (bv + 1) << 6) - fromV,
          first: (z & 63) * STRIDE[this.axis] + (fromU & 63) * STRIDE[this.uAxis] + (fromV & 63) * STRIDE[this.vAxis],
          strideU: STRIDE[this.uAxis],
          strideV: STRIDE[this.vAxis],
        });
      }
    }
  }
}

/** A number that goes linearly over a slice: at pixel (0, 0), and its steps along u and v. */
export type Linear = readonly [at: number, alongU: number, alongV: number];

/** The part of a slice that lies in one brick. */
export interface Tile {
  readonly index: number;
  /** Where the brick's own first pixel lies in the frame. */
  readonly brickU: number;
  readonly brickV: number;
  /** First pixel in the frame, and size. */
  readonly u: number;
  readonly v: number;
  readonly countU: number;
  readonly countV: number;
  /** Voxel of the first pixel in the brick, and steps from pixel to pixel. */
  readonly first: number;
  readonly strideU: number;
  readonly strideV: number;
}

function extent(segments: ReadonlyMap<number, Occupancy>, axis: Axis, around: number): [first: number, count: number] {
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  let size = 0;
  for (const occupancy of segments.values()) {
    const slices = occupancy[axis];
    size = slices.length;
    const from = slices.indexOf(1);
    if (from < 0) continue;
    first = Math.min(first, from);
    last = Math.max(last, slices.lastIndexOf(1));
  }
  if (last < 0) return [0, 0];
  first = Math.max(0, first - around);
  return [first, Math.min(size - 1, last + around) - first + 1];
}
