import { BRICK_VOXELS } from "#volume";
import { createMemory, instantiate, type KernelCore } from "../kernel-core.ts";
import { loadKernelModule } from "../kernel-module.ts";
import { MemoryArena } from "../memory-arena.ts";

/**
 * Compresses bricks of 64³ voxels of 8 or 16 bits without loss (format: assembly/memory/codec.ts). The same voxels give the same bytes,
 * in every version of the program: a stored brick is told by them.
 */
export interface BrickCodec {
  /**
   * The compressed bytes of the voxels in all parts, one after the other, in `room` where it is given and large enough, else in a buffer
   * of their own; undefined for wider voxels, and where they save less than an eighth.
   */
  encode(parts: readonly ArrayBufferView[], room?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined;
  /** Writes the voxels of compressed bytes to all of `into`; false, and nothing written, where they are not the bytes of such a brick. */
  decode(bytes: Uint8Array, into: ArrayBufferView): boolean;
}

/** Up to 256 bytes are written beyond what is wanted. */
const BEYOND = 256;

/** Largest share of a brick's bytes that its compressed bytes may take. */
const MOST = 7 / 8;

const LARGEST = BRICK_VOXELS * 2;

/** Most compressed bytes of a brick. */
export const CODED_MOST_BYTES = LARGEST * MOST;

let loaded: Promise<BrickCodec> | undefined;

/** The calling thread's codec. Rejects with `worker` when the WASM core cannot be had. */
export function loadBrickCodec(): Promise<BrickCodec> {
  loaded ??= loadKernelModule().then(createBrickCodec);
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}

/** A codec with a memory of its own, 2 MiB. */
export function createBrickCodec(wasm: WebAssembly.Module): BrickCodec {
  const memory = createMemory(2 ** 21);
  const arena = new MemoryArena(memory);
  return new WasmBrickCodec(instantiate(wasm, memory), arena);
}

class WasmBrickCodec implements BrickCodec {
  readonly #core: KernelCore;
  readonly #memory: number;
  readonly #coded: number;

  constructor(core: KernelCore, arena: MemoryArena) {
    this.#core = core;
    this.#memory = arena.scratch(core.exports.codecMemoryBytes(2));
    this.#coded = arena.scratch(CODED_MOST_BYTES + BEYOND);
  }

  encode(parts: readonly ArrayBufferView[], room?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
    const byteLength = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const size = voxelSize(byteLength);
    if (size === undefined) return undefined;
    const { exports } = this.#core;
    const at = exports.codecVoxels(this.#memory, size);
    const voxels = this.#view(at, byteLength);
    let filled = 0;
    for (const part of parts) {
      voxels.set(bytesOf(part), filled);
      filled += part.byteLength;
    }
    const bytes = exports.codecEncode(size, at, this.#coded, byteLength * MOST);
    if (bytes === 0) return undefined;
    const coded = room && room.length >= bytes ? room.subarray(0, bytes) : new Uint8Array(bytes);
    coded.set(this.#view(this.#coded, bytes));
    return coded;
  }

  decode(bytes: Uint8Array, into: ArrayBufferView): boolean {
    const size = voxelSize(into.byteLength);
    if (size === undefined || bytes.length < 2 || bytes.length > into.byteLength * MOST) return false;
    const { exports } = this.#core;
    const at = exports.codecVoxels(this.#memory, size);
    this.#view(this.#coded, bytes.length).set(bytes);
    if (exports.codecDecode(size, this.#coded, bytes.length, at) === 0) return false;
    bytesOf(into).set(this.#view(at, into.byteLength));
    return true;
  }

  #view(at: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#core.memory.buffer, at, bytes);
  }
}

/** Bytes of a voxel of a brick of so many, where they can be compressed. */
function voxelSize(byteLength: number): number | undefined {
  const size = byteLength / BRICK_VOXELS;
  return size === 1 || size === 2 ? size : undefined;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
