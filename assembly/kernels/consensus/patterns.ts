/*
 * Several label maps read together as runs: within a run every map has one label, so a brick is a few thousand patterns of labels,
 * however many voxels it has. Patterns are kept in a hash table.
 *
 *   job        64 B   maps, cursors, pattern in hand, bytes of a pattern, slots, slots less one, patterns, patterns in the table,
 *                     most patterns, voxel in hand, ni, nj, nk (u32 each)
 *   cursor     16 B   a map: next byte, end of bytes, voxels left of its run, label (u32 each)
 *   slot        4 B   number of a pattern plus 1, 0 where there is none; a power of two of them
 *   pattern           u16 for each map, filled up with 0 to whole 64-bit words; then its voxels, or its label (u64)
 */
import { varint, varintAt } from "../bricks/runs";

const VOXELS: u32 = 262144;
const MAPS: usize = 0;
const CURSORS: usize = 4;
const HAND: usize = 8;
const PATTERN_BYTES: usize = 12;
const SLOTS: usize = 16;
const SLOT_MASK: usize = 20;
const PATTERNS: usize = 24;
const COUNT: usize = 28;
const MOST: usize = 32;
const VOXEL: usize = 36;
const NI: usize = 40;
const NJ: usize = 44;
const NK: usize = 48;

/** A brick that is absent from a map, or read to its end. */
const WHOLE: u32 = VOXELS;

/**
 * Counts the voxels of each pattern in the brick whose cursors were set and whose voxel in hand is 0. Background in all maps is left
 * out. Returns false when the table is full: it is to be emptied, and the call repeated.
 */
export function consensusCount(job: usize): bool {
  while (load<u32>(job, VOXEL) < VOXELS) {
    const length = commonRun(job);
    const inside = voxelsInside(job, length);
    if (inside > 0 && takePattern(job)) {
      const entry = findPattern(job, true);
      if (entry == 0) return false;
      const at = entry + <usize>load<u32>(job, PATTERN_BYTES);
      store<u64>(at, load<u64>(at) + inside);
    }
    advance(job, length);
  }
  return true;
}

/**
 * Writes the brick's labels, those of its patterns, as bytes at rest to `to`. Returns the number of bytes, 0 when all is
 * background; the labelled voxels are written to `voxels` (u32).
 */
export function consensusWrite(job: usize, to: usize, voxels: usize): i32 {
  store<u8>(to, 1);
  let out = to + 1;
  let start: u32 = 0;
  let label: u32 = 0;
  let labelled: u32 = 0;
  while (load<u32>(job, VOXEL) < VOXELS) {
    const voxel = load<u32>(job, VOXEL);
    const length = commonRun(job);
    const next = voxelsInside(job, length) > 0 && takePattern(job) ? labelOfPattern(job) : 0;
    if (next != label) {
      if (voxel > start) out = varint(varint(out, voxel - start), label);
      start = voxel;
      label = next;
    }
    if (next != 0) labelled += length;
    advance(job, length);
  }
  store<u32>(voxels, labelled);
  if (labelled == 0) return 0;
  out = varint(varint(out, VOXELS - start), label);
  return <i32>(out - to);
}

/** Voxels over which no map changes; within one row where the brick reaches past the volume, and then all in or all out. */
function commonRun(job: usize): u32 {
  const cursors = <usize>load<u32>(job, CURSORS);
  const end = cursors + ((<usize>load<u32>(job, MAPS)) << 4);
  let length = WHOLE;
  for (let cursor = cursors; cursor < end; cursor += 16) length = min(length, load<u32>(cursor, 8));
  const ni = load<u32>(job, NI);
  if (ni == 64 && load<u32>(job, NJ) == 64 && load<u32>(job, NK) == 64) return length;
  const i = load<u32>(job, VOXEL) & 63;
  return min(length, i < ni ? ni - i : 64 - i);
}

function voxelsInside(job: usize, length: u32): u32 {
  const voxel = load<u32>(job, VOXEL);
  const inside =
    (voxel & 63) < load<u32>(job, NI) && ((voxel >> 6) & 63) < load<u32>(job, NJ) && voxel >> 12 < load<u32>(job, NK);
  return inside ? length : 0;
}

