/*
 * 128 bytes of `width` bits each in 16 × `width` bytes: byte n of every vector stays in lane n. A width is a sum of 4, 2 and 1: half
 * bytes of all eight vectors, then quarters, then single bits, from the low bits up.
 */

/** Writes the low `width` bits, 0 to 8, of 128 bytes; returns where it ends. The bits above must be 0. */
export function writePlanes(from: usize, width: i32, to: usize): usize {
  if (width == 8) return to + copy(from, to);
  let at = to;
  let done = 0;
  if (width & 4) {
    const mask = i8x16.splat(15);
    for (let n: usize = 0; n < 128; n += 32, at += 16) {
      v128.store(at, v128.or(v128.and(v128.load(from + n), mask), high(v128.load(from + n, 16), 4)));
    }
    done = 4;
  }
  if (width & 2) {
    const mask = i8x16.splat(3);
    for (let n: usize = 0; n < 128; n += 64, at += 16) {
      const a = v128.and(i8x16.shr_u(v128.load(from + n), done), mask);
      const b = v128.and(i8x16.shr_u(v128.load(from + n, 16), done), mask);
      const c = v128.and(i8x16.shr_u(v128.load(from + n, 32), done), mask);
      const d = v128.and(i8x16.shr_u(v128.load(from + n, 48), done), mask);
      v128.store(at, v128.or(v128.or(a, i16x8.shl(b, 2)), v128.or(i16x8.shl(c, 4), i16x8.shl(d, 6))));
    }
    done += 2;
  }
  if (width & 1) {
    let all = i8x16.shr_u(v128.load(from, 112), done);
    for (let n: i32 = 96; n >= 0; n -= 16) {
      all = v128.or(i16x8.shl(all, 1), i8x16.shr_u(v128.load(from + n), done));
    }
    v128.store(at, all);
    at += 16;
  }
  return at;
}

/** The inverse: writes 128 bytes, returns where what was read ends. */
export function readPlanes(from: usize, width: i32, to: usize): usize {
  if (width == 8) return from + copy(from, to);
  let at = from;
  let done = 0;
  if (width & 4) {
    const mask = i8x16.splat(15);
    for (let n: usize = 0; n < 128; n += 32, at += 16) {
      const both = v128.load(at);
      v128.store(to + n, v128.and(both, mask));
      v128.store(to + n, v128.and(i16x8.shr_u(both, 4), mask), 16);
    }
    done = 4;
  } else for (let n: usize = 0; n < 128; n += 16) v128.store(to + n, i64x2.splat(0));
  if (width & 2) {
    const mask = i8x16.splat(3);
    for (let n: usize = 0; n < 128; n += 64, at += 16) {
      const all = v128.load(at);
      add(to + n, v128.and(all, mask), done);
      add(to + n + 16, v128.and(i16x8.shr_u(all, 2), mask), done);
      add(to + n + 32, v128.and(i16x8.shr_u(all, 4), mask), done);
      add(to + n + 48, v128.and(i16x8.shr_u(all, 6), mask), done);
    }
    done += 2;
  }
  if (width & 1) {
    const mask = i8x16.splat(1);
    let all = v128.load(at);
    for (let n: usize = 0; n < 128; n += 16) {
      add(to + n, v128.and(all, mask), done);
      all = i16x8.shr_u(all, 1);
    }
    at += 16;
  }
  return at;
}

/** Bytes whose bits above are 0, moved up within each byte. */
function high(bytes: v128, bits: i32): v128 {
  return v128.and(i16x8.shl(bytes, bits), i8x16.splat(-16));
}

function add(at: usize, bits: v128, by: i32): void {
  v128.store(at, v128.or(v128.load(at), i16x8.shl(bits, by)));
}

function copy(from: usize, to: usize): usize {
  for (let n: usize = 0; n < 128; n += 16) v128.store(to + n, v128.load(from + n));
  return 128;
}
