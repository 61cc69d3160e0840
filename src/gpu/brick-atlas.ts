import { type Disposable, Emitter } from "#base";
import { BRICK_EDGE, type Dims } from "#volume";
import type { GpuContext } from "./gpu-context.ts";
import { createTexture, type GpuResource } from "./gpu-resource.ts";
import { type SlotWord, slotPlace, slotWord } from "./page-table.ts";

export type AtlasFormat = "r8unorm" | "rg8unorm" | "r32float" | "r16uint";

/** Bytes of a voxel in an atlas. */
const VOXEL_BYTES: Record<AtlasFormat, number> = { r8unorm: 1, rg8unorm: 2, r32float: 4, r16uint: 2 };

/** Textures that the shaders bind for one atlas. */
export const ATLAS_TEXTURES = 4;

/** Larger textures fail on some drivers even within the limits. */
const MAX_TEXTURE_BYTES = 512 * 2 ** 20;

export interface AtlasOptions {
  readonly format: AtlasFormat;
  /** Bytes all textures together may take. */
  readonly budgetBytes: number;
  /** Bytes one texture may take. Default 512 MiB. */
  readonly maxTextureBytes?: number;
}

/**
 * Slots along x, y, z for `count` slots in rows of 8 and as few layers of 8 rows at most as hold them, `maxEdge` slots an axis at most:
 * no more than a row for each layer goes to waste.
 */
export function slotDims(count: number, maxEdge: number, round: "up" | "down"): Dims {
  const whole = round === "up" ? Math.ceil : Math.floor;
  const edge = Math.min(8, maxEdge);
  const x = Math.min(Math.max(count, 1), edge);
  const z = Math.min(Math.max(Math.ceil(count / (x * edge)), 1), maxEdge, 64);
  const y = Math.min(Math.max(whole(count / (x * z)), 1), edge);
  return [x, y, z];
}

/**
 * Slots of 64³ texels in up to four 3D textures of one format, shared by every volume of that format. Textures are made as slots
 * are asked for and never grow; `version` changes when a bind group must be made again. Who takes and gives back slots keeps the
 * policy (`Residency`); the atlas only holds.
 */
export class BrickAtlas implements Disposable {
  readonly format: AtlasFormat;
  readonly brickBytes: number;
  /** All slots are gone, because they no longer fitted the budget. */
  readonly emptied = new Emitter<void>();
  readonly #context: GpuContext;
  readonly #maxSlotsPerTexture: number;
  #capacity: number;
  #textures: GpuResource<GPUTexture>[] = [];
  #free: SlotWord[] = [];
  #made = 0;
  #reserved = 0;
  #version = 0;
  #placeholder: GpuResource<GPUTexture> | undefined;

  constructor(context: GpuContext, options: AtlasOptions) {
    this.#context = context;
    this.format = options.format;
    this.brickBytes = BRICK_EDGE ** 3 * VOXEL_BYTES[options.format];
    const edge = Math.floor(context.device.limits.maxTextureDimension3D / BRICK_EDGE);
    const most = Math.max(1, Math.floor((options.maxTextureBytes ?? MAX_TEXTURE_BYTES) / this.brickBytes));
    const [x, y, z] = slotDims(most, edge, "down");
    this.#maxSlotsPerTexture = x * y * z;
    this.#capacity = this.#slotsIn(options.budgetBytes);
  }

