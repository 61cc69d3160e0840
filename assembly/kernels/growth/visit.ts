import { JOB_CONNECTIVITY, JOB_NI, JOB_NJ, JOB_TABLE, JOB_TOUCHED, JOB_WANTED, JOB_WANTED_COUNT } from "../../memory/growth";
import { SCRATCH_BASE, SCRATCH_E, SCRATCH_M, SCRATCH_OUT, SCRATCH_S } from "../../memory/growth";
import { SLOT_CANDIDATES, SLOT_DIRTY, SLOT_FORCED, SLOT_FULL, SLOT_I, SLOT_J, SLOT_K, SLOT_NEIGHBOURS } from "../../memory/growth";
import { TO_REACHED } from "../../memory/growth";
import { push } from "./queue";
import { adjacentRows, fillRow, oneBit, widen } from "./rows";

/*
 * One run of a bit-brick: its dirty rows pull reached bits from the rows beside them, fill, and mark the rows that gain by it,
 * sweeping forward and back over the set of dirty rows until it is empty. Then the bit-bricks around are told which of their
 * rows can gain. Work is in proportion to rows that change, so a thread one voxel wide costs its length, not its bit-bricks.
 */

/** Direction of a neighbour among 27: di, dj, dk from −1 to 1. */
function direction(di: i32, dj: i32, dk: i32): usize {
  return <usize>((dk + 1) * 9 + (dj + 1) * 3 + di + 1);
}

export function visit(job: usize, slot: usize, b: usize, scratch: usize): void {
  const dirtyAt = slot + SLOT_DIRTY + (b << 3);
  const wide = load<i32>(job, JOB_CONNECTIVITY) != 6;
  const bit = oneBit(b);
  const forced = (atomic.load<u64>(slot + SLOT_FORCED) & bit) != 0;
  if (forced) atomic.and<u64>(slot + SLOT_FORCED, ~bit);
  const dirty = atomic.xchg<u64>(dirtyAt, 0);
  findBases(slot, b, scratch, wide);
  loadRows(scratch, wide);
  if (wide) loadEdges(scratch);
  const changed = spread(job, slot, b, scratch, dirty, forced);
  if (!changed) return;
  storeRows(slot, b, scratch, changed);
  tellNeighbours(job, slot, b, scratch, changed);
}

/** Addresses of the bit-bricks around (first row's candidates). Those across an i border are 64 voxels away. */
function findBases(slot: usize, b: usize, scratch: usize, wide: bool): void {
  const bj = <i32>(b & 7);
  const bk = <i32>(b >> 3);
  for (let dk = -1; dk <= 1; dk++) {
    const k = bk + dk;
    const nk = k < 0 ? -1 : k > 7 ? 1 : 0;
    for (let dj = -1; dj <= 1; dj++) {
      const j = bj + dj;
      const nj = j < 0 ? -1 : j > 7 ? 1 : 0;
      const inside = SLOT_CANDIDATES + (((<usize>((k & 7) * 512 + (j & 7) * 8))) << 3);
      for (let di = -1; di <= 1; di++) {
        if (!wide && di * di + dj * dj + dk * dk > 1) continue;
        const d = direction(di, nj, nk);
        const other = d == 13 ? slot : <usize>atomic.load<u32>(slot + SLOT_NEIGHBOURS + (d << 2));
        store<u32>(scratch + (direction(di, dj, dk) << 2), <u32>(other ? other + inside : 0), SCRATCH_BASE);
      }
    }
  }
}

function baseOf(scratch: usize, di: i32, dj: i32, dk: i32): usize {
  return <usize>load<u32>(scratch + (direction(di, dj, dk) << 2), SCRATCH_BASE);
}

