import { brickCoordinates, brickIndex, type Dims } from "#volume";
import { reachOf } from "../components/faces.ts";
import { extentOf, PIECE_WORDS, sidesOf } from "../components/piece-block.ts";
import { type OpenPieces, PieceForest } from "../components/piece-forest.ts";
import type { BackgroundRules, RegionSides } from "./background.ts";
import type { BackgroundFound } from "./find-background.ts";
import type { SegmentHoles } from "./fill-holes.ts";
import { fullBrick } from "./full-brick.ts";
import type { SliceAxes } from "./slice-axes.ts";

/**
 * The background of one segment in its region, the box of bricks round those that hold it: what lies outside reaches the border of the
 * volume, so a component that reaches the end of the region is no hole. In slices the region ends in their plane only. Bricks come in
 * ascending order after the exchange of axes; those of the region that do not come are background as a whole.
 */
export class SegmentRegion {
  readonly segment: number;
  readonly #axes: SliceAxes;
  readonly #low: Dims;
  readonly #high: Dims;
  readonly #forest: PieceForest;
  readonly #withHoles = new Set<number>();
  /** The next brick of the region that has not come, exchanged; undefined after the last. */
  #next: Dims | undefined;

  /** `bricks`: those that hold the segment, axes exchanged. */
  constructor(segment: number, bricks: readonly number[], axes: SliceAxes, { connectivity }: BackgroundRules) {
    this.segment = segment;
    this.#axes = axes;
    const at = bricks.map((index) => brickCoordinates(axes.bricks, index));
    const end = (pick: (...all: number[]) => number, axis: 0 | 1 | 2): number => {
      return at.reduce((best, place) => pick(best, place[axis]), at[0]![axis]);
    };
    this.#low = [end(Math.min, 0), end(Math.min, 1), end(Math.min, 2)];
    this.#high = [end(Math.max, 0), end(Math.max, 1), end(Math.max, 2)];
    this.#next = this.#low;
    const reach = reachOf(connectivity, axes.planar);
    this.#forest = new PieceForest(axes.dims, axes.bricks, connectivity, reach, axes.planar);
  }

  /** Where the region goes on and ends round a brick, exchanged. */
  sides(turned: number): RegionSides {
    const at = brickCoordinates(this.#axes.bricks, turned);
    let open = 0;
    let outer = 0;
    for (let axis = 0; axis < (this.#axes.planar ? 2 : 3); axis++) {
      if (at[axis]! > this.#low[axis]!) open |= 1 << (axis * 2);
      else outer |= 1 << (axis * 2);
      if (at[axis]! < this.#high[axis]!) open |= 2 << (axis * 2);
      else outer |= 2 << (axis * 2);
    }
    return { open, outer };
  }

  /** Takes up a brick that holds the segment, and before it those of the region that do not. */
  add(found: BackgroundFound): void {
    const turned = this.#axes.turned(found.index);
    this.#addFullUntil(turned);
    this.#addPieces({ ...found, index: turned });
    if (found.hasHoles) this.#withHoles.add(turned);
    this.#step();
  }

  /** Takes up what is left of the region; no brick comes after it. */
  finish(): void {
    this.#addFullUntil(Number.POSITIVE_INFINITY);
  }

  /** The holes of at most `mostVoxels` voxels in each brick that has any, by `brickIndex` of the volume. */
  *holes(mostVoxels: number): Generator<readonly [index: number, holes: SegmentHoles]> {
    const { columns } = this.#forest;
    for (const turned of this.#forest.bricks()) {
      const { base, count } = this.#forest.piecesOf(turned);
      const sizes = new Float64Array(count);
      let any = this.#withHoles.has(turned);
      for (let n = 0; n < count; n++) {
        const root = this.#forest.root(base + n);
        if (this.#forest.isMarked(root) || columns.voxels(root) > mostVoxels) continue;
        sizes[n] = columns.voxels(root);
        any = true;
      }
      if (any) yield [this.#axes.original(turned), { segment: this.segment, sizes, ...this.sides(turned) }];
    }
  }

  #addFullUntil(turned: number): void {
    for (; this.#next; this.#step()) {
      const index = brickIndex(this.#axes.bricks, ...this.#next);
      if (index >= turned) return;
      const { open } = this.sides(index);
      this.#addPieces(fullBrick(index, extentOf(this.#axes.dims, index), this.segment, open, this.#axes.planar));
    }
  }

  #addPieces(pieces: OpenPieces): void {
    this.#forest.add(pieces);
    const { outer } = this.sides(pieces.index);
    const { base, count } = this.#forest.piecesOf(pieces.index);
    for (let n = 0; n < count; n++) {
      if ((sidesOf(pieces.open[n * PIECE_WORDS]!) & outer) !== 0) this.#forest.mark(base + n);
    }
  }

  #step(): void {
    const [i, j, k] = this.#next!;
    if (i < this.#high[0]) this.#next = [i + 1, j, k];
    else if (j < this.#high[1]) this.#next = [this.#low[0], j + 1, k];
    else if (k < this.#high[2]) this.#next = [this.#low[0], this.#low[1], k + 1];
    else this.#next = undefined;
  }
}
