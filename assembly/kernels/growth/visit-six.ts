import {
  EDGE_FIRST_CANDIDATES,
  EDGE_FIRST_REACHED,
  EDGE_LAST_CANDIDATES,
  EDGE_LAST_REACHED,
  SLOT_CANDIDATES,
  SLOT_FULL,
  SLOT_NEIGHBOURS,
  TO_REACHED,
} from "../../memory/growth";
import { anyReached, bulkSpread, settle } from "./bulk";
import { ABOVE_FACE, BACK_FACE, BELOW_FACE, FRONT_FACE, mark, rowOffset } from "./bit-brick";
import { edgesOf, gatherReached } from "./edges";
import { fillRow, oneBit } from "./rows";
import { bitBrickOffset, isSeen } from "./see";

/*
 * A run of a bit-brick under 6-connectivity: a row touches the four rows beside it and the same row across the i borders. What is
 * reached beyond the six faces comes in; what is gained spreads inside, row to row; at the end the bit-bricks beyond the faces
 * are told which of their rows can gain. Faces are looked at whole, without a branch for each row.
 */

const LEFT: usize = 12;
const RIGHT: usize = 14;
const FRONT: usize = 10;
const BACK: usize = 16;
const BELOW: usize = 4;
const ABOVE: usize = 22;

/** Rows that must have gained for the first spread to be done in bulk: fewer are worked off row by row. */
const BULK_ROWS: u64 = 6;

/** Works off dirty rows; see visit.ts. */
export function visitSix(job: usize, slot: usize, b: usize, dirty: u64, forced: bool): void {
  const own = slot + SLOT_CANDIDATES + bitBrickOffset(b);
  const edges = edgesOf(slot, b);
  const j = b & 7;
  const k = b >> 3;
  const leftSlot = neighbour(slot, LEFT);
  const rightSlot = neighbour(slot, RIGHT);
  const left = leftSlot != 0 && isSeen(leftSlot, b) ? edgesOf(leftSlot, b) : 0;
  const right = rightSlot != 0 && isSeen(rightSlot, b) ? edgesOf(rightSlot, b) : 0;
  const front = j > 0 ? rowsOf(slot, b - 1) : rowsOf(neighbour(slot, FRONT), b + 7);
  const back = j < 7 ? rowsOf(slot, b + 1) : rowsOf(neighbour(slot, BACK), b - 7);
  const below = k > 0 ? rowsOf(slot, b - 8) : rowsOf(neighbour(slot, BELOW), b + 56);
  const above = k < 7 ? rowsOf(slot, b + 8) : rowsOf(neighbour(slot, ABOVE), b - 56);
  const first = !anyReached(own);
  let gained: u64 = forced ? dirty : 0;
  if (front != 0 && dirty & FRONT_FACE) gained |= pullAcrossJ(own, front + 56);
  if (back != 0 && dirty & BACK_FACE) gained |= pullAcrossJ(own + 56, back) << 7;
  if (below != 0 && dirty & BELOW_FACE) gained |= pullAcrossK(own, below + 3584);
  if (above != 0 && dirty & ABOVE_FACE) gained |= pullAcrossK(own + 3584, above) << 56;
  if (left != 0) gained |= pullFirst(own, edges, load<u64>(left, EDGE_LAST_REACHED));
  if (right != 0) gained |= pullLast(own, edges, load<u64>(right, EDGE_FIRST_REACHED));
  if (!gained) return;
  if (atomic.load<u64>(slot + SLOT_FULL) & oneBit(b)) fillAll(own);
  else if (first && popcnt<u64>(gained) >= BULK_ROWS) {
    bulkSpread(own);
    spread(own, settle(own));
  } else spread(own, gained);
  gatherReached(slot, b);
  let out = openAcrossJ(own, front ? front + 56 : 0);
  if (out) mark(job, slot, b, FRONT, out << 7);
  out = openAcrossJ(own + 56, back);
  if (out) mark(job, slot, b, BACK, out);
  out = openAcrossK(own, below ? below + 3584 : 0);
  if (out) mark(job, slot, b, BELOW, out << 56);
  out = openAcrossK(own + 3584, above);
  if (out) mark(job, slot, b, ABOVE, out);
  const toLeft = left ? load<u64>(left, EDGE_LAST_CANDIDATES) & ~load<u64>(left, EDGE_LAST_REACHED) : ~(<u64>0);
  out = load<u64>(edges, EDGE_FIRST_REACHED) & toLeft;
  if (out) mark(job, slot, b, LEFT, out);
  const toRight = right ? load<u64>(right, EDGE_FIRST_CANDIDATES) & ~load<u64>(right, EDGE_FIRST_REACHED) : ~(<u64>0);
  out = load<u64>(edges, EDGE_LAST_REACHED) & toRight;
  if (out) mark(job, slot, b, RIGHT, out);
}

function neighbour(slot: usize, d: usize): usize {
  return <usize>atomic.load<u32>(slot + SLOT_NEIGHBOURS + (d << 2));
}

