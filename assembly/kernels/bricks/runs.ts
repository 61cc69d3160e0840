import { setBits } from "./masks";

/*
 * A label brick of 64³ u16 values to its bytes at rest and back: the byte 1, then (length, label) as LEB128 varints, i fastest. The
 * format is that of src/labelmap/label-brick.ts, byte for byte.
 */

const VOXELS: usize = 262144;
const FORMAT: u8 = 1;

/** Room that the bytes of any brick fit in: every voxel a run of its own. */
export function labelRunsRoom(): usize {
  return 1 + VOXELS * 4;
}

/** Encodes; returns the number of bytes, 0 when all is background (such a brick is absent). */
export function labelRunsEncode(labels: usize, to: usize): i32 {
  store<u8>(to, FORMAT);
  let at = to + 1;
  let start: usize = 0;
  let label = load<u16>(labels);
  for (let n: usize = 0; n < VOXELS; n += 8) {
    const here = v128.load(labels + (n << 1));
    // Every lane is held against the voxel before; the first voxel of all against itself.
    const before = n == 0 ? v128.shuffle<i16>(here, here, 0, 0, 1, 2, 3, 4, 5, 6) : v128.load(labels + (n << 1) - 2);
    for (let rest = i16x8.bitmask(i16x8.ne(here, before)); rest; rest &= rest - 1) {
      const end = n + <usize>ctz<i32>(rest);
      at = run(at, end - start, label);
      start = end;
      label = load<u16>(labels + (end << 1));
    }
  }
  if (start == 0 && label == 0) return 0;
  return <i32>(run(at, VOXELS - start, label) - to);
}

function run(at: usize, length: usize, label: u16): usize {
  return varint(varint(at, <u32>length), <u32>label);
}

/** Writes a LEB128 varint; returns where it ends. */
export function varint(to: usize, value: u32): usize {
  let at = to;
  let rest = value;
  while (rest > 0x7f) {
    store<u8>(at++, <u8>((rest & 0x7f) | 0x80));
    rest >>>= 7;
  }
  store<u8>(at, <u8>rest);
  return at + 1;
}

/** Value of a varint in the low 32 bits, its bytes in the high ones. */
export function varintAt(at: usize): u64 {
  let byte = load<u8>(at);
  let value = <u32>byte & 0x7f;
  let size: u32 = 1;
  for (let shift: u32 = 7; byte & 0x80; shift += 7, size++) {
    byte = load<u8>(at + size);
    value |= (<u32>byte & 0x7f) << shift;
  }
  return ((<u64>size) << 32) | value;
}

/** The run at an address: its length in the low 32 bits, its label in the next 16, its bytes above. */
export function runAt(at: usize): u64 {
  const pair = <u64>load<u16>(at);
  if (!(pair & 0x8080)) return ((<u64>2) << 48) | ((pair >> 8) << 32) | (pair & 0x7f);
  const length = varintAt(at);
  const label = varintAt(at + <usize>(length >> 32));
  return (((length >> 32) + (label >> 32)) << 48) | ((<u64>(<u32>label)) << 32) | <u64>(<u32>length);
}

/** Decodes bytes that were checked before (they come from a labelmap); returns false when they do not tell 64³ voxels. */
export function labelRunsDecode(bytes: usize, count: i32, labels: usize): bool {
  const end = bytes + <usize>count;
  let at = bytes + 1;
  let n: usize = 0;
  while (at < end && n < VOXELS) {
    let length: usize = 0;
    let shift: u32 = 0;
    let byte: u8;
    do {
      byte = load<u8>(at++);
      length |= (<usize>(byte & 0x7f)) << shift;
      shift += 7;
    } while (byte & 0x80);
    let label: u32 = 0;
    shift = 0;
    do {
      byte = load<u8>(at++);
      label |= (<u32>(byte & 0x7f)) << shift;
      shift += 7;
    } while (byte & 0x80);
    if (n + length > VOXELS) return false;
    fillRun(labels + (n << 1), length, <u16>label);
    n += length;
  }
  return at == end && n == VOXELS;
}

/**
 * The different labels, background left out, of a brick at rest (checked bytes) as u16 at `to`, in the order of their first voxels;
 * returns how many. `seen` has one byte a label, 0 before the call and after it.
 */
export function labelRunsList(bytes: usize, count: i32, seen: usize, to: usize): i32 {
  const end = bytes + <usize>count;
  let at = bytes + 1;
  let found = 0;
  while (at < end) {
    while (load<u8>(at++) & 0x80) {
      // The length of the run.
    }
    let label: u32 = 0;
    let shift: u32 = 0;
    let byte: u32;
    do {
      byte = <u32>load<u8>(at++);
      label |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    if (label == 0 || load<u8>(seen + <usize>label)) continue;
    store<u8>(seen + <usize>label, 1);
    store<u16>(to + ((<usize>found) << 1), <u16>label);
    found++;
  }
  for (let n: usize = 0; n < <usize>found; n++) store<u8>(seen + <usize>load<u16>(to + (n << 1)), 0);
  return found;
}

/** Room that the runs of any mask fit in. */
export function maskRunsRoom(): usize {
  return VOXELS + 8;
}

/**
 * A brick's mask of 64³ bits as lengths of voxels not set, set, not set, …, as varints (src/labelmap/mask-runs.ts); returns the
 * number of bytes, 0 when no bit is set.
 */
export function maskRunsEncode(bits: usize, to: usize): i32 {
  let at = to;
  let start: usize = 0;
  // All ones while inside a run of set voxels, so that the word's bits are those that differ from the run.
  let inside: u64 = 0;
  for (let n: usize = 0; n < VOXELS; n += 64) {
    const word = load<u64>(bits + (n >> 3));
    let from: u64 = 0;
    let rest = word ^ inside;
    while (rest) {
      const bit = ctz<u64>(rest);
      const end = n + <usize>bit;
      at = varint(at, <u32>(end - start));
      start = end;
      inside = ~inside;
      from = bit;
      rest = (word ^ inside) & (~(<u64>0) << from);
    }
  }
  if (at == to) return 0;
  return <i32>(varint(at, <u32>(VOXELS - start)) - to);
}

/** Decodes bytes of `maskRunsEncode` into 64³ bits. */
export function maskRunsDecode(bytes: usize, count: i32, bits: usize): void {
  memory.fill(bits, 0, VOXELS >> 3);
  const end = bytes + <usize>count;
  let at = bytes;
  let n: usize = 0;
  let inside = false;
  while (at < end) {
    let length: usize = 0;
    let shift: u32 = 0;
    let byte: u8;
    do {
      byte = load<u8>(at++);
      length |= (<usize>(byte & 0x7f)) << shift;
      shift += 7;
    } while (byte & 0x80);
    if (inside) setBits(bits, n, n + length);
    n += length;
    inside = !inside;
  }
}

/** Gives `length` voxels from `to` on a label. */
export function fillRun(to: usize, length: usize, label: u16): void {
  if (label == 0) {
    memory.fill(to, 0, length << 1);
    return;
  }
  const eight = i16x8.splat(<i16>label);
  let n: usize = 0;
  for (; n + 8 <= length; n += 8) v128.store(to + (n << 1), eight);
  for (; n < length; n++) store<u16>(to + (n << 1), label);
}
