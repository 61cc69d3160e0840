import type { Vec3 } from "#base";
import { type ImageGrid, whereMissing, withSpacing } from "#volume";
import type { SeriesChoice } from "./source.ts";
import { drawThumbnail } from "./thumbnail.ts";

/** The same series with `spacingMm` for the sizes that its files do not give, as `withSpacing` says. */
export function spacedSeries(series: SeriesChoice, spacingMm: Vec3 | undefined, whence?: string): SeriesChoice {
  if (!spacingMm) return series;
  const described = (description: SeriesChoice["description"]) => withSpacing(description, spacingMm, whence);
  const description = described(series.description);
  return {
    ...series,
    description,
    thumbnail: (options) => series.thumbnail({ ...options, spacingMm }),
    ...(series.thumbnailOf ? { thumbnailOf: (middle) => drawThumbnail(middle, description) } : {}),
    open: async (options) => {
      const source = await series.open(options);
      return {
        description: described(source.description),
        ...(source.byteLength === undefined ? {} : { byteLength: source.byteLength }),
        slices: (slices) => source.slices(slices),
      };
    },
  };
}

/** Labels for the grid of an image: where their file gives no sizes they are the image's, as any other would lay them beside it. */
export function labelsSpacedAs(labels: SeriesChoice, { spacingMm }: ImageGrid): SeriesChoice {
  return spacedSeries(labels, whereMissing(labels.description, spacingMm), "is that of the scan");
}
