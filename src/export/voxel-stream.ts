import type { ImageGrid, VoxelArray, VoxelType } from "#volume";
import { VoxelwrightError } from "#base";

/** Voxels on their way into a file, with what the file's header says about them. */
export interface VoxelStream {
  readonly grid: ImageGrid;
  readonly frames: number;
  readonly voxelType: VoxelType;
  /** Shown value = slope · stored + intercept. */
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /**
   * All voxels in file order (i fastest, then j, k, frame), in parts of any length. Every part is a fresh array that belongs to
   * the receiver.
   */
  voxels(): AsyncIterable<VoxelArray>;
}

/**
 * The bytes of a stream's voxels, least significant byte first: typed arrays have the byte order of the machine, and every
 * machine that runs a browser or Node 20 is little-endian. Shared memory is copied, as no stream takes it.
 */
export async function* voxelBytes(stream: VoxelStream): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for await (const { buffer, byteOffset, byteLength } of stream.voxels()) {
    const view = new Uint8Array(buffer, byteOffset, byteLength);
    yield buffer instanceof ArrayBuffer ? (view as Uint8Array<ArrayBuffer>) : new Uint8Array(view);
  }
}

/** Throws `unsupported` for an uneven stack, which no format written here can hold. `name` is the study's. */
export function requireEvenSlices(grid: ImageGrid, format: string, name: string): void {
  if (grid.regular) return;
  throw new VoxelwrightError("unsupported", `The slices lie unevenly, and ${format} holds only evenly spaced ones.`, {
    subject: name,
    advice: "Statistics and journal can be exported; for voxels, reslice the scan to even spacing first.",
  });
}
