import { type Sampling, slicesAlong } from "./sampling.ts";

/** One slice in how many is kept. */
export const EVERY = [2, 5, 10] as const;

export interface FillCase {
  readonly axis: 0 | 1 | 2;
  readonly every: number;
  readonly sampling: Sampling;
}

/** What is kept of a scan, across the given axes; axis k, across which most scans were drawn, first. */
export function fillCases(axes: readonly (0 | 1 | 2)[]): FillCase[] {
  return axes
    .toSorted((a, b) => b - a)
    .flatMap((axis) => EVERY.map((every) => ({ axis, every, sampling: slicesAlong([axis], every) })));
}
