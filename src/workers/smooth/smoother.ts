import type { Dims, IndexBox } from "#volume";
import { bitMaskBytes } from "../distance/box-distances.ts";
import { expand, hull, intersect, isEmpty, moved, sizeOf } from "../index-box.ts";
import { requireRoom } from "../memory-arena.ts";
import { DenseLabels, type TileWork } from "../tiles/change-tile.ts";
import type { SmoothingKernel } from "./smoothing-kernel.ts";

/** Zeros before and after the weights of an axis (assembly/memory/smooth.ts). */
const PAD = 8;

/** Voxels worked on between looks at events: about 2 ms. */
const STRIDE = 2 ** 19;

/** A mask of a tile under a kernel: u16 and dense in the core's memory. */
export interface SmoothedMask {
  readonly at: number;
  readonly size: Dims;
  readonly box: IndexBox;
}

/** Smooths masks of the labels of one tile. */
export class Smoother {
  readonly #tile: TileWork;
  readonly #radius: Dims;
  /** Addresses of the weights along each axis; 0 where there are none. */
  readonly #weights: Dims;

  constructor(tile: TileWork, { radius, weights }: SmoothingKernel) {
    const { arena } = tile.context;
    const place = (own: Int16Array): number => {
      const at = arena.allocate((own.length + 2 * PAD) * 2);
      new Int16Array(arena.memory.buffer, at + PAD * 2, own.length).set(own);
      return at + PAD * 2;
    };
    this.#tile = tile;
    this.#radius = radius;
    this.#weights = weights ? [place(weights[0]), place(weights[1]), place(weights[2])] : [0, 0, 0];
  }

  /** Works on the chosen segments in ascending order; what one of them allocates goes back after it. */
  async forEachSegment(work: (label: number, smoothed: SmoothedMask) => void): Promise<void> {
    const { context, segments } = this.#tile;
    const mark = context.arena.usedBytes;
    for (const [n, [label, own]] of segments.entries()) {
      const smoothed = await this.#smooth(own, label, 0.1 + (0.8 * n) / segments.length);
      if (smoothed) work(label, smoothed);
      context.arena.rewind(mark);
    }
  }

  /** All chosen segments as one mask; undefined where none of it reaches the tile. */
  union(): Promise<SmoothedMask | undefined> {
    const { segments } = this.#tile;
    const own = segments.map(([, box]) => box).reduce((box, other) => hull(box, other));
    return this.#smooth(own, 0, 0.1);
  }

  /** Smooths the mask of a label, or of all chosen ones (0), whose voxels in `before` lie in a box. */
  async #smooth(inside: IndexBox, label: number, progress: number): Promise<SmoothedMask | undefined> {
    const { context, box, pause } = this.#tile;
    const { exports } = context.core;
    const own = this.#withMirrorImages(inside);
    const out = intersect(expand(own, this.#radius), box);
    if (isEmpty(out)) return undefined;
    const [mask, size] = [sizeOf(own), sizeOf(out)];
    const bits = this.#bitsOf(own, label);
    const first: Dims = moved(out, own.min).min;
    const to = requireRoom(context.arena, size[0] * size[1] * Math.max(mask[2], size[2]) * 2);
    const mark = context.arena.usedBytes;
    const job = requireRoom(context.arena, exports.smoothJobBytes(...mask, first[0], ...size, this.#radius[0]));
    exports.smoothStart(job, bits, ...mask, ...first, ...size, ...this.#radius, ...this.#weights, to);
    const slices = Math.max(1, Math.floor(STRIDE / (size[0] * Math.max(size[1], mask[1]))));
    for (let k = 0; k < mask[2]; k += slices) {
      exports.smoothSlices(job, k, Math.min(k + slices, mask[2]));
      await pause(progress);
    }
    const rows = Math.max(1, Math.floor(STRIDE / (size[0] * Math.max(size[2], mask[2]))));
    for (let j = 0; j < size[1]; j += rows) {
      exports.smoothRows(job, j, Math.min(j + rows, size[1]));
      await pause(progress);
    }
    context.arena.rewind(mark);
    this.#tile.touch(out);
    return { at: to, size, box: out };
  }

  /** A box around the voxels of a box and their images beyond the border of the volume, as far as the kernel reaches. */
  #withMirrorImages({ min, max }: IndexBox): IndexBox {
    const { dims, box } = this.#tile;
    const low = min.map((n, axis) => (n < this.#radius[axis]! ? -this.#radius[axis]! : n)) as unknown as Dims;
    const high = max.map((n, axis) => {
      const beyond = dims[axis]! + this.#radius[axis]!;
      return n > dims[axis]! - this.#radius[axis]! ? beyond : n;
    }) as unknown as Dims;
    return intersect({ min: low, max: high }, expand(box, this.#radius));
  }

  /** Bits of a label's voxels in a box, or of all chosen ones. */
  #bitsOf(box: IndexBox, label: number): number {
    const { context, before, dims, members } = this.#tile;
    const size = sizeOf(box);
    const at = requireRoom(context.arena, bitMaskBytes(size));
    const first: Dims = box.min;
    const origin = before.address([0, 0, 0]);
    const { rowBytes, planeBytes } = before;
    context.core.exports.bitsMirrored(origin, rowBytes, planeBytes, ...dims, ...first, ...size, label, members, at);
    return at;
  }
}

/** Values of 16 bits for each voxel of a tile. */
export function tileValues({ context, box }: TileWork, value: number): DenseLabels {
  const count = sizeOf(box).reduce((product, n) => product * n, 1);
  const values = new DenseLabels(requireRoom(context.arena, count * 2), box);
  context.core.exports.startContest(values.at, count, value);
  return values;
}
