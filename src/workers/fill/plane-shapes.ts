import { brickDims, brickIndex } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels, SpacingMm } from "../kernel-data.ts";
import { STEPS_PER_PIXEL } from "./links.ts";
import type { PlaneFrame } from "./plane-frame.ts";

/** Labels on a drawn plane: each pixel has that of the voxel it lies in. */
export class PlaneLabels {
  readonly frame: PlaneFrame;
  readonly pixels: Uint16Array<ArrayBuffer>;

  constructor(labels: KernelLabels, frame: PlaneFrame, spacingMm: SpacingMm) {
    const { nu, nv } = frame;
    const { dims } = labels;
    const bricks = brickDims(dims);
    this.frame = frame;
    this.pixels = new Uint16Array(nu * nv);
    const held = new Map<number, Uint16Array | undefined>();
    const at = (axis: 0 | 1 | 2, u: number, v: number): number => voxelOf(frame, spacingMm, axis, u, v);
    let [last, brick]: [number, Uint16Array | undefined] = [-1, undefined];
    for (let v = 0, n = 0; v < nv; v++) {
      for (let u = 0; u < nu; u++, n++) {
        const [i, j, k] = [at(0, u, v), at(1, u, v), at(2, u, v)];
        if (i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]) continue;
        const index = brickIndex(bricks, i >> 6, j >> 6, k >> 6);
        if (index !== last) {
          if (!held.has(index)) held.set(index, labels.readBrick(index));
          [last, brick] = [index, held.get(index)];
        }
        if (brick) this.pixels[n] = brick[((k & 63) << 12) | ((j & 63) << 6) | (i & 63)]!;
      }
    }
  }

  /** The segments on the plane. */
  segments(): Set<number> {
    const found = new Set(this.pixels);
    found.delete(0);
    return found;
  }
}

/** The index along an axis of the voxel that a pixel of a plane lies in; may be outside the volume. */
export function voxelOf(
  { origin, stepU, stepV }: PlaneFrame,
  spacingMm: SpacingMm,
  axis: 0 | 1 | 2,
  u: number,
  v: number,
): number {
  return Math.round((origin[axis] + u * stepU[axis] + v * stepV[axis]) / spacingMm[axis]);
}

/** Where a pixel of a plane lies, in millimetres from voxel 0, 0, 0. */
export function placeOf({ origin, stepU, stepV }: PlaneFrame, u: number, v: number): [number, number, number] {
  const at = (axis: 0 | 1 | 2): number => origin[axis] + u * stepU[axis] + v * stepV[axis];
  return [at(0), at(1), at(2)];
}

/** Smaller pixel edges beyond which distances are not told apart. */
const REACH = 64;

/** Distances to the outline of a shape on a plane, at places and pixels of a frame. */
export class PlaneDistances {
  readonly #frame: PlaneFrame;
  /** In steps of `STEPS_PER_PIXEL`, `#width` to a row; undefined where there is no shape. */
  readonly #steps: Int16Array | undefined;
  readonly #width: number;
  readonly #stepMm: number;

  /** `runs`: v, start, end of pixels counted from the plane's point, rows in order, all in the frame. */
  constructor({ core, arena }: TaskContext, frame: PlaneFrame, runs: Int32Array | undefined) {
    const { su, sv, nu, nv, u0, v0 } = frame;
    const edge = Math.min(su, sv);
    this.#frame = frame;
    this.#stepMm = edge / STEPS_PER_PIXEL;
    this.#width = Math.ceil(nu / 8) * 8;
    if (!runs) return;
    const used = arena.usedBytes;
    const to = arena.scratch(this.#width * nv * 2 + 16);
    const runsAt = arena.scratch(runs.byteLength);
    const scratch = arena.scratch(core.exports.fillFieldScratch(this.#width, nv));
    new Int32Array(arena.memory.buffer, runsAt, runs.length).set(runs);
    const [w, count] = [this.#width, runs.length / 3];
    core.exports.fillField(runsAt, count, u0, v0, w, nv, su / edge, sv / edge, REACH, to, scratch);
    this.#steps = new Int16Array(arena.memory.buffer, to, w * nv).slice();
    arena.rewind(used);
  }

  /** Millimetres from a pixel to the outline, above 0 inside. */
  onPlane(u: number, v: number): number {
    return (this.#steps ? this.#steps[v * this.#width + u]! : -REACH * STEPS_PER_PIXEL) * this.#stepMm;
  }

  /** The lesser of `least` and the millimetres (at least 0) from a place in space to the outline, as far as the frame shows that. */
  nearer(least: number, x: number, y: number, z: number): number {
    if (!this.#steps) return least;
    const { origin, stepU, stepV, su, sv, nu, nv } = this.#frame;
    const [dx, dy, dz] = [x - origin[0], y - origin[1], z - origin[2]];
    const alongU = (dx * stepU[0] + dy * stepU[1] + dz * stepU[2]) / su;
    const alongV = (dx * stepV[0] + dy * stepV[1] + dz * stepV[2]) / sv;
    const square = Math.max(0, dx * dx + dy * dy + dz * dz - alongU * alongU - alongV * alongV);
    if (square >= least * least) return least;
    const u = Math.round(alongU / su);
    const v = Math.round(alongV / sv);
    if (u < 0 || v < 0 || u >= nu || v >= nv) return least;
    const on = this.onPlane(u, v);
    return Math.min(least, Math.sqrt(square + on * on));
  }
}
