import { VoxelwrightError } from "#base";
import { type BrickAddress, type BrickKey, brickIndex, brickKey, type Dims } from "#volume";
import { checksum } from "./checksum.ts";

/** Where a brick lies in its study's pack. */
export interface IndexEntry {
  readonly address: BrickAddress;
  readonly offset: number;
  /** Bytes that are stored: those of the voxels, or fewer where they are compressed. */
  readonly length: number;
  readonly checksum: number;
  readonly min: number;
  readonly max: number;
}

/** Numbers of an entry in a page, each 64 bits: frame, level, bi, bj, bk, offset, length, checksum, min, max. */
const FIELDS = 10;

/** Entries as bytes: one row of the database holds a whole flush, so 37,000 bricks of 16 GB are some 600 rows to read. */
export function encodeIndexPage(entries: readonly IndexEntry[]): Uint8Array {
  const numbers = new Float64Array(entries.length * FIELDS);
  entries.forEach(({ address, offset, length, checksum: sum, min, max }, n) => {
    const { frame, level, bi, bj, bk } = address;
    numbers.set([frame, level, bi, bj, bk, offset, length, sum, min, max], n * FIELDS);
  });
  return new Uint8Array(numbers.buffer);
}

/** How many entries a page has. */
export function bricksInPage(bytes: Uint8Array): number {
  return bytes.length / (FIELDS * 8);
}

/** The inverse of `encodeIndexPage`; throws `integrity` when the bytes do not match their checksum. */
export function decodeIndexPage(bytes: Uint8Array, expected: number): IndexEntry[] {
  if (bytes.length % (FIELDS * 8) !== 0 || checksum(bytes) !== expected) {
    throw new VoxelwrightError("integrity", "The brick index of a study is damaged.", {
      advice: "Remove the study and import it again.",
    });
  }
  const numbers = new Float64Array(bytes.slice().buffer);
  const entries: IndexEntry[] = [];
  for (let n = 0; n < numbers.length; n += FIELDS) {
    const [frame, level, bi, bj, bk, offset, length, sum, min, max] = numbers.subarray(
      n,
      n + FIELDS,
    ) as unknown as number[] & {
      length: 10;
    };
    entries.push({
      address: { frame: frame!, level: level!, bi: bi!, bj: bj!, bk: bk! },
      offset: offset!,
      length: length!,
      checksum: sum!,
      min: min!,
      max: max!,
    });
  }
  return entries;
}

/** The index of one study in memory. A brick that was written twice lies where it was written last. */
export class BrickIndex {
  readonly #entries = new Map<BrickKey, IndexEntry>();

  #end = 0;

  add(entries: readonly IndexEntry[]): void {
    for (const entry of entries) {
      this.#entries.set(brickKey(entry.address), entry);
      this.#end = Math.max(this.#end, entry.offset + entry.length);
    }
  }

  /** First byte of the pack that no brick lies in. */
  get end(): number {
    return this.#end;
  }

  /** Forgets bricks that lie at or behind an offset. Of bricks that were written twice none is left of the first. */
  cut(offset: number): void {
    for (const [key, entry] of this.#entries) if (entry.offset >= offset) this.#entries.delete(key);
    this.#end = Math.min(this.#end, offset);
  }

  /** Smallest and largest voxel of level 0. */
  range(): { readonly min: number; readonly max: number } | undefined {
    let range: { min: number; max: number } | undefined;
    for (const { address, min, max } of this.#entries.values()) {
      if (address.level !== 0 || !(min <= max)) continue;
      range = range ? { min: Math.min(range.min, min), max: Math.max(range.max, max) } : { min, max };
    }
    return range;
  }

  get(address: BrickAddress): IndexEntry | undefined {
    return this.#entries.get(brickKey(address));
  }

  /** Pairs of min and max of a level's bricks, NaN where a brick is not there. */
  ranges(frame: number, level: number, bricks: Dims): Float32Array {
    const ranges = new Float32Array(bricks[0] * bricks[1] * bricks[2] * 2).fill(Number.NaN);
    for (const { address, min, max } of this.#entries.values()) {
      if (address.frame !== frame || address.level !== level) continue;
      const at = brickIndex(bricks, address.bi, address.bj, address.bk) * 2;
      ranges[at] = outward(min, -1);
      ranges[at + 1] = outward(max, 1);
    }
    return ranges;
  }
}

/** The nearest 32-bit float that is not nearer to zero range: at most `value` for direction −1, at least for 1. */
function outward(value: number, direction: -1 | 1): number {
  const near = Math.fround(value);
  if (Number.isNaN(near) || (near - value) * direction >= 0) return near;
  const step = Math.max(Math.abs(near) * 2 ** -23, 2 ** -149);
  return Math.fround(near + step * direction);
}