/** Copies candidates and reached bits of the bit-brick and its halo. What is absent counts as all candidates. */
function loadRows(scratch: usize, wide: bool): void {
  const own = baseOf(scratch, 0, 0, 0);
  for (let k: usize = 0; k < 8; k++) {
    const from = own + k * 512;
    const to = scratch + (k + 1) * 80 + 8;
    for (let part: usize = 0; part < 64; part += 16) {
      v128.store(to + part, v128.load(from + part), SCRATCH_M);
      v128.store(to + part, v128.load(from + part, TO_REACHED), SCRATCH_S);
    }
  }
  const below = baseOf(scratch, 0, 0, -1);
  const above = baseOf(scratch, 0, 0, 1);
  const front = baseOf(scratch, 0, -1, 0);
  const back = baseOf(scratch, 0, 1, 0);
  for (let n: usize = 0; n < 8; n++) {
    haloRow(scratch, 1 + n, below, 7 * 512 + n * 8);
    haloRow(scratch, 91 + n, above, n * 8);
    haloRow(scratch, (n + 1) * 10, front, n * 512 + 56);
    haloRow(scratch, (n + 1) * 10 + 9, back, n * 512);
  }
  if (!wide) return;
  haloRow(scratch, 0, baseOf(scratch, 0, -1, -1), 7 * 512 + 56);
  haloRow(scratch, 9, baseOf(scratch, 0, 1, -1), 7 * 512);
  haloRow(scratch, 90, baseOf(scratch, 0, -1, 1), 56);
  haloRow(scratch, 99, baseOf(scratch, 0, 1, 1), 0);
}

function haloRow(scratch: usize, place: usize, base: usize, offset: usize): void {
  const to = scratch + (place << 3);
  store<u64>(to, base ? load<u64>(base + offset) : ~(<u64>0), SCRATCH_M);
  store<u64>(to, base ? load<u64>(base + offset, TO_REACHED) : 0, SCRATCH_S);
}

/** For wide connectivities: bits that reached voxels across the i borders put at both ends of every row and halo row. */
function loadEdges(scratch: usize): void {
  for (let k = -1; k <= 8; k++) {
    for (let j = -1; j <= 8; j++) {
      const dj = j < 0 ? -1 : j > 7 ? 1 : 0;
      const dk = k < 0 ? -1 : k > 7 ? 1 : 0;
      const offset = (<usize>(k & 7)) * 512 + (<usize>(j & 7)) * 8;
      const place = scratch + ((<usize>((k + 1) * 10 + j + 1)) << 3);
      store<u64>(place, edgeBits(baseOf(scratch, -1, dj, dk), baseOf(scratch, 1, dj, dk), offset), SCRATCH_E);
    }
  }
}

function edgeBits(left: usize, right: usize, offset: usize): u64 {
  let bits: u64 = 0;
  if (left) bits = load<u64>(left + offset, TO_REACHED) >> 63;
  if (right) bits |= load<u64>(right + offset, TO_REACHED) << 63;
  return bits;
}

/** Bits that a row may take over from those around it. */
function pull(scratch: usize, at: usize, connectivity: i32): u64 {
  const four = load<u64>(at - 8, SCRATCH_S) | load<u64>(at + 8, SCRATCH_S) | load<u64>(at - 80, SCRATCH_S) | load<u64>(at + 80, SCRATCH_S);
  if (connectivity == 6) return four;
  const edges =
    load<u64>(at - 8, SCRATCH_E) | load<u64>(at + 8, SCRATCH_E) | load<u64>(at - 80, SCRATCH_E) | load<u64>(at + 80, SCRATCH_E) | load<u64>(at, SCRATCH_E);
  const corners =
    load<u64>(at - 88, SCRATCH_S) | load<u64>(at - 72, SCRATCH_S) | load<u64>(at + 72, SCRATCH_S) | load<u64>(at + 88, SCRATCH_S);
  if (connectivity == 18) return widen(four) | edges | corners;
  const farEdges =
    load<u64>(at - 88, SCRATCH_E) | load<u64>(at - 72, SCRATCH_E) | load<u64>(at + 72, SCRATCH_E) | load<u64>(at + 88, SCRATCH_E);
  return widen(four | corners) | edges | farEdges;
}

