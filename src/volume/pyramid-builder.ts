import { type AbortOptions, VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, type BrickAddress, type BrickPixels } from "./brick.ts";
import type { BrickSource } from "./brick-source.ts";
import type { Dims } from "./image-grid.ts";
import { type PyramidLevel, pyramidLevels } from "./pyramid.ts";
import { sliceOfSlab, SlicesOfBricks } from "./slices-of-bricks.ts";
import { plainPyramidWork, type PyramidWork, type SliceWork } from "./slice-work.ts";
import { bytesPerVoxel, createVoxels, type VoxelArray, type VoxelType } from "./voxel-type.ts";

/**
 * Streams slices of one frame into bricks of every level. Slices come with k ascending; a brick is handed out as soon as its
 * last slice is in. Memory: one slab of 64 slices a level, so 4/3 of the slab of level 0, whatever the number of slices.
 * A voxel of a coarser level is the mean of the voxels it covers, rounded to nearest (half up) for integer types.
 */
export class PyramidBuilder {
  readonly #levels: LevelBuilder[];
  #nextK = 0;
  readonly #dims: Dims;

  /** `onBrick` takes each finished brick and owns its voxels; `work` is this builder's until another begins. */
  constructor(
    dims: Dims,
    voxelType: VoxelType,
    frame: number,
    onBrick: (brick: BrickPixels) => void,
    work: PyramidWork = plainPyramidWork,
  ) {
    this.#dims = dims;
    const levels = pyramidLevels(dims);
    const works = work(levels, voxelType);
    let coarser: LevelBuilder | undefined;
    this.#levels = [];
    for (const [n, level] of [...levels.entries()].toReversed()) {
      coarser = new LevelBuilder(level, voxelType, works[n]!, frame, onBrick, coarser);
      this.#levels.unshift(coarser);
    }
  }

  /** Slices still to come. */
  get remaining(): number {
    return this.#dims[2] - this.#nextK;
  }

  /**
   * Takes up before slice `k`, a whole number of slabs, where a builder before this one ended whose finished bricks are in `stored`:
   * the bricks that follow are the same. Slabs of coarser levels that were under way are made again of the finished bricks of the
   * level before, at most two slabs a level. Rejects with `integrity` where one of them is damaged or missing.
   */
  async resume(k: number, stored: BrickSource, options: AbortOptions = {}): Promise<void> {
    if (this.#nextK !== 0 || k % BRICK_EDGE !== 0 || k >= this.#dims[2]) {
      throw new VoxelwrightError("argument", `A pyramid of ${this.#dims[2]} slices cannot be taken up at slice ${k}.`);
    }
    this.#nextK = k;
    let finer: LevelBuilder | undefined;
    for (const level of this.#levels) {
      if (finer) await level.resumeFrom(finer, stored, options);
      else level.resumeAt(k);
      finer = level;
    }
  }

  /**
   * Copies of the bricks of the slab being filled: what there is of them, with the smallest voxel so far in the planes still to come. Of
   * every level from the coarsest on that fits `mostBytes` with those before. For showing the first slices of an import; never for storing.
   */
  partialBricks(mostBytes = Number.POSITIVE_INFINITY): BrickPixels[] {
    const bricks: BrickPixels[] = [];
    let room = mostBytes;
    for (const level of this.#levels.toReversed()) {
      room -= level.partialBytes;
      if (room < 0) break;
      bricks.push(...level.partialBricks());
    }
    return bricks;
  }

  /** Copies the slice; throws `argument` when it is out of order or of the wrong size. */
  push(k: number, voxels: VoxelArray): void {
    if (k !== this.#nextK || voxels.length !== this.#dims[0] * this.#dims[1]) {
      throw new VoxelwrightError(
        "argument",
        `Slice ${k} with ${voxels.length} voxels came where slice ${this.#nextK} was due.`,
      );
    }
    this.#nextK++;
    this.#levels[0]!.push(voxels);
  }
}

const NO_RANGE = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

class LevelBuilder {
  readonly #level: PyramidLevel;
  readonly #voxelType: VoxelType;
  readonly #work: SliceWork;
  readonly #frame: number;
  readonly #onBrick: (brick: BrickPixels) => void;
  readonly #coarser: LevelBuilder | undefined;
  /** Bricks of the slab being filled, bi fastest, and their ranges so far. Padding repeats real voxels, so it changes none. */
  #slab: VoxelArray[] = [];
  #ranges: Float64Array | undefined;
  #k = 0;
  /** Whether the sums of the first slice of a pair are kept until the second is there. */
  #inSums = false;

  constructor(
    level: PyramidLevel,
    voxelType: VoxelType,
    work: SliceWork,
    frame: number,
    onBrick: (brick: BrickPixels) => void,
    coarser: LevelBuilder | undefined,
  ) {
    this.#level = level;
    this.#voxelType = voxelType;
    this.#work = work;
    this.#frame = frame;
    this.#onBrick = onBrick;
    this.#coarser = coarser;
  }

