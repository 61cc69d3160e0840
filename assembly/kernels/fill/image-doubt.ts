import {
  AROUND_BYTES,
  AROUND_ENTRIES,
  AROUND_FIRST,
  AROUND_STEPS,
  ENTRY_BYTES,
  ENTRY_H,
  ENTRY_SUMS,
  ENTRY_U0,
  ENTRY_V0,
  ENTRY_W,
  FieldSlice,
  LOCAL_COUNT,
  LOCAL_ENTRIES,
} from "../../memory/fill-image";
import { clearTable, setTable } from "./image-locals";

/* The pixels of a slice whose label is not sure, and the odds of both labels that each may have. */

/** Chance to be wrong from which the image has a say. */
const UNSURE: f32 = 0.05;
/** Log-likelihoods are cut here, so that no single value decides against a shape that is sure. */
const MOST: f64 = 4;
/** Pixels within which another label is looked for. */
const REACH: i32 = 8;
/** Share of a window that must be of a label for its values to be known there. */
const LEAST: f64 = 0.003;
/** Square deviations of a label's values are at least this part of the square of the contrast. */
const FLOOR: f64 = 0.05;
/** Contrast in deviations at and below which values say nothing, and on from which they count whole. */
const FAINT: f64 = 0.35;
const CLEAR: f64 = 1.05;

/** How many pixels may be wrong enough. */
export function fillUnsure(chances: usize, count: i32): i32 {
  let unsure = 0;
  for (let n: usize = 0; n < <usize>count; n++) unsure += load<f32>(chances + (n << 2)) >= UNSURE ? 1 : 0;
  return unsure;
}

/**
 * Finds the doubtful pixels of a slice: shapes are not sure of them and another label lies near. Writes them with the odds by shape, and the
 * ratio of likelihoods of their value, normal with the mean and deviation that both labels have near that place on the drawn slices: records
 * `before` and `after`, 0 where there is none, `t` of the way between them. `steps`: of `fillSteps`; `tables`: two i32 for every label,
 * 0 before and after. Gives how many.
 */
export function fillDoubtful(
  slice: usize,
  chances: usize,
  steps: usize,
  nu: i32,
  nv: i32,
  before: usize,
  after: usize,
  t: f64,
  around: usize,
  tables: usize,
): i32 {
  const own = changetype<FieldSlice>(slice);
  const tableAfter = tables + (65536 << 2);
  if (before !== 0) setTable(before, tables);
  if (after !== 0) setTable(after, tableAfter);
  sumsBefore = before + LOCAL_ENTRIES + (before !== 0 ? <usize>load<i32>(before, LOCAL_COUNT) : 0) * ENTRY_BYTES;
  sumsAfter = after + LOCAL_ENTRIES + (after !== 0 ? <usize>load<i32>(after, LOCAL_COUNT) : 0) * ENTRY_BYTES;
  share = t;
  const labels = own.labels;
  const values = own.values;
  const ordinals = own.ordinals;
  memory.fill(ordinals, 0, (<usize>(nu * nv)) << 2);
  let count: usize = 0;
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      const n = <usize>(v * nu + u);
      const chance = load<f32>(chances + (n << 2));
      if (chance < UNSURE) continue;
      const away = <i32>load<u16>(steps + (n << 1));
      if (away >= AROUND_STEPS) continue;
      const rival = nearestOther(labels, nu, nv, u, v, away, around);
      if (rival < 0) continue;
      const label = load<u16>(labels + (n << 1));
      const wrong = min<f64>(0.5, chance);
      store<i32>(own.at + (count << 2), <i32>n);
      store<i32>(own.rivals + (count << 2), rival);
      store<f32>(own.byShape + (count << 2), <f32>Math.log((1 - wrong) / wrong));
      const image = ratioOf(tables, tableAfter, load<f32>(values + (n << 2)), u >> 1, v >> 1, rival, label);
      store<f32>(own.byImage + (count << 2), <f32>image);
      count++;
      store<i32>(ordinals + (n << 2), <i32>count);
    }
  }
  if (before !== 0) clearTable(before, tables);
  if (after !== 0) clearTable(after, tableAfter);
  own.count = <i32>count;
  return own.count;
}

