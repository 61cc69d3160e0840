import { stepsToOther } from "./fill-values.ts";

/** How many steps from another label a pixel may be for its value to count. */
const BAND = 6;
/** Values are added up in squares of 2 × 2 pixels. Twice a sum over 2 · 3 + 1 of them each way is a window about as wide as a Gaussian of 6 pixels. */
const RADIUS = 3;
/** What the window has of one pixel, added up. */
const NORM = 4 * (2 * RADIUS + 1) ** 4;

/** Windowed sums of the pixels of a label near its outline on one drawn slice: of 1, of values and of their squares. */
export interface LocalSums {
  /** First square of 2 × 2 pixels, and how many there are. */
  readonly u0: number;
  readonly v0: number;
  readonly w: number;
  readonly h: number;
  readonly sums: readonly [Float64Array, Float64Array, Float64Array];
}

/** What a drawn slice looks like near the outlines of its labels. */
export interface LocalValues {
  readonly labels: ReadonlyMap<number, LocalSums>;
  /** Mean square of the steps between neighbouring pixels. */
  readonly step: number;
}

/** What values the labels of a slice have near their outlines, place by place; where `drawn` is given, those of pixels that are 0 there. */
export function localValues(
  labels: Uint16Array,
  values: Float32Array,
  nu: number,
  nv: number,
  drawn?: Float32Array,
): LocalValues {
  const steps = stepsToOther(labels, nu, nv);
  const boxes = new Map<number, [u0: number, v0: number, u1: number, v1: number]>();
  const isNear = (n: number): boolean => steps[n]! <= BAND && !Number.isNaN(values[n]);
  const counts = drawn ? (n: number): boolean => drawn[n] === 0 && isNear(n) : isNear;
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) {
      if (!counts(n)) continue;
      const box = boxes.get(labels[n]!);
      if (!box) boxes.set(labels[n]!, [u, v, u + 1, v + 1]);
      else {
        box[0] = Math.min(box[0], u);
        box[2] = Math.max(box[2], u + 1);
        box[3] = v + 1;
      }
    }
  }
  let [squares, pairs] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    if (!isNear(n)) continue;
    for (const other of [n % nu > 0 ? n - 1 : n, n >= nu ? n - nu : n]) {
      const apart = values[n]! - values[other]!;
      if (other === n || Number.isNaN(apart)) continue;
      squares += apart * apart;
      pairs++;
    }
  }
  const scale = wholeScale(values, counts);
  const found = new Map<number, LocalSums>();
  for (const [label, box] of boxes) {
    const [u0, v0] = [Math.max(0, (box[0] >> 1) - 2 * RADIUS), Math.max(0, (box[1] >> 1) - 2 * RADIUS)];
    const w = Math.min((nu + 1) >> 1, ((box[2] + 1) >> 1) + 2 * RADIUS) - u0;
    const h = Math.min((nv + 1) >> 1, ((box[3] + 1) >> 1) + 2 * RADIUS) - v0;
    const sums = [0, 1, 2].map(() => new Float64Array(w * h)) as [Float64Array, Float64Array, Float64Array];
    const [ones, firsts, seconds] = sums;
    for (let v = box[1]; v < box[3]; v++) {
      const row = ((v >> 1) - v0) * w - u0;
      for (let u = box[0]; u < box[2]; u++) {
        const n = v * nu + u;
        if (labels[n] !== label || !counts(n)) continue;
        const value = Math.round(values[n]! * scale);
        const to = row + (u >> 1);
        ones[to]!++;
        firsts[to]! += value;
        seconds[to]! += value * value;
      }
    }
    const line = new Float64Array(Math.max(w, h));
    for (const [power, own] of sums.entries()) window(own, w, h, line, 1 / (NORM * scale ** power));
    found.set(label, { u0, v0, w, h, sums });
  }
  return { labels: found, step: pairs === 0 ? 0 : squares / pairs };
}

/** What makes whole numbers of values, of 18 bits: windowed sums of them and of their squares are then exact. */
function wholeScale(values: Float32Array, counts: (n: number) => boolean): number {
  let most = 0;
  for (let n = 0; n < values.length; n++) if (counts(n)) most = Math.max(most, Math.abs(values[n]!));
  return most === 0 ? 1 : 2 ** (17 - Math.floor(Math.log2(most)));
}

/** Replaces whole numbers by their sums, times `factor`, over a window that falls off linearly. */
function window(values: Float64Array, w: number, h: number, line: Float64Array, factor: number): void {
  for (let v = 0; v < h; v++) for (let twice = 0; twice < 2; twice++) running(values, v * w, 1, w, line);
  for (let u = 0; u < w; u++) for (let twice = 0; twice < 2; twice++) running(values, u, w, h, line);
  for (let n = 0; n < values.length; n++) values[n]! *= factor;
}

/** Sums over RADIUS pixels on both sides along a line; of whole numbers, so that nothing is left of what has gone by. */
function running(values: Float64Array, first: number, step: number, count: number, line: Float64Array): void {
  for (let n = 0; n < count; n++) line[n] = values[first + n * step]!;
  let sum = 0;
  for (let n = 0; n < Math.min(RADIUS, count); n++) sum += line[n]!;
  for (let n = 0; n < count; n++) {
    if (n + RADIUS < count) sum += line[n + RADIUS]!;
    if (n > RADIUS) sum -= line[n - RADIUS - 1]!;
    values[first + n * step] = sum;
  }
}
