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
    const halved = this.#halved(level);
    const shift = halved.map(Number) as unknown as Dims;
    let labels: Uint16Array | undefined;
    for (let dk = 0; dk <= shift[2]; dk++) {
      for (let dj = 0; dj <= shift[1]; dj++) {
        for (let di = 0; di <= shift[0]; di++) {
          const child: Dims = [(at[0] << shift[0]) + di, (at[1] << shift[1]) + dj, (at[2] << shift[2]) + dk];
          const fine = this.read(level - 1, child);
          if (!fine) continue;
          labels ??= new Uint16Array(BRICK_VOXELS);
          reduceInto(labels, fine, shift, [di * 32, dj * 32, dk * 32]);
        }
      }
    }
    return labels;
  }
}

/** Reduces one finer brick into its part of `coarse`, which begins at `offset`; an axis with shift 0 is not halved. */
function reduceInto(coarse: Uint16Array, fine: Uint16Array, shift: Dims, offset: Dims): void {
  const [si, sj, sk] = shift;
  const covered = new Uint16Array(1 << (si + sj + sk));
  for (let k = 0; k < BRICK_EDGE >> sk; k++) {
    for (let j = 0; j < BRICK_EDGE >> sj; j++) {
      const to = ((k + offset[2]) << 12) + ((j + offset[1]) << 6) + offset[0];
      for (let i = 0; i < BRICK_EDGE >> si; i++) {
        let labelled = 0;
        for (let dk = 0; dk <= sk; dk++) {
          for (let dj = 0; dj <= sj; dj++) {
            const row = (((k << sk) + dk) << 12) + (((j << sj) + dj) << 6) + (i << si);
            const label = fine[row]!;
            if (label !== 0) covered[labelled++] = label;
            if (si === 0) continue;
            const next = fine[row + 1]!;
            if (next !== 0) covered[labelled++] = next;
          }
        }
        if (labelled > 0) coarse[to + i] = mostFrequent(covered, labelled);
      }
    }
  }
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
