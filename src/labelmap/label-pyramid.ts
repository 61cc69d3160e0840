import {
  BRICK_EDGE,
  BRICK_VOXELS,
  brickCoordinates,
  brickIndex,
  type Dims,
  type PyramidLevel,
  pyramidLevels,
  Residency,
} from "#volume";
import { labelWords } from "./label-words.ts";

/** Labels of a level-0 brick, undefined where all is background. */
export type ReadBaseBrick = (brickIndex: number) => Uint16Array | undefined;

/**
 * Coarser levels of a labelmap, computed when asked for and kept by a byte budget. A voxel takes the most frequent label of the
 * voxels of the next finer level that it covers, background left out; of equally frequent ones the smaller value. So whatever is
 * labelled at level 0 is labelled at every level.
 */
export class LabelPyramid {
  readonly levels: readonly PyramidLevel[];
  readonly #readBase: ReadBaseBrick;
  readonly #cache: Residency<Uint16Array>;
  /** Bricks of each level that may hold a label; one that does not is found out when it is computed. */
  readonly #mayHold: readonly Set<number>[];

  constructor(dims: Dims, budgetBytes: number, readBase: ReadBaseBrick) {
    this.levels = pyramidLevels(dims);
    this.#readBase = readBase;
    this.#cache = new Residency(budgetBytes, { bytesOf: (labels) => labels.byteLength, evict: () => {} });
    this.#mayHold = this.levels.map(() => new Set());
  }

  /** Notes that a level-0 brick changed: whatever was computed from it is dropped. */
  invalidate(baseIndex: number): void {
    this.#mayHold[0]!.add(baseIndex);
    let at = brickCoordinates(this.levels[0]!.bricks, baseIndex);
    for (let level = 1; level < this.levels.length; level++) {
      at = this.#parent(level, at);
      const index = brickIndex(this.levels[level]!.bricks, ...at);
      this.#mayHold[level]!.add(index);
      this.#cache.delete(`${level}/${index}`);
    }
  }

  /** 64³ labels to be read only; undefined where all is background or there is no such brick. */
  read(level: number, at: Dims): Uint16Array | undefined {
    const { bricks } = this.levels[level] ?? { bricks: [0, 0, 0] as Dims };
    if (at.some((n, axis) => !(n >= 0 && n < bricks[axis]!))) return undefined;
    const index = brickIndex(bricks, ...at);
    if (level === 0) return this.#readBase(index);
    if (!this.#mayHold[level]!.has(index)) return undefined;
    const key = `${level}/${index}`;
    const cached = this.#cache.get(key);
    if (cached) return cached;
    const labels = this.#compute(level, at);
    if (labels) this.#cache.put(key, labels);
    else this.#mayHold[level]!.delete(index);
    return labels;
  }

  /**
   * Computes the brick and what it is made of, until about the time `until`; false when some is left. What was computed is kept, as
   * far as the budget goes, so the next call goes on from there.
   */
  prepare(level: number, at: Dims, until: number): boolean {
    const { bricks } = this.levels[level] ?? { bricks: [0, 0, 0] as Dims };
    if (level === 0 || at.some((n, axis) => !(n >= 0 && n < bricks[axis]!))) return true;
    const index = brickIndex(bricks, ...at);
    if (!this.#mayHold[level]!.has(index) || this.#cache.has(`${level}/${index}`)) return true;
    if (level > 1)
      for (const child of this.#children(level, at)) if (!this.prepare(level - 1, child, until)) return false;
    this.read(level, at);
    return performance.now() < until;
  }

  #halved(level: number): readonly [boolean, boolean, boolean] {
    const fine = this.levels[level - 1]!.factor;
    const coarse = this.levels[level]!.factor;
    return [fine[0] !== coarse[0], fine[1] !== coarse[1], fine[2] !== coarse[2]];
  }

  #parent(level: number, at: Dims): Dims {
    const halved = this.#halved(level);
    return [at[0] >> Number(halved[0]), at[1] >> Number(halved[1]), at[2] >> Number(halved[2])];
  }

  #compute(level: number, at: Dims): Uint16Array | undefined {
    const shift = this.#halved(level).map(Number) as unknown as Dims;
    let labels: Uint16Array | undefined;
    for (const child of this.#children(level, at)) {
      const fine = this.read(level - 1, child);
      if (!fine) continue;
      labels ??= new Uint16Array(BRICK_VOXELS);
      const part = child.map((n, axis) => (n - (at[axis]! << shift[axis]!)) * 32) as unknown as Dims;
      reduceInto(labels, fine, shift, part);
    }
    return labels;
  }

