import { type AbortOptions, type Disposable, DisposableStack, signal } from "#base";
import {
  BRICK_EDGE,
  type BrickAddress,
  type BrickPixels,
  type BrickSource,
  ImageGrid,
  type IndexIjk,
  type PyramidLevel,
  pyramidLevels,
  type VolumeDescription,
} from "#volume";
import type { KernelImage } from "#workers";
import { BrickCache } from "./brick-cache.ts";
import { damageError } from "./damaged-place.ts";
import type { ChunkedBricks } from "./chunked/chunked-service.ts";

/** The image half of an open study: where it lies, its bricks, its values. */
export class StudyImage implements Disposable {
  readonly volumeId: string;
  readonly description: VolumeDescription;
  readonly grid: ImageGrid;
  readonly levels: readonly PyramidLevel[];
  readonly bricks: BrickCache;
  /** What ends with the image. */
  readonly owned = new DisposableStack();
  /** Time frame shown, 0-based. */
  readonly frame = signal(0);

  /** Takes ownership of `source`. */
  constructor(
    volumeId: string,
    description: VolumeDescription,
    source: BrickSource & Disposable & Partial<Pick<ChunkedBricks, "regained">>,
    budgetBytes: number,
  ) {
    this.volumeId = volumeId;
    this.description = description;
    this.grid = new ImageGrid(description.grid);
    this.levels = pyramidLevels(this.grid.dims);
    this.bricks = new BrickCache(source, budgetBytes, (address, cause) => damageError(this, address, cause));
    this.whole = source.regained === undefined;
    if (source.regained) this.owned.add(source.regained.on(() => this.bricks.stored([])));
  }

  /** The image as kernels read it, at the frame shown. */
  get kernelImage(): KernelImage {
    const { dims } = this.grid;
    const frame = this.frame.value;
    const residentBricks = () => this.bricks.resident(frame);
    return { dims, voxelType: this.description.voxelType, frame, bricks: this.bricks, residentBricks };
  }

  /** Whether the whole image lies in the cache; else bricks may have to come a long way. */
  readonly whole: boolean;

  /**
   * The image to count values in: all of it where it lies in the cache, else the finest level of few bricks, `level`, so that nothing
   * reads a whole image that lies elsewhere to draw a picture. For an `overview` a level of few bricks is enough wherever it lies.
   */
  countedImage(overview: boolean): { readonly image: KernelImage; readonly level: number } {
    const bricksOf = ({ bricks }: PyramidLevel): number => bricks[0] * bricks[1] * bricks[2];
    const most = this.whole ? OVERVIEW_BRICKS : FETCHED_BRICKS;
    const few = this.levels.find((level) => bricksOf(level) <= most) ?? this.levels.at(-1)!;
    if ((this.whole && !overview) || few.level === 0) return { image: this.kernelImage, level: 0 };
    const bricks: BrickSource = {
      readBrick: (address, options) => this.bricks.readBrick({ ...address, level: few.level }, options),
    };
    const { voxelType } = this.description;
    return { image: { dims: few.dims, voxelType, frame: this.frame.value, bricks }, level: few.level };
  }

  /** Shown value (HU where the file says so) of a whole voxel index; undefined outside or while the brick is not there. */
  async valueAt(ijk: IndexIjk, options: AbortOptions = {}): Promise<number | undefined> {
    const place = this.#place(ijk);
    if (!place) return undefined;
    return this.#valueIn(await this.bricks.readBrick(place.address, options), place.voxel);
  }

  /** The same without waiting: undefined unless the brick is in memory. */
  peekValue(ijk: IndexIjk): number | undefined {
    const place = this.#place(ijk);
    return place && this.#valueIn(this.bricks.peek(place.address), place.voxel);
  }

  /** Shown value of a stored one. */
  toShown(stored: number): number {
    const { slope, intercept } = this.description.rescale;
    return stored * slope + intercept;
  }

  /** Range of stored values that shows as `low`…`high`; exact at the ends for whole stored values. */
  toStoredRange(low: number, high: number): { low: number; high: number } {
    const { slope, intercept } = this.description.rescale;
    const a = snap((low - intercept) / slope);
    const b = snap((high - intercept) / slope);
    return { low: Math.min(a, b), high: Math.max(a, b) };
  }

  dispose(): void {
    this.owned.dispose();
    this.bricks.dispose();
  }

  #valueIn(brick: BrickPixels | undefined, voxel: number): number | undefined {
    return brick && this.toShown(brick.voxels[voxel]!);
  }

  #place(ijk: IndexIjk): { address: BrickAddress; voxel: number } | undefined {
    const [i, j, k] = [Math.round(ijk[0]), Math.round(ijk[1]), Math.round(ijk[2])];
    if (!this.grid.contains([i, j, k])) return undefined;
    const within = (n: number): number => n % BRICK_EDGE;
    return {
      address: {
        frame: this.frame.value,
        level: 0,
        bi: Math.floor(i / BRICK_EDGE),
        bj: Math.floor(j / BRICK_EDGE),
        bk: Math.floor(k / BRICK_EDGE),
      },
      voxel: (within(k) * BRICK_EDGE + within(j)) * BRICK_EDGE + within(i),
    };
  }
}

/** Bricks that are read to count values of an image that lies elsewhere: two million voxels. */
const FETCHED_BRICKS = 8;
/** The same for an overview of one that lies in the cache: a tenth of a second. */
const OVERVIEW_BRICKS = 64;

/** Undoes the rounding of a division where the result is a whole stored value but for it. */
function snap(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 1e-9 * Math.max(1, Math.abs(value)) ? whole : value;
}
