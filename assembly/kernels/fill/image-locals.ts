import {
  ENTRY_BYTES,
  ENTRY_H,
  ENTRY_LABEL,
  ENTRY_SUMS,
  ENTRY_U0,
  ENTRY_V0,
  ENTRY_W,
  LOCAL_COUNT,
  LOCAL_ENTRIES,
  LOCAL_SCALE,
  LOCAL_STEP,
} from "../../memory/fill-image";

/* What values the labels of a drawn slice have near their outlines, place by place (memory/fill-image.ts). */

/** How many steps from another label a pixel may be for its value to count. */
const BAND: u16 = 6;
/**
 * Values are added up in squares of 2 × 2 pixels. Twice a sum over 2 · 3 + 1 of them each way is a window about as wide as a Gaussian of
 * 6 pixels.
 */
const RADIUS: i32 = 3;
/** What the window has of one pixel, added up. */
const NORM: f64 = 4 * 7 * 7 * 7 * 7;

function isNear(values: usize, steps: usize, n: usize): bool {
  if (load<u16>(steps + (n << 1)) > BAND) return false;
  const value = load<f32>(values + (n << 2));
  return value === value;
}

function counts(values: usize, steps: usize, drawn: usize, n: usize): bool {
  return isNear(values, steps, n) && (drawn === 0 || load<f32>(drawn + (n << 2)) === 0);
}

/** Bytes of a record without sums, for so many pixels. */
export function fillLocalBytes(pixels: i32): i32 {
  return <i32>(LOCAL_ENTRIES + <usize>min(pixels, 65536) * ENTRY_BYTES);
}

/**
 * Finds the labels near outlines and their windows: writes a record without sums and gives how many bytes the whole one takes. `steps`: of
 * `fillSteps`; `drawn`: pixels that count are 0 there, where it is given; `table`: an i32 for every label, 0 before and after.
 */
export function fillLocalFind(
  labels: usize,
  values: usize,
  steps: usize,
  drawn: usize,
  nu: i32,
  nv: i32,
  table: usize,
  to: usize,
): f64 {
  let count = 0;
  let squares: f64 = 0;
  let pairs: f64 = 0;
  let most: f32 = 0;
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      const n = <usize>(v * nu + u);
      if (!isNear(values, steps, n)) continue;
      const value = load<f32>(values + (n << 2));
      for (let side = 0; side < 2; side++) {
        if (side === 0 ? u === 0 : v === 0) continue;
        const other = n - (side === 0 ? 1 : <usize>nu);
        const apart = <f64>value - <f64>load<f32>(values + (other << 2));
        if (apart !== apart) continue;
        squares += apart * apart;
        pairs++;
      }
      if (drawn !== 0 && load<f32>(drawn + (n << 2)) !== 0) continue;
      most = max(most, abs(value));
      const label = load<u16>(labels + (n << 1));
      const place = table + ((<usize>label) << 2);
      let entry = <usize>load<i32>(place);
      if (entry === 0) {
        entry = to + LOCAL_ENTRIES + <usize>count * ENTRY_BYTES;
        count++;
        store<i32>(place, <i32>entry);
        store<i32>(entry, label, ENTRY_LABEL);
        store<i32>(entry, u, ENTRY_U0);
        store<i32>(entry, v, ENTRY_V0);
        // Outer ends of the box, until sizes are known.
        store<i32>(entry, u + 1, ENTRY_W);
        store<i32>(entry, v + 1, ENTRY_H);
      } else {
        if (u < load<i32>(entry, ENTRY_U0)) store<i32>(entry, u, ENTRY_U0);
        if (u >= load<i32>(entry, ENTRY_W)) store<i32>(entry, u + 1, ENTRY_W);
        store<i32>(entry, v + 1, ENTRY_H);
      }
    }
  }
  // Of many labels that each span the frame more than an address can tell.
  let sums: u64 = 0;
  for (let n = 0; n < count; n++) {
    const entry = to + LOCAL_ENTRIES + <usize>n * ENTRY_BYTES;
    store<i32>(table + ((<usize>load<i32>(entry, ENTRY_LABEL)) << 2), 0);
    const u0 = max(0, (load<i32>(entry, ENTRY_U0) >> 1) - 2 * RADIUS);
    const v0 = max(0, (load<i32>(entry, ENTRY_V0) >> 1) - 2 * RADIUS);
    const w = min((nu + 1) >> 1, ((load<i32>(entry, ENTRY_W) + 1) >> 1) + 2 * RADIUS) - u0;
    const h = min((nv + 1) >> 1, ((load<i32>(entry, ENTRY_H) + 1) >> 1) + 2 * RADIUS) - v0;
    store<i32>(entry, u0, ENTRY_U0);
    store<i32>(entry, v0, ENTRY_V0);
    store<i32>(entry, w, ENTRY_W);
    store<i32>(entry, h, ENTRY_H);
    store<i32>(entry, <i32>sums, ENTRY_SUMS);
    sums += <u64>(w * h) * 24;
  }
  store<f64>(to, pairs === 0 ? 0 : squares / pairs, LOCAL_STEP);
  store<f64>(to, wholeScale(most), LOCAL_SCALE);
  store<i32>(to, count, LOCAL_COUNT);
  return <f64>(<u64>(LOCAL_ENTRIES + <usize>count * ENTRY_BYTES) + sums);
}