  push(slice: VoxelArray): void {
    this.#add(slice);
    const last = this.#k === this.#level.dims[2];
    const mean = this.#coarser && this.#reduce(slice, last, this.#coarser.#level.dims);
    if (mean) this.#coarser!.push(mean);
    const inSlab = (this.#k - 1) % BRICK_EDGE;
    if (inSlab === BRICK_EDGE - 1 || last) this.#finishSlab(inSlab);
  }

  /** Begins a slab at slice `k`. */
  resumeAt(k: number): void {
    this.#k = k;
  }

  /** Fills the slab under way from slices of the level before, whose own slab under way is filled. */
  async resumeFrom(finer: LevelBuilder, stored: BrickSource, options: AbortOptions): Promise<void> {
    const halved = finer.#level.dims[2] !== this.#level.dims[2];
    const k = halved ? Math.floor(finer.#k / 2) : finer.#k;
    this.#k = k - (k % BRICK_EDGE);
    const finished = finer.#k - (finer.#k % BRICK_EDGE);
    const slices = new SlicesOfBricks(stored, this.#frame, finer.#level, this.#voxelType);
    const own = createVoxels(this.#voxelType, finer.#level.dims[0] * finer.#level.dims[1]);
    for (let n = halved ? this.#k * 2 : this.#k; n < finer.#k; n++) {
      if (n >= finished) sliceOfSlab(finer.#level, finer.#slab, n % BRICK_EDGE, own);
      const mean = finer.#reduce(n < finished ? await slices.slice(n, options) : own, false, this.#level.dims);
      if (mean) this.#add(mean);
    }
  }

  /** Bytes of `partialBricks`. */
  get partialBytes(): number {
    const [bi, bj] = this.#level.bricks;
    return this.#k % BRICK_EDGE === 0 ? 0 : bi * bj * BRICK_VOXELS * bytesPerVoxel(this.#voxelType);
  }

  partialBricks(): BrickPixels[] {
    const known = this.#k % BRICK_EDGE;
    if (known === 0) return [];
    const ranges = this.#slab.map((_, n) => this.#rangeOf(n));
    const floor = Math.min(...ranges.map(({ min }) => min));
    return this.#slab.map((brick, n) => {
      const voxels = createVoxels(this.#voxelType, BRICK_VOXELS);
      const there = known * BRICK_EDGE * BRICK_EDGE;
      voxels.set(brick.subarray(0, there));
      voxels.fill(floor, there);
      return { address: this.#address(n, this.#k), voxels, min: floor, max: ranges[n]!.max };
    });
  }

  #add(slice: VoxelArray): void {
    const { bricks } = this.#level;
    const inSlab = this.#k % BRICK_EDGE;
    if (inSlab === 0) {
      this.#slab = Array.from({ length: bricks[0] * bricks[1] }, () => createVoxels(this.#voxelType, BRICK_VOXELS));
      this.#ranges = new Float64Array(this.#slab.length * 2);
      for (let n = 0; n < this.#slab.length; n++) this.#ranges.set(NO_RANGE, n * 2);
    }
    this.#work.place(slice, inSlab, this.#slab, this.#ranges!);
    this.#k++;
  }

  #finishSlab(lastPlane: number): void {
    const planeSize = BRICK_EDGE * BRICK_EDGE;
    const slab = this.#slab;
    this.#slab = [];
    for (const [n, voxels] of slab.entries()) {
      for (let plane = lastPlane + 1; plane < BRICK_EDGE; plane++) {
        voxels.copyWithin(plane * planeSize, lastPlane * planeSize, (lastPlane + 1) * planeSize);
      }
      this.#onBrick({ address: this.#address(n, this.#k - 1), voxels, ...this.#rangeOf(n) });
    }
  }

  #address(n: number, k: number): BrickAddress {
    const { level, bricks } = this.#level;
    const bi = n % bricks[0];
    return { frame: this.#frame, level, bi, bj: (n - bi) / bricks[0], bk: Math.floor(k / BRICK_EDGE) };
  }

  #rangeOf(n: number): { readonly min: number; readonly max: number } {
    // Which zero is the smaller one depends on the order in which they are seen: 0 stands for both.
    const min = this.#ranges![n * 2]! + 0;
    const max = this.#ranges![n * 2 + 1]! + 0;
    return min <= max ? { min, max } : { min: Number.NaN, max: Number.NaN };
  }

  /**
   * The next slice of the coarser level of dimensions `coarse`, undefined while its other half is to come. Where a slice has no
   * partner, at an odd end or as the axis is not halved, it is its own: the mean is the same.
   */
  #reduce(slice: VoxelArray, last: boolean, coarse: Dims): VoxelArray | undefined {
    if (!this.#inSums) {
      this.#work.sum(slice);
      this.#inSums = true;
      if (coarse[2] !== this.#level.dims[2] && !last) return undefined;
    }
    this.#inSums = false;
    return this.#work.mean(slice);
  }
}
