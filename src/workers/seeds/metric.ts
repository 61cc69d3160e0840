import { VoxelwrightError } from "#base";
import { VOXEL_RANGE, type VoxelType } from "#volume";
import { type CostFault, costFault } from "./cost-fault.ts";
import type { SeedsRequest } from "./seeds.api.ts";

/** Units that the shortest step costs at least, where the bits allow it: rounding then moves no step by more than a 16th. */
const STEP_UNITS = 8;

/** Stored values that a millimetre counts as, for types of 8 and 16 bits: about 2 HU, and little against the edges of an MR scan. */
const DEFAULT_WEIGHT = 2;

/** Share of the range of a 32-bit image that a millimetre counts as: the same 2 HU for a CT of 2,048 values. */
const DEFAULT_SHARE = 1 / 1024;

/** Keys below this are costs that a path may have; see `assembly/memory/seeds.ts`. */
const KEY_BITS = 27;

/**
 * The costs of a growth from seeds as whole numbers. A key is `cost << labelBits | rank`, rank 1 to n by ascending segment, so
 * that the smaller of two keys is the smaller cost, and at equal costs the lower segment.
 */
export interface SeedsMetric {
  /** Values are compared as `floor((value - valueOffset) / valueStep + 0.5)`, 0 to 65,535; the step is a power of 2. */
  readonly valueOffset: number;
  readonly valueStep: number;
  /** Units of cost for each value step are 2 to this. */
  readonly costShift: number;
  readonly labelBits: number;
  readonly spatialWeight: number;
  /** Units that a step to each of 27 neighbours costs at equal values: ((dk + 1) · 3 + dj + 1) · 3 + di + 1. */
  readonly stepUnits: readonly number[];
  /** The largest cost that is reached, in units. */
  readonly maximumUnits: number;
  /** Stored values in one unit of cost. */
  readonly costStep: number;
}

/** Smallest and largest finite value. */
export type ValueRange = readonly [low: number, high: number];

/** Whether the range of the image has to be known before its values can be compared. */
export function needsRange(type: VoxelType): boolean {
  return type === "uint32" || type === "int32" || type === "float32";
}

/**
 * Fixes the whole numbers of a growth. `range` is of the bricks that the region touches, for types that need it. Throws
 * `argument` for weights and costs that are no numbers, below 0, or outside what whole numbers hold here; `limit` for more
 * segments than keys have room for.
 */
export function planMetric(type: VoxelType, range: ValueRange | undefined, request: SeedsRequest): SeedsMetric {
  const { valueOffset, valueStep, defaultWeight } = planValues(type, range);
  // Three more than there are, so that segments can be added without another layout of keys.
  const labelBits = 32 - Math.clz32(request.segments.length + 3);
  const mostShift = 15 - labelBits;
  if (mostShift < 0) {
    throw new VoxelwrightError("limit", `A growth takes 16,000 segments, not ${request.segments.length}.`, {
      advice: "Choose fewer segments.",
    });
  }
  const spatialWeight = numberFrom(request.spatialWeight ?? defaultWeight, "spatialWeight");
  const perMm = spatialWeight / valueStep;
  const shortest = Math.min(...request.spacingMm);
  let costShift = 0;
  while (perMm > 0 && costShift < mostShift && perMm * shortest * 2 ** costShift < STEP_UNITS) costShift++;
  const unitsPerValue = 2 ** costShift / valueStep;
  const stepUnits = planSteps(request, spatialWeight, unitsPerValue, 2 ** (KEY_BITS - 1 - labelBits));
  const capacity = 2 ** (KEY_BITS - labelBits) - 1;
  const maximumUnits =
    request.maximumCost === undefined
      ? capacity
      : Math.floor(
          costFrom(numberFrom(request.maximumCost, "maximumCost"), unitsPerValue, capacity, { why: "limit-large" }),
        );
  return {
    valueOffset,
    valueStep,
    costShift,
    labelBits,
    spatialWeight,
    stepUnits,
    maximumUnits,
    costStep: 1 / unitsPerValue,
  };
}

/** Keys of the seeds by rank, from 1: the start cost of each segment and its rank. Segments are ascending. */
export function seedKeys(segments: readonly number[], metric: SeedsMetric, bias: SeedsRequest["bias"]): number[] {
  const capacity = 2 ** (KEY_BITS - metric.labelBits) - 1;
  return segments.map((segment, n) => {
    const value = numberFrom(bias?.[segment] ?? 0, `bias of segment ${segment}`);
    const units = costFrom(value, 1 / metric.costStep, capacity, { why: "bias-large", segment });
    return Math.round(units) * 2 ** metric.labelBits + n + 1;
  });
}

function planValues(type: VoxelType, range: ValueRange | undefined) {
  if (!needsRange(type)) return { valueOffset: VOXEL_RANGE[type][0], valueStep: 1, defaultWeight: DEFAULT_WEIGHT };
  const [low, high] = range ?? [0, 0];
  const span = high - low;
  let valueStep = 1;
  while (span > 65_535 * valueStep) valueStep *= 2;
  while (type === "float32" && span > 0 && span <= 65_535 * (valueStep / 2)) valueStep /= 2;
  return { valueOffset: low, valueStep, defaultWeight: span > 0 ? span * DEFAULT_SHARE : valueStep };
}

function planSteps(
  { spacingMm, connectivity }: SeedsRequest,
  weight: number,
  unitsPerValue: number,
  most: number,
): number[] {
  const units: number[] = [];
  for (let n = 0; n < 27; n++) {
    const apart = [n % 3, Math.floor(n / 3) % 3, Math.floor(n / 9)].map((part, axis) => (part - 1) * spacingMm[axis]!);
    const changed = apart.filter((mm) => mm !== 0).length;
    const used = changed > 0 && (connectivity === 26 || changed === 1);
    units.push(used ? Math.round(weight * Math.hypot(...apart) * unitsPerValue) : 0);
  }
  const used = units.filter((_, n) => (connectivity === 26 ? n !== 13 : [4, 10, 12, 14, 16, 22].includes(n)));
  const perWeight = Math.max(...spacingMm) * unitsPerValue * (connectivity === 26 ? Math.sqrt(3) : 1);
  if (weight > 0 && Math.min(...used) < 1) {
    const least = 1 / (Math.min(...spacingMm) * unitsPerValue);
    throw costFault({ why: "weight-lost", given: weight, bound: least });
  }
  if (Math.max(...used) > most) {
    throw costFault({ why: "weight-large", given: weight, bound: most / perWeight });
  }
  return units;
}

function numberFrom(value: number, what: string): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new VoxelwrightError("argument", `The ${what} of a growth from seeds must be 0 or more, not ${value}.`);
}

/** A cost in units. */
function costFrom(
  value: number,
  unitsPerValue: number,
  capacity: number,
  fault: Pick<CostFault, "why" | "segment">,
): number {
  const units = value * unitsPerValue;
  if (units <= capacity) return units;
  throw costFault({ ...fault, given: value, bound: capacity / unitsPerValue });
}
