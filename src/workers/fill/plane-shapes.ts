import { brickDims, brickIndex } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels, SpacingMm } from "../kernel-data.ts";
import { STEPS_PER_PIXEL } from "./links.ts";
import type { PlaneFrame } from "./plane-frame.ts";

/** The pixels of a plane that are a segment's, as runs v, start, end (outside), rows in order. */
export interface PlaneShape {
  readonly runs: Int32Array;
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
}

/** Labels on a drawn plane: each pixel has that of the voxel it lies in. */
export class PlaneLabels {
  readonly frame: PlaneFrame;
  readonly pixels: Uint16Array<ArrayBuffer>;
  /** 1 where a pixel lies in the volume. */
  readonly #inside: Uint8Array;

  constructor(labels: KernelLabels, frame: PlaneFrame, spacingMm: SpacingMm) {
    const { nu, nv } = frame;
    const { dims } = labels;
    const bricks = brickDims(dims);
    this.frame = frame;
    this.pixels = new Uint16Array(nu * nv);
    this.#inside = new Uint8Array(nu * nv);
    const held = new Map<number, Uint16Array | undefined>();
    const at = (axis: 0 | 1 | 2, u: number, v: number): number => voxelOf(frame, spacingMm, axis, u, v);
    let [last, brick]: [number, Uint16Array | undefined] = [-1, undefined];
    for (let v = 0, n = 0; v < nv; v++) {
      for (let u = 0; u < nu; u++, n++) {
        const [i, j, k] = [at(0, u, v), at(1, u, v), at(2, u, v)];
        if (i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]) continue;
        this.#inside[n] = 1;
        const index = brickIndex(bricks, i >> 6, j >> 6, k >> 6);
        if (index !== last) {
          if (!held.has(index)) held.set(index, labels.readBrick(index));
          [last, brick] = [index, held.get(index)];
        }
        if (brick) this.pixels[n] = brick[((k & 63) << 12) | ((j & 63) << 6) | (i & 63)]!;
      }
    }
  }

  inside(u: number, v: number): boolean {
    return this.#inside[v * this.frame.nu + u] === 1;
  }

  /** The segments on the plane. */
  segments(): Set<number> {
    const found = new Set(this.pixels);
    found.delete(0);
    return found;
  }

  /** The pixels of a segment, or of several together; undefined where there are none. */
  shape(segments: ReadonlySet<number>): PlaneShape | undefined {
    return planeShape(this.frame, this.pixels, segments);
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

/** The pixels of segments on a plane, labels of its pixels given; undefined where there are none. */
export function planeShape(
  { nu, nv }: PlaneFrame,
  pixels: Uint16Array,
  segments: ReadonlySet<number>,
): PlaneShape | undefined {
  const runs: number[] = [];
  let [u0, u1] = [nu, 0];
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      if (!segments.has(pixels[v * nu + u]!)) continue;
      const start = u;
      while (u < nu && segments.has(pixels[v * nu + u]!)) u++;
      runs.push(v, start, u);
      u0 = Math.min(u0, start);
      u1 = Math.max(u1, u);
    }
  }
  if (runs.length === 0) return undefined;
  return { runs: Int32Array.from(runs), u0, v0: runs[0]!, u1, v1: runs.at(-3)! + 1 };
}

/** Smaller pixel edges beyond which distances are not told apart. */
const REACH = 64;

/** Distances, in millimetres, to the outline of a shape on a plane. */
export interface PlaneDistances {
  /** Of a pixel of the plane, above 0 inside. */
  onPlane(u: number, v: number): number;
  /** Of a place in space, at least 0; the largest number where the plane does not reach so far. */
  away(x: number, y: number, z: number): number;
}

export function planeDistances(
  { core, arena }: TaskContext,
  frame: PlaneFrame,
  shape: PlaneShape | undefined,
): PlaneDistances {
  const { origin, stepU, stepV, su, sv, nu, nv } = frame;
  const edge = Math.min(su, sv);
  if (!shape) return { onPlane: () => -REACH * edge, away: () => Number.MAX_VALUE };
  const used = arena.usedBytes;
  const w = Math.ceil(nu / 8) * 8;
  const to = arena.scratch(w * nv * 2 + 16);
  const runsAt = arena.scratch(shape.runs.byteLength);
  const scratch = arena.scratch(core.exports.fillFieldScratch(w, nv));
  new Int32Array(arena.memory.buffer, runsAt, shape.runs.length).set(shape.runs);
  core.exports.fillField(runsAt, shape.runs.length / 3, 0, 0, w, nv, su / edge, sv / edge, REACH, to, scratch);
  const steps = new Int16Array(arena.memory.buffer, to, w * nv).slice();
  arena.rewind(used);
  const onPlane = (u: number, v: number): number => (steps[v * w + u]! * edge) / STEPS_PER_PIXEL;
  return {
    onPlane,
    away(x, y, z) {
      const [dx, dy, dz] = [x - origin[0], y - origin[1], z - origin[2]];
      const alongU = dx * stepU[0] + dy * stepU[1] + dz * stepU[2];
      const alongV = dx * stepV[0] + dy * stepV[1] + dz * stepV[2];
      const u = Math.round(alongU / (su * su));
      const v = Math.round(alongV / (sv * sv));
      if (u < 0 || v < 0 || u >= nu || v >= nv) return Number.MAX_VALUE;
      const square = dx * dx + dy * dy + dz * dz - (alongU / su) ** 2 - (alongV / sv) ** 2;
      return Math.sqrt(Math.max(0, square) + onPlane(u, v) ** 2);
    },
  };
}