/** Works off the dirty rows; returns the rows that gained bits, or all rows with bits for a forced bit-brick. */
function spread(job: usize, slot: usize, b: usize, scratch: usize, rows: u64, forced: bool): u64 {
  const connectivity = load<i32>(job, JOB_CONNECTIVITY);
  const full = ((load<u64>(slot, SLOT_FULL) >> (<u64>b)) & 1) != 0;
  const left = baseOf(scratch, -1, 0, 0);
  const right = baseOf(scratch, 1, 0, 0);
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
    const at = scratch + (<usize>((r >> 3) * 10 + (r & 7) + 11) << 3);
    const m = load<u64>(at, SCRATCH_M);
    const s = load<u64>(at, SCRATCH_S);
    if (m == s && !forced) continue;
    let gained = pull(scratch, at, connectivity);
    if (connectivity == 6) gained |= edgeBits(left, right, <usize>((r >> 3) * 512 + (r & 7) * 8));
    const start = s | (m & (gained | widen(s)));
    if (start == s && !(forced && s != 0)) continue;
    if (full) return fillAll(scratch);
    const next = fillRow(m, start);
    store<u64>(at, next, SCRATCH_S);
    changed |= (<u64>1) << r;
    dirty |= rowsThatGain(scratch, at, r, next, connectivity);
  }
  return changed;
}

/** A bit-brick of candidates only is reached as a whole. */
function fillAll(scratch: usize): u64 {
  const ones = v128.splat<i64>(-1);
  for (let k: usize = 1; k <= 8; k++) {
    for (let part: usize = 0; part < 64; part += 16) v128.store(scratch + k * 80 + 8 + part, ones, SCRATCH_S);
  }
  return ~(<u64>0);
}

/** Rows of the same bit-brick, beside row `r`, that have candidates next to its reached bits. */
function rowsThatGain(scratch: usize, at: usize, r: u64, next: u64, connectivity: i32): u64 {
  const j = r & 7;
  const hasFront: u64 = j > 0 ? 1 : 0;
  const hasBack: u64 = j < 7 ? 1 : 0;
  const hasBelow: u64 = r > 7 ? 1 : 0;
  const hasAbove: u64 = r < 56 ? 1 : 0;
  const reach = connectivity == 6 ? next : widen(next);
  let rows = (gains(at - 8, reach) & hasFront) << (r - 1);
  rows |= (gains(at + 8, reach) & hasBack) << (r + 1);
  rows |= (gains(at - 80, reach) & hasBelow) << (r - 8);
  rows |= (gains(at + 80, reach) & hasAbove) << (r + 8);
  if (connectivity == 6) return rows;
  const far = connectivity == 18 ? next : reach;
  rows |= (gains(at - 88, far) & hasFront & hasBelow) << (r - 9);
  rows |= (gains(at - 72, far) & hasBack & hasBelow) << (r - 7);
  rows |= (gains(at + 72, far) & hasFront & hasAbove) << (r + 7);
  return rows | ((gains(at + 88, far) & hasBack & hasAbove) << (r + 9));
}

/** 1 when the row at a scratch place has candidates among `reach` that are not reached yet. */
function gains(at: usize, reach: u64): u64 {
  return load<u64>(at, SCRATCH_M) & ~load<u64>(at, SCRATCH_S) & reach ? 1 : 0;
}

function storeRows(slot: usize, b: usize, scratch: usize, changed: u64): void {
  const own = baseOf(scratch, 0, 0, 0);
  for (let rest = changed; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const value = load<u64>(scratch + (<usize>((r >> 3) * 10 + (r & 7) + 11) << 3), SCRATCH_S);
    store<u64>(own + <usize>((r >> 3) * 512 + (r & 7) * 8), value, TO_REACHED);
  }
}

