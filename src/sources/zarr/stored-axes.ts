import type { StoredAxes } from "#volume";
import type { ChunkedArray } from "./chunked-array.ts";
import type { Multiscales } from "./multiscales.ts";
import type { AxisRoles } from "./zarr-geometry.ts";
import type { ZarrLevel } from "./zarr-levels.ts";

/** The axes as they are stored, for labels that are written beside the image. */
export function storedAxes(
  version: StoredAxes["version"],
  { axes, datasets, scaleMissing, indexToLps }: Multiscales,
  { space }: AxisRoles,
  arrays: readonly ChunkedArray[],
  levels: readonly ZarrLevel[],
): StoredAxes {
  const [finest] = datasets;
  const alike = arrays.every((array, n) => {
    const origin = levels[n]?.origin;
    return origin?.kind === "stored" && origin.array === array && origin.block.every((block) => block === 1);
  });
  return {
    version,
    axes: axes.map((axis, n) => ({ ...axis, scale: finest!.scale[n]!, translation: finest!.translation[n]! })),
    space,
    ...(alike ? { levels: arrays.length } : {}),
    ...(scaleMissing ? { scaleMissing } : {}),
    ...(indexToLps ? { indexToLps } : {}),
  };
}
