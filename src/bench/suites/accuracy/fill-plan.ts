import type { Dims } from "#volume";
import { mixedSlices, obliquePlanes, type PlaneSampling } from "./plane-sampling.ts";
import { keptSlices, type Sampling, slicesAlong } from "./sampling.ts";

/** One slice in how many is kept. */
export const EVERY = [2, 5, 10] as const;
/** The same of planes in several directions, or in one that is no axis: with every second one little is left to fill in. */
export const EVERY_PLANE = [5, 10] as const;

/** What is kept of a scan: slices across one axis, or planes. */
export type FillCase = { readonly condition: string } & (
  | {
      readonly kind: "slices";
      readonly axis: 0 | 1 | 2;
      readonly planes: readonly number[];
      readonly sampling: Sampling;
    }
  | { readonly kind: "planes"; readonly sampling: PlaneSampling }
);

/** Slices along each of the axes, k first, across which most scans were drawn. */
export function sliceCases(dims: Dims, axes: readonly (0 | 1 | 2)[]): FillCase[] {
  return axes
    .toSorted((a, b) => b - a)
    .flatMap((axis) =>
      EVERY.map((every): FillCase => {
        const sampling = slicesAlong([axis], every);
        const planes = keptSlices(dims[axis], every);
        return { kind: "slices", condition: `${nth(every)} slice along ${sampling.along}`, axis, planes, sampling };
      }),
    );
}

/** Slices along two and three axes at once, and parallel planes across none. */
export function planeCases(dims: Dims, spacingMm: Dims): FillCase[] {
  return EVERY_PLANE.flatMap((every) => [
    mixed(mixedSlices(dims, [1, 2], every)),
    mixed(mixedSlices(dims, [0, 1, 2], every)),
    {
      kind: "planes",
      condition: `${nth(every)} plane along an oblique normal`,
      sampling: obliquePlanes(dims, spacingMm, every),
    },
  ]);
}

function mixed(sampling: PlaneSampling): FillCase {
  return { kind: "planes", condition: `${nth(sampling.every)} slice along ${sampling.along} at once`, sampling };
}

function nth(every: number): string {
  return `every ${every === 2 ? "2nd" : `${every}th`}`;
}
