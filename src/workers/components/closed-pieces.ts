import type { Dims } from "#volume";
import { PIECE_WORDS, sidesOf, voxelsOf } from "./piece-block.ts";
import { firstVoxelOf } from "./piece-columns.ts";

const WORDS = PIECE_WORDS + 1;
const LABELS = 65_536;

/** Pieces held beyond what is asked for before the smaller ones are let go. */
const SLACK = 16_384;

/**
 * Collects pieces that are components by themselves: those of `leastVoxels` and more, of these the largest `most` of each segment
 * where that is said; the others are counted.
 */
export class ClosedPieces {
  readonly #dims: Dims;
  readonly #bricks: Dims;
  readonly #leastVoxels: number;
  readonly #most: number | undefined;
  #words = new Uint32Array(1024 * WORDS);
  #held = 0;
  #keepUntil = SLACK;
  #count = 0;
  /** Left out: segments of which something is, and pieces and voxels of each. */
  readonly #segments: number[] = [];
  readonly #pieces = new Float64Array(LABELS);
  readonly #voxels = new Float64Array(LABELS);
  /** Voxels below which a piece of a segment cannot be among the largest. */
  readonly #floors = new Uint32Array(LABELS);

  constructor(dims: Dims, bricks: Dims, leastVoxels: number, most: number | undefined) {
    this.#dims = dims;
    this.#bricks = bricks;
    this.#leastVoxels = leastVoxels;
    this.#most = most;
  }

  /** All pieces added. */
  get count(): number {
    return this.#count;
  }

  /** Adds those of a brick's pieces that touch none of the sides `open`; returns how many of them are below `leastVoxels`. */
  add(index: number, records: Uint32Array, open: number): number {
    let small = 0;
    for (let at = 0; at < records.length; at += PIECE_WORDS) {
      const word = records[at]!;
      if ((sidesOf(word) & open) !== 0) continue;
      this.#count++;
      const voxels = voxelsOf(word);
      const segment = records[at + 3]! >>> 16;
      const isSmall = voxels < this.#leastVoxels;
      if (isSmall) small++;
      if (isSmall || this.#most === 0 || voxels < this.#floors[segment]!) {
        this.#leaveOut(segment, voxels);
        continue;
      }
      const to = this.#held * WORDS;
      if (to === this.#words.length) this.#grow();
      this.#words[to] = index;
      for (let n = 0; n < PIECE_WORDS; n++) this.#words[to + 1 + n] = records[at + n]!;
      this.#held++;
    }
    if (this.#most !== undefined && this.#held > this.#keepUntil) this.#keepLargest(this.#most);
    return small;
  }

  /** The pieces told, five words each; the collection is over. */
  told(): Uint32Array<ArrayBuffer> {
    if (this.#most !== undefined) this.#keepLargest(this.#most);
    return this.#words.slice(0, this.#held * WORDS);
  }

  /** Segment, pieces and voxels of what is not told. */
  untold(): [segment: number, pieces: number, voxels: number][] {
    return this.#segments.map((segment) => [segment, this.#pieces[segment]!, this.#voxels[segment]!]);
  }

  #leaveOut(segment: number, voxels: number): void {
    if (this.#pieces[segment] === 0) this.#segments.push(segment);
    this.#pieces[segment]!++;
    this.#voxels[segment]! += voxels;
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }

  /** Lets go of what is not among the `most` largest of its segment; of equal ones those whose first voxel comes first stay. */
  #keepLargest(most: number): void {
    const kept: number[] = [];
    for (const own of this.#bySegment().values()) {
      if (own.length <= most) kept.push(...own);
      else this.#chooseLargest(own, most, kept);
    }
    // Ascending, so that nothing is overwritten before it is moved.
    kept.sort((a, b) => a - b);
    for (const [to, n] of kept.entries()) this.#words.copyWithin(to * WORDS, n * WORDS, (n + 1) * WORDS);
    this.#held = kept.length;
    this.#keepUntil = kept.length + SLACK;
  }

  #bySegment(): Map<number, number[]> {
    const all = new Map<number, number[]>();
    let last = -1;
    let own: number[] = [];
    for (let n = 0; n < this.#held; n++) {
      const segment = this.#words[n * WORDS + 4]! >>> 16;
      if (segment !== last) {
        last = segment;
        own = all.get(segment) ?? [];
        all.set(segment, own);
      }
      own.push(n);
    }
    return all;
  }

  #chooseLargest(pieces: readonly number[], most: number, kept: number[]): void {
    const words = this.#words;
    const voxels = (n: number): number => voxelsOf(words[n * WORDS + 1]!);
    const first = (n: number): number =>
      firstVoxelOf(this.#dims, this.#bricks, words[n * WORDS]!, words[n * WORDS + 2]!);
    const floor = Uint32Array.from(pieces, voxels).sort()[pieces.length - most]!;
    const above = pieces.filter((n) => voxels(n) > floor).length;
    const firsts = Float64Array.from(
      pieces.filter((n) => voxels(n) === floor),
      first,
    ).sort();
    const last = firsts[most - above - 1]!;
    for (const n of pieces) {
      if (voxels(n) > floor || (voxels(n) === floor && first(n) <= last)) kept.push(n);
      else this.#leaveOut(words[n * WORDS + 4]! >>> 16, voxels(n));
    }
    this.#floors[words[pieces[0]! * WORDS + 4]! >>> 16] = floor;
  }
}
