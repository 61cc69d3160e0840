import type { Dims } from "#volume";
import { PIECE_WORDS, sidesOf, voxelsOf } from "./piece-block.ts";
import { firstVoxelOf } from "./piece-columns.ts";

const WORDS = PIECE_WORDS + 1;
const LABELS = 65_536;

/** Pieces held beyond what is asked for before the smaller ones are let go. */
const SLACK = 65_536;

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
  readonly #pieces = new Float64Array(LABELS);
  readonly #voxels = new Float64Array(LABELS);

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
      const isSmall = voxelsOf(word) < this.#leastVoxels;
      if (isSmall) small++;
      if (isSmall || this.#most === 0) {
        this.#leaveOut(records[at + 3]! >>> 16, voxelsOf(word));
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
    const rows: [number, number, number][] = [];
    this.#pieces.forEach((pieces, segment) => {
      if (pieces > 0) rows.push([segment, pieces, this.#voxels[segment]!]);
    });
    return rows;
  }

  #leaveOut(segment: number, voxels: number): void {
    this.#pieces[segment]!++;
    this.#voxels[segment]! += voxels;
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }

  #keepLargest(most: number): void {
    const words = this.#words;
    const segment = (n: number): number => words[n * WORDS + 4]! >>> 16;
    const voxels = (n: number): number => voxelsOf(words[n * WORDS + 1]!);
    const first = (n: number): number =>
      firstVoxelOf(this.#dims, this.#bricks, words[n * WORDS]!, words[n * WORDS + 2]!);
    const order = Uint32Array.from({ length: this.#held }, (_, n) => n).sort(
      (a, b) => segment(a) - segment(b) || voxels(b) - voxels(a) || first(a) - first(b),
    );
    const kept: number[] = [];
    let rank = 0;
    let last = -1;
    for (const n of order) {
      rank = segment(n) === last ? rank + 1 : 0;
      last = segment(n);
      if (rank < most) kept.push(n);
      else this.#leaveOut(segment(n), voxels(n));
    }
    // Ascending, so that nothing is overwritten before it is moved.
    kept.sort((a, b) => a - b);
    for (const [to, n] of kept.entries()) words.copyWithin(to * WORDS, n * WORDS, (n + 1) * WORDS);
    this.#held = kept.length;
    this.#keepUntil = kept.length * 2 + SLACK;
  }
}