  /** Slots that fit the budget. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Changes the budget. Where more slots were made than fit it now, all are given up and filled anew. */
  setBudgetBytes(budgetBytes: number): void {
    this.#capacity = this.#slotsIn(budgetBytes);
    if (this.#made <= this.#capacity) return;
    this.reset();
    this.emptied.emit();
  }

  /** Changes whenever `textures` does. */
  get version(): number {
    return this.#version;
  }

  /** Textures in use, at least 1 for the shaders. */
  get textureCount(): number {
    return Math.max(1, this.#textures.length);
  }

  /** Bytes of the textures made so far: never more than the budget, but for one brick. */
  get byteLength(): number {
    return this.#made * this.brickBytes;
  }

  /** Slots taken. */
  get used(): number {
    return this.#made - this.#free.length;
  }

  /** Tells how many slots a new owner may come to need, so that the next texture is no larger than useful. */
  reserve(slots: number): void {
    this.#reserved += slots;
  }

  release(slots: number): void {
    this.#reserved -= slots;
  }

  /** A free slot, or undefined when the budget is used up. */
  take(): SlotWord | undefined {
    return this.#free.pop() ?? (this.#grow() ? this.#free.pop() : undefined);
  }

  give(slot: SlotWord): void {
    this.#free.push(slot);
  }

  /** Four views, the unused ones of a one-voxel texture. */
  views(): GPUTextureView[] {
    this.#placeholder ??= this.#texture([1, 1, 1], "BrickAtlas.placeholder");
    return Array.from({ length: ATLAS_TEXTURES }, (_, n) =>
      (this.#textures[n] ?? this.#placeholder!).handle.createView(),
    );
  }

  /** Texels along each axis of each of the four textures. */
  sizes(): Dims[] {
    return Array.from({ length: ATLAS_TEXTURES }, (_, n): Dims => {
      const texture = this.#textures[n]?.handle;
      return texture ? [texture.width, texture.height, texture.depthOrArrayLayers] : [1, 1, 1];
    });
  }

  /** Copies a box of a brick's texels (64³, x fastest) into a slot; the whole brick by default. */
  write(
    slot: SlotWord,
    texels: Uint8Array | Uint16Array | Float32Array,
    from: Dims = [0, 0, 0],
    to: Dims = [64, 64, 64],
  ): void {
    const { texture, origin } = slotPlace(slot);
    const bytes = VOXEL_BYTES[this.format];
    const first = (from[2] * BRICK_EDGE + from[1]) * BRICK_EDGE + from[0];
    this.#context.device.queue.writeTexture(
      {
        texture: this.#textures[texture]!.handle,
        origin: [origin[0] + from[0], origin[1] + from[1], origin[2] + from[2]],
      },
      texels.buffer as ArrayBuffer,
      { offset: texels.byteOffset + first * bytes, bytesPerRow: BRICK_EDGE * bytes, rowsPerImage: BRICK_EDGE },
      [to[0] - from[0], to[1] - from[1], to[2] - from[2]],
    );
  }

  /** Forgets every slot and texture, as after a device loss. Owners must take slots anew. */
  reset(): void {
    for (const texture of this.#textures) texture.dispose();
    this.#placeholder?.dispose();
    this.#placeholder = undefined;
    this.#textures = [];
    this.#free = [];
    this.#made = 0;
    this.#version++;
  }

  dispose(): void {
    this.reset();
  }

  #slotsIn(budgetBytes: number): number {
    const slots = Math.min(Math.floor(budgetBytes / this.brickBytes), this.#maxSlotsPerTexture * ATLAS_TEXTURES);
    return Math.max(slots, 1);
  }

  #grow(): boolean {
    const room = Math.min(this.#capacity - this.#made, this.#maxSlotsPerTexture);
    if (room < 1 || this.#textures.length === ATLAS_TEXTURES) return false;
    // The last texture takes all that is left, so that four textures always reach the capacity.
    const last = this.#textures.length === ATLAS_TEXTURES - 1;
    const wanted = last ? room : Math.min(room, Math.max(this.#reserved - this.#made, 8));
    const edge = Math.floor(this.#context.device.limits.maxTextureDimension3D / BRICK_EDGE);
    const up = slotDims(wanted, edge, "up");
    const dims = up[0] * up[1] * up[2] <= room ? up : slotDims(room, edge, "down");
    const index = this.#textures.length;
    this.#textures.push(
      this.#texture(
        [dims[0] * BRICK_EDGE, dims[1] * BRICK_EDGE, dims[2] * BRICK_EDGE],
        `BrickAtlas.${this.format}[${index}]`,
      ),
    );
    for (let z = dims[2] - 1; z >= 0; z--) {
      for (let y = dims[1] - 1; y >= 0; y--) {
        for (let x = dims[0] - 1; x >= 0; x--) this.#free.push(slotWord(index, x, y, z));
      }
    }
    this.#made += dims[0] * dims[1] * dims[2];
    this.#version++;
    return true;
  }

  #texture(size: Dims, label: string): GpuResource<GPUTexture> {
    return createTexture(this.#context, {
      label,
      size: [...size],
      dimension: "3d",
      format: this.format,
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    });
  }
}
