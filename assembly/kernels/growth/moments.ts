/*
 * Count, sum and sum of squares of the voxels of a brick that a mask holds: what confidence-connected growth needs. Whole numbers are
 * summed exactly. Result at `to`, 32 bytes: count (u32), 1 where the rest is floating point (u32), then for whole numbers the sum
 * (i64) and the sums of the low and high halves of the squares (u64), for float32 both sums (f64). NaN voxels are left out.
 */

export function momentsOfBits(type: i32, voxels: usize, bits: usize, to: usize): void {
  if (type > 5) floatMoments(voxels, bits, to);
  else wholeMoments(type, voxels, bits, to);
}

function wholeMoments(type: i32, voxels: usize, bits: usize, to: usize): void {
  let count: u64 = 0;
  let sum: i64 = 0;
  // 64³ squares of 32 bit values would not fit; they are added as two halves.
  let squaresLow: u64 = 0;
  let squaresHigh: u64 = 0;
  for (let row: usize = 0; row < 4096; row++) {
    const word = load<u64>(bits + (row << 3));
    count += popcnt<u64>(word);
    if (type == 3) {
      // Sums of a row of 16-bit values fit 32 and 38 bits.
      let inRow: i64 = 0;
      let squares: u64 = 0;
      for (let rest = word; rest; rest &= rest - 1) {
        const v = <i64>load<i16>(voxels + (((row << 6) + <usize>ctz<u64>(rest)) << 1));
        inRow += v;
        squares += <u64>(v * v);
      }
      sum += inRow;
      squaresLow += squares;
      continue;
    }
    for (let rest = word; rest; rest &= rest - 1) {
      const v = whole(type, voxels, (row << 6) + <usize>ctz<u64>(rest));
      sum += v;
      const square = <u64>(v * v);
      squaresLow += square & 0xffffffff;
      squaresHigh += square >> 32;
    }
  }
  store<u32>(to, <u32>count);
  store<u32>(to, 0, 4);
  store<i64>(to, sum, 8);
  store<u64>(to, squaresLow, 16);
  store<u64>(to, squaresHigh, 24);
}

function whole(type: i32, voxels: usize, n: usize): i64 {
  if (type == 3) return <i64>load<i16>(voxels + (n << 1));
  if (type == 2) return <i64>load<u16>(voxels + (n << 1));
  if (type == 0) return <i64>load<u8>(voxels + n);
  if (type == 1) return <i64>load<i8>(voxels + n);
  if (type == 4) return <i64>load<u32>(voxels + (n << 2));
  return <i64>load<i32>(voxels + (n << 2));
}

function floatMoments(voxels: usize, bits: usize, to: usize): void {
  let count: u32 = 0;
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (let row: usize = 0; row < 4096; row++) {
    for (let rest = load<u64>(bits + (row << 3)); rest; rest &= rest - 1) {
      const v = <f64>load<f32>(voxels + (((row << 6) + <usize>ctz<u64>(rest)) << 2));
      if (v != v) continue;
      count++;
      sum += v;
      squares += v * v;
    }
  }
  store<u32>(to, count);
  store<u32>(to, 1, 4);
  store<f64>(to, sum, 8);
  store<f64>(to, squares, 16);
  store<u64>(to, 0, 24);
}