/** Puts the labels of all maps into the pattern in hand; false when all are background. */
function takePattern(job: usize): bool {
  const maps = <usize>load<u32>(job, MAPS);
  const cursors = <usize>load<u32>(job, CURSORS);
  const hand = <usize>load<u32>(job, HAND);
  let any: u32 = 0;
  for (let map: usize = 0; map < maps; map++) {
    const label = load<u32>(cursors + (map << 4), 12);
    any |= label;
    store<u16>(hand + (map << 1), <u16>label);
  }
  return any != 0;
}

/** Address of the pattern in hand in the table, 0 when it is not there and cannot be added. */
function findPattern(job: usize, add: bool): usize {
  const bytes = <usize>load<u32>(job, PATTERN_BYTES);
  const hand = <usize>load<u32>(job, HAND);
  const slots = <usize>load<u32>(job, SLOTS);
  const mask = load<u32>(job, SLOT_MASK);
  const patterns = <usize>load<u32>(job, PATTERNS);
  for (let slot = hashOf(hand, bytes) & mask; ; slot = (slot + 1) & mask) {
    const number = load<u32>(slots + ((<usize>slot) << 2));
    if (number != 0) {
      const entry = patterns + <usize>(number - 1) * (bytes + 8);
      if (equal(entry, hand, bytes)) return entry;
      continue;
    }
    const count = load<u32>(job, COUNT);
    if (!add || count == load<u32>(job, MOST)) return 0;
    store<u32>(job, count + 1, COUNT);
    store<u32>(slots + ((<usize>slot) << 2), count + 1);
    const entry = patterns + <usize>count * (bytes + 8);
    memory.copy(entry, hand, bytes);
    store<u64>(entry + bytes, 0);
    return entry;
  }
}

function labelOfPattern(job: usize): u32 {
  const entry = findPattern(job, false);
  return entry == 0 ? 0 : <u32>load<u64>(entry + <usize>load<u32>(job, PATTERN_BYTES));
}

/** Puts `count` patterns that were written to the table, each once, into its slots. */
export function consensusIndex(job: usize, count: u32): void {
  const bytes = <usize>load<u32>(job, PATTERN_BYTES);
  const slots = <usize>load<u32>(job, SLOTS);
  const mask = load<u32>(job, SLOT_MASK);
  const patterns = <usize>load<u32>(job, PATTERNS);
  memory.fill(slots, 0, (<usize>mask + 1) << 2);
  for (let n: u32 = 0; n < count; n++) {
    let slot = hashOf(patterns + <usize>n * (bytes + 8), bytes) & mask;
    while (load<u32>(slots + ((<usize>slot) << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + ((<usize>slot) << 2), n + 1);
  }
  store<u32>(job, count, COUNT);
}

function equal(a: usize, b: usize, bytes: usize): bool {
  for (let n: usize = 0; n < bytes; n += 8) if (load<u64>(a + n) != load<u64>(b + n)) return false;
  return true;
}

/** Multiply and shift for each word (the finaliser of MurmurHash3). */
function hashOf(at: usize, bytes: usize): u32 {
  let hash: u64 = 0;
  for (let n: usize = 0; n < bytes; n += 8) {
    hash = (hash ^ load<u64>(at + n)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 33;
  }
  return <u32>hash;
}

function advance(job: usize, length: u32): void {
  const cursors = <usize>load<u32>(job, CURSORS);
  const end = cursors + ((<usize>load<u32>(job, MAPS)) << 4);
  for (let cursor = cursors; cursor < end; cursor += 16) {
    const left = load<u32>(cursor, 8) - length;
    if (left != 0) store<u32>(cursor, left, 8);
    else nextRun(cursor);
  }
  store<u32>(job, load<u32>(job, VOXEL) + length, VOXEL);
}

/** Reads the next run of a map. A cursor whose bytes are at their end stands for background to the end of the brick. */
export function nextRun(cursor: usize): void {
  let at = <usize>load<u32>(cursor);
  if (at >= <usize>load<u32>(cursor, 4)) {
    store<u32>(cursor, WHOLE, 8);
    store<u32>(cursor, 0, 12);
    return;
  }
  for (let field: usize = 8; field <= 12; field += 4) {
    const read = varintAt(at);
    at += <usize>(read >> 32);
    store<u32>(cursor + field, <u32>read);
  }
  store<u32>(cursor, <u32>at);
}
