import { type Disposable, VoxelwrightError } from "#base";
import { checksum } from "./checksum.ts";
import type { BytesKind } from "./study-store.ts";

/**
 * Where brick bytes lie: one append-only pack per study, addressed by offset. Two implementations, files and Blobs; the index says
 * what is where.
 */
export interface BrickBytes extends Disposable {
  readonly kind: BytesKind;
  /** Writes bytes, which are the callee's from then on. Readable after `flush`. */
  write(pack: string, offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** On the disk when it resolves. */
  flush(pack: string): Promise<void>;
  /** Bytes that match the checksum; rejects with `integrity` otherwise. */
  read(pack: string, offset: number, length: number, expected: number): Promise<ArrayBuffer>;
  /** The same into `bytes`, which may lie in shared memory; what is there after a rejection is of no use. */
  readInto(pack: string, offset: number, bytes: Uint8Array, expected: number): Promise<void>;
  /** Gives file handles back; a later call opens them again. */
  close(pack: string): Promise<void>;
  remove(pack: string): Promise<void>;
  /** Names of all packs. */
  list(): Promise<string[]>;
}

/** Throws `source` unless a brick is the one that was stored. */
export function checkSameBrick(known: { readonly checksum: number } | undefined, sum: number, subject: string): void {
  if (known?.checksum === sum) return;
  throw new VoxelwrightError("source", "These are other voxels than the ones that were imported.", {
    subject,
    advice: "Choose the files that it was imported from, or open these as a study of their own.",
  });
}

/** Throws `integrity` unless the bytes are those that were written. */
export function checkBytes(bytes: Uint8Array, length: number, expected: number): void {
  if (bytes.length === length && checksum(bytes) === expected) return;
  throw new VoxelwrightError("integrity", "A brick in the local cache is damaged and is not shown.", {
    advice: "Open the same files again: what is damaged is replaced, and labels stay.",
  });
}