/** The label of the nearest pixel with another one, `away` steps or more, the lowest of equally near ones; −1 where none is near. */
function nearestOther(labels: usize, nu: i32, nv: i32, u: i32, v: i32, away: i32, around: usize): i32 {
  const first = load<i32>(around + ((<usize>away) << 2), AROUND_FIRST);
  if (first < 0) return -1;
  const at = labels + ((<usize>(v * nu + u)) << 1);
  const own = <i32>load<u16>(at);
  const inside = u >= REACH && v >= REACH && u + REACH < nu && v + REACH < nv;
  const end = around + AROUND_ENTRIES + <usize>load<i32>(around) * AROUND_BYTES;
  let found = -1;
  let square = REACH * REACH;
  for (let entry = around + AROUND_ENTRIES + <usize>first * AROUND_BYTES; entry < end; entry += AROUND_BYTES) {
    const apart = <i32>load<u8>(entry, 6);
    if (apart > square) break;
    if (!inside) {
      const x = u + <i32>load<i8>(entry, 4);
      const y = v + <i32>load<i8>(entry, 5);
      if (x < 0 || y < 0 || x >= nu || y >= nv) continue;
    }
    const other = <i32>load<u16>(at + <usize>(load<i32>(entry) << 1));
    if (other !== own && (found < 0 || other < found)) {
      found = other;
      square = apart;
    }
  }
  return found;
}

/** Logarithm of how much likelier a pixel's value is for `label` than for `than`; 0 where that is not known. */
function ratioOf(before: usize, after: usize, value: f32, x: i32, y: i32, than: i32, label: i32): f64 {
  if (value !== value || !look(before, after, x, y, than)) return 0;
  const otherMean = mean;
  const otherSquare = square;
  if (!look(before, after, x, y, label)) return 0;
  const contrast = Math.abs(mean - otherMean);
  if (!(contrast > 0)) return 0;
  const floor = FLOOR * contrast * contrast;
  const p = square + floor;
  const q = otherSquare + floor;
  const fromOther = <f64>value - otherMean;
  const from = <f64>value - mean;
  const ratio = (fromOther * fromOther) / (2 * q) - (from * from) / (2 * p) + Math.log(q / p) / 2;
  const clear = (contrast / Math.sqrt((p + q) / 2) - FAINT) / (CLEAR - FAINT);
  return max(-MOST, min(MOST, ratio)) * max<f64>(0, min<f64>(1, clear));
}

/** Where the sums of both drawn slices begin, and where between them the slice lies. */
let sumsBefore: usize = 0;
let sumsAfter: usize = 0;
let share: f64 = 0;
/** What `look` found. */
let mean: f64 = 0;
let square: f64 = 0;
/** What it has added up. */
let weight: f64 = 0;
let sum: f64 = 0;
let squares: f64 = 0;

/** Finds mean and square deviation of a label's values near a place; false where too little is known of them. */
function look(before: usize, after: usize, x: i32, y: i32, label: i32): bool {
  weight = 0;
  sum = 0;
  squares = 0;
  addPlace(<usize>load<i32>(before + ((<usize>label) << 2)), sumsBefore, x, y, 1 - share);
  addPlace(<usize>load<i32>(after + ((<usize>label) << 2)), sumsAfter, x, y, share);
  if (weight < LEAST) return false;
  mean = sum / weight;
  // Rests of rounding are no deviation.
  square = squares / weight - mean * mean;
  if (square <= 1e-9 * mean * mean) square = 0;
  return true;
}

function addPlace(entry: usize, sums: usize, x: i32, y: i32, part: f64): void {
  if (entry === 0) return;
  const w = load<i32>(entry, ENTRY_W);
  const h = load<i32>(entry, ENTRY_H);
  const u = x - load<i32>(entry, ENTRY_U0);
  const v = y - load<i32>(entry, ENTRY_V0);
  if (u < 0 || v < 0 || u >= w || v >= h) return;
  const plane = (<usize>(w * h)) << 3;
  const at = sums + <usize>load<i32>(entry, ENTRY_SUMS) + ((<usize>(v * w + u)) << 3);
  weight += part * load<f64>(at);
  sum += part * load<f64>(at + plane);
  squares += part * load<f64>(at + 2 * plane);
}
