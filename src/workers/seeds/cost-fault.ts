import { type ErrorKind, isVoxelwrightError, VoxelwrightError } from "#base";

/** Why the costs of a growth from seeds cannot be counted: what was given and what may be, in stored values. */
export interface CostFault {
  readonly why: "weight-lost" | "weight-large" | "limit-large" | "bias-large" | "paths-long";
  /** Of a bias. */
  readonly segment?: number;
  /** Absent where nothing was given. */
  readonly given?: number;
  /** The least where the weight is lost, the most otherwise. */
  readonly bound: number;
}

/** What the values of a growth from seeds are called by who gives them, and how many of theirs a stored one is. */
export interface CostTerms {
  readonly slope: number;
  readonly weight: string;
  readonly maximumCost: string;
  readonly biasOf: (segment: number) => string;
}

const STORED: CostTerms = {
  slope: 1,
  weight: "spatialWeight",
  maximumCost: "maximumCost",
  biasOf: (segment) => `bias of segment ${segment}`,
};

/** The fault in stored values; its fields are the fault, so that it can be told in others. */
export function costFault(fault: CostFault, terms: CostTerms = STORED): VoxelwrightError {
  const { why, segment = 0, given = 0, bound } = fault;
  const { slope, weight, maximumCost, biasOf } = terms;
  const value = Number((given * slope).toPrecision(12));
  const [least, most] = [rounded(bound * slope, Math.ceil), rounded(bound * slope, Math.floor)];
  const fail = (kind: ErrorKind, message: string, advice: string): VoxelwrightError =>
    new VoxelwrightError(kind, message, { advice, fields: { ...fault } });
  const tooLarge = (name: string): VoxelwrightError =>
    fail(
      "argument",
      `The ${name} of ${value} is more than costs can be counted to.`,
      `Use at most ${most}, fewer segments or a larger ${weight}.`,
    );
  switch (why) {
    case "weight-lost":
      return fail("argument", `A ${weight} of ${value} is lost when costs are rounded.`, `Use 0, or ${least} or more.`);
    case "weight-large":
      return fail("argument", `A ${weight} of ${value} is too large for costs to be counted.`, `Use at most ${most}.`);
    case "limit-large":
      return tooLarge(maximumCost);
    case "bias-large":
      return tooLarge(biasOf(segment));
    case "paths-long":
      return fail(
        "limit",
        "Paths from the seeds cost more than can be counted.",
        `Choose fewer segments, a larger ${weight}, or a ${maximumCost} of at most ${most}.`,
      );
  }
}

/** An error of a growth from seeds in the terms of the one who asked, by the names of the request without others; other errors as they are. */
export function inTermsOf(error: unknown, terms: Partial<CostTerms>): unknown {
  if (!isVoxelwrightError(error) || !("why" in error.fields) || !("bound" in error.fields)) return error;
  return costFault(error.fields as unknown as CostFault, { ...STORED, ...terms });
}

/** To six digits, so that it is allowed itself. */
function rounded(value: number, way: (value: number) => number): number {
  if (value === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(value)) - 5);
  return Number((way(value / step) * step).toPrecision(6));
}
