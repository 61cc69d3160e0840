import { type ProgressOptions, VoxelwrightError } from "#base";
import type { SeriesChoice } from "#sources";
import type { StudyOrigin } from "#storage";
import type { BrickAddress, BrickPixels, BrickSource, VolumeDescription } from "#volume";
import { brickDims, pyramidLevels } from "#volume";
import { type ImportInput, openInput } from "../import-input.ts";

/** A series whose bricks are read where they lie. */
export type ChunkedSeries = SeriesChoice & Required<Pick<SeriesChoice, "chunked">>;

/** Opens one series of a source; rejects with `source` where it is not there, and as opening does. */
export async function openSeries(
  input: ImportInput,
  seriesId: string,
  options: ProgressOptions = {},
): Promise<ChunkedSeries> {
  const listing = await openInput(input, options);
  const series = listing.series.find(({ id }) => id === seriesId);
  const chunked = series?.chunked ?? series?.inPlace;
  if (series && chunked) return { ...series, chunked };
  const [refused] = listing.refused;
  throw new VoxelwrightError("source", refused?.message ?? "The image is no longer there.", {
    subject: "url" in input ? input.url : seriesId,
    ...(refused ? {} : { advice: "Open it from where it is now." }),
  });
}

/** Where bricks of a series come from, for the list of studies. */
export function originOf(input: ImportInput, { id, chunked }: ChunkedSeries): StudyOrigin {
  const { fingerprint } = chunked;
  if ("url" in input) return { url: input.url, name: input.url, seriesId: id, fingerprint };
  const [first] = "files" in input ? input.files : input.handles;
  const name = first?.name.split("/")[0] ?? id;
  return { name, seriesId: id, fingerprint };
}

/**
 * The brick that tells whether voxels are those that were cached: the coarsest where that costs little, else one in the middle of
 * the finest level. It is kept from the first.
 */
export function proofAddress({ grid }: VolumeDescription, overviewAtHand: boolean): BrickAddress {
  if (overviewAtHand) return { frame: 0, level: pyramidLevels(grid.dims).length - 1, bi: 0, bj: 0, bk: 0 };
  const [bi, bj, bk] = brickDims(grid.dims).map((n) => Math.floor(n / 2)) as [number, number, number];
  return { frame: 0, level: 0, bi, bj, bk };
}

/** Whether a series is the one that `origin` names and holds the voxels that the cache has of it. */
export async function sameImage(
  series: ChunkedSeries,
  origin: StudyOrigin,
  cached: BrickSource,
  options: ProgressOptions = {},
): Promise<boolean> {
  const { chunked, description } = series;
  if (chunked.fingerprint !== origin.fingerprint) return false;
  const address = proofAddress(description, chunked.overviewAtHand);
  const known = await cached.readBrick(address, options).catch(() => undefined);
  return known === undefined || sameVoxels(known, await chunked.readBrick(address, options));
}

function sameVoxels(a: BrickPixels, b: BrickPixels): boolean {
  // NaN is equal to itself here.
  return a.voxels.length === b.voxels.length && a.voxels.every((value, n) => Object.is(value, b.voxels[n]));
}
