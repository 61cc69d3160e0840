import type { SeriesChoice } from "#sources";
import { ImageGrid } from "#volume";
import { requireSeries } from "./choose-series.ts";
import { giveSpacing, readSpacing, SPACING_OPTION } from "./given-spacing.ts";
import { printedJson } from "./print-json.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright info IN`. */
export const info: Verb = {
  name: "info",
  positionals: ["IN"],
  summary: "Say what a file, folder or zip holds, as JSON.",
  details:
    "One series: its fields. Several: {series: […]}, each with the id and number that --series of other verbs takes.\n" +
    "indexToLps is row-major 3×4 in LPS millimetres, null for an uneven stack, which has sliceOffsetsMm instead.\n" +
    "missingSpacing names the axes along which the size of voxels is assumed.",
  options: { "spacing-mm": SPACING_OPTION },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const spacingMm = readSpacing(args);
    const listing = await port.open(path);
    requireSeries(path, listing);
    const all = listing.series.map((found) => giveSpacing(found, spacingMm));
    const refused = listing.refused.length > 0 ? { refused: listing.refused } : {};
    for (const note of listing.notes ?? []) port.note(note);
    const [only, ...others] = all;
    const result =
      others.length === 0
        ? { ...seriesFields(only!), ...refused }
        : {
            series: all.map((choice, n) => {
              const { id, fileCount, byteLength } = choice;
              return { number: n + 1, id, fileCount, byteLength, ...seriesFields(choice) };
            }),
            ...refused,
          };
    port.print(printedJson(result));
    return 0;
  },
};

function seriesFields({ description, segments }: SeriesChoice) {
  const grid = new ImageGrid(description.grid);
  const uneven = grid.sliceOffsetsMm ? { sliceOffsetsMm: grid.sliceOffsetsMm } : {};
  const { name, voxelType, sourceType, modality, notes, metadata, frames, format, rescale, unit, missingSpacing } =
    description;
  return {
    name,
    dims: grid.dims,
    indexToLps: grid.regular ? grid.indexToLps : null,
    ...uneven,
    spacingMm: grid.spacingMm,
    originMm: grid.originMm,
    direction: grid.direction,
    missingSpacing: missingSpacing?.axes ?? [],
    voxelType,
    ...(sourceType === undefined ? {} : { sourceType }),
    modality,
    frames,
    format,
    rescale,
    unit,
    notes,
    metadata,
    ...(segments ? { segments } : {}),
  };
}
