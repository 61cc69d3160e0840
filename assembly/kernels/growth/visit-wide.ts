import { JOB_CONNECTIVITY } from "../../memory/growth";
import { SCRATCH_BASE, SCRATCH_E, SCRATCH_M, SCRATCH_OUT, SCRATCH_S } from "../../memory/growth";
import { SLOT_CANDIDATES, SLOT_FULL, SLOT_NEIGHBOURS } from "../../memory/growth";
import { TO_REACHED } from "../../memory/growth";
import {
  ABOVE_FACE,
  BACK_FACE,
  baseOf,
  BELOW_FACE,
  direction,
  edgeBits,
  fillAll,
  FRONT_FACE,
  gains,
  loadRows,
  mark,
} from "./bit-brick";
import { rowInScratch, storeRows } from "./bit-brick";
import { adjacentRows, fillRow, oneBit, widen } from "./rows";
import { isSeen } from "./see";

/* A run of a bit-brick under 18- and 26-connectivity: rows touch rows diagonally, and across both i borders at once. */

/** Works off dirty rows; see visit.ts. */
export function visitWide(job: usize, slot: usize, b: usize, scratch: usize, dirty: u64, forced: bool): void {
  findBases(slot, b, scratch);
  loadRows(scratch);
  loadEdges(scratch);
  const changed = spread(job, slot, b, scratch, dirty, forced);
  if (!changed) return;
  storeRows(scratch, changed);
  tellNeighbours(job, slot, b, scratch, changed);
}

/** Addresses of the bit-bricks around (first row's candidates). Those across an i border are 64 voxels away. */
function findBases(slot: usize, b: usize, scratch: usize): void {
  const bj = <i32>(b & 7);
  const bk = <i32>(b >> 3);
  for (let dk = -1; dk <= 1; dk++) {
    const k = bk + dk;
    const nk = k < 0 ? -1 : k > 7 ? 1 : 0;
    for (let dj = -1; dj <= 1; dj++) {
      const j = bj + dj;
      const nj = j < 0 ? -1 : j > 7 ? 1 : 0;
      const inside = SLOT_CANDIDATES + ((<usize>((k & 7) * 512 + (j & 7) * 8)) << 3);
      for (let di = -1; di <= 1; di++) {
        const d = direction(di, nj, nk);
        const other = d == 13 ? slot : <usize>atomic.load<u32>(slot + SLOT_NEIGHBOURS + (d << 2));
        const known = other != 0 && isSeen(other, <usize>((k & 7) * 8 + (j & 7)));
        store<u32>(scratch + (direction(di, dj, dk) << 2), <u32>(known ? other + inside : 0), SCRATCH_BASE);
      }
    }
  }
}

/** Bits that reached voxels across the i borders put at both ends of every row and halo row. */
function loadEdges(scratch: usize): void {
  for (let k = -1; k <= 8; k++) {
    for (let j = -1; j <= 8; j++) {
      const dj = j < 0 ? -1 : j > 7 ? 1 : 0;
      const dk = k < 0 ? -1 : k > 7 ? 1 : 0;
      const offset = <usize>(k & 7) * 512 + <usize>(j & 7) * 8;
      const place = scratch + ((<usize>((k + 1) * 10 + j + 1)) << 3);
      store<u64>(place, edgeBits(baseOf(scratch, -1, dj, dk), baseOf(scratch, 1, dj, dk), offset), SCRATCH_E);
    }
  }
}

/** Bits that a row may take over from those around it. */
function pull(scratch: usize, at: usize, connectivity: i32): u64 {
  const four =
    load<u64>(at - 8, SCRATCH_S) |
    load<u64>(at + 8, SCRATCH_S) |
    load<u64>(at - 80, SCRATCH_S) |
    load<u64>(at + 80, SCRATCH_S);
  const edges =
    load<u64>(at - 8, SCRATCH_E) |
    load<u64>(at + 8, SCRATCH_E) |
    load<u64>(at - 80, SCRATCH_E) |
    load<u64>(at + 80, SCRATCH_E) |
    load<u64>(at, SCRATCH_E);
  const corners =
    load<u64>(at - 88, SCRATCH_S) |
    load<u64>(at - 72, SCRATCH_S) |
    load<u64>(at + 72, SCRATCH_S) |
    load<u64>(at + 88, SCRATCH_S);
  if (connectivity == 18) return widen(four) | edges | corners;
  const farEdges =
    load<u64>(at - 88, SCRATCH_E) |
    load<u64>(at - 72, SCRATCH_E) |
    load<u64>(at + 72, SCRATCH_E) |
    load<u64>(at + 88, SCRATCH_E);
  return widen(four | corners) | edges | farEdges;
}

