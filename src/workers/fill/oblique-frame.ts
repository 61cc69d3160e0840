import type { Dims, IndexBox } from "#volume";
import type { KernelLabels, SpacingMm } from "../kernel-data.ts";
import type { ObliqueStack } from "./fill.api.ts";
import type { Linear, SliceFrame, StackFrame } from "./frame.ts";
import { type PlaneFrame, planeFrame } from "./plane-frame.ts";
import { PlaneLabels } from "./plane-shapes.ts";

/** Slices of the stack to a pixel: planes lie on one, to an eighth of the smallest voxel edge. */
const SLICES_PER_PIXEL = 2;
/** The part of a gap beside a plane that a shape without a partner may reach, and voxels that borders may move besides. */
const LONE_REACH = 0.55;
const MOVED = 3;

/**
 * A stack of parallel planes in a frame turned with them: pixels of half the smallest voxel edge, so that thin structures are not torn
 * where their voxels lie in between, in the same places on every plane; and thin slices along the normal, of which the planes are some.
 * What lies on a pixel is the label of the voxel it lies in.
 */
export class ObliqueFrame implements StackFrame {
  readonly nu: number;
  readonly nv: number;
  readonly su: number;
  readonly sv: number;
  readonly sz: number;
  readonly finer = 2;
  readonly slices: number;
  /** The slices that the planes are, ascending. */
  readonly zs: readonly number[];
  /** Voxels around what is drawn in which the stack's fill lies. */
  readonly around: number;
  readonly #box: IndexBox;
  readonly #stack: ObliqueStack;
  readonly #spacingMm: SpacingMm;
  readonly #plane: PlaneFrame;

  /** `box`: of what is drawn. */
  constructor(stack: ObliqueStack, dims: Dims, spacingMm: SpacingMm, box: IndexBox) {
    const { normal, depthsMm } = stack;
    const middle = spacingMm.map((mm, axis) => ((box.min[axis]! + box.max[axis]! - 1) * mm) / 2);
    const depthMm = middle.reduce((sum, mm, axis) => sum + mm * normal[axis]!, 0);
    const point = normal.map((part, axis) => (part * depthMm) / spacingMm[axis]!) as [number, number, number];
    // Through the middle of the box, so that it is sure to meet it; all planes have its pixels.
    this.#plane = planeFrame({ point, normal }, dims, spacingMm, box, this.finer)!;
    ({ nu: this.nu, nv: this.nv, su: this.su, sv: this.sv } = this.#plane);
    this.sz = this.su / SLICES_PER_PIXEL;
    this.zs = depthsMm.map((own) => 1 + Math.round((own - depthsMm[0]!) / this.sz));
    this.slices = this.zs.at(-1)! + 2;
    const widest = depthsMm.reduce((most, mm, n) => Math.max(most, mm - (depthsMm[n - 1] ?? mm)), 0);
    this.around = Math.ceil((LONE_REACH * widest) / Math.min(...spacingMm)) + MOVED;
    this.#box = box;
    this.#stack = stack;
    this.#spacingMm = spacingMm;
  }

  /** The labels of `map` on plane n of the stack. */
  labels(map: KernelLabels, n: number): PlaneLabels {
    const { normal, depthsMm } = this.#stack;
    const by = depthsMm[n]! - this.#depth(this.#plane.origin);
    const origin = this.#plane.origin.map((mm, axis) => mm + by * normal[axis]!) as [number, number, number];
    return new PlaneLabels(map, { ...this.#plane, origin }, this.#spacingMm);
  }

  /** Pixel x, y and slice z of the stack at the pixels of slice `index` of the volume. */
  placesOn(frame: SliceFrame, index: number): readonly [x: Linear, y: Linear, z: Linear] {
    const { origin, stepU, stepV, su, sv } = this.#plane;
    const first = this.#stack.depthsMm[0]!;
    const along = (at: readonly number[], step: readonly number[]): number =>
      at.reduce((sum, mm, axis) => sum + (mm - origin[axis]!) * step[axis]!, 0);
    return [
      frame.linear(index, (at) => along(at, stepU) / (su * su)),
      frame.linear(index, (at) => along(at, stepV) / (sv * sv)),
      frame.linear(index, (at) => 1 + (this.#depth(at) - first) / this.sz),
    ];
  }

  /** The least and the greatest slice of the stack that a slice of the volume meets. */
  spanOn(frame: SliceFrame, index: number): readonly [low: number, high: number] {
    const [z, alongU, alongV] = this.placesOn(frame, index)[2];
    const [u, v] = [alongU * (frame.nu - 1), alongV * (frame.nv - 1)];
    return [z + Math.min(0, u) + Math.min(0, v), z + Math.max(0, u) + Math.max(0, v)];
  }

  /** The slices of the volume that meet the stack between its first and its last plane, the upper end outside. */
  reach(frame: SliceFrame): [first: number, end: number] {
    let [first, end] = [0, 0];
    const last = Math.min(frame.slices, this.#box.max[frame.axis] + this.around);
    for (let index = Math.max(0, this.#box.min[frame.axis] - this.around); index < last; index++) {
      const [low, high] = this.spanOn(frame, index);
      if (high <= this.zs[0]! || low >= this.zs.at(-1)!) continue;
      if (end === 0) first = index;
      end = index + 1;
    }
    return [first, end];
  }

  #depth(at: readonly number[]): number {
    return at.reduce((sum, mm, axis) => sum + mm * this.#stack.normal[axis]!, 0);
  }
}
