import type { ProgressOptions } from "#base";
import type { IndexBox } from "#volume";
import type { Kernels } from "#workers";
import type { OpenStudy } from "./open-study.ts";

/** The box of all segments that are not locked and `marginMm` around it, within the volume; the whole volume where there are none. */
export async function boxOfLabels(
  { image, labels }: OpenStudy,
  kernels: Kernels,
  marginMm: number,
  options: ProgressOptions,
): Promise<IndexBox> {
  const { dims, spacingMm } = image.grid;
  const segments = labels.segments.list().flatMap(({ value, locked }) => (locked ? [] : [value]));
  // As of the last commit: a preview that is shown is what the box is for.
  const rows = await kernels.statistics(undefined, await labels.labelmap.snapshot(), { segments }, options);
  if (rows.length === 0) return { min: [0, 0, 0], max: [dims[0], dims[1], dims[2]] };
  const bound = (axis: 0 | 1 | 2, end: "min" | "max"): number => {
    const margin = Math.ceil(marginMm / spacingMm[axis]);
    return end === "min"
      ? Math.max(Math.min(...rows.map(({ box }) => box.min[axis])) - margin, 0)
      : Math.min(Math.max(...rows.map(({ box }) => box.max[axis])) + margin, dims[axis]);
  };
  return {
    min: [bound(0, "min"), bound(1, "min"), bound(2, "min")],
    max: [bound(0, "max"), bound(1, "max"), bound(2, "max")],
  };
}
