import { VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, brickBox, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { memberTable } from "../distance/gather-mask.ts";
import { BoxGatherer } from "../gather.ts";
import { expand, hull, intersect, isEmpty, moved, sizeOf, voxelsOf, wholeBox } from "../index-box.ts";
import { requireRoom } from "../memory-arena.ts";
import { type PackedChanges, ChangePacker } from "../packed-changes.ts";
import { halves } from "./plan-tiles.ts";
import { boxesOfLabels } from "./label-boxes.ts";
import { OR_RAISE_BUDGET } from "../raise-budget.ts";

/** Labels of a box, u16 and dense in the core's memory. */
export class DenseLabels {
  readonly at: number;
  readonly box: IndexBox;
  readonly size: Dims;
  readonly rowBytes: number;
  readonly planeBytes: number;

  constructor(at: number, box: IndexBox) {
    this.at = at;
    this.box = box;
    this.size = sizeOf(box);
    this.rowBytes = this.size[0] * 2;
    this.planeBytes = this.rowBytes * this.size[1];
  }

  /** Address of a voxel of the volume. */
  address(ijk: Dims): number {
    const [i, j, k] = ijk;
    const { min } = this.box;
    return this.at + (k - min[2]) * this.planeBytes + (j - min[1]) * this.rowBytes + (i - min[0]) * 2;
  }
}

/** Where a voxel lies, and the strides from there on, as the core takes them. */
export function placed(labels: DenseLabels, at: Dims): [at: number, rowBytes: number, planeBytes: number] {
  return [labels.address(at), labels.rowBytes, labels.planeBytes];
}

/** A tile under work. A kernel reads `before` and writes `after`, which starts as a copy. */
export interface TileWork {
  readonly context: TaskContext;
  readonly dims: Dims;
  /** The voxels that may change: those of the tile that a chosen segment's box reaches with its halo. */
  readonly box: IndexBox;
  /** Labels of the box and its halo, as far as they lie in the volume. */
  readonly before: DenseLabels;
  readonly after: DenseLabels;
  /** A byte for each label value, 1 for the chosen segments. */
  readonly members: number;
  /** The chosen segments that are in `before`, ascending, with their boxes there (in the volume's indices). */
  readonly segments: readonly (readonly [label: number, box: IndexBox])[];
  /** Tells that voxels of a box may have changed; bricks outside are not looked at. */
  touch(box: IndexBox): void;
  /** Reports progress within the tile and looks at events. */
  pause(fraction: number): Promise<void>;
}

export interface TileRequest {
  readonly box: IndexBox;
  /** Voxels around the box that are read. */
  readonly halo: Dims;
  /** Chosen label values; all when absent. */
  readonly segments?: readonly number[] | undefined;
}

/**
 * Changes the labels of one tile and packs what differs then. Where memory does not last, the tile is worked on in halves, brick by
 * brick at the end. Rejects with `limit` when one brick with its halo is above the budget.
 */
export async function changeTile(
  context: TaskContext,
  request: TileRequest,
  work: (tile: TileWork) => Promise<void>,
  what: string,
): Promise<PackedChanges> {
  const { arena, pacer } = context;
  const { box, halo, segments } = request;
  const packer = new ChangePacker(context);
  const gatherer = new BoxGatherer(context);
  const members = memberTable(context, segments);
  const room = { labels: requireRoom(arena, BRICK_VOXELS * 2), erased: requireRoom(arena, BRICK_VOXELS / 8) };
  const mark = arena.usedBytes;
  const waiting = [box];
  let done = 0;
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    arena.rewind(mark);
    const share = voxelsOf(part) / voxelsOf(box);
    const from = done;
    const pause = (fraction: number): Promise<void> => pacer.pause(from + share * fraction, what);
    try {
      const tile = await readTile(context, gatherer, { ...request, box: part }, members, pause);
      if (tile) {
        await work(tile);
        await packTile(tile, packer, room);
      }
      done += share;
    } catch (error) {
      if (!(error instanceof VoxelwrightError) || error.kind !== "limit") throw error;
      const parts = halves(part);
      if (!parts) throw tooLarge(error, sizeOf(expand(part, halo)));
      waiting.push(parts[1], parts[0]);
    }
  }
  return packer.finish();
}

interface TileAtWork extends TileWork {
  readonly touched: { box: IndexBox | undefined };
}

async function readTile(
  context: TaskContext,
  gatherer: BoxGatherer,
  { box, halo, segments }: TileRequest,
  members: number,
  pause: TileWork["pause"],
): Promise<TileAtWork | undefined> {
  const { arena, core } = context;
  const map = context.maps![0]!;
  const read = intersect(expand(box, halo), wholeBox(map.dims));
  const before = new DenseLabels(requireRoom(arena, voxelsOf(read) * 2), read);
  await pause(0);
  if (!gatherer.labels(map, read, before.at)) return undefined;
  await pause(0.05);
  const found = boxesOfLabels(context, before.at, before.size, segments).map(([label, own]) => {
    return [label, moved(own, [-read.min[0], -read.min[1], -read.min[2]])] as const;
  });
  if (found.length === 0) return undefined;
  const reached = intersect(
    expand(
      found.map(([, own]) => own).reduce((a, b) => hull(a, b)),
      halo,
    ),
    box,
  );
  if (isEmpty(reached)) return undefined;
  const after = new DenseLabels(requireRoom(arena, voxelsOf(reached) * 2), reached);
  const [ni, nj, nk] = after.size;
  core.exports.copyBox(...placed(before, reached.min), ...placed(after, reached.min), ni * 2, nj, nk);
  await pause(0.1);
  const touched: TileAtWork["touched"] = { box: undefined };
  const touch = (changed: IndexBox): void => {
    touched.box = touched.box ? hull(touched.box, changed) : changed;
  };
  return { context, dims: map.dims, box: reached, before, after, members, segments: found, touch, touched, pause };
}

/** Packs the bricks of a tile that differ. */
async function packTile(
  { context, dims, box, before, after, members, touched, pause }: TileAtWork,
  packer: ChangePacker,
  room: { readonly labels: number; readonly erased: number },
): Promise<void> {
  const changed = touched.box && intersect(touched.box, box);
  if (!changed || isEmpty(changed)) return;
  const bricks = brickDims(dims);
  const at = (n: number): number => Math.floor(n / BRICK_EDGE);
  for (let bk = at(changed.min[2]); bk <= at(changed.max[2] - 1); bk++) {
    for (let bj = at(changed.min[1]); bj <= at(changed.max[1] - 1); bj++) {
      for (let bi = at(changed.min[0]); bi <= at(changed.max[0] - 1); bi++) {
        const brick = brickBox(dims, bi, bj, bk);
        const part = intersect(brick, changed);
        const first: Dims = moved(part, brick.min).min;
        const voxels = context.core.exports.changesOfBrick(
          ...placed(before, part.min),
          ...placed(after, part.min),
          ...first,
          ...sizeOf(part),
          members,
          room.labels,
          room.erased,
        );
        await pause(0.95);
        if (voxels === 0) continue;
        const index = brickIndex(bricks, bi, bj, bk);
        packer.addLabels(index, room.labels, voxels);
        // The same voxels: those that have a label now were counted with it.
        packer.addErased(index, room.erased, 0);
      }
    }
  }
}

function tooLarge(cause: VoxelwrightError, size: Dims): VoxelwrightError {
  return new VoxelwrightError("limit", `A piece of ${size.join("×")} voxels does not fit in the memory budget.`, {
    advice: `Choose a smaller length in millimetres${OR_RAISE_BUDGET}.`,
    fields: cause.fields,
    cause,
  });
}
