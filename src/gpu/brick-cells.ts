import type { Disposable } from "#base";
import { BRICK_EDGE } from "#volume";
import type { BrickAtlas } from "./brick-atlas.ts";
import type { GpuContext } from "./gpu-context.ts";
import { createBuffer, type GpuResource } from "./gpu-resource.ts";
import { type SlotWord, slotPlace } from "./page-table.ts";

/** Edge of a cell, voxels; cells along an axis of a brick, and in a brick. */
export const CELL_EDGE = 8;
const CELLS_AXIS = BRICK_EDGE / CELL_EDGE;
export const BRICK_CELLS = CELLS_AXIS ** 3;

/**
 * Least and greatest of what a filtered sample in each cell of a brick can be: of the cell's voxels and of the next ones along
 * each axis, which samples past its last voxel centre are mixed from. Pairs, x fastest; `texels` are a brick's 64³.
 */
export function cellRanges(
  texels: Uint8Array | Uint16Array | Float32Array,
  into: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  // Axis by axis: rows to eighths, eighths of rows to columns of cells, those to cells.
  let at = 0;
  for (let row = 0; row < BRICK_EDGE ** 2; row++) {
    const end = row * BRICK_EDGE + BRICK_EDGE;
    for (let from = end - BRICK_EDGE; from < end; from += CELL_EDGE) {
      const to = from + CELL_EDGE < end ? from + CELL_EDGE : end - 1;
      let min = texels[from]!;
      let max = min;
      for (let n = from + 1; n <= to; n++) {
        const value = texels[n]!;
        if (value < min) min = value;
        else if (value > max) max = value;
      }
      rowRanges[at++] = min;
      rowRanges[at++] = max;
    }
  }
  reduce(rowRanges, columnRanges, BRICK_EDGE, CELLS_AXIS);
  reduce(columnRanges, into, 1, CELLS_AXIS ** 2);
  return into;
}

const rowRanges = new Float32Array(BRICK_EDGE ** 2 * CELLS_AXIS * 2);
const columnRanges = new Float32Array(BRICK_EDGE * CELLS_AXIS ** 2 * 2);

/** Ranges of `outer` × 64 × `inner` to those of `outer` × 8 × `inner`, each of eight and the next one. */
function reduce(from: Float32Array, into: Float32Array, outer: number, inner: number): void {
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (let cell = 0; cell < CELLS_AXIS; cell++) {
      const first = o * BRICK_EDGE + cell * CELL_EDGE;
      const last = Math.min(cell * CELL_EDGE + CELL_EDGE, BRICK_EDGE - 1) + o * BRICK_EDGE;
      for (let n = 0; n < inner; n++) {
        let min = from[(first * inner + n) * 2]!;
        let max = from[(first * inner + n) * 2 + 1]!;
        for (let m = first + 1; m <= last; m++) {
          const low = from[(m * inner + n) * 2]!;
          const high = from[(m * inner + n) * 2 + 1]!;
          if (low < min) min = low;
          if (high > max) max = high;
        }
        into[at++] = min;
        into[at++] = max;
      }
    }
  }
}

/** Ranges of the cells of every slot of an atlas on the GPU, 4 KiB a slot, texel values. Slots that were not written mean nothing. */
export class BrickCells implements Disposable {
  readonly #context: GpuContext;
  readonly #atlas: BrickAtlas;
  readonly #ranges = new Float32Array(BRICK_CELLS * 2);
  #buffer: GpuResource<GPUBuffer> | undefined;
  #atlasVersion = -1;

  constructor(context: GpuContext, atlas: BrickAtlas) {
    this.#context = context;
    this.#atlas = atlas;
  }

  /** Takes the texels of a brick that was written into a slot; the shader reads each as its share of `scale`. */
  write(slot: SlotWord, texels: Uint8Array | Uint16Array | Float32Array, scale: number): void {
    cellRanges(texels, this.#ranges);
    if (scale !== 1) for (let n = 0; n < this.#ranges.length; n++) this.#ranges[n]! /= scale;
    this.#writeRanges(slot);
  }

  /** Says of every cell of a slot what is known of the whole brick: right, and nothing within it is passed for long. */
  writeWhole(slot: SlotWord, min: number, max: number): void {
    const ranges = this.#ranges;
    for (let n = 0; n < ranges.length; n += 2) {
      ranges[n] = min;
      ranges[n + 1] = max;
    }
    this.#writeRanges(slot);
  }

  /** The buffer, for a bind group; another one after `version` of the atlas changed. */
  buffer(): GPUBuffer {
    return this.#room().handle;
  }

  /** Slots along each axis of each texture, and the number of the texture's first slot. */
  layout(): [number, number, number, number][] {
    let first = 0;
    return this.#atlas.sizes().map(([x, y, z]) => {
      const slots = [Math.floor(x / BRICK_EDGE), Math.floor(y / BRICK_EDGE), Math.floor(z / BRICK_EDGE)] as const;
      const row: [number, number, number, number] = [...slots, first];
      first += slots[0] * slots[1] * slots[2];
      return row;
    });
  }

  /** The device is lost: nothing is there. */
  reset(): void {
    this.#buffer?.dispose();
    this.#buffer = undefined;
  }

  dispose(): void {
    this.reset();
  }

  #writeRanges(slot: SlotWord): void {
    const at = this.#ordinal(slot) * BRICK_CELLS * 8;
    this.#context.device.queue.writeBuffer(this.#room().handle, at, this.#ranges);
  }

  #ordinal(slot: SlotWord): number {
    const { texture, origin } = slotPlace(slot);
    const [x, y, , first] = this.layout()[texture]!;
    const [i, j, k] = origin.map((n) => n / BRICK_EDGE) as [number, number, number];
    return first + (k * y + j) * x + i;
  }

  /** A buffer for all slots that the atlas has made; what was there before is copied when it grew. */
  #room(): GpuResource<GPUBuffer> {
    if (this.#buffer && this.#atlasVersion === this.#atlas.version) return this.#buffer;
    this.#atlasVersion = this.#atlas.version;
    const slots = this.layout().reduce((sum, [x, y, z]) => sum + x * y * z, 0);
    const before = this.#buffer;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
    const made = createBuffer(this.#context, "BrickCells.buffer", Math.max(slots, 1) * BRICK_CELLS * 8, usage);
    if (before) {
      const { device } = this.#context;
      const encoder = device.createCommandEncoder({ label: "BrickCells.encoder" });
      encoder.copyBufferToBuffer(before.handle, 0, made.handle, 0, Math.min(before.byteLength, made.byteLength));
      device.queue.submit([encoder.finish()]);
      before.dispose();
    }
    this.#buffer = made;
    return made;
  }
}
