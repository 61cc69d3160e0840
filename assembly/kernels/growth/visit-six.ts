import { SLOT_CANDIDATES, SLOT_FULL, SLOT_NEIGHBOURS, TO_REACHED } from "../../memory/growth";
import { ABOVE_FACE, BACK_FACE, BELOW_FACE, direction, FRONT_FACE, mark, rowOffset } from "./bit-brick";
import { fillRow, oneBit } from "./rows";
import { bitBrickOffset, isSeen } from "./see";

/*
 * A run of a bit-brick under 6-connectivity: a row touches the four rows beside it and the same row across the i borders. Dirty
 * rows first take over what lies beyond the faces; what is reached then spreads inside, row to row; at the end the bit-bricks
 * beyond the faces are told.
 */

const LEFT: usize = 12;
const RIGHT: usize = 14;
const FRONT: usize = 10;
const BACK: usize = 16;
const BELOW: usize = 4;
const ABOVE: usize = 22;

/** Works off dirty rows; see visit.ts. */
export function visitSix(job: usize, slot: usize, b: usize, dirty: u64, forced: bool): void {
  const own = slot + SLOT_CANDIDATES + bitBrickOffset(b);
  const j = b & 7;
  const k = b >> 3;
  const left = rowsOf(neighbour(slot, LEFT), b);
  const right = rowsOf(neighbour(slot, RIGHT), b);
  const front = j > 0 ? rowsOf(slot, b - 1) : rowsOf(neighbour(slot, FRONT), b + 7);
  const back = j < 7 ? rowsOf(slot, b + 1) : rowsOf(neighbour(slot, BACK), b - 7);
  const below = k > 0 ? rowsOf(slot, b - 8) : rowsOf(neighbour(slot, BELOW), b + 56);
  const above = k < 7 ? rowsOf(slot, b + 8) : rowsOf(neighbour(slot, ABOVE), b - 56);
  let gained: u64 = forced ? dirty : 0;
  if (front) gained |= pull(own, front + 56, dirty & FRONT_FACE);
  if (back) gained |= pull(own, back - 56, dirty & BACK_FACE);
  if (below) gained |= pull(own, below + 3584, dirty & BELOW_FACE);
  if (above) gained |= pull(own, above - 3584, dirty & ABOVE_FACE);
  if (left || right) gained |= pullAcross(own, left, right, dirty);
  if (!gained) return;
  const full = (atomic.load<u64>(slot + SLOT_FULL) & oneBit(b)) != 0;
  const changed = full ? fillAll(own) : spread(own, gained);
  let out = facing(own, front ? front + 56 : 0, changed & FRONT_FACE);
  if (out) mark(job, slot, b, FRONT, out << 7);
  out = facing(own, back ? back - 56 : 0, changed & BACK_FACE);
  if (out) mark(job, slot, b, BACK, out >> 7);
  out = facing(own, below ? below + 3584 : 0, changed & BELOW_FACE);
  if (out) mark(job, slot, b, BELOW, out << 56);
  out = facing(own, above ? above - 3584 : 0, changed & ABOVE_FACE);
  if (out) mark(job, slot, b, ABOVE, out >> 56);
  tellAcross(job, slot, b, own, left, right, changed);
}

function neighbour(slot: usize, d: usize): usize {
  return <usize>atomic.load<u32>(slot + SLOT_NEIGHBOURS + (d << 2));
}

/** First row of a bit-brick; 0 where its brick is absent or it is not seen. */
function rowsOf(slot: usize, b: usize): usize {
  return slot != 0 && isSeen(slot, b) ? slot + SLOT_CANDIDATES + bitBrickOffset(b) : 0;
}

