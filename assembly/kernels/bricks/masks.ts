/* Masks of a brick: 64³ bits, voxel (i, j, k) is bit i of word k·64 + j. */

const VOXELS: usize = 262144;
const WORDS: usize = 4096;

/**
 * The voxels of some labels out of a label brick at rest (checked bytes, see runs.ts), without its labels: `wanted` has one byte a
 * label, 1 for those that are meant, else 0. Fills `bits`; returns the label they have, 0 when none is there, −1 when there are
 * several (all of them are in `bits`), −2 when the bytes do not tell 64³ voxels.
 */
export function labelRunsMask(bytes: usize, count: i32, wanted: usize, bits: usize): i32 {
  const end = bytes + <usize>count;
  let at = bytes + 1;
  let n: usize = 0;
  let found = 0;
  // Bits where wanted voxels begin or end in the word at hand, and whether the run before is wanted.
  let turns: u64 = 0;
  let word: usize = 0;
  let inside: u32 = 0;
  while (at < end && n < VOXELS) {
    let length: usize;
    let label: u32;
    const pair = <u32>load<u16>(at);
    if ((pair & 0x8080) == 0) {
      // Most runs are short and most labels small: one byte each.
      length = <usize>(pair & 0x7f);
      label = pair >> 8;
      at += 2;
    } else {
      length = 0;
      label = 0;
      let shift: u32 = 0;
      let byte: u32;
      do {
        byte = <u32>load<u8>(at++);
        length |= (<usize>(byte & 0x7f)) << shift;
        shift += 7;
      } while (byte & 0x80);
      shift = 0;
      do {
        byte = <u32>load<u8>(at++);
        label |= (byte & 0x7f) << shift;
        shift += 7;
      } while (byte & 0x80);
    }
    const next = <u32>load<u8>(wanted + <usize>label);
    if (next && found != <i32>label) found = found == 0 ? <i32>label : -1;
    if (next != inside) {
      if (n >> 6 != word) {
        // The word is done; those up to the turn are all of one kind.
        const was: u64 = insideAfter(bits + (word << 3), turns);
        word++;
        for (; word < n >> 6; word++) store<u64>(bits + (word << 3), was);
        turns = was & 1;
      }
      turns ^= (<u64>1) << (<u64>n & 63);
      inside = next;
    }
    n += length;
  }
  if (at != end || n != VOXELS) return -2;
  const was = insideAfter(bits + (word << 3), turns);
  for (word++; word < WORDS; word++) store<u64>(bits + (word << 3), was);
  return found;
}

/** Writes the word whose bits change at `turns`; returns what its last bit is, in all bits. */
function insideAfter(to: usize, turns: u64): u64 {
  let word = turns;
  word ^= word << 1;
  word ^= word << 2;
  word ^= word << 4;
  word ^= word << 8;
  word ^= word << 16;
  word ^= word << 32;
  store<u64>(to, word);
  return 0 - (word >> 63);
}

/** Sets bits `from` to `end` − 1; nothing when there are none. */
export function setBits(bits: usize, from: usize, end: usize): void {
  if (end <= from) return;
  const first = from >> 6;
  const last = (end - 1) >> 6;
  const head = ~(<u64>0) << (<u64>from & 63);
  const tail = ~(<u64>0) >> (63 - ((<u64>end - 1) & 63));
  const at = bits + (first << 3);
  if (first == last) {
    store<u64>(at, load<u64>(at) | (head & tail));
    return;
  }
  store<u64>(at, load<u64>(at) | head);
  memory.fill(at + 8, 0xff, (last - first - 1) << 3);
  const ending = bits + (last << 3);
  store<u64>(ending, load<u64>(ending) | tail);
}

/** Voxels set. */
export function maskCount(bits: usize): i32 {
  let count: u64 = 0;
  for (let at = bits, end = bits + (WORDS << 3); at < end; at += 8) count += popcnt<u64>(load<u64>(at));
  return <i32>count;
}

/** Turns set into not set and back. */
export function maskInvert(bits: usize): void {
  for (let n: usize = 0; n < WORDS << 3; n += 16) v128.store(bits + n, v128.not(v128.load(bits + n)));
}

/** Exchanges an axis (0 = i, 1 = j) with k; its own inverse. */
export function maskSwapWithK(bits: usize, axis: i32): void {
  if (axis == 1) {
    for (let k: usize = 0; k < 64; k++) {
      for (let j = k + 1; j < 64; j++) {
        const a = bits + ((k * 64 + j) << 3);
        const b = bits + ((j * 64 + k) << 3);
        const word = load<u64>(a);
        store<u64>(a, load<u64>(b));
        store<u64>(b, word);
      }
    }
    return;
  }
  for (let j: usize = 0; j < 64; j++) transpose(bits + (j << 3));
}

/** Transposes the 64 × 64 bits whose rows lie 512 bytes apart, in six rounds of exchanging halves of ever smaller blocks. */
function transpose(bits: usize): void {
  let mask: u64 = 0x00000000ffffffff;
  for (let half: usize = 32; half != 0; half >>= 1, mask ^= mask << (<u64>half)) {
    for (let row: usize = 0; row < 64; row = (row + half + 1) & ~half) {
      const a = bits + (row << 9);
      const b = bits + ((row + half) << 9);
      const upper = load<u64>(a);
      const lower = load<u64>(b);
      const change = ((upper >> <u64>half) ^ lower) & mask;
      store<u64>(a, upper ^ (change << (<u64>half)));
      store<u64>(b, lower ^ change);
    }
  }
}
