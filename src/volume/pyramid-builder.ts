import { type AbortOptions, VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, type BrickAddress, type BrickPixels } from "./brick.ts";
import type { BrickSource } from "./brick-source.ts";
import { BuiltBrick, copyPlanes, GROUP_PLANES, PLANE_VOXELS, PlaneGroups } from "./built-brick.ts";
import type { Dims } from "./image-grid.ts";
import { type PyramidLevel, pyramidLevels } from "./pyramid.ts";
import { sliceOfSlab, SlicesOfBricks } from "./slices-of-bricks.ts";
import { plainPyramidWork, type PyramidWork, type SliceWork } from "./slice-work.ts";
import { bytesPerVoxel, createVoxels, type VoxelArray, type VoxelType } from "./voxel-type.ts";

/**
 * Streams slices of one frame into bricks of every level. Slices come with k ascending; a brick is handed out as soon as its
 * last slice is in. Memory: one slab of 64 slices a level, so 4/3 of the slab of level 0, whatever the number of slices, and what of the
 * slab before was not taken yet; it is used again.
 * A voxel of a coarser level is the mean of the voxels it covers, rounded to nearest (half up) for integer types.
 */
export class PyramidBuilder {
  readonly #levels: LevelBuilder[];
  #nextK = 0;
  readonly #dims: Dims;

  /** `onBrick` is given each finished brick, to take its voxels when it likes; `work` is this builder's until another begins. */
  constructor(
    dims: Dims,
    voxelType: VoxelType,
    frame: number,
    onBrick: (brick: BuiltBrick) => void,
    work: PyramidWork = plainPyramidWork,
  ) {
    this.#dims = dims;
    const levels = pyramidLevels(dims);
    const works = work(levels, voxelType);
    const memory = new PlaneGroups(voxelType);
    let coarser: LevelBuilder | undefined;
    this.#levels = [];
    for (const [n, level] of [...levels.entries()].toReversed()) {
      coarser = new LevelBuilder({ level, voxelType, work: works[n]!, memory, frame, onBrick, coarser });
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

interface LevelBuilderOptions {
  readonly level: PyramidLevel;
  readonly voxelType: VoxelType;
  readonly work: SliceWork;
  readonly memory: PlaneGroups;
  readonly frame: number;
  readonly onBrick: (brick: BuiltBrick) => void;
  readonly coarser: LevelBuilder | undefined;
}

class LevelBuilder {
  readonly #level: PyramidLevel;
  readonly #voxelType: VoxelType;
  readonly #work: SliceWork;
  readonly #frame: number;
  readonly #memory: PlaneGroups;
  readonly #onBrick: (brick: BuiltBrick) => void;
  readonly #coarser: LevelBuilder | undefined;
  /**
   * The slab being filled: groups of planes, each of all bricks, bi fastest; and the bricks' ranges so far. Padding repeats real voxels,
   * so it changes none.
   */
  #slab: VoxelArray[][] = [];
  #ranges: Float64Array | undefined;
  #k = 0;
  /** Whether the sums of the first slice of a pair are kept until the second is there. */
  #inSums = false;

  constructor({ level, voxelType, work, memory, frame, onBrick, coarser }: LevelBuilderOptions) {
    this.#level = level;
    this.#voxelType = voxelType;
    this.#work = work;
    this.#memory = memory;
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
      if (n >= finished) finer.#slice(n, own);
      const mean = finer.#reduce(n < finished ? await slices.slice(n, options) : own, false, this.#level.dims);
      if (mean) this.#add(mean);
    }
  }

  /** Bytes of `partialBricks`. */
  get partialBytes(): number {
    const [bi, bj] = this.#level.bricks;
    return this.#slab.length === 0 ? 0 : bi * bj * BRICK_VOXELS * bytesPerVoxel(this.#voxelType);
  }

  partialBricks(): BrickPixels[] {
    if (this.#slab.length === 0) return [];
    const known = this.#k % BRICK_EDGE;
    const ranges = this.#slab[0]!.map((_, n) => this.#rangeOf(n));
    const floor = Math.min(...ranges.map(({ min }) => min));
    return ranges.map((range, n) => {
      const voxels = createVoxels(this.#voxelType, BRICK_VOXELS);
      copyPlanes(this.#groupsOf(n), voxels);
      voxels.fill(floor, known * PLANE_VOXELS);
      return { address: this.#address(n, this.#k), voxels, min: floor, max: range.max };
    });
  }

  #add(slice: VoxelArray): void {
    const { bricks } = this.#level;
    const inSlab = this.#k % BRICK_EDGE;
    const count = bricks[0] * bricks[1];
    if (inSlab === 0) {
      this.#slab = [];
      this.#ranges = new Float64Array(count * 2);
      for (let n = 0; n < count; n++) this.#ranges.set(NO_RANGE, n * 2);
    }
    if (inSlab % GROUP_PLANES === 0) this.#slab.push(Array.from({ length: count }, () => this.#memory.take()));
    this.#work.place(slice, inSlab % GROUP_PLANES, this.#slab.at(-1)!, this.#ranges!);
    this.#k++;
  }

  #finishSlab(lastPlane: number): void {
    for (const n of this.#slab[0]!.keys()) {
      const brick = { address: this.#address(n, this.#k - 1), ...this.#rangeOf(n) };
      this.#onBrick(new BuiltBrick(brick, this.#voxelType, this.#groupsOf(n), lastPlane + 1, this.#memory));
    }
    this.#slab = [];
  }

  #groupsOf(n: number): VoxelArray[] {
    return this.#slab.map((groups) => groups[n]!);
  }

  /** Copies slice `k`, of the slab being filled, into `slice`. */
  #slice(k: number, slice: VoxelArray): void {
    const inSlab = k % BRICK_EDGE;
    const groups = this.#slab[Math.floor(inSlab / GROUP_PLANES)]!;
    sliceOfSlab(this.#level, groups, inSlab % GROUP_PLANES, slice);
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
