import {
  SCRATCH_BASE,
  SCRATCH_M,
  SCRATCH_S,
  SLOT_CANDIDATES,
  SLOT_FULL,
  SLOT_NEIGHBOURS,
  TO_REACHED,
} from "../../memory/growth";
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
import { rowInScratch, rowOffset, storeRows } from "./bit-brick";
import { fillRow, oneBit, widen } from "./rows";

/* A run of a bit-brick under 6-connectivity: a row touches the four rows beside it and the same row across the i borders. */

const LEFT: usize = 12;
const RIGHT: usize = 14;
const FRONT: usize = 10;
const BACK: usize = 16;
const BELOW: usize = 4;
const ABOVE: usize = 22;

/** Works off dirty rows; see visit.ts. */
export function visitSix(job: usize, slot: usize, b: usize, scratch: usize, dirty: u64, forced: bool): void {
  findBases(slot, b, scratch);
  loadRows(scratch, false);
  const full = (load<u64>(slot, SLOT_FULL) & oneBit(b)) != 0;
  const changed = spread(scratch, dirty, forced, full);
  if (!changed) return;
  storeRows(scratch, changed);
  tellBeside(job, slot, b, scratch, changed);
  tellAcross(job, slot, b, scratch, changed);
}

function findBases(slot: usize, b: usize, scratch: usize): void {
  const j = b & 7;
  const k = b >> 3;
  setBase(scratch, 13, slot, j, k);
  setBase(scratch, LEFT, neighbour(slot, LEFT), j, k);
  setBase(scratch, RIGHT, neighbour(slot, RIGHT), j, k);
  setBase(scratch, FRONT, j == 0 ? neighbour(slot, FRONT) : slot, (j - 1) & 7, k);
  setBase(scratch, BACK, j == 7 ? neighbour(slot, BACK) : slot, (j + 1) & 7, k);
  setBase(scratch, BELOW, k == 0 ? neighbour(slot, BELOW) : slot, j, (k - 1) & 7);
  setBase(scratch, ABOVE, k == 7 ? neighbour(slot, ABOVE) : slot, j, (k + 1) & 7);
}

function neighbour(slot: usize, d: usize): usize {
  return <usize>load<u32>(slot + (d << 2), SLOT_NEIGHBOURS);
}

function setBase(scratch: usize, d: usize, slot: usize, j: usize, k: usize): void {
  store<u32>(scratch + (d << 2), <u32>(slot ? slot + SLOT_CANDIDATES + k * 4096 + j * 64 : 0), SCRATCH_BASE);
}

/** Works off the dirty rows; returns the rows that gained bits, and all dirty rows with bits of a forced bit-brick. */
function spread(scratch: usize, rows: u64, forced: bool, full: bool): u64 {
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
    const at = rowInScratch(scratch, r);
    const m = load<u64>(at, SCRATCH_M);
    const s = load<u64>(at, SCRATCH_S);
    if (m == s && !forced) continue;
    const beside =
      load<u64>(at - 8, SCRATCH_S) |
      load<u64>(at + 8, SCRATCH_S) |
      load<u64>(at - 80, SCRATCH_S) |
      load<u64>(at + 80, SCRATCH_S);
    const start = s | (m & (beside | widen(s) | edgeBits(left, right, rowOffset(r))));
    if (start == s && !(forced && s != 0)) continue;
    if (full) return fillAll(scratch);
    const next = fillRow(m, start);
    store<u64>(at, next, SCRATCH_S);
    changed |= (<u64>1) << r;
    // Rows beyond the faces are told at the end.
    const j = r & 7;
    if (j > 0) dirty |= gains(at - 8, next) << (r - 1);
    if (j < 7) dirty |= gains(at + 8, next) << (r + 1);
    if (r > 7) dirty |= gains(at - 80, next) << (r - 8);
    if (r < 56) dirty |= gains(at + 80, next) << (r + 8);
  }
  return changed;
}

/** Marks rows beyond the j and k faces that gain by changed rows. */
function tellBeside(job: usize, slot: usize, b: usize, scratch: usize, changed: u64): void {
  let out = facing(scratch, changed & FRONT_FACE, -8);
  if (out) mark(job, slot, b, FRONT, out << 7);
  out = facing(scratch, changed & BACK_FACE, 8);
  if (out) mark(job, slot, b, BACK, out >> 7);
  out = facing(scratch, changed & BELOW_FACE, -80);
  if (out) mark(job, slot, b, BELOW, out << 56);
  out = facing(scratch, changed & ABOVE_FACE, 80);
  if (out) mark(job, slot, b, ABOVE, out >> 56);
}

/** Those of `rows` whose neighbour `step` bytes away in scratch gains by them. */
function facing(scratch: usize, rows: u64, step: isize): u64 {
  let out: u64 = 0;
  for (let rest = rows; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const at = rowInScratch(scratch, r);
    out |= gains(at + <usize>step, load<u64>(at, SCRATCH_S)) << r;
  }
  return out;
}

/** Marks rows across the i borders that gain by changed rows. */
function tellAcross(job: usize, slot: usize, b: usize, scratch: usize, changed: u64): void {
  const left = baseOf(scratch, -1, 0, 0);
  const right = baseOf(scratch, 1, 0, 0);
  let toLeft: u64 = 0;
  let toRight: u64 = 0;
  for (let rest = changed; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const s = load<u64>(rowInScratch(scratch, r), SCRATCH_S);
    const offset = rowOffset(r);
    // An absent brick may have candidates anywhere.
    const openLeft = left ? (load<u64>(left + offset) & ~load<u64>(left + offset, TO_REACHED)) >> 63 : 1;
    const openRight = right ? load<u64>(right + offset) & ~load<u64>(right + offset, TO_REACHED) : 1;
    toLeft |= (s & openLeft & 1) << r;
    toRight |= ((s >> 63) & openRight & 1) << r;
  }
  if (toLeft) mark(job, slot, b, direction(-1, 0, 0), toLeft);
  if (toRight) mark(job, slot, b, direction(1, 0, 0), toRight);
}
