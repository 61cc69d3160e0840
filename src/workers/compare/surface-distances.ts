import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { BitGrid } from "./bit-grid.ts";

/** Rows that the first search looks at, and the second: within three and ten voxels where voxels are cubes. */
const ROWS = [30, 300] as const;
/** Waiting voxels that a second search takes between looks at events. */
const AT_ONCE = 2048;
/** Costs in nanoseconds, measured: a row of a search, a pixel of a swept plane, a waiting voxel in a swept plane. */
const ROW_NS = 10;
const PIXEL_NS = 8;
const WAITING_NS = 3;
const JOB_BYTES = 64;
const ROW_BYTES = 16;
const WAITING_BYTES = 16;
const WINDOW_BYTES = 40;
const GROUP_BYTES = 24;
/** Every so many planes are swept first: then most of the others are farther than what was found. */
const COARSE = 8;

/** A list of rows in WASM memory, nearest first. */
interface Rows {
  readonly at: number;
  readonly count: number;
  /** Square of the distance within which none is missing. */
  readonly reach: number;
}

/**
 * Exact distances between the surfaces of segments: a search of near rows for each voxel; for those that are farther a search of
 * more rows, or a sweep over the planes of the other surface, whichever costs less. Memory: 24 bytes a surface voxel; for the sweep
 * 24 more for each that is far, and 16 bytes a pixel of their window.
 */
export class SurfaceDistances {
  readonly #context: TaskContext;
  readonly #spacing: SpacingMm;
  readonly #near: Rows;
  readonly #more: Rows;
  /** What a search is given (assembly/kernels/compare/nearest.ts). */
  readonly #jobAt: number;

  constructor(context: TaskContext, spacingMm: SpacingMm) {
    this.#context = context;
    this.#spacing = spacingMm;
    this.#near = layRows(context, spacingMm, ROWS[0]);
    this.#more = layRows(context, spacingMm, ROWS[1]);
    this.#jobAt = context.arena.scratch(JOB_BYTES);
  }

  /** Squared distances from the `voxels` voxels of a surface to another, at `to`, in the order of pages and bits. */
  async measure(from: BitGrid, voxels: number, other: BitGrid, empty: number, to: number): Promise<void> {
    const { arena, core, pacer } = this.#context;
    const before = arena.usedBytes;
    const waitingAt = arena.scratch(voxels * WAITING_BYTES);
    const { box } = from;
    this.#prepare(this.#near, waitingAt);
    let done = 0;
    for (let entry = 0; entry < from.entries; entry++) {
      const page = new Uint32Array(arena.memory.buffer, from.table, from.entries)[entry]!;
      if (page === empty) continue;
      await pacer.pause(done / voxels, "Measuring surface distances");
      const row = Math.floor(entry / box.size[0]);
      done += core.exports.gridNearest(
        page,
        box.min[0] + (entry % box.size[0]),
        (box.min[1] + (row % box.size[1])) * 8,
        (box.min[2] + Math.floor(row / box.size[1])) * 8,
        other.at,
        this.#jobAt,
        to,
        done,
      );
    }
    await this.#measureFar(waitingAt, other, to);
    arena.rewind(before);
  }