/** Works off the dirty rows; returns the rows that gained bits, or all rows with bits for a forced bit-brick. */
function spread(job: usize, slot: usize, b: usize, scratch: usize, rows: u64, forced: bool): u64 {
  const connectivity = load<i32>(job, JOB_CONNECTIVITY);
  const full = ((atomic.load<u64>(slot + SLOT_FULL) >> <u64>b) & 1) != 0;
  let dirty = rows;
  let changed: u64 = 0;
  let forward = true;
  let position: u64 = 0;
  while (dirty) {
    const ahead = forward ? dirty & (~(<u64>0) << position) : dirty & (~(<u64>0) >> (63 - position));
    if (!ahead) {
      forward = !forward;
      position = forward ? 0 : 63;
      continue;
    }
    const r = forward ? ctz<u64>(ahead) : 63 - clz<u64>(ahead);
    position = r;
    dirty &= ~((<u64>1) << r);
    const at = rowInScratch(scratch, r);
    const m = load<u64>(at, SCRATCH_M);
    const s = load<u64>(at, SCRATCH_S);
    if (m == s && !forced) continue;
    const start = s | (m & (pull(scratch, at, connectivity) | widen(s)));
    if (start == s && !(forced && s != 0)) continue;
    if (full) return fillAll(scratch);
    const next = fillRow(m, start);
    store<u64>(at, next, SCRATCH_S);
    changed |= (<u64>1) << r;
    dirty |= rowsThatGain(scratch, at, r, next, connectivity);
  }
  return changed;
}

/** Rows of the same bit-brick, beside row `r`, that have candidates next to its reached bits. */
function rowsThatGain(scratch: usize, at: usize, r: u64, next: u64, connectivity: i32): u64 {
  const j = r & 7;
  const hasFront: u64 = j > 0 ? 1 : 0;
  const hasBack: u64 = j < 7 ? 1 : 0;
  const hasBelow: u64 = r > 7 ? 1 : 0;
  const hasAbove: u64 = r < 56 ? 1 : 0;
  const reach = widen(next);
  let rows = (gains(at - 8, reach) & hasFront) << (r - 1);
  rows |= (gains(at + 8, reach) & hasBack) << (r + 1);
  rows |= (gains(at - 80, reach) & hasBelow) << (r - 8);
  rows |= (gains(at + 80, reach) & hasAbove) << (r + 8);
  const far = connectivity == 18 ? next : reach;
  rows |= (gains(at - 88, far) & hasFront & hasBelow) << (r - 9);
  rows |= (gains(at - 72, far) & hasBack & hasBelow) << (r - 7);
  rows |= (gains(at + 72, far) & hasFront & hasAbove) << (r + 7);
  return rows | ((gains(at + 88, far) & hasBack & hasAbove) << (r + 9));
}

function tellNeighbours(job: usize, slot: usize, b: usize, scratch: usize, changed: u64): void {
  const connectivity = load<i32>(job, JOB_CONNECTIVITY);
  memory.fill(scratch + SCRATCH_OUT, 0, 27 * 8);
  for (let rest = changed & (FRONT_FACE | BACK_FACE | BELOW_FACE | ABOVE_FACE); rest; rest &= rest - 1) {
    tellRow(scratch, 0, ctz<u64>(rest), 0, connectivity);
  }
  for (let rest = changed; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const row = load<u64>(rowInScratch(scratch, r), SCRATCH_S);
    if (row & 1) tellRow(scratch, -1, r, (<u64>1) << 63, connectivity);
    if (row >> 63) tellRow(scratch, 1, r, 1, connectivity);
  }
  for (let d: usize = 0; d < 27; d++) {
    const rows = load<u64>(scratch + (d << 3), SCRATCH_OUT);
    if (rows) mark(job, slot, b, d, rows);
  }
}

/** Notes rows of other bit-bricks that gain by row `r`: beside it (di = 0), or by the bit `far` across an i border. */
function tellRow(scratch: usize, di: i32, r: u64, far: u64, connectivity: i32): void {
  const j = <i32>(r & 7);
  const k = <i32>(r >> 3);
  const next = load<u64>(rowInScratch(scratch, r), SCRATCH_S);
  for (let ak = -1; ak <= 1; ak++) {
    for (let aj = -1; aj <= 1; aj++) {
      if (!adjacentRows(di, aj, ak, connectivity)) continue;
      const tj = j + aj;
      const tk = k + ak;
      const dj = tj < 0 ? -1 : tj > 7 ? 1 : 0;
      const dk = tk < 0 ? -1 : tk > 7 ? 1 : 0;
      if (di == 0 && dj == 0 && dk == 0) continue;
      const base = baseOf(scratch, di, dj, dk);
      const reach = di != 0 ? far : connectivity == 18 && aj != 0 && ak != 0 ? next : widen(next);
      if (base) {
        const at = base + <usize>(tk & 7) * 512 + <usize>(tj & 7) * 8;
        const gain = load<u64>(at) & ~load<u64>(at, TO_REACHED) & reach;
        if (gain == 0) continue;
      }
      const out = scratch + (direction(di, dj, dk) << 3);
      store<u64>(out, load<u64>(out, SCRATCH_OUT) | oneBit(<usize>((tk & 7) * 8 + (tj & 7))), SCRATCH_OUT);
    }
  }
}
