import { restrictToRange, rasteriseStroke, type LabelTransaction } from "#labelmap";
import type { BrushPort, Stroke, ToolState } from "#tools";
import { brickCoordinates, type IndexIjk, type PointLps } from "#volume";
import type { StudyImage } from "./study-image.ts";

export interface StrokeOptions {
  readonly image: StudyImage;
  readonly transaction: LabelTransaction;
  /** Brick counts of the labelmap at level 0. */
  readonly bricks: readonly [number, number, number];
  /** Segment to paint; for the eraser, the only segment to erase, or undefined for any. */
  readonly segment: number | undefined;
  readonly erase: boolean;
  readonly tools: ToolState;
  readonly plane: Parameters<BrushPort["beginStroke"]>[0]["plane"];
  /** Ends the stroke: `commit` false takes it back. */
  readonly finish: (commit: boolean, points: readonly IndexIjk[]) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * A stroke on the labels. Each piece is drawn at once when no intensity mask is on, else when the bricks it needs are in memory,
 * which they mostly are, being on screen. Pieces are applied in order either way.
 */
export class LabelStroke implements Stroke {
  readonly #options: StrokeOptions;
  readonly #points: IndexIjk[] = [];
  #pending: Promise<void> = Promise.resolve();
  #waiting = 0;
  #over = false;

  constructor(options: StrokeOptions) {
    this.#options = options;
  }

  extend(from: PointLps, to: PointLps): void {
    if (this.#over) return;
    const { image, tools, plane } = this.#options;
    const { radiusMm, shape } = tools.brush;
    this.#points.push(image.grid.toIndex(to).map((value) => Math.round(value * 100) / 100) as unknown as IndexIjk);
    const masks = rasteriseStroke({ grid: image.grid, from, to, radiusMm, shape, plane });
    if (!tools.mask.on && this.#waiting === 0) {
      this.#apply(masks);
      return;
    }
    this.#waiting++;
    this.#pending = this.#pending
      .then(async () => this.#apply(tools.mask.on ? await this.#restrict(masks) : masks))
      .catch((error: unknown) => {
        if (!this.#over) this.#options.fail(error);
        this.#over = true;
      })
      .finally(() => {
        this.#waiting--;
      });
  }

  end(): void {
    void this.#pending.then(() => {
      if (!this.#over) this.#options.finish(true, this.#points);
      this.#over = true;
    });
  }

  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.finish(false, this.#points);
  }

  #apply(masks: ReadonlyMap<number, Uint8Array>): void {
    if (this.#over) return;
    const { transaction, erase, segment } = this.#options;
    for (const [brickIndex, mask] of masks) {
      if (erase) transaction.erase(brickIndex, mask, segment);
      else transaction.setMask(brickIndex, mask, segment!);
    }
  }

  async #restrict(masks: ReadonlyMap<number, Uint8Array>): Promise<Map<number, Uint8Array>> {
    const { image, tools, bricks } = this.#options;
    const { low, high } = image.toStoredRange(tools.mask.low, tools.mask.high);
    const restricted = new Map<number, Uint8Array>();
    for (const [brickIndex, mask] of masks) {
      const [bi, bj, bk] = brickCoordinates(bricks, brickIndex);
      const pixels = await image.bricks.readBrick({ frame: image.frame.value, level: 0, bi, bj, bk });
      if (pixels) restricted.set(brickIndex, restrictToRange(mask, pixels, low, high));
    }
    return restricted;
  }
}