  /** Ends the distances of the voxels that wait. */
  async #measureFar(waitingAt: number, other: BitGrid, to: number): Promise<void> {
    const { core, pacer } = this.#context;
    const count = this.#waiting;
    if (count === 0) return;
    if (count * ROWS[1] * ROW_NS < this.#sweepNs(waitingAt, count, other)) {
      this.#prepare(this.#more, waitingAt);
      for (let n = 0; n < count; n += AT_ONCE) {
        await pacer.pause(n / count, "Measuring surface distances");
        core.exports.gridNearestAgain(waitingAt, n, Math.min(n + AT_ONCE, count), other.at, this.#jobAt, to);
      }
    }
    if (this.#waiting > 0) await this.#sweep(waitingAt, this.#waiting, other, to);
  }

  #prepare({ at, count, reach }: Rows, waitingAt: number): void {
    const view = new DataView(this.#context.arena.memory.buffer, this.#jobAt);
    view.setFloat64(0, this.#spacing[0], true);
    view.setFloat64(8, reach, true);
    for (const [n, value] of [at, count, waitingAt, 0].entries()) view.setUint32(16 + n * 4, value, true);
  }

  get #waiting(): number {
    return new DataView(this.#context.arena.memory.buffer, this.#jobAt).getUint32(28, true);
  }

  #sweepNs(waitingAt: number, count: number, other: BitGrid): number {
    const { ni, nj } = this.#window(waitingAt, count);
    return other.box.size[2] * 8 * (ni * (nj + other.box.size[1] * 8) * PIXEL_NS + count * WAITING_NS);
  }

  async #sweep(waitingAt: number, count: number, other: BitGrid, to: number): Promise<void> {
    const { arena, core, pacer } = this.#context;
    const { exports } = core;
    const [si, sj, sk] = this.#spacing;
    const { i0, ni, j0, nj } = this.#window(waitingAt, count);
    const rows = other.box.size[1] * 8;
    const window = arena.scratch(WINDOW_BYTES);
    const inverse = arena.scratch((rows + 1) * 8);
    const columns = arena.scratch(ni);
    const values = arena.scratch(rows * ni * 8);
    const places = arena.scratch(rows * 4);
    const plane = arena.scratch(ni * nj * 8);
    const envelope = arena.scratch(rows * 24);
    const groupsAt = arena.scratch(count * GROUP_BYTES);
    new Int32Array(arena.memory.buffer, window, 5).set([i0, ni, j0, nj, rows]);
    new Float64Array(arena.memory.buffer, window + 24, 2).set([si, sj]);
    new Float64Array(arena.memory.buffer, inverse, rows + 1).forEach((_, n, all) => {
      all[n] = 1 / (2 * sj * sj * n);
    });
    const groups = exports.sweepGroups(waitingAt, count, to, groupsAt);
    const first = other.box.min[2] * 8;
    for (const [n, k] of coarseFirst(other.box.size[2] * 8).entries()) {
      await pacer.pause(n / (other.box.size[2] * 8), "Measuring surface distances");
      if (exports.sweepColumns(window, waitingAt, groupsAt, groups, first + k, sk, columns) === 0) continue;
      if (exports.sweepPlane(other.at, first + k, window, columns, inverse, values, places, plane, envelope) === 0)
        continue;
      exports.sweepWaiting(window, waitingAt, groupsAt, groups, first + k, sk, plane, to);
    }
  }

  /** Smallest window across k that holds the waiting voxels. */
  #window(waitingAt: number, count: number): { i0: number; ni: number; j0: number; nj: number } {
    const waiting = new Int32Array(this.#context.arena.memory.buffer, waitingAt, (count * WAITING_BYTES) / 4);
    let [i0, i1, j0, j1] = [waiting[1]!, waiting[1]!, waiting[2]!, waiting[2]!];
    for (let at = 0; at < waiting.length; at += WAITING_BYTES / 4) {
      const i = waiting[at + 1]!;
      const j = waiting[at + 2]!;
      if (i < i0) i0 = i;
      if (i > i1) i1 = i;
      if (j < j0) j0 = j;
      if (j > j1) j1 = j;
    }
    return { i0, ni: i1 - i0 + 1, j0, nj: j1 - j0 + 1 };
  }
}

/** Numbers of planes, every eighth first. */
function coarseFirst(planes: number): number[] {
  const all = Array.from({ length: planes }, (_, k) => k);
  const coarse = (k: number): boolean => k % COARSE === COARSE / 2;
  return [...all.filter(coarse), ...all.filter((k) => !coarse(k))];
}

/** About `wanted` rows around one, by their distance across i. */
function layRows({ arena }: TaskContext, [, sj, sk]: SpacingMm, wanted: number): Rows {
  const reach = (wanted * sj * sk) / Math.PI;
  const rows = [];
  const [mostJ, mostK] = [Math.floor(Math.sqrt(reach) / sj), Math.floor(Math.sqrt(reach) / sk)];
  for (let dk = -mostK; dk <= mostK; dk++) {
    for (let dj = -mostJ; dj <= mostJ; dj++) {
      const squared = (dj * sj) ** 2 + (dk * sk) ** 2;
      if (squared <= reach) rows.push({ squared, dj, dk });
    }
  }
  rows.sort((a, b) => a.squared - b.squared);
  const at = arena.scratch(rows.length * ROW_BYTES);
  const view = new DataView(arena.memory.buffer, at);
  for (const [n, { squared, dj, dk }] of rows.entries()) {
    view.setFloat64(n * ROW_BYTES, squared, true);
    view.setInt32(n * ROW_BYTES + 8, dj, true);
    view.setInt32(n * ROW_BYTES + 12, dk, true);
  }
  return { at, count: rows.length, reach };
}
