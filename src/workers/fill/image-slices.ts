import { viewVoxels } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { BoxGatherer } from "../gather.ts";
import type { KernelImage } from "../kernel-data.ts";
import type { SliceFrame } from "./frame.ts";

/** Bytes of slices that are read at a time. */
const ROOM = 8 * 2 ** 20;
/** Weight of a neighbour along a row or a column: a Gaussian of 0.7 pixels. */
const NEIGHBOUR = Math.exp(-1 / (2 * 0.7 ** 2));
const ALL = 1 + 4 * NEIGHBOUR + 4 * NEIGHBOUR * NEIGHBOUR;

/** Slices of an image in the frame of a fill, lightly smoothed; read in runs of neighbouring ones. */
export class ImageSlices {
  readonly #context: TaskContext;
  readonly #image: KernelImage;
  readonly #frame: SliceFrame;
  readonly #gatherer: BoxGatherer;
  readonly #depth: number;
  readonly #at: number;
  readonly #values: Float32Array;
  /** Those of the last slices, used again. */
  readonly #last: Float32Array[] = [];
  #first = 0;
  #end = 0;

  constructor(context: TaskContext, image: KernelImage, frame: SliceFrame) {
    const pixels = frame.nu * frame.nv;
    this.#context = context;
    this.#image = image;
    this.#frame = frame;
    this.#gatherer = new BoxGatherer(context);
    this.#depth = Math.max(1, Math.min(16, Math.floor(ROOM / (pixels * 4))));
    this.#at = context.arena.scratch(pixels * 4 * this.#depth);
    this.#values = new Float32Array(pixels);
  }

  /**
   * The values of slice z, u fastest; NaN where the image has none. `alone`: no slices after it are wanted soon, and its values are the
   * caller's; others are valid until the slice after the next one is read.
   */
  async read(z: number, alone: boolean): Promise<Float32Array> {
    const { axis, uAxis, vAxis, u0, v0, nu, nv, slices } = this.#frame;
    if (z < this.#first || z >= this.#end) {
      this.#first = z;
      this.#end = alone ? z + 1 : Math.min(slices, z + this.#depth);
      const [min, max] = [[0, 0, 0] as [number, number, number], [0, 0, 0] as [number, number, number]];
      [min[axis], min[uAxis], min[vAxis]] = [this.#first, u0, v0];
      [max[axis], max[uAxis], max[vAxis]] = [this.#end, u0 + nu, v0 + nv];
      await this.#gatherer.voxels(this.#image, { min, max }, this.#at);
    }
    const depth = this.#end - this.#first;
    const held = viewVoxels(this.#image.voxelType, this.#context.arena.memory.buffer, this.#at, nu * nv * depth);
    const sizes = [0, 0, 0];
    [sizes[axis], sizes[uAxis], sizes[vAxis]] = [depth, nu, nv];
    const strides = [1, sizes[0]!, sizes[0]! * sizes[1]!];
    const start = (z - this.#first) * strides[axis]!;
    const values = this.#values;
    const [along, across] = [strides[uAxis]!, strides[vAxis]!];
    for (let v = 0, n = 0; v < nv; v++) {
      for (let u = 0, at = start + v * across; u < nu; u++, n++, at += along) values[n] = held[at]!;
    }
    const kept = alone ? undefined : this.#last.length === 2 ? this.#last.shift() : undefined;
    const found = smoothed(values, nu, nv, kept);
    if (!alone) this.#last.push(found);
    return found;
  }
}

/** Values smoothed over their eight neighbours, in `found`; what is not finite takes no part and stays NaN. */
function smoothed(
  values: Float32Array,
  nu: number,
  nv: number,
  found: Float32Array = new Float32Array(values.length),
): Float32Array {
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      const inside = u > 0 && v > 0 && u + 1 < nu && v + 1 < nv;
      const of = inside ? inner(values, nu, n) : Number.NaN;
      found[n] = Number.isFinite(of) ? of : atEdge(values, nu, nv, u, v);
    }
  }
  return found;
}

/** In pairs, so that it does not matter which way an axis is stored; not finite where a neighbour is not. */
function inner(values: Float32Array, nu: number, n: number): number {
  const sides = values[n - 1]! + values[n + 1]! + (values[n - nu]! + values[n + nu]!);
  const corners = values[n - nu - 1]! + values[n + nu + 1]! + (values[n - nu + 1]! + values[n + nu - 1]!);
  return (values[n]! + NEIGHBOUR * sides + NEIGHBOUR * NEIGHBOUR * corners) / ALL;
}

function atEdge(values: Float32Array, nu: number, nv: number, u: number, v: number): number {
  if (!Number.isFinite(values[v * nu + u])) return Number.NaN;
  let [sum, weights] = [0, 0];
  for (let y = Math.max(0, v - 1); y <= Math.min(nv - 1, v + 1); y++) {
    for (let x = Math.max(0, u - 1); x <= Math.min(nu - 1, u + 1); x++) {
      const value = values[y * nu + x]!;
      if (!Number.isFinite(value)) continue;
      const weight = (x === u ? 1 : NEIGHBOUR) * (y === v ? 1 : NEIGHBOUR);
      sum += weight * value;
      weights += weight;
    }
  }
  return sum / weights;
}