/** Rows on the four faces of a bit-brick across j and k. */
const FRONT_FACE: u64 = 0x0101010101010101;
const BACK_FACE: u64 = 0x8080808080808080;
const BELOW_FACE: u64 = 0xff;
const ABOVE_FACE: u64 = 0xff00000000000000;

function tellNeighbours(job: usize, slot: usize, b: usize, scratch: usize, changed: u64): void {
  const connectivity = load<i32>(job, JOB_CONNECTIVITY);
  memory.fill(scratch + SCRATCH_OUT, 0, 27 * 8);
  for (let rest = changed & (FRONT_FACE | BACK_FACE | BELOW_FACE | ABOVE_FACE); rest; rest &= rest - 1) {
    tellRow(scratch, 0, ctz<u64>(rest), 0, connectivity);
  }
  for (let rest = changed; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const row = load<u64>(scratch + (<usize>((r >> 3) * 10 + (r & 7) + 11) << 3), SCRATCH_S);
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
  const next = load<u64>(scratch + (<usize>((r >> 3) * 10 + (r & 7) + 11) << 3), SCRATCH_S);
  for (let ak = -1; ak <= 1; ak++) {
    for (let aj = -1; aj <= 1; aj++) {
      if (!adjacentRows(di, aj, ak, connectivity)) continue;
      const tj = j + aj;
      const tk = k + ak;
      const dj = tj < 0 ? -1 : tj > 7 ? 1 : 0;
      const dk = tk < 0 ? -1 : tk > 7 ? 1 : 0;
      if (di == 0 && dj == 0 && dk == 0) continue;
      const base = baseOf(scratch, di, dj, dk);
      const reach = di != 0 ? far : connectivity == 6 || (connectivity == 18 && aj != 0 && ak != 0) ? next : widen(next);
      if (base) {
        const at = base + (<usize>(tk & 7)) * 512 + (<usize>(tj & 7)) * 8;
        const gain = load<u64>(at) & ~load<u64>(at, TO_REACHED) & reach;
        if (gain == 0) continue;
      }
      const out = scratch + (direction(di, dj, dk) << 3);
      store<u64>(out, load<u64>(out, SCRATCH_OUT) | oneBit(<usize>((tk & 7) * 8 + (tj & 7))), SCRATCH_OUT);
    }
  }
}

/** Marks rows of the bit-brick in direction `d` dirty and queues it, or remembers it for when its brick is there. */
function mark(job: usize, slot: usize, b: usize, d: usize, rows: u64): void {
  const di = <i32>(d % 3) - 1;
  const j = <i32>(b & 7) + <i32>((d / 3) % 3) - 1;
  const k = <i32>(b >> 3) + <i32>(d / 9) - 1;
  const nj = j < 0 ? -1 : j > 7 ? 1 : 0;
  const nk = k < 0 ? -1 : k > 7 ? 1 : 0;
  const target = (<usize>(k & 7)) * 8 + (<usize>(j & 7));
  const toward = direction(di, nj, nk);
  const other = toward == 13 ? slot : <usize>atomic.load<u32>(slot + SLOT_NEIGHBOURS + (toward << 2));
  if (other) {
    atomic.or<u64>(other + SLOT_DIRTY + (target << 3), rows);
    push(job, other, target);
    return;
  }
  const bi = load<i32>(slot, SLOT_I) + di;
  const row = (load<i32>(slot, SLOT_K) + nk) * load<i32>(job, JOB_NJ) + load<i32>(slot, SLOT_J) + nj;
  const brick = <usize>(row * load<i32>(job, JOB_NI) + bi);
  atomic.or<u64>((<usize>load<u32>(job, JOB_TOUCHED)) + (brick << 3), oneBit(target));
  if (atomic.cmpxchg<u32>((<usize>load<u32>(job, JOB_TABLE)) + (brick << 2), 0, 1) != 0) return;
  const place = atomic.add<u32>(job + JOB_WANTED_COUNT, 1);
  atomic.store<u32>((<usize>load<u32>(job, JOB_WANTED)) + ((<usize>place) << 2), <u32>brick);
}
