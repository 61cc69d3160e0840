import { type Disposable } from "#base";
import { BRICK_EDGE, brickCoordinates, type Dims, type IndexIjk } from "#volume";
import { LabelRunReader } from "./label-brick.ts";
import type { Labelmap } from "./labelmap.ts";

/** Voxels of a label and the sums of their indices; exact up to 2⁵³. */
interface Total {
  voxels: number;
  readonly sums: [number, number, number];
}

/**
 * Voxels by label and where their middle lies, kept while the labels change: only bricks that changed are counted again, and from
 * their runs, so that a stroke in a volume with a billion labelled voxels costs the bricks that it touched.
 */
export class LabelTotals implements Disposable {
  readonly #labelmap: Labelmap;
  readonly #all = new Map<number, Total>();
  readonly #byBrick = new Map<number, ReadonlyMap<number, Total>>();
  readonly #stale: Set<number>;
  readonly #listening: Disposable;

  constructor(labelmap: Labelmap) {
    this.#labelmap = labelmap;
    this.#stale = new Set(labelmap.brickIndices());
    this.#listening = labelmap.changed.on(({ brickIndices }) => {
      for (const index of brickIndices) this.#stale.add(index);
    });
  }

  /** Voxels of a label as it is now, an open change included. */
  voxels(label: number): number {
    this.#follow();
    return this.#all.get(label)?.voxels ?? 0;
  }

  /** Mean index of a label's voxels, rounded; undefined when it has none. */
  middle(label: number): IndexIjk | undefined {
    this.#follow();
    const total = this.#all.get(label);
    if (!total || total.voxels === 0) return undefined;
    const [i, j, k] = total.sums.map((sum) => Math.round(sum / total.voxels));
    return [i!, j!, k!];
  }

  dispose(): void {
    this.#listening.dispose();
  }

  #follow(): void {
    for (const index of this.#stale) {
      const before = this.#byBrick.get(index);
      if (before) this.#add(before, -1);
      const bytes = this.#labelmap.encodedBrick(index);
      if (bytes) {
        const totals = totalsOf(bytes, brickCoordinates(this.#labelmap.bricks, index));
        this.#byBrick.set(index, totals);
        this.#add(totals, 1);
      } else this.#byBrick.delete(index);
    }
    this.#stale.clear();
  }

  #add(totals: ReadonlyMap<number, Total>, sign: 1 | -1): void {
    for (const [label, { voxels, sums }] of totals) {
      const all = totalOf(this.#all, label);
      all.voxels += sign * voxels;
      for (const axis of [0, 1, 2] as const) all.sums[axis] += sign * sums[axis];
    }
  }
}

function totalOf(totals: Map<number, Total>, label: number): Total {
  let total = totals.get(label);
  if (!total) totals.set(label, (total = { voxels: 0, sums: [0, 0, 0] }));
  return total;
}

function totalsOf(bytes: Uint8Array, [bi, bj, bk]: Dims): Map<number, Total> {
  const totals = new Map<number, Total>();
  const runs = new LabelRunReader(bytes);
  while (runs.next()) {
    if (runs.label === 0) continue;
    const total = totalOf(totals, runs.label);
    total.voxels += runs.end - runs.start;
    // Row by row: within one only i changes.
    for (let start = runs.start; start < runs.end; ) {
      const end = Math.min(runs.end, (start | (BRICK_EDGE - 1)) + 1);
      const count = end - start;
      total.sums[0] += count * (bi * BRICK_EDGE + ((start & 63) + ((end - 1) & 63)) / 2);
      total.sums[1] += count * (bj * BRICK_EDGE + ((start >> 6) & 63));
      total.sums[2] += count * (bk * BRICK_EDGE + (start >> 12));
      start = end;
    }
  }
  return totals;
}