/** First row of a bit-brick; 0 where its brick is absent or it is not seen. */
function rowsOf(slot: usize, b: usize): usize {
  return slot != 0 && isSeen(slot, b) ? slot + SLOT_CANDIDATES + bitBrickOffset(b) : 0;
}

/** Lets a row take over bits; 1 when it gains. */
function give(at: usize, reached: u64): u64 {
  const s = load<u64>(at, TO_REACHED);
  const more = reached & load<u64>(at) & ~s;
  store<u64>(at, s | more, TO_REACHED);
  return more != 0 ? 1 : 0;
}

/** Lets the 8 rows from `at` on, 512 bytes apart, take over what is reached beside them; the rows that gain, at bits 0, 8, … */
function pullAcrossJ(at: usize, beside: usize): u64 {
  let gained: u64 = 0;
  for (let k: u64 = 0; k < 64; k += 8, at += 512, beside += 512) {
    gained |= give(at, load<u64>(beside, TO_REACHED)) << k;
  }
  return gained;
}

/** The same for 8 rows that lie together; bits 0 to 7. */
function pullAcrossK(at: usize, beside: usize): u64 {
  let gained: i32 = 0;
  for (let part = 0; part < 8; part += 2, at += 16, beside += 16) {
    const s = v128.load(at, TO_REACHED);
    const more = v128.andnot(v128.and(v128.load(beside, TO_REACHED), v128.load(at)), s);
    v128.store(at, v128.or(s, more), TO_REACHED);
    gained |= i64x2.bitmask(i64x2.ne(more, v128.splat<i64>(0))) << part;
  }
  return <u64>gained;
}

/** Lets first voxels be reached from across the left border, by rows. */
function pullFirst(own: usize, edges: usize, across: u64): u64 {
  const gained = across & load<u64>(edges, EDGE_FIRST_CANDIDATES) & ~load<u64>(edges, EDGE_FIRST_REACHED);
  for (let rest = gained; rest; rest &= rest - 1) {
    const at = own + rowOffset(ctz<u64>(rest));
    store<u64>(at, load<u64>(at, TO_REACHED) | 1, TO_REACHED);
  }
  return gained;
}

/** Lets last voxels be reached from across the right border, by rows. */
function pullLast(own: usize, edges: usize, across: u64): u64 {
  const gained = across & load<u64>(edges, EDGE_LAST_CANDIDATES) & ~load<u64>(edges, EDGE_LAST_REACHED);
  for (let rest = gained; rest; rest &= rest - 1) {
    const at = own + rowOffset(ctz<u64>(rest));
    store<u64>(at, load<u64>(at, TO_REACHED) | oneBit(63), TO_REACHED);
  }
  return gained;
}

/** A bit-brick of candidates only is reached as a whole. */
function fillAll(own: usize): void {
  for (let k: usize = 0; k < 8; k++) memory.fill(own + TO_REACHED + k * 512, 0xff, 64);
}

/** Spreads what rows have gained over the bit-brick, sweeping forward and back over the rows with news until there are none. */
function spread(own: usize, gained: u64): void {
  let news = gained;
  let forward = true;
  let position: u64 = 0;
  while (news) {
    const ahead = forward ? news & (~(<u64>0) << position) : news & (~(<u64>0) >> (63 - position));
    if (!ahead) {
      forward = !forward;
      position = forward ? 0 : 63;
      continue;
    }
    const r = forward ? ctz<u64>(ahead) : 63 - clz<u64>(ahead);
    position = r;
    news &= ~oneBit(<usize>r);
    const at = own + rowOffset(r);
    const next = fillRow(load<u64>(at), load<u64>(at, TO_REACHED));
    store<u64>(at, next, TO_REACHED);
    const j = r & 7;
    if (j > 0) news |= give(at - 8, next) << (r - 1);
    if (j < 7) news |= give(at + 8, next) << (r + 1);
    if (r > 7) news |= give(at - 512, next) << (r - 8);
    if (r < 56) news |= give(at + 512, next) << (r + 8);
  }
}

/**
 * Which of 8 rows 512 bytes apart have reached voxels beside candidates that are not, at bits 0, 8, …; all with reached voxels where
 * what lies beside them is not known.
 */
function openAcrossJ(at: usize, beside: usize): u64 {
  let out: u64 = 0;
  for (let k: u64 = 0; k < 64; k += 8, at += 512) {
    let open = load<u64>(at, TO_REACHED);
    if (beside) {
      open &= load<u64>(beside) & ~load<u64>(beside, TO_REACHED);
      beside += 512;
    }
    out |= (open != 0 ? <u64>1 : 0) << k;
  }
  return out;
}

/** The same for 8 rows that lie together; bits 0 to 7. */
function openAcrossK(at: usize, beside: usize): u64 {
  let out: i32 = 0;
  for (let part = 0; part < 8; part += 2, at += 16) {
    let open = v128.load(at, TO_REACHED);
    if (beside) {
      open = v128.and(open, v128.andnot(v128.load(beside), v128.load(beside, TO_REACHED)));
      beside += 16;
    }
    out |= i64x2.bitmask(i64x2.ne(open, v128.splat<i64>(0))) << part;
  }
  return <u64>out;
}
