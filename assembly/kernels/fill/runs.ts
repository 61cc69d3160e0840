/*
 * Label bricks at rest (../bricks/runs.ts), read as runs: on which slices a label lies, and the pixels of one slice. A brick is
 * never decoded as a whole.
 */

import { runAt } from "../bricks/runs";

const ALL: u64 = 0xffffffffffffffff;

/** Bytes of a row of `fillOccupancy`: label (i32), unused (i32), slices along i, j and k (u64 each, bit n for slice n). */
export function fillOccupancyRowBytes(): i32 {
  return 32;
}

/**
 * Writes a row for every label of a brick; returns their number. `rowOf` is u16 for each label, all 0 before the call and again after
 * it: the number of its row, from 1 on.
 */
export function fillOccupancy(bytes: usize, count: i32, rowOf: usize, rows: usize): i32 {
  const end = bytes + <usize>count;
  let at = bytes + 1;
  let n: u32 = 0;
  let found = 0;
  while (at < end) {
    const run = runAt(at);
    at += <usize>(run >> 48);
    const length = <u32>run;
    const label = <u32>(run >> 32) & 0xffff;
    if (label != 0) {
      const place = rowOf + ((<usize>label) << 1);
      let number = load<u16>(place);
      if (number == 0) {
        const fresh = rows + ((<usize>found) << 5);
        memory.fill(fresh, 0, 32);
        store<u32>(fresh, label);
        number = <u16>++found;
        store<u16>(place, number);
      }
      mark(rows + ((<usize>(number - 1)) << 5), n, n + length - 1);
    }
    n += length;
  }
  for (let row = 0; row < found; row++) store<u16>(rowOf + ((<usize>load<u32>(rows + ((<usize>row) << 5))) << 1), 0);
  return found;
}

/** Marks the slices of voxels `from` to `last`, both inside. */
function mark(row: usize, from: u32, last: u32): void {
  const firstRow = from >> 6;
  const lastRow = last >> 6;
  const i0 = <u64>(from & 63);
  const i1 = <u64>(last & 63);
  let i = ALL;
  if (firstRow == lastRow) i = between(i0, i1);
  else if (firstRow + 1 == lastRow) i = between(i0, 63) | between(0, i1);
  const j0 = <u64>(firstRow & 63);
  const j1 = <u64>(lastRow & 63);
  const j = lastRow - firstRow >= 63 ? ALL : j0 <= j1 ? between(j0, j1) : between(j0, 63) | between(0, j1);
  store<u64>(row, load<u64>(row, 8) | i, 8);
  store<u64>(row, load<u64>(row, 16) | j, 16);
  store<u64>(row, load<u64>(row, 24) | between(<u64>(firstRow >> 6), <u64>(lastRow >> 6)), 24);
}

/** Bits `low` to `high`, both inside. */
function between(low: u64, high: u64): u64 {
  return (ALL >> (63 - high)) & (ALL << low);
}

/** Counts the voxels of wanted labels (`wanted` has one byte a label) of a brick on its slices along i, j and k: 3 × 64 u32. */
export function fillSliceCounts(bytes: usize, count: i32, wanted: usize, counts: usize): void {
  memory.fill(counts, 0, 768);
  const end = bytes + <usize>count;
  let at = bytes + 1;
  let n: u32 = 0;
  while (at < end) {
    const run = runAt(at);
    at += <usize>(run >> 48);
    const length = <u32>run;
    const label = <u32>(run >> 32) & 0xffff;
    const next = n + length;
    if (label == 0 || !load<u8>(wanted + <usize>label)) {
      n = next;
      continue;
    }
    while (n < next) {
      const rowEnd = min(next, (n | 63) + 1);
      count32(counts + 256 + ((<usize>((n >> 6) & 63)) << 2), rowEnd - n);
      count32(counts + 512 + ((<usize>(n >> 12)) << 2), rowEnd - n);
      for (; n < rowEnd; n++) count32(counts + ((<usize>(n & 63)) << 2), 1);
    }
  }
}

function count32(at: usize, by: u32): void {
  store<u32>(at, load<u32>(at) + by);
}

/**
 * Writes the labels of slice `local` (across `axis`) of a brick into a plane of nu × nv (u16, u fastest), in which the brick's
 * first pixel lies at (uAt, vAt); pixels outside the plane are left out. u and v are the two other axes, the lower one first.
 */
export function fillSlice(
  bytes: usize,
  count: i32,
  axis: i32,
  local: i32,
  to: usize,
  nu: i32,
  nv: i32,
  uAt: i32,
  vAt: i32,
): void {
  const end = bytes + <usize>count;
  let at = bytes + 1;
  let n = 0;
  while (at < end) {
    const run = runAt(at);
    at += <usize>(run >> 48);
    const length = <i32>run;
    const label = <i32>(run >> 32) & 0xffff;
    const next = n + length;
    if (label != 0) {
      if (axis == 2) {
        if (n >= (local + 1) << 12) return;
        const from = max(n, local << 12);
        rows(from, min(next, (local + 1) << 12), axis, local, <u16>label, to, nu, nv, uAt, vAt);
      } else {
        rows(n, next, axis, local, <u16>label, to, nu, nv, uAt, vAt);
      }
    }
    n = next;
  }
}

/** The part of voxels `from` to `end` (outside) that lies on the slice, row by row along i. */
function rows(
  from: i32,
  end: i32,
  axis: i32,
  local: i32,
  label: u16,
  to: usize,
  nu: i32,
  nv: i32,
  uAt: i32,
  vAt: i32,
): void {
  for (let n = from; n < end; ) {
    const rowEnd = min(end, (n | 63) + 1);
    const i0 = n & 63;
    const i1 = i0 + rowEnd - n;
    const j = (n >> 6) & 63;
    const k = n >> 12;
    if (axis == 0) {
      const u = uAt + j;
      const v = vAt + k;
      if (i0 <= local && local < i1 && u >= 0 && u < nu && v >= 0 && v < nv) {
        store<u16>(to + ((<usize>(v * nu + u)) << 1), label);
      }
    } else if (axis == 2 || j == local) {
      const v = vAt + (axis == 2 ? j : k);
      if (v >= 0 && v < nv) {
        const row = to + ((<usize>(v * nu)) << 1);
        for (let u = max(0, uAt + i0), last = min(nu, uAt + i1); u < last; u++)
          store<u16>(row + ((<usize>u) << 1), label);
      }
    }
    n = rowEnd;
  }
}
