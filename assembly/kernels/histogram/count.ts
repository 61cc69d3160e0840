/*
 * How often values occur among the voxels of a brick that a mask holds (64³ bits, a word a row). Voxel types are numbered as in
 * src/workers/kernel-core.ts.
 */

const WORDS: usize = 4096;

/**
 * Counts 8- and 16-bit voxels value by value: `counts` are two tables of 65,536 u32, which belong together, so that equal
 * neighbours do not wait for one another. The bits of a value are its place, also of a negative one.
 */
export function histogramCount(voxels: usize, type: i32, mask: usize, counts: usize): void {
  if (type < 2) count8(voxels, mask, counts);
  else count16(voxels, mask, counts);
}

function count8(voxels: usize, mask: usize, counts: usize): void {
  const others = counts + 262144;
  for (let row: usize = 0; row < WORDS; row++) {
    // Voxels are taken run by run: most rows are one.
    for (let rest = load<u64>(mask + (row << 3)); rest; ) {
      const start = ctz<u64>(rest);
      const length = ctz<u64>(~(rest >> start));
      let at = voxels + (row << 6) + <usize>start;
      const end = at + <usize>length;
      for (; at + 8 <= end; at += 8) {
        let eight = load<u64>(at);
        for (let pair = 0; pair < 4; pair++, eight >>= 16) {
          addOne(counts, <usize>(eight & 0xff));
          addOne(others, <usize>((eight >> 8) & 0xff));
        }
      }
      for (; at < end; at++) addOne(counts, <usize>load<u8>(at));
      rest = without(rest, start + length);
    }
  }
}

function count16(voxels: usize, mask: usize, counts: usize): void {
  const others = counts + 262144;
  for (let row: usize = 0; row < WORDS; row++) {
    for (let rest = load<u64>(mask + (row << 3)); rest; ) {
      const start = ctz<u64>(rest);
      const length = ctz<u64>(~(rest >> start));
      let at = voxels + (row << 7) + ((<usize>start) << 1);
      const end = at + ((<usize>length) << 1);
      for (; at + 8 <= end; at += 8) {
        const four = load<u64>(at);
        addOne(counts, <usize>(four & 0xffff));
        addOne(others, <usize>((four >> 16) & 0xffff));
        addOne(counts, <usize>((four >> 32) & 0xffff));
        addOne(others, <usize>(four >> 48));
      }
      for (; at < end; at += 2) addOne(counts, <usize>load<u16>(at));
      rest = without(rest, start + length);
    }
  }
}

/** The bits from `end` on. */
function without(bits: u64, end: u64): u64 {
  return end >= 64 ? 0 : bits & (~(<u64>0) << end);
}

function addOne(counts: usize, place: usize): void {
  const at = counts + (place << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/**
 * Counts 32-bit voxels value by value in an open hash table of `places` entries (a power of 2), 8 bytes each: the value's bits and
 * its count, 0 for a free place. The table must have room for another 262,144 values; returns how many were new.
 */
export function histogramHash(voxels: usize, mask: usize, table: usize, places: u32): i32 {
  let added = 0;
  let last: u32 = 0;
  let at: usize = 0;
  for (let row: usize = 0; row < WORDS; row++) {
    for (let rest = load<u64>(mask + (row << 3)); rest; rest &= rest - 1) {
      const value = load<u32>(voxels + (row << 8) + ((<usize>ctz<u64>(rest)) << 2));
      // Neighbours often have the same value.
      if (at == 0 || value != last) {
        at = placeOf(table, places, value);
        last = value;
        if (load<u32>(at, 4) == 0) {
          store<u32>(at, value);
          added++;
        }
      }
      store<u32>(at, load<u32>(at, 4) + 1, 4);
    }
  }
  return added;
}

/** Moves the entries of one table to a larger, empty one. */
export function histogramRehash(from: usize, fromPlaces: u32, to: usize, toPlaces: u32): void {
  for (let n: usize = 0; n < <usize>fromPlaces; n++) {
    const count = load<u32>(from + (n << 3), 4);
    if (count == 0) continue;
    const value = load<u32>(from + (n << 3));
    const at = placeOf(to, toPlaces, value);
    store<u32>(at, value);
    store<u32>(at, count, 4);
  }
}

/** Where a value is or belongs (multiplicative hashing, Knuth, TAOCP 3, 6.4; the next free place on a collision). */
function placeOf(table: usize, places: u32, value: u32): usize {
  let n = (value * 2654435769) >> (clz<u32>(places) + 1);
  while (true) {
    const at = table + ((<usize>n) << 3);
    if (load<u32>(at, 4) == 0 || load<u32>(at) == value) return at;
    n = (n + 1) & (places - 1);
  }
}
