/*
 * Statistics of one brick, a row for each label in it. Sums are of differences from the first value of the label in the brick,
 * so that large values with a small spread keep their digits. NaN voxels are counted and otherwise left out.
 *
 *   rowOf   131072 B   u16 for each label: its row, or 0xffff; all 0xffff before the call, and again after it
 *   rows    56 B each  label and voxels (i32, i32), values (i32, unused), first value, sum, sum of squares, min, max (f64)
 */
const ROW_BYTES: usize = 56;
const NONE: u16 = 0xffff;

/**
 * Fills `rows` from 64³ voxels and labels, within ni × nj × nk from the brick's first voxel; returns the number of rows, at most
 * 65,535. Voxel types are numbered as in src/workers/kernel-core.ts.
 */
export function statisticsBrick(
  voxels: usize,
  type: i32,
  labels: usize,
  ni: i32,
  nj: i32,
  nk: i32,
  rowOf: usize,
  rows: usize,
): i32 {
  let count = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const line = <usize>(k * 64 + j) * 64;
      for (let i: usize = 0; i < <usize>ni; i++) {
        const n = line + i;
        const label = load<u16>(labels + (n << 1));
        if (label == 0) continue;
        const value = voxelValue(voxels, type, n);
        const place = rowOf + ((<usize>label) << 1);
        let number = load<u16>(place);
        if (number == NONE) {
          number = <u16>count;
          count++;
          store<u16>(place, number);
          startRow(rows + <usize>number * ROW_BYTES, label);
        }
        addTo(rows + <usize>number * ROW_BYTES, value);
      }
    }
  }
  for (let n = 0; n < count; n++) store<u16>(rowOf + ((<usize>load<u32>(rows + <usize>n * ROW_BYTES)) << 1), NONE);
  return count;
}

function startRow(row: usize, label: u16): void {
  store<u32>(row, label);
  store<i32>(row, 0, 4);
  store<i32>(row, 0, 8);
  store<f64>(row, 0, 16);
  store<f64>(row, 0, 24);
  store<f64>(row, 0, 32);
  store<f64>(row, Infinity, 40);
  store<f64>(row, -Infinity, 48);
}

function addTo(row: usize, value: f64): void {
  store<i32>(row, load<i32>(row, 4) + 1, 4);
  if (value != value) return;
  const values = load<i32>(row, 8);
  if (values == 0) store<f64>(row, value, 16);
  store<i32>(row, values + 1, 8);
  const away = value - load<f64>(row, 16);
  store<f64>(row, load<f64>(row, 24) + away, 24);
  store<f64>(row, load<f64>(row, 32) + away * away, 32);
  if (value < load<f64>(row, 40)) store<f64>(row, value, 40);
  if (value > load<f64>(row, 48)) store<f64>(row, value, 48);
}

function voxelValue(voxels: usize, type: i32, n: usize): f64 {
  if (type == 3) return <f64>load<i16>(voxels + (n << 1));
  if (type == 2) return <f64>load<u16>(voxels + (n << 1));
  if (type == 0) return <f64>load<u8>(voxels + n);
  if (type == 1) return <f64>load<i8>(voxels + n);
  if (type == 4) return <f64>load<u32>(voxels + (n << 2));
  if (type == 5) return <f64>load<i32>(voxels + (n << 2));
  return <f64>load<f32>(voxels + (n << 2));
}
