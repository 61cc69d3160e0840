import type { Dims, IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { requireRoom } from "../memory-arena.ts";
import type { Metric } from "./metric.ts";

/** A mask of bits in the core's memory: rows of whole words (assembly/kernels/labels/bit-rows.ts). */
export interface BitMask {
  readonly at: number;
  readonly size: Dims;
}

/** Bytes of a row of bits. */
export function bitRowBytes(ni: number): number {
  return Math.ceil(ni / 64) * 8;
}

export function bitMaskBytes([ni, nj, nk]: Dims): number {
  return bitRowBytes(ni) * nj * nk;
}

export interface FieldRequest {
  readonly metric: Metric;
  /** First voxel of the field, counted from the mask's, and size; perhaps outside the mask. */
  readonly first: Dims;
  readonly size: Dims;
  /** Squared units beyond which no distance is of interest (`Metric.within`). */
  readonly limit: number;
  /** Squared distances in units, or millimetres. */
  readonly as: "squares" | "mm";
}

/** Reports the share done of one field, 0 to 1, and looks at events. */
export type Pause = (done: number) => Promise<void>;

/** Above every squared distance, so that all are told. */
export const NO_LIMIT = 1e30;

/** Voxels worked on between looks at events: about 2 ms. */
const STRIDE = 2 ** 19;

/** Room that a field's results take while they are computed: the slices of the mask after two axes lie there too. */
export function fieldBytes(mask: Dims, size: Dims): number {
  return size[0] * size[1] * Math.max(mask[2], size[2]) * 4;
}

/**
 * Distances to the nearest set bit, f32 at `to` (`fieldBytes`). Scratch comes from the arena and goes back there. What is beyond the limit
 * is any value beyond it, what no bit is near at all 1e30 (squared).
 */
export async function fieldOf(
  { core, arena }: TaskContext,
  mask: BitMask,
  { metric, first, size, limit, as }: FieldRequest,
  to: number,
  pause: Pause,
): Promise<void> {
  const { exports } = core;
  const mark = arena.usedBytes;
  const job = requireRoom(arena, exports.distanceJobBytes(...mask.size, ...first, ...size));
  const scale = as === "mm" ? metric.unitMm : 0;
  exports.distanceStart(job, mask.at, ...mask.size, ...first, ...size, ...metric.steps, limit, scale, to);
  const slices = Math.max(1, Math.floor(STRIDE / (size[0] * Math.max(size[1], mask.size[1]))));
  for (let k = 0; k < mask.size[2]; k += slices) {
    exports.distanceSlices(job, k, Math.min(k + slices, mask.size[2]));
    await pause((0.6 * k) / mask.size[2]);
  }
  const rows = Math.max(1, Math.floor(STRIDE / (size[0] * Math.max(size[2], mask.size[2]))));
  for (let j = 0; j < size[1]; j += rows) {
    exports.distanceRows(job, j, Math.min(j + rows, size[1]));
    await pause(0.6 + (0.4 * j) / size[1]);
  }
  arena.rewind(mark);
}

/** The same into room of its own: infinite everywhere where no bit is set. Returns the field's address. */
export async function fieldOrInfinity(
  context: TaskContext,
  mask: BitMask,
  request: FieldRequest,
  pause: Pause,
): Promise<number> {
  if (!boxOfBits(context, mask)) return filledField(context, request.size, Number.POSITIVE_INFINITY);
  const to = requireRoom(context.arena, fieldBytes(mask.size, request.size));
  await fieldOf(context, mask, request, to, pause);
  return to;
}

/** A field that is the same everywhere. */
export function filledField({ arena }: TaskContext, size: Dims, value: number): number {
  const count = size[0] * size[1] * size[2];
  const at = arena.allocate(count * 4);
  new Float32Array(arena.memory.buffer, at, count).fill(value);
  return at;
}

/** Bounding box of the set bits, counted from the mask's first voxel; undefined where none is set. */
export function boxOfBits({ core, arena }: TaskContext, { at, size }: BitMask): IndexBox | undefined {
  const mark = arena.usedBytes;
  const to = arena.allocate(24);
  const any = core.exports.boxOfBits(at, ...size, to);
  const ends = new Int32Array(arena.memory.buffer, to, 6);
  arena.rewind(mark);
  if (!any) return undefined;
  return { min: [ends[0]!, ends[1]!, ends[2]!], max: [ends[3]!, ends[4]!, ends[5]!] };
}