/** What makes whole numbers of values up to `most`, of 18 bits: windowed sums of them and of their squares are then exact. */
function wholeScale(most: f32): f64 {
  if (most === 0) return 1;
  const exponent = <i64>((reinterpret<u64>(<f64>most) >> 52) & 2047);
  return reinterpret<f64>((17 - exponent + 2 * 1023) << 52);
}

/** Bytes of scratch of `fillLocalSums`. */
export function fillLocalScratch(nu: i32, nv: i32): i32 {
  return (((nu + 1) >> 1) * ((nv + 1) >> 1) + ((max(nu, nv) + 1) >> 1)) << 3;
}

/** Completes the record `found` of `fillLocalFind` of the same pixels, as a whole one at `to`. */
export function fillLocalSums(
  labels: usize,
  values: usize,
  steps: usize,
  drawn: usize,
  nu: i32,
  nv: i32,
  table: usize,
  found: usize,
  to: usize,
  scratch: usize,
): void {
  const count = load<i32>(found, LOCAL_COUNT);
  const scale = load<f64>(found, LOCAL_SCALE);
  const first = to + LOCAL_ENTRIES;
  const sums = first + <usize>count * ENTRY_BYTES;
  memory.copy(to, found, LOCAL_ENTRIES + <usize>count * ENTRY_BYTES);
  setTable(to, table);
  for (let n = 0; n < count; n++) {
    const entry = first + <usize>n * ENTRY_BYTES;
    memory.fill(
      sums + <usize>load<i32>(entry, ENTRY_SUMS),
      0,
      <usize>(load<i32>(entry, ENTRY_W) * load<i32>(entry, ENTRY_H)) * 24,
    );
  }
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      const n = <usize>(v * nu + u);
      if (!counts(values, steps, drawn, n)) continue;
      const entry = <usize>load<i32>(table + ((<usize>load<u16>(labels + (n << 1))) << 2));
      const w = load<i32>(entry, ENTRY_W);
      const squares = (<usize>(w * load<i32>(entry, ENTRY_H))) << 3;
      const square = ((v >> 1) - load<i32>(entry, ENTRY_V0)) * w + (u >> 1) - load<i32>(entry, ENTRY_U0);
      const at = sums + <usize>load<i32>(entry, ENTRY_SUMS) + ((<usize>square) << 3);
      const value = Math.floor(<f64>load<f32>(values + (n << 2)) * scale + 0.5);
      store<f64>(at, load<f64>(at) + 1);
      store<f64>(at + squares, load<f64>(at + squares) + value);
      store<f64>(at + 2 * squares, load<f64>(at + 2 * squares) + value * value);
    }
  }
  clearTable(to, table);
  for (let n = 0; n < count; n++) {
    const entry = first + <usize>n * ENTRY_BYTES;
    const w = load<i32>(entry, ENTRY_W);
    const h = load<i32>(entry, ENTRY_H);
    let at = sums + <usize>load<i32>(entry, ENTRY_SUMS);
    let factor: f64 = 1 / NORM;
    for (let power = 0; power < 3; power++, at += (<usize>(w * h)) << 3, factor /= scale) {
      window(at, w, h, scratch, factor);
    }
  }
}

