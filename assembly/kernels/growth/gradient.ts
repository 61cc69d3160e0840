/*
 * Where the image changes too fast. The gradient is central differences, (next − previous) · 1 / (2 · spacing), squared and added in
 * double precision.
 */

/** Steps in a box of 66³ voxels: a brick with one voxel around it. */
const ROW: usize = 66;
const PLANE: usize = 66 * 66;

/**
 * Clears bits of a brick's candidates where the gradient is above `most`. `voxels` is a box of 66³ voxels of the type that begins one
 * voxel before the brick's first. A gradient that is no number is too large.
 */
export function gradientLimitBits(type: i32, voxels: usize, si: f64, sj: f64, sk: f64, most: f64, bits: usize): void {
  const wi = 1 / (2 * si);
  const wj = 1 / (2 * sj);
  const wk = 1 / (2 * sk);
  const limit = most * most;
  if (type == 3) limitBits<i16>(voxels, wi, wj, wk, limit, bits);
  else if (type == 2) limitBits<u16>(voxels, wi, wj, wk, limit, bits);
  else if (type == 0) limitBits<u8>(voxels, wi, wj, wk, limit, bits);
  else if (type == 1) limitBits<i8>(voxels, wi, wj, wk, limit, bits);
  else if (type == 4) limitBits<u32>(voxels, wi, wj, wk, limit, bits);
  else if (type == 5) limitBits<i32>(voxels, wi, wj, wk, limit, bits);
  else limitBits<f32>(voxels, wi, wj, wk, limit, bits);
}

function limitBits<T extends number>(voxels: usize, wi: f64, wj: f64, wk: f64, limit: f64, bits: usize): void {
  for (let row: usize = 0; row < 4096; row++) {
    const at = bits + (row << 3);
    let word = load<u64>(at);
    const first = voxels + (((row >> 6) + 1) * PLANE + ((row & 63) + 1) * ROW + 1) * sizeof<T>();
    for (let rest = word; rest; rest &= rest - 1) {
      const i = ctz<u64>(rest);
      const here = first + <usize>i * sizeof<T>();
      const gi = difference<T>(here, 1) * wi;
      const gj = difference<T>(here, ROW) * wj;
      const gk = difference<T>(here, PLANE) * wk;
      if (!(gi * gi + gj * gj + gk * gk <= limit)) word &= ~((<u64>1) << i);
    }
    store<u64>(at, word);
  }
}

function difference<T extends number>(here: usize, step: usize): f64 {
  return <f64>load<T>(here + step * sizeof<T>()) - <f64>load<T>(here - step * sizeof<T>());
}
