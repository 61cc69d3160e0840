/**
 * Rows of a slice of a level on their way into the level after it. With `mean` 0 the sums of the voxels that become one go to `sums`:
 * i32 for voxels of up to 16 bits, f64 for wider ones. Else this is the second slice of the pair: its sums and those of the first become
 * means at `mean`, rounded half up for integers. `axes`: bit 0 where the columns are halved, bit 1 where the rows are; where they are not,
 * and at an odd end, a voxel counts twice. Types are numbered as in kernels/growth/threshold.ts.
 */
export function pyramidHalve(
  type: i32,
  rows: usize,
  width: i32,
  height: i32,
  axes: i32,
  sums: usize,
  mean: usize,
): void {
  if (type == 0) halve<u8>(rows, width, height, axes, sums, mean);
  else if (type == 1) halve<i8>(rows, width, height, axes, sums, mean);
  else if (type == 2) halve<u16>(rows, width, height, axes, sums, mean);
  else if (type == 3) halve<i16>(rows, width, height, axes, sums, mean);
  else if (type == 4) halve<u32>(rows, width, height, axes, sums, mean);
  else if (type == 5) halve<i32>(rows, width, height, axes, sums, mean);
  else halve<f32>(rows, width, height, axes, sums, mean);
}

function halve<T>(rows: usize, width: i32, height: i32, axes: i32, sums: usize, mean: usize): void {
  const rowBytes = <usize>width * sizeof<T>();
  const halveI = (axes & 1) != 0;
  const stepJ = axes & 2 ? 2 : 1;
  const pairs = halveI ? width >> 1 : width;
  // Eight bytes of means at a time.
  const step = 8 / <i32>sizeof<T>();
  for (let j = 0; j < height; j += stepJ) {
    let a = rows + <usize>j * rowBytes;
    let b = rows + <usize>min(j + stepJ - 1, height - 1) * rowBytes;
    let n = 0;
    if (halveI) {
      for (; n + step <= pairs; n += step, a += 16, b += 16) {
        halveVector<T>(a, b, sums, mean);
        sums += <usize>step * sumBytes<T>();
        if (mean) mean += 8;
      }
    }
    const next = halveI ? sizeof<T>() : 0;
    const stride = halveI ? 2 * sizeof<T>() : sizeof<T>();
    for (; n < pairs; n++, a += stride, b += stride) {
      halveOne<T>(a, b, next, sums, mean);
      sums += sumBytes<T>();
      if (mean) mean += sizeof<T>();
    }
    if (halveI && width & 1) {
      halveOne<T>(a, b, 0, sums, mean);
      sums += sumBytes<T>();
      if (mean) mean += sizeof<T>();
    }
  }
}

function sumBytes<T>(): usize {
  return sizeof<T>() <= 2 ? 4 : 8;
}

function halveVector<T>(a: usize, b: usize, sums: usize, mean: usize): void {
  const first = v128.load(a);
  const second = v128.load(b);
  if (sizeof<T>() == 1) {
    const eight = isSigned<T>()
      ? i16x8.add(i16x8.extadd_pairwise_i8x16_s(first), i16x8.extadd_pairwise_i8x16_s(second))
      : i16x8.add(i16x8.extadd_pairwise_i8x16_u(first), i16x8.extadd_pairwise_i8x16_u(second));
    const low = i32x4.extend_low_i16x8_s(eight);
    const high = i32x4.extend_high_i16x8_s(eight);
    if (mean) {
      const means = i16x8.narrow_i32x4_s(
        eighth(i32x4.add(v128.load(sums), low)),
        eighth(i32x4.add(v128.load(sums, 16), high)),
      );
      const bytes = isSigned<T>() ? i8x16.narrow_i16x8_s(means, means) : i8x16.narrow_i16x8_u(means, means);
      v128.store64_lane(mean, bytes, 0);
    } else {
      v128.store(sums, low);
      v128.store(sums, high, 16);
    }
  } else if (sizeof<T>() == 2) {
    const four = isSigned<T>()
      ? i32x4.add(i32x4.extadd_pairwise_i16x8_s(first), i32x4.extadd_pairwise_i16x8_s(second))
      : i32x4.add(i32x4.extadd_pairwise_i16x8_u(first), i32x4.extadd_pairwise_i16x8_u(second));
    if (mean) {
      const means = eighth(i32x4.add(v128.load(sums), four));
      const words = isSigned<T>() ? i16x8.narrow_i32x4_s(means, means) : i16x8.narrow_i32x4_u(means, means);
      v128.store64_lane(mean, words, 0);
    } else {
      v128.store(sums, four);
    }
  } else {
    const four = f64x2.add(f64x2.add(f64x2.add(evens<T>(first), odds<T>(first)), evens<T>(second)), odds<T>(second));
    if (mean) v128.store64_lane(mean, wideMeans<T>(f64x2.add(v128.load(sums), four)), 0);
    else v128.store(sums, four);
  }
}

function eighth(sums: v128): v128 {
  return i32x4.shr_s(i32x4.add(sums, i32x4.splat(4)), 3);
}

function evens<T>(voxels: v128): v128 {
  return doubles<T>(v128.shuffle<i32>(voxels, voxels, 0, 2, 0, 2));
}

function odds<T>(voxels: v128): v128 {
  return doubles<T>(v128.shuffle<i32>(voxels, voxels, 1, 3, 1, 3));
}

function doubles<T>(voxels: v128): v128 {
  if (isFloat<T>()) return f64x2.promote_low_f32x4(voxels);
  return isSigned<T>() ? f64x2.convert_low_i32x4_s(voxels) : f64x2.convert_low_i32x4_u(voxels);
}

function wideMeans<T>(sums: v128): v128 {
  const means = f64x2.mul(sums, f64x2.splat(0.125));
  if (isFloat<T>()) return plainNan(f32x4.demote_f64x2_zero(means));
  const rounded = f64x2.floor(f64x2.add(means, f64x2.splat(0.5)));
  return isSigned<T>() ? i32x4.trunc_sat_f64x2_s_zero(rounded) : i32x4.trunc_sat_f64x2_u_zero(rounded);
}

/** NaN of one kind, as which kind comes out of a sum depends on the order of its terms. */
function plainNan(voxels: v128): v128 {
  return v128.bitselect(voxels, f32x4.splat(NaN), f32x4.eq(voxels, voxels));
}

function halveOne<T>(a: usize, b: usize, next: usize, sums: usize, mean: usize): void {
  if (sizeof<T>() <= 2) {
    const four = <i32>load<T>(a) + <i32>load<T>(a + next) + <i32>load<T>(b) + <i32>load<T>(b + next);
    if (mean) store<T>(mean, <T>((load<i32>(sums) + four + 4) >> 3));
    else store<i32>(sums, four);
  } else {
    const four = <f64>load<T>(a) + <f64>load<T>(a + next) + <f64>load<T>(b) + <f64>load<T>(b + next);
    if (!mean) store<f64>(sums, four);
    else if (isFloat<T>()) {
      const value = (load<f64>(sums) + four) * 0.125;
      store<f32>(mean, isNaN<f64>(value) ? NaN : <f32>value);
    } else store<T>(mean, <T>floor<f64>((load<f64>(sums) + four) * 0.125 + 0.5));
  }
}
