import { type Disposable, VoxelwrightError } from "#base";
import { type BrickCodec, loadBrickCodec } from "#workers";
import type { IndexEntry } from "./brick-index.ts";
import { checksumOf } from "./checksum.ts";
import type { BytesKind } from "./study-store.ts";

/** Where the bytes of a brick lie in its pack, and their checksum. They are the voxels where as long as these, else compressed. */
export interface StoredPlace extends Pick<IndexEntry, "offset" | "length" | "checksum"> {
  /** True while another thread writes the pack. */
  readonly growing?: boolean;
}

/**
 * Where brick bytes lie: one append-only pack per study, addressed by offset. Two implementations, files and Blobs; the index says
 * what is where. Written bytes may be compressed (`bytesToStore`), read ones are voxels.
 */
export interface BrickBytes extends Disposable {
  readonly kind: BytesKind;
  /**
   * Writes the bytes of one brick, part after part, which may be moved to another thread; where they are not, they are the caller's again
   * when it resolves. Readable after `flush`.
   */
  write(pack: string, offset: number, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void>;
  /** On the disk when it resolves. */
  flush(pack: string): Promise<void>;
  /** The voxels of a brick, `byteLength` bytes; rejects with `integrity` when what is stored does not match its checksum. */
  read(pack: string, place: StoredPlace, byteLength: number): Promise<ArrayBuffer>;
  /** The same into `bytes`, which may lie in shared memory; what is there after a rejection is of no use. */
  readInto(pack: string, place: StoredPlace, bytes: Uint8Array): Promise<void>;
  /** Gives file handles back; a later call opens them again. */
  close(pack: string): Promise<void>;
  remove(pack: string): Promise<void>;
  /** Names of all packs. */
  list(): Promise<string[]>;
}

/** Throws `source` unless the bytes of a brick are those that were stored. */
export function checkSameBrick(place: StoredPlace | undefined, parts: readonly Uint8Array[], subject: string): void {
  if (place && matches(parts, place)) return;
  throw new VoxelwrightError("source", "These are other voxels than the ones that were imported.", {
    subject,
    advice: "Choose the files that it was imported from, or open these as a study of their own.",
  });
}

/** Throws `integrity` unless the bytes are those that were written. */
export function checkBytes(bytes: Uint8Array, place: StoredPlace): void {
  if (!matches([bytes], place)) throw damaged();
}

/**
 * The bytes that a brick of these planes is stored as: compressed, in `room` where it is given, or as they are. Parts that do not lie in
 * `room` have buffers of their own, which can be moved to another thread.
 */
export function bytesToStore(
  codec: BrickCodec,
  planes: readonly ArrayBufferView[],
  room?: Uint8Array<ArrayBuffer>,
): readonly Uint8Array<ArrayBuffer>[] {
  const encoded = codec.encode(planes, room);
  return encoded ? [encoded] : planes.map(ownBytes);
}

/** Writes the voxels of compressed bytes, which match their checksum, to all of `into`. */
export async function expandBytes(bytes: Uint8Array, into: Uint8Array): Promise<void> {
  const codec = await loadBrickCodec();
  if (!codec.decode(bytes, into)) throw damaged();
}

/** Bytes of all parts. */
export function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** The voxels' bytes in a buffer of their own. */
export function ownBytes(voxels: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = voxels;
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) return new Uint8Array(buffer);
  const own = new Uint8Array(byteLength);
  own.set(new Uint8Array(buffer, byteOffset, byteLength));
  return own;
}

function matches(parts: readonly Uint8Array[], place: StoredPlace): boolean {
  return lengthOf(parts) === place.length && checksumOf(parts) === place.checksum;
}

function damaged(): VoxelwrightError {
  return new VoxelwrightError("integrity", "A brick in the local cache is damaged and is not shown.", {
    advice: "Open the same files again: what is damaged is replaced, and labels stay.",
  });
}
