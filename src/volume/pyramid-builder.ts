import { VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, type BrickPixels } from "./brick.ts";
import type { Dims } from "./image-grid.ts";
import { type PyramidLevel, pyramidLevels } from "./pyramid.ts";
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

  /** `onBrick` takes each finished brick and owns its voxels. */
  constructor(dims: Dims, voxelType: VoxelType, frame: number, onBrick: (brick: BrickPixels) => void) {
    this.#dims = dims;
    const levels = pyramidLevels(dims);
    let coarser: LevelBuilder | undefined;
    this.#levels = [];
    for (const level of levels.toReversed()) {
      coarser = new LevelBuilder(level, voxelType, frame, onBrick, coarser);
      this.#levels.unshift(coarser);
    }
  }

  /** Slices still to come. */
  get remaining(): number {
    return this.#dims[2] - this.#nextK;
  }

  /**
   * Copies of the bricks of the slab being filled, every level: what there is of them, with the smallest voxel so far in the
   * planes still to come. For showing the first slices of an import; never for storing.
   */
  partialBricks(): BrickPixels[] {
    return this.#levels.flatMap((level) => level.partialBricks());
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

class LevelBuilder {
  readonly #level: PyramidLevel;
  readonly #voxelType: VoxelType;
  readonly #frame: number;
  readonly #onBrick: (brick: BrickPixels) => void;
  readonly #coarser: LevelBuilder | undefined;
  /** Bricks of the slab being filled, bi fastest. */
  #slab: VoxelArray[] = [];
  #k = 0;
  // Sums of one slice or two for the next level, kept until the pair is whole.
  #sums: Sums | undefined;
  #slicesInSum = 0;
  #mean: VoxelArray | undefined;

  constructor(
    level: PyramidLevel,
    voxelType: VoxelType,
    frame: number,
    onBrick: (brick: BrickPixels) => void,
    coarser: LevelBuilder | undefined,
  ) {
    this.#level = level;
    this.#voxelType = voxelType;
    this.#frame = frame;
    this.#onBrick = onBrick;
    this.#coarser = coarser;
  }

  push(slice: VoxelArray): void {
    const { dims, bricks } = this.#level;
    const inSlab = this.#k % BRICK_EDGE;
    if (inSlab === 0) {
      this.#slab = Array.from({ length: bricks[0] * bricks[1] }, () => createVoxels(this.#voxelType, BRICK_VOXELS));
    }
    this.#copyIntoSlab(slice, inSlab);
    this.#k++;
    const last = this.#k === dims[2];
    if (this.#coarser) this.#reduce(slice, last);
    if (inSlab === BRICK_EDGE - 1 || last) this.#finishSlab(inSlab);
  }

  partialBricks(): BrickPixels[] {
    const known = this.#k % BRICK_EDGE;
    if (known === 0) return [];
    const { level, bricks } = this.#level;
    const bk = Math.floor(this.#k / BRICK_EDGE);
    const ranges = this.#slab.map((voxels) => rangeOf(voxels.subarray(0, known * BRICK_EDGE * BRICK_EDGE)));
    const floor = Math.min(...ranges.map(([min]) => min));
    return this.#slab.map((brick, n) => {
      const voxels = brick.slice();
      voxels.fill(floor, known * BRICK_EDGE * BRICK_EDGE);
      const address = { frame: this.#frame, level, bi: n % bricks[0], bj: Math.floor(n / bricks[0]), bk };
      return { address, voxels, min: floor, max: ranges[n]![1] };
    });
  }

  #copyIntoSlab(slice: VoxelArray, inSlab: number): void {
    const { dims, bricks } = this.#level;
    for (let bj = 0; bj < bricks[1]; bj++) {
      const rows = Math.min(BRICK_EDGE, dims[1] - bj * BRICK_EDGE);
      for (let bi = 0; bi < bricks[0]; bi++) {
        const brick = this.#slab[bj * bricks[0] + bi]!;
        const columns = Math.min(BRICK_EDGE, dims[0] - bi * BRICK_EDGE);
        const plane = inSlab * BRICK_EDGE * BRICK_EDGE;
        for (let j = 0; j < rows; j++) {
          const from = (bj * BRICK_EDGE + j) * dims[0] + bi * BRICK_EDGE;
          const to = plane + j * BRICK_EDGE;
          brick.set(slice.subarray(from, from + columns), to);
          if (columns < BRICK_EDGE) brick.fill(brick[to + columns - 1]!, to + columns, to + BRICK_EDGE);
        }
        const lastRow = plane + (rows - 1) * BRICK_EDGE;
        for (let j = rows; j < BRICK_EDGE; j++) brick.copyWithin(plane + j * BRICK_EDGE, lastRow, lastRow + BRICK_EDGE);
      }
    }
  }

  #finishSlab(lastPlane: number): void {
    const { level, bricks } = this.#level;
    const bk = Math.floor((this.#k - 1) / BRICK_EDGE);
    const planeSize = BRICK_EDGE * BRICK_EDGE;
    for (let n = 0; n < this.#slab.length; n++) {
      const voxels = this.#slab[n]!;
      for (let plane = lastPlane + 1; plane < BRICK_EDGE; plane++) {
        voxels.copyWithin(plane * planeSize, lastPlane * planeSize, (lastPlane + 1) * planeSize);
      }
      // Padding repeats real voxels, so it never changes the range.
      const [min, max] = rangeOf(voxels);
      const bi = n % bricks[0];
      const bj = Math.floor(n / bricks[0]);
      this.#onBrick({ address: { frame: this.#frame, level, bi, bj, bk }, voxels, min, max });
    }
    this.#slab = [];
  }

  #reduce(slice: VoxelArray, last: boolean): void {
    const coarser = this.#coarser!;
    const fine = this.#level.dims;
    const coarse = coarser.#level.dims;
    const halveK = coarse[2] !== fine[2];
    const exact = bytesPerVoxel(this.#voxelType) <= 2;
    // Eight 16-bit values always fit a 32-bit sum; wider types need doubles.
    this.#sums ??= exact ? new Int32Array(coarse[0] * coarse[1]) : new Float64Array(coarse[0] * coarse[1]);
    this.#mean ??= createVoxels(this.#voxelType, coarse[0] * coarse[1]);
    addReduced(this.#sums, slice, fine, coarse);
    this.#slicesInSum++;
    if (halveK && this.#slicesInSum < 2 && !last) return;
    divideReduced(this.#mean, this.#sums, fine, coarse, this.#slicesInSum, this.#voxelType !== "float32");
    this.#sums.fill(0);
    this.#slicesInSum = 0;
    coarser.push(this.#mean);
  }
}

type Sums = Int32Array | Float64Array;

/** Adds a slice into sums of the coarser slice: one to four voxels go into each. */
function addReduced(sums: Sums, slice: VoxelArray, fine: Dims, coarse: Dims): void {
  const width = fine[0];
  const stepJ = coarse[1] === fine[1] ? 1 : 2;
  const pairs = coarse[0] === width ? 0 : width >> 1;
  for (let j = 0; j < fine[1]; j++) {
    const to = Math.floor(j / stepJ) * coarse[0];
    const from = j * width;
    for (let pair = 0; pair < pairs; pair++) sums[to + pair]! += slice[from + 2 * pair]! + slice[from + 2 * pair + 1]!;
    if (pairs === 0) for (let i = 0; i < width; i++) sums[to + i]! += slice[from + i]!;
    else if (width & 1) sums[to + pairs]! += slice[from + width - 1]!;
  }
}

/** Turns sums into means; at odd borders fewer voxels were summed. */
function divideReduced(mean: VoxelArray, sums: Sums, fine: Dims, coarse: Dims, slices: number, round: boolean): void {
  const countI = coarse[0] === fine[0] ? 1 : 2;
  const stepJ = coarse[1] === fine[1] ? 1 : 2;
  const lastCountI = fine[0] - (coarse[0] - 1) * countI;
  for (let j = 0; j < coarse[1]; j++) {
    const rows = Math.min(stepJ, fine[1] - j * stepJ) * slices;
    const from = j * coarse[0];
    const end = from + coarse[0] - 1;
    const share = 1 / (rows * countI);
    // Counts are 1, 2, 4 or 8, so the share is exact.
    if (round) for (let n = from; n < end; n++) mean[n] = Math.floor(sums[n]! * share + 0.5);
    else for (let n = from; n < end; n++) mean[n] = sums[n]! * share;
    const edge = sums[end]! / (rows * lastCountI);
    mean[end] = round ? Math.floor(edge + 0.5) : edge;
  }
}

function rangeOf(voxels: VoxelArray): readonly [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < voxels.length; n++) {
    const value = voxels[n]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : [Number.NaN, Number.NaN];
}
