import { add, dot, scale, type Vec3, VoxelwrightError } from "#base";
import type { Attributes } from "./attributes.ts";
import { parseCsa } from "./csa.ts";
import type { PixelFormat, Placement, Tile } from "./instance.ts";
import { normalOf } from "./placement.ts";
import { Tag } from "./tags.ts";

/** Siemens' mosaic: the slices of a volume as tiles of one square picture, row by row. */
export interface Mosaic {
  readonly columns: number;
  readonly rows: number;
  readonly tiles: readonly { readonly tile: Tile; readonly placement: Placement }[];
}

/**
 * The tiles of a mosaic with their places, or undefined when the image is none. Its Image Position is that of a picture as large
 * as the mosaic about the slice's centre, so the first tile's corner is half the difference further in. Throws `source` when the
 * image says it is a mosaic and its private header does not say of what.
 */
export function readMosaic(
  attributes: Attributes,
  format: PixelFormat,
  placement: Placement | undefined,
  spacingMm: readonly [number, number] | undefined,
): Mosaic | undefined {
  if (!attributes.strings(Tag.imageType).includes("MOSAIC")) return undefined;
  const csaBytes = attributes.string(Tag.siemensCreator).startsWith("SIEMENS CSA")
    ? attributes.bytes(Tag.siemensCsaImage)
    : undefined;
  const csa = csaBytes ? parseCsa(csaBytes) : new Map<string, readonly string[]>();
  const count = Number(
    csa.get("NumberOfImagesInMosaic")?.[0] ?? attributes.uint16(Tag.siemensTilesInMosaic) ?? Number.NaN,
  );
  if (!Number.isInteger(count) || count < 1 || count > 4096) {
    throw new VoxelwrightError(
      "source",
      "The image is a Siemens mosaic, but its private header does not say how many slices it holds.",
      {
        advice: "Export the series again without removing private tags.",
      },
    );
  }
  if (!placement || !spacingMm) throw new VoxelwrightError("source", "The Siemens mosaic has no place in space.");
  const across = Math.ceil(Math.sqrt(count));
  const columns = Math.floor(format.columns / across);
  const rows = Math.floor(format.rows / across);
  if (columns < 1 || rows < 1)
    throw new VoxelwrightError("source", `The mosaic of ${count} slices has no voxels for each.`);
  const step = sliceStep(attributes, csa, placement);
  const first = add(
    placement.position,
    add(
      scale(placement.row, ((format.columns - columns) / 2) * spacingMm[1]),
      scale(placement.column, ((format.rows - rows) / 2) * spacingMm[0]),
    ),
  );
  const tiles = Array.from({ length: count }, (_, n) => ({
    tile: { column: (n % across) * columns, row: Math.floor(n / across) * rows },
    placement: { ...placement, position: add(first, scale(step, n)) },
  }));
  return { columns, rows, tiles };
}

/** From one slice to the next, mm: along the header's slice normal, which may be against that of rows and columns. */
function sliceStep(attributes: Attributes, csa: ReadonlyMap<string, readonly string[]>, placement: Placement): Vec3 {
  const spacing = attributes.decimal(Tag.spacingBetweenSlices) ?? attributes.decimal(Tag.sliceThickness);
  if (spacing === undefined || !(spacing > 0))
    throw new VoxelwrightError("source", "The mosaic does not say how far its slices are apart.");
  const normal = normalOf(placement);
  const stated = csa.get("SliceNormalVector")?.map(Number);
  const against = stated?.length === 3 && dot(normal, [stated[0]!, stated[1]!, stated[2]!]) < 0;
  return scale(normal, against ? -spacing : spacing);
}
