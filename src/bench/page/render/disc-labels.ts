import { Emitter } from "#base";
import type { LabelSource } from "#gpu";
import type { LabelChange } from "#labelmap";
import { BRICK_EDGE, BRICK_VOXELS, brickDims, brickIndex, type Dims } from "#volume";

/** Labels of level 0 in memory, painted by discs: what the views are told of a brush. */
export class DiscLabels implements LabelSource {
  readonly changed = new Emitter<LabelChange>();
  readonly #counts: Dims;
  readonly #bricks = new Map<number, Uint16Array>();

  constructor(dims: Dims) {
    this.#counts = brickDims(dims);
  }

  readBrick(level: number, bi: number, bj: number, bk: number): Uint16Array | undefined {
    return level === 0 ? this.#bricks.get(brickIndex(this.#counts, bi, bj, bk)) : undefined;
  }

  /** A disc in an axial slice, all of it within the volume. */
  paint([i, j, k]: readonly [number, number, number], radius: number): void {
    const touched = new Set<number>();
    for (let y = j - radius; y <= j + radius; y++) {
      for (let x = i - radius; x <= i + radius; x++) {
        if ((x - i) ** 2 + (y - j) ** 2 > radius * radius) continue;
        const index = brickIndex(this.#counts, x >> 6, y >> 6, k >> 6);
        let brick = this.#bricks.get(index);
        if (!brick) this.#bricks.set(index, (brick = new Uint16Array(BRICK_VOXELS)));
        brick[((k % BRICK_EDGE) * BRICK_EDGE + (y % BRICK_EDGE)) * BRICK_EDGE + (x % BRICK_EDGE)] = 1;
        touched.add(index);
      }
    }
    const box = { min: [i - radius, j - radius, k], max: [i + radius + 1, j + radius + 1, k + 1] } as const;
    this.changed.emit({ brickIndices: [...touched], box });
  }
}
