/* 32-bit values: sums within a brick, and the lower bits of chosen values. */
import {
  NO_ROW,
  rowOfRun,
  WIDE_BRICK,
  WIDE_BYTES,
  WIDE_FIRST,
  WIDE_MAX,
  WIDE_MIN,
  WIDE_SQUARES,
  WIDE_SUM,
  WIDE_VALUES,
} from "../../memory/statistics";
import { isNotANumber, wideKey, wideValue } from "./values";

/**
 * Sums of a brick, numbered `brick` (1 or more), for every label. They are of differences from the label's first value in the
 * brick, so that large values with a small spread keep their digits. Writes the rows that have values, in the order they were
 * met, as u32 at `met`; returns their number.
 */
export function statisticsWide(
  runs: usize,
  count: i32,
  voxels: usize,
  type: i32,
  rowOf: usize,
  wide: usize,
  brick: i32,
  met: usize,
): i32 {
  let rows = 0;
  for (let n: usize = 0; n < <usize>count; n++) {
    const run = load<u64>(runs + (n << 3));
    const row = rowOfRun(rowOf, run);
    if (row == NO_ROW) continue;
    const at = wide + <usize>row * WIDE_BYTES;
    const first = <usize>((run >> 16) & 0xff);
    const last = <usize>((run >> 24) & 0xff);
    const line = voxels + ((((<usize>((run >> 40) & 0xff)) << 6) | <usize>((run >> 32) & 0xff)) << 8);
    for (let i = first; i <= last; i++) {
      const bits = load<u32>(line + (i << 2));
      if (isNotANumber(type, bits)) continue;
      const value = wideValue(type, bits);
      if (load<i32>(at, WIDE_BRICK) != brick) {
        start(at, brick, value);
        store<u32>(met + ((<usize>rows) << 2), row);
        rows++;
      }
      add(at, value);
    }
  }
  return rows;
}

function start(at: usize, brick: i32, value: f64): void {
  store<i32>(at, brick, WIDE_BRICK);
  store<i32>(at, 0, WIDE_VALUES);
  store<f64>(at, value, WIDE_FIRST);
  store<f64>(at, 0, WIDE_SUM);
  store<f64>(at, 0, WIDE_SQUARES);
  store<f64>(at, value, WIDE_MIN);
  store<f64>(at, value, WIDE_MAX);
}

function add(at: usize, value: f64): void {
  store<i32>(at, load<i32>(at, WIDE_VALUES) + 1, WIDE_VALUES);
  const away = value - load<f64>(at, WIDE_FIRST);
  store<f64>(at, load<f64>(at, WIDE_SUM) + away, WIDE_SUM);
  store<f64>(at, load<f64>(at, WIDE_SQUARES) + away * away, WIDE_SQUARES);
  if (value < load<f64>(at, WIDE_MIN)) store<f64>(at, value, WIDE_MIN);
  if (value > load<f64>(at, WIDE_MAX)) store<f64>(at, value, WIDE_MAX);
}

/**
 * Counts bits `shift` to `shift` + 7 of the keys that begin with one of a label's prefixes (the bits above). `lists` has an address
 * and a number of prefixes (u32, u32) for every row; a prefix is 1028 B: u32, then u32 for each of 256 bins.
 */
export function statisticsRefine(
  runs: usize,
  count: i32,
  voxels: usize,
  type: i32,
  rowOf: usize,
  lists: usize,
  shift: u32,
): void {
  for (let n: usize = 0; n < <usize>count; n++) {
    const run = load<u64>(runs + (n << 3));
    const row = rowOfRun(rowOf, run);
    if (row == NO_ROW) continue;
    const list = <usize>load<u32>(lists + ((<usize>row) << 3));
    const end = list + <usize>load<u32>(lists + ((<usize>row) << 3), 4) * 1028;
    const first = <usize>((run >> 16) & 0xff);
    const last = <usize>((run >> 24) & 0xff);
    const line = voxels + ((((<usize>((run >> 40) & 0xff)) << 6) | <usize>((run >> 32) & 0xff)) << 8);
    for (let i = first; i <= last; i++) {
      const bits = load<u32>(line + (i << 2));
      if (isNotANumber(type, bits)) continue;
      const key = wideKey(type, bits) >> shift;
      for (let at = list; at < end; at += 1028) {
        if (load<u32>(at) != key >> 8) continue;
        const bin = at + 4 + ((<usize>(key & 0xff)) << 2);
        store<u32>(bin, load<u32>(bin) + 1);
        break;
      }
    }
  }
}
