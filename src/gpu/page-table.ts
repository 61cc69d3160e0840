import { brickIndex, type Dims, type PyramidLevel } from "#volume";

/**
 * Where a brick lies in an atlas, as one word. Bit 31 is set; bits 0–5, 6–11, 12–17 are the slot's place along x, y, z in units
 * of 64 texels; bits 18–19 the texture. `pageEntry` puts the brick's level into bits 20–24. `shaders/common/brick-lookup.wgsl`
 * reads the same word.
 */
export type SlotWord = number;

const PRESENT = 0x80000000;

export function slotWord(texture: number, x: number, y: number, z: number): SlotWord {
  return (PRESENT | (texture << 18) | (z << 12) | (y << 6) | x) >>> 0;
}

/** The texture and the first texel of a slot. */
export function slotPlace(word: SlotWord): { texture: number; origin: Dims } {
  return {
    texture: (word >>> 18) & 3,
    origin: [(word & 63) * 64, ((word >>> 6) & 63) * 64, ((word >>> 12) & 63) * 64],
  };
}

export function pageEntry(slot: SlotWord, level: number): number {
  return (slot | (level << 20)) >>> 0;
}

export function entryLevel(entry: number): number {
  return (entry >>> 20) & 31;
}

/**
 * The page table of one volume: an entry for every brick of every level, resolved on the CPU, so that a shader reads one word.
 * An entry points to the brick itself where it is resident, else to its nearest coarser resident ancestor, else is 0.
 */
export class PageTable {
  readonly levels: readonly PyramidLevel[];
  /** First entry of each level. */
  readonly offsets: readonly number[];
  readonly entries: Uint32Array<ArrayBuffer>;
  /** Range of the brick that an entry points to: min, max; an empty entry has NaN. */
  readonly ranges: Float32Array<ArrayBuffer>;
  // The brick's own slot, 0 where it is not resident.
  readonly #own: Uint32Array;
  readonly #ownRanges: Float32Array;
  readonly #fallback: boolean;
  #dirtyFrom = 0;
  #dirtyTo: number;

  /** `fallback` false leaves entries of missing bricks at 0, as for labels, where absent means background. */
  constructor(levels: readonly PyramidLevel[], fallback = true) {
    this.levels = levels;
    this.#fallback = fallback;
    const offsets: number[] = [];
    let count = 0;
    for (const { bricks } of levels) {
      offsets.push(count);
      count += bricks[0] * bricks[1] * bricks[2];
    }
    this.offsets = offsets;
    this.entries = new Uint32Array(count);
    this.ranges = new Float32Array(count * 2).fill(Number.NaN);
    this.#own = new Uint32Array(count);
    this.#ownRanges = new Float32Array(count * 2).fill(Number.NaN);
    this.#dirtyTo = count;
  }

  /** Position of a brick's entry. */
  position(level: number, bi: number, bj: number, bk: number): number {
    return this.offsets[level]! + brickIndex(this.levels[level]!.bricks, bi, bj, bk);
  }

  /** Puts a brick at a slot (0 takes it out) and resolves it and everything finer below it. */
  set(level: number, brick: Dims, slot: SlotWord, min: number, max: number): void {
    const at = this.position(level, ...brick);
    this.#own[at] = slot === 0 ? 0 : pageEntry(slot, level);
    this.#ownRanges[at * 2] = slot === 0 ? Number.NaN : min;
    this.#ownRanges[at * 2 + 1] = slot === 0 ? Number.NaN : max;
    if (!this.#fallback) {
      this.#resolve(at, at, true);
      return;
    }
    const parent = this.parentOf(level, brick);
    this.#resolve(at, parent === undefined ? at : this.position(level + 1, ...parent), parent === undefined);
    this.#resolveBelow(level, brick, at);
  }

  /** Takes every brick out. */
  clear(): void {
    this.#own.fill(0);
    this.entries.fill(0);
    this.ranges.fill(Number.NaN);
    this.#dirtyFrom = 0;
    this.#dirtyTo = this.entries.length;
  }

  resident(level: number, brick: Dims): boolean {
    return this.#own[this.position(level, ...brick)] !== 0;
  }

  /** True when every brick of a level is resident. */
  complete(level: number): boolean {
    const from = this.offsets[level]!;
    const to = this.offsets[level + 1] ?? this.#own.length;
    for (let at = from; at < to; at++) if (this.#own[at] === 0) return false;
    return true;
  }

  /** Level of the brick that stands in for this one; undefined when nothing does. */
  levelShown(level: number, brick: Dims): number | undefined {
    const entry = this.entries[this.position(level, ...brick)]!;
    return entry === 0 ? undefined : entryLevel(entry);
  }

  /** The brick of the next coarser level that covers this one. */
  parentOf(level: number, brick: Dims): Dims | undefined {
    const fine = this.levels[level]!;
    const coarse = this.levels[level + 1];
    if (!coarse) return undefined;
    const half = (axis: 0 | 1 | 2): number =>
      coarse.factor[axis] === fine.factor[axis] ? brick[axis] : brick[axis] >> 1;
    return [half(0), half(1), half(2)];
  }

  /** The range of entries changed since the last call, or undefined. */
  takeDirty(): { from: number; to: number } | undefined {
    if (this.#dirtyFrom >= this.#dirtyTo) return undefined;
    const dirty = { from: this.#dirtyFrom, to: this.#dirtyTo };
    this.#dirtyFrom = this.entries.length;
    this.#dirtyTo = 0;
    return dirty;
  }

  #resolve(at: number, parentAt: number, top: boolean): void {
    const own = this.#own[at]!;
    const from = own === 0 && !top ? this.ranges : this.#ownRanges;
    const source = own === 0 && !top ? parentAt : at;
    this.entries[at] = own !== 0 || top ? own : this.entries[parentAt]!;
    this.ranges[at * 2] = from[source * 2]!;
    this.ranges[at * 2 + 1] = from[source * 2 + 1]!;
    this.#dirtyFrom = Math.min(this.#dirtyFrom, at);
    this.#dirtyTo = Math.max(this.#dirtyTo, at + 1);
  }

  #resolveBelow(level: number, brick: Dims, at: number): void {
    if (level === 0) return;
    const coarse = this.levels[level]!;
    const fine = this.levels[level - 1]!;
    const [i, j, k] = ([0, 1, 2] as const).map((axis) => {
      const halved = coarse.factor[axis] !== fine.factor[axis];
      const from = halved ? brick[axis] * 2 : brick[axis];
      return [from, Math.min(from + (halved ? 2 : 1), fine.bricks[axis])] as const;
    }) as [readonly [number, number], readonly [number, number], readonly [number, number]];
    for (let bk = k[0]; bk < k[1]; bk++) {
      for (let bj = j[0]; bj < j[1]; bj++) {
        for (let bi = i[0]; bi < i[1]; bi++) {
          const below = this.position(level - 1, bi, bj, bk);
          if (this.#own[below] !== 0) continue;
          this.#resolve(below, at, false);
          this.#resolveBelow(level - 1, [bi, bj, bk], below);
        }
      }
    }
  }
}
