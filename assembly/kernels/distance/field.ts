/* Fields of distances: f32, i fastest, put into larger ones. Strides are in bytes. */

/** Writes minus the distances of a dense box of ci × cj × ck where the field at `to` is 0. */
export function placeInside(
  inside: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  to: usize,
  rowBytes: usize,
  planeBytes: usize,
): void {
  let source = inside;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let target = to + <usize>k * planeBytes + <usize>j * rowBytes;
      let i = 0;
      for (; i + 4 <= ci; i += 4, source += 16, target += 16) {
        const held = v128.load(target);
        const zero = f32x4.eq(held, f32x4.splat(0));
        if (v128.any_true(zero)) v128.store(target, v128.bitselect(f32x4.neg(v128.load(source)), held, zero));
      }
      for (; i < ci; i++, source += 4, target += 4) {
        if (load<f32>(target) == 0) store<f32>(target, -load<f32>(source));
      }
    }
  }
}

/** Writes the distances of a dense box of ci × cj × ck where the u16 labels, laid out with strides of their own, are `label`. */
export function placeOfLabel(
  field: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  labels: usize,
  labelRow: usize,
  labelPlane: usize,
  label: i32,
  to: usize,
  rowBytes: usize,
  planeBytes: usize,
): void {
  const eight = i16x8.splat(<i16>label);
  let source = field;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let target = to + <usize>k * planeBytes + <usize>j * rowBytes;
      let own = labels + <usize>k * labelPlane + <usize>j * labelRow;
      let i = 0;
      for (; i + 4 <= ci; i += 4, source += 16, target += 16, own += 8) {
        const same = i32x4.extend_low_i16x8_s(i16x8.eq(v128.load64_zero(own), eight));
        v128.store(target, v128.bitselect(v128.load(source), v128.load(target), same));
      }
      for (; i < ci; i++, source += 4, target += 4, own += 2) {
        if (load<u16>(own) == <u16>label) store<f32>(target, load<f32>(source));
      }
    }
  }
}

/** Brings `count` values to at least `least` and at most `most`. */
export function capField(field: usize, count: i32, least: f32, most: f32): void {
  const low = f32x4.splat(least);
  const high = f32x4.splat(most);
  const end = field + ((<usize>count) << 2);
  let at = field;
  for (; at + 16 <= end; at += 16) v128.store(at, f32x4.pmin(f32x4.pmax(v128.load(at), low), high));
  for (; at < end; at += 4) store<f32>(at, min(max(load<f32>(at), least), most));
}
