/**
 * Lays a band of 1 to 64 rows of `width` voxels out as tiles of 64×64, one for each 64 columns, with the last column and row repeated,
 * and writes the least and the greatest voxel of each to `ranges` as two f64: (∞, −∞) where all are NaN. Types are numbered as in
 * kernels/growth/threshold.ts.
 */
export function pyramidTiles(type: i32, band: usize, width: i32, rows: i32, tiles: usize, ranges: usize): void {
  if (type == 0) tilesOf<u8>(band, width, rows, tiles, ranges);
  else if (type == 1) tilesOf<i8>(band, width, rows, tiles, ranges);
  else if (type == 2) tilesOf<u16>(band, width, rows, tiles, ranges);
  else if (type == 3) tilesOf<i16>(band, width, rows, tiles, ranges);
  else if (type == 4) tilesOf<u32>(band, width, rows, tiles, ranges);
  else if (type == 5) tilesOf<i32>(band, width, rows, tiles, ranges);
  else tilesOf<f32>(band, width, rows, tiles, ranges);
}

const EDGE: usize = 64;

function tilesOf<T>(band: usize, width: i32, rows: i32, tiles: usize, ranges: usize): void {
  const rowBytes = EDGE * sizeof<T>();
  let from = band;
  for (let left = width; left > 0; left -= <i32>EDGE, from += rowBytes, tiles += rowBytes * EDGE, ranges += 16) {
    const end = copyTile<T>(from, <usize>width * sizeof<T>(), min<i32>(left, <i32>EDGE), rows, tiles, ranges);
    for (let at = end; at < tiles + rowBytes * EDGE; at += 16) v128.store(at, v128.load(at - rowBytes));
  }
}

/** Copies the rows of one tile and writes its range; returns where the row after the last begins. */
function copyTile<T>(from: usize, pitch: usize, columns: i32, rows: i32, to: usize, range: usize): usize {
  const whole = (<usize>columns * sizeof<T>()) & ~15;
  const end = <usize>columns * sizeof<T>();
  let lows = v128.splat<T>(most<T>());
  let highs = v128.splat<T>(least<T>());
  let low = most<T>();
  let high = least<T>();
  for (let row = 0; row < rows; row++, from += pitch, to += EDGE * sizeof<T>()) {
    for (let at: usize = 0; at < whole; at += 16) {
      const voxels = v128.load(from + at);
      v128.store(to + at, voxels);
      // Where a voxel is NaN these keep what they have.
      lows = isFloat<T>() ? f32x4.pmin(lows, voxels) : v128.min<T>(lows, voxels);
      highs = isFloat<T>() ? f32x4.pmax(highs, voxels) : v128.max<T>(highs, voxels);
    }
    for (let at = whole; at < end; at += sizeof<T>()) {
      const voxel = load<T>(from + at);
      store<T>(to + at, voxel);
      if (voxel < low) low = voxel;
      if (voxel > high) high = voxel;
    }
    const last = load<T>(to + end - sizeof<T>());
    for (let at = end; at < EDGE * sizeof<T>(); at += sizeof<T>()) store<T>(to + at, last);
  }
  v128.store(range, lows);
  for (let at: usize = 0; at < 16; at += sizeof<T>()) {
    const lane = load<T>(range + at);
    if (lane < low) low = lane;
  }
  v128.store(range, highs);
  for (let at: usize = 0; at < 16; at += sizeof<T>()) {
    const lane = load<T>(range + at);
    if (lane > high) high = lane;
  }
  const none = low > high;
  store<f64>(range, none ? Infinity : <f64>low);
  store<f64>(range, none ? -Infinity : <f64>high, 8);
  return to;
}

function most<T>(): T {
  if (isFloat<T>()) return <T>Infinity;
  if (sizeof<T>() == 4) return isSigned<T>() ? <T>i32.MAX_VALUE : <T>u32.MAX_VALUE;
  if (sizeof<T>() == 2) return isSigned<T>() ? <T>i16.MAX_VALUE : <T>u16.MAX_VALUE;
  return isSigned<T>() ? <T>i8.MAX_VALUE : <T>u8.MAX_VALUE;
}

function least<T>(): T {
  if (isFloat<T>()) return <T>-Infinity;
  if (!isSigned<T>()) return <T>0;
  if (sizeof<T>() == 4) return <T>i32.MIN_VALUE;
  return sizeof<T>() == 2 ? <T>i16.MIN_VALUE : <T>i8.MIN_VALUE;
}
