import { VoxelwrightError } from "#base";
import { type DataSetBytes, EncapsulatedFrames } from "./encapsulated.ts";
import { inflateRaw } from "./inflate.ts";
import type { Instance } from "./instance.ts";

/** The only frame of a file is read together with its items up to this size: each read costs a millisecond, however small. */
const AT_ONCE_BYTES = 1 << 22;

/** Reads the coded bytes of frames of one file; keeps what it found of its fragments between calls, and what a deflated file unpacks to. */
export class FrameBytes {
  readonly #instance: Instance;
  #blob: Promise<Blob> | undefined;
  #encapsulated: { readonly bytes: DataSetBytes; readonly frames: EncapsulatedFrames } | undefined;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  /** Coded bytes of a frame, owned by the caller; throws `source` where they end early or cannot be told apart. */
  async read(frame: number): Promise<Uint8Array> {
    const { pixels, format } = this.#instance;
    this.#blob ??= this.#open();
    const blob = await this.#blob;
    if (pixels.byteLength === undefined) return this.#readEncapsulated(blob, frame);
    if (this.#instance.syntax.coding !== "raw") return bytesOf(blob, pixels.offset, pixels.byteLength);
    const size = format.rows * format.columns * (format.bitsAllocated / 8);
    return bytesOf(blob, pixels.offset + frame * size, size);
  }

  async #readEncapsulated(blob: Blob, frame: number): Promise<Uint8Array> {
    const { frames, pixels } = this.#instance;
    if (!this.#encapsulated) {
      const left = blob.size - pixels.offset;
      const atOnce = frames === 1 && left <= AT_ONCE_BYTES;
      const bytes = atOnce ? inMemory(pixels.offset, await bytesOf(blob, pixels.offset, left)) : inBlob(blob);
      this.#encapsulated ??= { bytes, frames: new EncapsulatedFrames(bytes, pixels.offset, frames) };
    }
    const { bytes, frames: found } = this.#encapsulated;
    const fragments = await found.of(frame);
    return concatenated(await Promise.all(fragments.map(({ offset, byteLength }) => bytes.read(offset, byteLength))));
  }

  async #open(): Promise<Blob> {
    const { file, deflatedFrom } = this.#instance;
    if (deflatedFrom === undefined) return file.blob;
    const bytes = await inflateRaw(file.blob.slice(deflatedFrom));
    return new Blob([bytes as Uint8Array<ArrayBuffer>]);
  }
}

function inBlob(blob: Blob): DataSetBytes {
  return { size: blob.size, read: (offset, length) => bytesOf(blob, offset, length) };
}

/** The last bytes of a data set, from `start` on; what is read are copies of them. */
function inMemory(start: number, bytes: Uint8Array): DataSetBytes {
  const size = start + bytes.length;
  return {
    size,
    read: async (offset, length) => {
      if (offset + length > size) throw endsEarly(size, offset + length);
      return bytes.slice(offset - start, offset - start + length);
    },
  };
}

async function bytesOf(blob: Blob, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  if (offset + length > blob.size) throw endsEarly(blob.size, offset + length);
  return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
}

function endsEarly(size: number, end: number): VoxelwrightError {
  return new VoxelwrightError("source", `The voxels end early: the file has ${size} bytes, they reach to byte ${end}.`);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
