import { BRICK_VOXELS, bytesPerVoxel, type VoxelType } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import { transfer } from "../wire.ts";
import { type CountTask, MOST_COUNTED, visitChosen } from "./chosen-bricks.ts";

/** Values that occur, ascending, and how often. */
export interface ValueCounts {
  readonly values: Float64Array<ArrayBuffer>;
  readonly counts: Float64Array<ArrayBuffer>;
}

/**
 * Counts the voxels of some bricks value by value: in a table of 65,536 for 8 and 16 bits; for 32 bits in a hash table of at least
 * twice as many places as there are different values (8 bytes a place, 8 MiB to begin with), which ends with `limit` where the
 * budget does not hold it. Rejects with what the brick source rejects with, `not-found`, `limit` or AbortError.
 */
export async function countValues(context: TaskContext, task: CountTask): Promise<ValueCounts> {
  const { voxelType } = context.image!;
  const counted = bytesPerVoxel(voxelType) < 4 ? await countInTable(context, task) : await countInHash(context, task);
  return transfer(counted, [counted.values.buffer, counted.counts.buffer]);
}

async function countInTable(context: TaskContext, task: CountTask): Promise<ValueCounts> {
  const { core, arena } = context;
  const { voxelType } = context.image!;
  const tableAt = arena.allocate(65_536 * 8);
  const sums = new Float64Array(65_536);
  const addUp = (): void => {
    const table = new Uint32Array(arena.memory.buffer, tableAt, 131_072);
    for (let place = 0; place < 65_536; place++) sums[place]! += table[place]! + table[65_536 + place]!;
    table.fill(0);
  };
  let counted = 0;
  await visitChosen(context, task, ({ maskAt, voxels, load }) => {
    if (counted + voxels > MOST_COUNTED) {
      addUp();
      counted = 0;
    }
    counted += voxels;
    core.exports.histogramCount(load(), VOXEL_TYPE_CODE[voxelType], maskAt, tableAt);
  });
  addUp();
  return occurring(voxelType, sums);
}

/** The places of a table that were counted, by ascending value; the upper half of a signed type's is negative. */
function occurring(type: VoxelType, sums: Float64Array): ValueCounts {
  const places = bytesPerVoxel(type) === 1 ? 256 : 65_536;
  const negative = type === "int8" || type === "int16" ? places / 2 : 0;
  const values: number[] = [];
  const counts: number[] = [];
  for (let n = 0; n < places; n++) {
    const value = n - negative;
    const count = sums[value < 0 ? value + places : value]!;
    if (count === 0) continue;
    values.push(value);
    counts.push(count);
  }
  return { values: Float64Array.from(values), counts: Float64Array.from(counts) };
}

async function countInHash(context: TaskContext, task: CountTask): Promise<ValueCounts> {
  const { core, arena } = context;
  let places = 2 ** 20;
  let tableAt = arena.allocate(places * 8);
  let different = 0;
  let counted = 0;
  let parts: ValueCounts = { values: new Float64Array(0), counts: new Float64Array(0) };
  const signed = context.image!.voxelType === "int32";
  await visitChosen(context, task, ({ maskAt, voxels, load }) => {
    if (counted + voxels > MOST_COUNTED) {
      parts = mergeCounts(parts, entriesOf(arena.memory.buffer, tableAt, places, signed));
      new Uint8Array(arena.memory.buffer, tableAt, places * 8).fill(0);
      different = 0;
      counted = 0;
    }
    if ((different + BRICK_VOXELS) * 2 > places) {
      const larger = arena.allocate(places * 2 * 8);
      core.exports.histogramRehash(tableAt, places, larger, places * 2);
      tableAt = larger;
      places *= 2;
    }
    counted += voxels;
    different += core.exports.histogramHash(load(), maskAt, tableAt, places);
  });
  return mergeCounts(parts, entriesOf(arena.memory.buffer, tableAt, places, signed));
}

function entriesOf(buffer: ArrayBufferLike, at: number, places: number, signed: boolean): ValueCounts {
  const table = new Uint32Array(buffer, at, places * 2);
  // Value and count in one number, so that they are sorted together: counts take 32 of the 64 bits.
  let length = 0;
  for (let n = 1; n < table.length; n += 2) if (table[n] !== 0) length++;
  const entries = new BigUint64Array(length);
  const flip = signed ? 0x80000000 : 0;
  for (let n = 0, to = 0; n < table.length; n += 2) {
    if (table[n + 1] === 0) continue;
    entries[to++] = (BigInt((table[n]! ^ flip) >>> 0) << 32n) | BigInt(table[n + 1]!);
  }
  entries.sort();
  const words = new Uint32Array(entries.buffer);
  const values = new Float64Array(length);
  const counts = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    values[n] = signed ? words[n * 2 + 1]! - 0x80000000 : words[n * 2 + 1]!;
    counts[n] = words[n * 2]!;
  }
  return { values, counts };
}

/** Both together. */
export function mergeCounts(a: ValueCounts, b: ValueCounts): ValueCounts {
  if (a.values.length === 0) return b;
  if (b.values.length === 0) return a;
  const values = new Float64Array(a.values.length + b.values.length);
  const counts = new Float64Array(values.length);
  let [n, m, to] = [0, 0, 0];
  while (n < a.values.length || m < b.values.length) {
    const left = a.values[n] ?? Number.POSITIVE_INFINITY;
    const right = b.values[m] ?? Number.POSITIVE_INFINITY;
    values[to] = Math.min(left, right);
    let count = 0;
    if (left <= right) count += a.counts[n++]!;
    if (right <= left) count += b.counts[m++]!;
    counts[to++] = count;
  }
  return { values: values.slice(0, to), counts: counts.slice(0, to) };
}
