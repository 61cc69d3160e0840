/*
 * Exact histograms of every label in one pass: counts by key in pages of 256, which exist where values occur, so that an organ
 * of a CT takes a few kilobytes.
 */
import { NO_ROW, PAGE_BYTES, rowOfRun, TABLE_BYTES } from "../../memory/statistics";
import { isNotANumber, wideKey } from "./values";

/** A row run has 64 voxels at most, and so touches no more pages. */
const ROOM: usize = 64 * PAGE_BYTES;

/**
 * Counts the voxels of the row runs from number `from` on. Returns `count` when done, else the number of the run to go on with
 * when the pool has been given more pages.
 */
export function statisticsHistogram(
  runs: usize,
  from: i32,
  count: i32,
  voxels: usize,
  type: i32,
  rowOf: usize,
  tables: usize,
  pool: usize,
): i32 {
  for (let n = from; n < count; n++) {
    const run = load<u64>(runs + ((<usize>n) << 3));
    const row = rowOfRun(rowOf, run);
    if (row == NO_ROW) continue;
    if (<usize>load<u32>(pool, 4) - <usize>load<u32>(pool) < ROOM) return n;
    const first = <usize>((run >> 16) & 0xff);
    const length = <usize>((run >> 24) & 0xff) - first + 1;
    const line = (((<usize>((run >> 40) & 0xff)) << 6) | <usize>((run >> 32) & 0xff)) << 6;
    const table = tables + <usize>row * TABLE_BYTES;
    const at = line + first;
    if (type < 2) countBytes(voxels + at, length, type == 1 ? 0x80 : 0, table, pool);
    else if (type < 4) countShorts(voxels + (at << 1), length, type == 3 ? 0x8000 : 0, table, pool);
    else countWide(voxels + (at << 2), length, type, table, pool);
  }
  return count;
}

function countBytes(at: usize, length: usize, flip: u32, table: usize, pool: usize): void {
  const page = pageOf(table, 0, pool);
  for (let n: usize = 0; n < length; n++) count(page, <u32>load<u8>(at + n) ^ flip);
}

function countShorts(at: usize, length: usize, flip: u32, table: usize, pool: usize): void {
  let held: u32 = 0xffff;
  let page: usize = 0;
  for (let n: usize = 0; n < length; n++) {
    const key = <u32>load<u16>(at + (n << 1)) ^ flip;
    if (key >> 8 != held) {
      held = key >> 8;
      page = pageOf(table, held, pool);
    }
    count(page, key & 0xff);
  }
}

function countWide(at: usize, length: usize, type: i32, table: usize, pool: usize): void {
  let held: u32 = 0xffff;
  let page: usize = 0;
  for (let n: usize = 0; n < length; n++) {
    const bits = load<u32>(at + (n << 2));
    if (isNotANumber(type, bits)) continue;
    const key = wideKey(type, bits) >> 16;
    if (key >> 8 != held) {
      held = key >> 8;
      page = pageOf(table, held, pool);
    }
    count(page, key & 0xff);
  }
}

function count(page: usize, bin: u32): void {
  const at = page + ((<usize>bin) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function pageOf(table: usize, page: u32, pool: usize): usize {
  const entry = table + ((<usize>page) << 2);
  let at = load<u32>(entry);
  if (at == 0) {
    at = load<u32>(pool);
    store<u32>(pool, at + <u32>PAGE_BYTES);
    store<u32>(entry, at);
  }
  return <usize>at;
}
