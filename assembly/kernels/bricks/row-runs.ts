import { runAt, varintAt } from "./runs";

/*
 * Label bricks at rest (src/labelmap/label-brick.ts) read without being decoded whole: as runs within rows, or a corner only.
 *
 *   row run   8 B   label u16 │ first i u8 │ last i u8 │ j u8 │ k u8 │ 0 u16
 */
const VOXELS: u32 = 262144;

/** Room for the row runs of any brick: every voxel a run of its own. */
export function rowRunsRoom(): usize {
  return <usize>VOXELS * 8;
}

/**
 * Writes the labelled runs of a brick, in the order of storage, cut at the ends of rows and to the first ni × nj × nk voxels;
 * returns their number.
 */
export function rowRuns(bytes: usize, count: i32, ni: u32, nj: u32, nk: u32, to: usize): i32 {
  const end = bytes + <usize>count;
  let at = bytes + 1;
  let out = to;
  for (let n: u32 = 0; at < end; ) {
    const run = runAt(at);
    at += <usize>(run >> 48);
    const label = <u16>(run >> 32);
    const next = n + <u32>run;
    if (label != 0) out = cutRun(n, next, <u64>label, ni, nj, nk, out);
    n = next;
  }
  return <i32>((out - to) >> 3);
}

function cutRun(from: u32, end: u32, label: u64, ni: u32, nj: u32, nk: u32, to: usize): usize {
  let out = to;
  for (let n = from; n < end; ) {
    const row = n >> 6;
    const stop = min(end, (row + 1) << 6);
    const k = row >> 6;
    if (k >= nk) break;
    const i = n & 63;
    if ((row & 63) < nj && i < ni) {
      const last = min(i + stop - n, ni) - 1;
      store<u64>(out, label | ((<u64>i) << 16) | ((<u64>last) << 24) | ((<u64>(row & 63)) << 32) | ((<u64>k) << 40));
      out += 8;
    }
    n = stop;
  }
  return out;
}

/** Sets flags[label] to 1 for every label of the brick; `flags` is a byte for each of the 65,536 labels. */
export function labelRunsMark(bytes: usize, count: i32, flags: usize): void {
  const end = bytes + <usize>count;
  let at = bytes + 1;
  while (at < end) {
    while (load<u8>(at) & 0x80) at++;
    const label = varintAt(at + 1);
    at += 1 + <usize>(label >> 32);
    store<u8>(flags + <usize>(<u32>label), 1);
  }
}

/**
 * Writes the labels of the first ni × nj × nk voxels at `to`, u16, rows `rowBytes` and planes `planeBytes` apart; background is
 * left as it is there. Returns whether anything was written.
 */
export function labelRunsCorner(
  bytes: usize,
  count: i32,
  ni: u32,
  nj: u32,
  nk: u32,
  to: usize,
  rowBytes: usize,
  planeBytes: usize,
): bool {
  const end = bytes + <usize>count;
  const voxels = nk << 12;
  let at = bytes + 1;
  let any = false;
  for (let n: u32 = 0; at < end && n < voxels; ) {
    const run = runAt(at);
    at += <usize>(run >> 48);
    const label = <u16>(run >> 32);
    const next = n + <u32>run;
    if (label != 0) {
      const stop = min(next, voxels);
      for (let v = n; v < stop; ) {
        const row = v >> 6;
        const rowEnd = min(stop, (row + 1) << 6);
        const i = v & 63;
        if ((row & 63) < nj && i < ni) {
          const line = to + <usize>(row >> 6) * planeBytes + <usize>(row & 63) * rowBytes;
          fill(line + ((<usize>i) << 1), <usize>(min(i + rowEnd - v, ni) - i), label);
          any = true;
        }
        v = rowEnd;
      }
    }
    n = next;
  }
  return any;
}

function fill(to: usize, length: usize, label: u16): void {
  let n: usize = 0;
  if (length >= 8) {
    const eight = i16x8.splat(<i16>label);
    for (; n + 8 <= length; n += 8) v128.store(to + (n << 1), eight);
  }
  for (; n < length; n++) store<u16>(to + (n << 1), label);
}