  /** Places of the bricks of the next finer level that a brick covers, also of those past the volume's edge. */
  #children(level: number, at: Dims): Dims[] {
    const [si, sj, sk] = this.#halved(level).map(Number) as unknown as Dims;
    const children: Dims[] = [];
    for (let dk = 0; dk <= sk; dk++)
      for (let dj = 0; dj <= sj; dj++)
        for (let di = 0; di <= si; di++) children.push([(at[0] << si) + di, (at[1] << sj) + dj, (at[2] << sk) + dk]);
    return children;
  }
}

/** Reduces one finer brick into its part of `coarse`, which begins at `offset`; an axis with shift 0 is not halved. */
function reduceInto(coarse: Uint16Array, fine: Uint16Array, shift: Dims, offset: Dims): void {
  const [si, sj, sk] = shift;
  const covered = new Uint16Array(1 << (si + sj + sk));
  const words = si === 1 ? labelWords(fine) : undefined;
  for (let k = 0; k < BRICK_EDGE >> sk; k++) {
    for (let j = 0; j < BRICK_EDGE >> sj; j++) {
      const to = ((k + offset[2]) << 12) + ((j + offset[1]) << 6) + offset[0];
      const from = ((k << sk) << 12) + ((j << sj) << 6);
      if (words) reducePairs(coarse, to, fine, words, from, sj, sk, covered);
      else reduceRow(coarse, to, fine, from, shift, covered);
    }
  }
}

/** A row of coarse labels where i is halved: two finer labels lie in one word, and most of what is covered is of one label. */
function reducePairs(
  coarse: Uint16Array,
  to: number,
  fine: Uint16Array,
  words: Uint32Array,
  from: number,
  sj: number,
  sk: number,
  covered: Uint16Array,
): void {
  const nextJ = sj * (BRICK_EDGE >> 1);
  const nextK = sk * ((BRICK_EDGE ** 2) >> 1);
  for (let i = 0, word = from >> 1; i < BRICK_EDGE >> 1; i++, word++) {
    const pair = words[word]!;
    if (words[word + nextJ] === pair && words[word + nextK] === pair && words[word + nextJ + nextK] === pair) {
      if (pair === 0) continue;
      const label = pair & 0xffff;
      if (label === pair >>> 16) {
        coarse[to + i] = label;
        continue;
      }
    }
    reduceVoxel(coarse, to + i, fine, word << 1, 1, sj, sk, covered);
  }
}

function reduceRow(
  coarse: Uint16Array,
  to: number,
  fine: Uint16Array,
  from: number,
  [si, sj, sk]: Dims,
  covered: Uint16Array,
): void {
  for (let i = 0; i < BRICK_EDGE >> si; i++) reduceVoxel(coarse, to + i, fine, from + (i << si), si, sj, sk, covered);
}

function reduceVoxel(
  coarse: Uint16Array,
  to: number,
  fine: Uint16Array,
  from: number,
  si: number,
  sj: number,
  sk: number,
  covered: Uint16Array,
): void {
  let labelled = 0;
  for (let dk = 0; dk <= sk; dk++) {
    for (let dj = 0; dj <= sj; dj++) {
      for (let di = 0; di <= si; di++) {
        const label = fine[from + (dk << 12) + (dj << 6) + di]!;
        if (label !== 0) covered[labelled++] = label;
      }
    }
  }
  if (labelled > 0) coarse[to] = mostFrequent(covered, labelled);
}

/** Of the first `count` labels the most frequent one, the smallest of those. */
function mostFrequent(labels: Uint16Array, count: number): number {
  const first = labels[0]!;
  let same = 1;
  while (same < count && labels[same] === first) same++;
  if (same === count) return first;
  let best = 0;
  let bestTimes = 0;
  for (let a = 0; a < count; a++) {
    const label = labels[a]!;
    let times = 0;
    for (let b = 0; b < count; b++) if (labels[b] === label) times++;
    if (times > bestTimes || (times === bestTimes && label < best)) {
      best = label;
      bestTimes = times;
    }
  }
  return best;
}