/** Makes a table of a record's entries by label. */
export function setTable(local: usize, table: usize): void {
  for (let n = 0, count = load<i32>(local, LOCAL_COUNT); n < count; n++) {
    const entry = local + LOCAL_ENTRIES + <usize>n * ENTRY_BYTES;
    store<i32>(table + ((<usize>load<i32>(entry, ENTRY_LABEL)) << 2), <i32>entry);
  }
}

/** Empties it again. */
export function clearTable(local: usize, table: usize): void {
  for (let n = 0, count = load<i32>(local, LOCAL_COUNT); n < count; n++) {
    const entry = local + LOCAL_ENTRIES + <usize>n * ENTRY_BYTES;
    store<i32>(table + ((<usize>load<i32>(entry, ENTRY_LABEL)) << 2), 0);
  }
}

/** Replaces whole numbers by their sums, times `factor`, over a window that falls off linearly. */
function window(values: usize, w: i32, h: i32, scratch: usize, factor: f64): void {
  const row = (<usize>w) << 3;
  const copy = scratch;
  const line = scratch + <usize>h * row;
  for (let v = 0; v < h; v++) for (let twice = 0; twice < 2; twice++) runAlong(values + <usize>v * row, w, line);
  for (let twice = 0; twice < 2; twice++) {
    memory.copy(copy, values, <usize>h * row);
    memory.fill(line, 0, row);
    for (let v = 0; v < min(RADIUS, h); v++) addRow(line, copy + <usize>v * row, w);
    for (let v = 0; v < h; v++) {
      if (v + RADIUS < h) addRow(line, copy + <usize>(v + RADIUS) * row, w);
      if (v > RADIUS) takeRow(line, copy + <usize>(v - RADIUS - 1) * row, w);
      memory.copy(values + <usize>v * row, line, row);
    }
  }
  for (let at = values, end = values + <usize>h * row; at < end; at += 8) store<f64>(at, load<f64>(at) * factor);
}

function addRow(line: usize, from: usize, w: i32): void {
  for (let u: usize = 0; u < (<usize>w) << 3; u += 8) store<f64>(line + u, load<f64>(line + u) + load<f64>(from + u));
}

function takeRow(line: usize, from: usize, w: i32): void {
  for (let u: usize = 0; u < (<usize>w) << 3; u += 8) store<f64>(line + u, load<f64>(line + u) - load<f64>(from + u));
}

/** Sums over RADIUS squares on both sides along a row; of whole numbers, so that nothing is left of what has gone by. */
function runAlong(row: usize, w: i32, line: usize): void {
  memory.copy(line, row, (<usize>w) << 3);
  let sum: f64 = 0;
  for (let u = 0; u < min(RADIUS, w); u++) sum += load<f64>(line + ((<usize>u) << 3));
  for (let u = 0; u < w; u++) {
    if (u + RADIUS < w) sum += load<f64>(line + ((<usize>(u + RADIUS)) << 3));
    if (u > RADIUS) sum -= load<f64>(line + ((<usize>(u - RADIUS - 1)) << 3));
    store<f64>(row + ((<usize>u) << 3), sum);
  }
}
