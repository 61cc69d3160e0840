import type { Dims, IndexBox } from "#volume";
import { type BitMask, bitMaskBytes, fieldBytes, fieldOf } from "../distance/box-distances.ts";
import type { Metric } from "../distance/metric.ts";
import { intersect, isEmpty, moved, sizeOf } from "../index-box.ts";
import { requireRoom } from "../memory-arena.ts";
import { placed, type TileWork } from "../tiles/change-tile.ts";

/** One segment of a tile. */
export interface SegmentWork extends TileWork {
  readonly label: number;
  /** Its bounding box in `before`. */
  readonly own: IndexBox;
  /** What of the tile it may change. */
  readonly out: IndexBox;
}

/** Works on the chosen segments in ascending order; what one of them allocates goes back after it. */
export async function forEachSegment(
  tile: TileWork,
  outOf: (own: IndexBox) => IndexBox,
  work: (segment: SegmentWork) => Promise<void>,
): Promise<void> {
  const { arena } = tile.context;
  const mark = arena.usedBytes;
  for (const [n, [label, own]] of tile.segments.entries()) {
    const out = intersect(outOf(own), tile.box);
    if (isEmpty(out)) continue;
    const pause = (done: number): Promise<void> => tile.pause(0.1 + (0.8 * (n + done)) / tile.segments.length);
    await work({ ...tile, label, own, out, pause });
    arena.rewind(mark);
    await pause(1);
  }
}

/** Bits of the voxels of a box that are of the segment, or of those that are not. */
export function bitsOfLabel({ context, before, label }: SegmentWork, box: IndexBox, which: "own" | "others"): BoxMask {
  const size = sizeOf(box);
  const at = requireRoom(context.arena, bitMaskBytes(size));
  const from = before.address(box.min);
  context.core.exports.bitsOfLabel(
    from,
    before.rowBytes,
    before.planeBytes,
    ...size,
    label,
    which === "others" ? 1 : 0,
    at,
  );
  return { at, size, box };
}

/** A mask of the voxels of a box. */
export interface BoxMask extends BitMask {
  readonly box: IndexBox;
}

/** Squared distances of the voxels of a box, f32 and dense in the core's memory. */
export class BoxField {
  readonly at: number;
  readonly box: IndexBox;
  readonly size: Dims;

  constructor(at: number, box: IndexBox) {
    this.at = at;
    this.box = box;
    this.size = sizeOf(box);
  }

  get rowBytes(): number {
    return this.size[0] * 4;
  }

  get planeBytes(): number {
    return this.size[0] * this.size[1] * 4;
  }

  address(ijk: Dims): number {
    const [i, j, k] = moved({ min: ijk, max: ijk }, this.box.min).min;
    return this.at + k * this.planeBytes + j * this.rowBytes + i * 4;
  }
}

/** Squared distances of a box's voxels to the set bits of a mask, of interest up to `limit`. */
export async function squaresTo(
  { context, pause }: SegmentWork,
  mask: BoxMask,
  box: IndexBox,
  metric: Metric,
  limit: number,
): Promise<BoxField> {
  const size = sizeOf(box);
  const to = requireRoom(context.arena, fieldBytes(mask.size, size));
  const asked = { metric, first: moved(box, mask.box.min).min, size, limit, as: "squares" } as const;
  await fieldOf(context, mask, asked, to, () => pause(0));
  return new BoxField(to, box);
}

/** Bits of the voxels of a field that are beyond the limit. */
export function bitsBeyond({ context }: TileWork, field: BoxField, limit: number): BoxMask {
  const at = requireRoom(context.arena, bitMaskBytes(field.size));
  context.core.exports.bitsWithin(field.at, ...field.size, limit, 1, at);
  return { at, size: field.size, box: field.box };
}

/** The segment's voxels whose distance is within the limit, or beyond it, become background. */
export function clearOfLabel(
  { context, before, after, label, touch }: SegmentWork,
  field: BoxField,
  limit: number,
  which: "within" | "beyond",
): void {
  const { min } = field.box;
  context.core.exports.clearOfLabel(
    field.at,
    ...field.size,
    limit,
    which === "beyond" ? 1 : 0,
    label,
    ...placed(before, min),
    ...placed(after, min),
  );
  touch(field.box);
}

/** Labels of a tile that compete for its voxels by distance. */
export class NearestContest {
  readonly #tile: TileWork;
  readonly #best: BoxField;

  constructor(tile: TileWork) {
    const { context, box } = tile;
    this.#tile = tile;
    const count = sizeOf(box).reduce((product, n) => product * n, 1);
    this.#best = new BoxField(requireRoom(context.arena, count * 4), box);
    context.core.exports.fillFar(this.#best.at, count);
  }

  /** Gives the segment the voxels that it may change, are within the limit and nearer to it than to any that came before. */
  enter({ label, out: box }: SegmentWork, field: BoxField, limit: number): void {
    const { context, after, touch } = this.#tile;
    const best = this.#best;
    context.core.exports.claimNearest(
      field.address(box.min),
      field.rowBytes,
      field.planeBytes,
      ...sizeOf(box),
      limit,
      label,
      best.address(box.min),
      best.rowBytes,
      best.planeBytes,
      ...placed(after, box.min),
    );
    touch(box);
  }
}

/** All voxels of the chosen segments become background. */
export function clearMembers({ context, box, members, before, after, segments, touch }: TileWork): void {
  context.core.exports.clearMembers(members, ...sizeOf(box), ...placed(before, box.min), ...placed(after, box.min));
  for (const [, own] of segments) touch(own);
}
