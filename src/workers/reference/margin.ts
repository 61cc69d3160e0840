import type { Dims, IndexBox } from "#volume";
import { Metric } from "../distance/metric.ts";
import { expand, wholeBox } from "../index-box.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { MarginStep } from "../margin/margin.ts";
import { squaredDistancesReference } from "./box-distance.ts";

/** Labels after a change by distance, over the whole dense volume at once. */
export function marginReference(
  labels: ArrayLike<number>,
  dims: Dims,
  spacingMm: SpacingMm,
  segments: readonly number[] | undefined,
  step: MarginStep,
): Uint16Array {
  const whole = wholeBox(dims);
  const before = Uint16Array.from(labels);
  const chosen = (segments ?? [...new Set(before)]).filter((label) => label !== 0).toSorted((a, b) => a - b);
  const metric = new Metric(spacingMm);
  const at = (i: number, j: number, k: number): number => before[(k * dims[1] + j) * dims[0] + i]!;
  const to = (isSite: (label: number) => boolean, box: IndexBox): Float32Array =>
    squaredDistancesReference((i, j, k) => isSite(at(i, j, k)), whole, box, spacingMm);
  const after = before.slice();
  const best = new Float32Array(before.length).fill(Number.POSITIVE_INFINITY);
  const enter = (label: number, field: Float32Array, limit: number): void => {
    field.forEach((square, n) => {
      if (!(square <= limit && square < Math.fround(best[n]! * Math.fround(0.999998)))) return;
      best[n] = square;
      after[n] = label;
    });
  };
  const grow = (mm: number): void => {
    for (const label of chosen)
      enter(
        label,
        to((other) => other === label, whole),
        metric.within(mm),
      );
  };
  const clear = (label: number, lost: (n: number) => boolean): void => {
    before.forEach((own, n) => {
      if (own === label && lost(n)) after[n] = 0;
    });
  };
  const shrink = (mm: number, within: boolean): void => {
    for (const label of chosen) {
      const field = to((other) => other !== label, whole);
      clear(label, (n) => field[n]! <= metric.within(mm) === within);
    }
  };
  /** Distances to what is farther than `mm` from sites, outside the volume too. */
  const away = (isSite: (label: number) => boolean, mm: number): Float32Array => {
    const around = expand(whole, metric.reach(mm));
    const field = to(isSite, around);
    const [ni, nj] = [around.max[0] - around.min[0], around.max[1] - around.min[1]];
    const isFar = (i: number, j: number, k: number): boolean =>
      field[((k - around.min[2]) * nj + (j - around.min[1])) * ni + (i - around.min[0])]! > metric.within(mm);
    return squaredDistancesReference(isFar, around, whole, spacingMm);
  };
  switch (step.kind) {
    case "grow":
      grow(step.mm);
      break;
    case "shrink":
      shrink(step.mm, true);
      break;
    case "hollow":
      if (step.mode !== "inside") grow(step.mode === "middle" ? step.mm / 2 : step.mm);
      if (step.mode === "outside") for (const label of chosen) clear(label, () => true);
      else shrink(step.mode === "middle" ? step.mm / 2 : step.mm, false);
      break;
    case "open":
      for (const label of chosen) {
        const field = away((other) => other !== label, step.mm);
        clear(label, (n) => field[n]! > metric.within(step.mm));
      }
      break;
    case "close":
      for (const label of chosen) {
        const field = away((other) => other === label, step.mm);
        const own = to((other) => other === label, whole);
        enter(
          label,
          own.map((square, n) => (field[n]! <= metric.within(step.mm) ? Number.POSITIVE_INFINITY : square)),
          metric.within(step.mm),
        );
      }
      break;
  }
  return after;
}