/** Lets rows take over what is reached in the rows beside them, which lie as far from `beside` as they from `own`. */
function pull(own: usize, beside: usize, rows: u64): u64 {
  let gained: u64 = 0;
  for (let rest = rows; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const at = own + rowOffset(r);
    const s = load<u64>(at, TO_REACHED);
    const more = load<u64>(beside + rowOffset(r), TO_REACHED) & load<u64>(at) & ~s;
    if (!more) continue;
    store<u64>(at, s | more, TO_REACHED);
    gained |= oneBit(<usize>r);
  }
  return gained;
}

/** The same across the i borders. */
function pullAcross(own: usize, left: usize, right: usize, rows: u64): u64 {
  let gained: u64 = 0;
  for (let rest = rows; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const offset = rowOffset(r);
    let bits: u64 = 0;
    if (left) bits = load<u64>(left + offset, TO_REACHED) >> 63;
    if (right) bits |= load<u64>(right + offset, TO_REACHED) << 63;
    const s = load<u64>(own + offset, TO_REACHED);
    const more = bits & load<u64>(own + offset) & ~s;
    if (!more) continue;
    store<u64>(own + offset, s | more, TO_REACHED);
    gained |= oneBit(<usize>r);
  }
  return gained;
}

/** A bit-brick of candidates only is reached as a whole. */
function fillAll(own: usize): u64 {
  for (let k: usize = 0; k < 8; k++) memory.fill(own + TO_REACHED + k * 512, 0xff, 64);
  return ~(<u64>0);
}

/**
 * Spreads what rows have gained over the bit-brick, sweeping forward and back over the rows with news until there are none; returns
 * the rows that changed.
 */
function spread(own: usize, gained: u64): u64 {
  let news = gained;
  let changed: u64 = 0;
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
    const s = load<u64>(at, TO_REACHED);
    if (!s) continue;
    const next = fillRow(load<u64>(at), s);
    store<u64>(at, next, TO_REACHED);
    changed |= oneBit(<usize>r);
    const j = r & 7;
    if (j > 0) news |= give(at - 8, next) << (r - 1);
    if (j < 7) news |= give(at + 8, next) << (r + 1);
    if (r > 7) news |= give(at - 512, next) << (r - 8);
    if (r < 56) news |= give(at + 512, next) << (r + 8);
  }
  return changed;
}

/** Adds reached bits of a row to the row beside it; 1 when that gains. */
function give(at: usize, reached: u64): u64 {
  const s = load<u64>(at, TO_REACHED);
  const more = reached & load<u64>(at) & ~s;
  if (!more) return 0;
  store<u64>(at, s | more, TO_REACHED);
  return 1;
}

/** Those of `rows` whose neighbour beyond a face can gain by them; all with reached bits where that is not known. */
function facing(own: usize, beside: usize, rows: u64): u64 {
  let out: u64 = 0;
  for (let rest = rows; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const offset = rowOffset(r);
    let open = load<u64>(own + offset, TO_REACHED);
    if (beside) open &= load<u64>(beside + offset) & ~load<u64>(beside + offset, TO_REACHED);
    if (open) out |= oneBit(<usize>r);
  }
  return out;
}

/** Marks rows across the i borders that can gain by changed rows. */
function tellAcross(job: usize, slot: usize, b: usize, own: usize, left: usize, right: usize, changed: u64): void {
  let toLeft: u64 = 0;
  let toRight: u64 = 0;
  for (let rest = changed; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    const offset = rowOffset(r);
    const s = load<u64>(own + offset, TO_REACHED);
    const openLeft = left ? (load<u64>(left + offset) & ~load<u64>(left + offset, TO_REACHED)) >> 63 : 1;
    const openRight = right ? load<u64>(right + offset) & ~load<u64>(right + offset, TO_REACHED) : 1;
    toLeft |= (s & openLeft & 1) << r;
    toRight |= ((s >> 63) & openRight & 1) << r;
  }
  if (toLeft) mark(job, slot, b, direction(-1, 0, 0), toLeft);
  if (toRight) mark(job, slot, b, direction(1, 0, 0), toRight);
}
