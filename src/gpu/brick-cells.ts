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
  const last = BRICK_EDGE - 1;
  for (let cell = 0; cell < BRICK_CELLS; cell++) {
    const i0 = (cell % CELLS_AXIS) * CELL_EDGE;
    const j0 = (Math.floor(cell / CELLS_AXIS) % CELLS_AXIS) * CELL_EDGE;
    const k0 = Math.floor(cell / CELLS_AXIS ** 2) * CELL_EDGE;
    const i1 = Math.min(i0 + CELL_EDGE, last);
    const j1 = Math.min(j0 + CELL_EDGE, last);
    const k1 = Math.min(k0 + CELL_EDGE, last);
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let k = k0; k <= k1; k++) {
      for (let j = j0; j <= j1; j++) {
        const row = (k * BRICK_EDGE + j) * BRICK_EDGE;
        for (let i = i0; i <= i1; i++) {
          const value = texels[row + i]!;
          if (value < min) min = value;
          if (value > max) max = value;
        }
      }
    }
    into[cell * 2] = min;
    into[cell * 2 + 1] = max;
  }
  return into;
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

  /** Takes the texels of a brick that was written into a slot. */
  write(slot: SlotWord, texels: Uint8Array | Uint16Array | Float32Array): void {
    const place = this.#ordinal(slot);
    const buffer = this.#room();
    this.#context.device.queue.writeBuffer(buffer.handle, place * BRICK_CELLS * 8, cellRanges(texels, this.#ranges));
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
