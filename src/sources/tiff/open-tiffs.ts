import type { ProgressOptions } from "#base";
import { bytesPerVoxel, type VolumeDescription, withSpacing } from "#volume";
import { asSourceError, endsListing, formatBytes, limitError, refusalLine } from "../source-errors.ts";
import { SLICE_MAX_BYTES } from "../limits.ts";
import { missingSpacing } from "../missing-spacing.ts";
import { plannedSeries, volumeName } from "../planned-series.ts";
import type { RefusedFile, SeriesChoice, SourceFile, SourceListing } from "../source.ts";
import { drawThumbnail } from "../thumbnail.ts";
import type { VolumePlan } from "../volume-plan.ts";
import { pageSourceType, sameKind } from "./page-kind.ts";
import { rawParts } from "./raw-pages.ts";
import { tiffAxes, type TiffAxes } from "./tiff-axes.ts";
import { FileBlocks, readTiffPages, type TiffFile } from "./tiff-pages.ts";
import { type PlacedPage, readPage, TiffSliceSource } from "./tiff-slices.ts";

const NO_SIZE = "The file gives no voxel size; 1 mm is assumed, so lengths and volumes measured here are not real.";
const NO_SIZE_IN_SLICE =
  "The file does not give the size of voxels within a slice; square ones are assumed, of 1 mm where nothing is said, so lengths measured here are not real.";
const NO_SLICE_DISTANCE =
  "The file does not say how far apart its slices lie; as far as voxels in a slice is assumed, so volumes measured here are not real.";

/**
 * TIFF files as volumes: the pages of a file are its slices; files of one page each that lie in one folder and are of one size and type are
 * the slices of one volume, in the order of their names, numbers in them counted as numbers.
 */
export async function openTiffs(
  files: readonly SourceFile[],
  _all: readonly SourceFile[],
  { signal, onProgress }: ProgressOptions = {},
): Promise<SourceListing> {
  const refused: RefusedFile[] = [];
  const opened: TiffFile[] = [];
  const blocks = new FileBlocks();
  for (const [n, file] of files.entries()) {
    signal?.throwIfAborted();
    try {
      opened.push(
        await readTiffPages(file, blocks, {
          signal,
          onProgress: ({ fraction, what }) => onProgress?.({ fraction: (n + fraction) / files.length, what }),
        }),
      );
    } catch (error) {
      if (endsListing(error)) throw error;
      refused.push({ name: file.name, message: refusalLine(asSourceError(file.name, error)) });
    }
  }
  const series: SeriesChoice[] = [];
  for (const volume of volumesOf(opened)) {
    try {
      series.push(choiceOf(volume));
    } catch (error) {
      const message = refusalLine(asSourceError(volume[0]!.file.name, error));
      refused.push(...volume.map(({ file }) => ({ name: file.name, message })));
    }
  }
  return { series, refused };
}

/** Files that make one volume each. */
function volumesOf(opened: readonly TiffFile[]): (readonly TiffFile[])[] {
  const volumes: TiffFile[][] = [];
  const byName = new Intl.Collator("en", { numeric: true });
  for (const one of opened.toSorted((a, b) => byName.compare(a.file.name, b.file.name))) {
    const single = one.pages.length === 1;
    const beside = volumes.find(
      ([first]) =>
        single &&
        first!.pages.length === 1 &&
        folderOf(first!.file.name) === folderOf(one.file.name) &&
        sameKind(first!.pages[0]!, one.pages[0]!),
    );
    if (beside) beside.push(one);
    else volumes.push([one]);
  }
  return volumes;
}

/** Says where numbers are missing among names that are counted, by the last number of each. */
function missingNumbers(volume: readonly TiffFile[]): readonly string[] {
  const numbers = volume.map(({ file }) =>
    Number(/(\d+)\D*$/.exec(file.name.replace(/\.\w+$/, ""))?.[1] ?? Number.NaN),
  );
  // Names that are not counted tell of nothing missing.
  if (numbers.some(Number.isNaN)) return [];
  const gaps = numbers.slice(1).map((n, at) => n - numbers[at]!);
  const least = Math.min(...gaps);
  if (!(least > 0)) return [];
  const at = gaps.findIndex((gap) => gap > least);
  if (at < 0) return [];
  return [
    `Numbers are missing among the names, first between ${numbers[at]} and ${numbers[at + 1]}: slices there may be missing, and the rest is put together.`,
  ];
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

function choiceOf(volume: readonly TiffFile[]): SeriesChoice {
  const [first] = volume as readonly [TiffFile, ...TiffFile[]];
  const { width, height, voxelType, sourceType } = first.pages[0]!;
  const { name } = first.file;
  const sliceBytes = width * height * bytesPerVoxel(voxelType);
  if (sliceBytes > SLICE_MAX_BYTES)
    throw limitError(name, `A page has ${formatBytes(sliceBytes)}; ${formatBytes(SLICE_MAX_BYTES)} is the limit.`);
  const axes = tiffAxes(first.words);
  const stored = volume.flatMap(({ file, pages }) => pages.map((page): PlacedPage => ({ page, file })));
  const { pages, depth, frames, notes } = orderedPages(stored, axes, volume.length > 1);
  const { spacingMm, notes: ofSpacing, ...sizes } = spacingOf(axes);
  const [si, sj, sk] = spacingMm;
  const many = volume.length > 1;
  const description: VolumeDescription = {
    name: many
      ? folderOf(name).split("/").at(-1) || volumeName(name)
      : volumeName(name).replace(/\.(ome\.)?tiff?$/i, ""),
    grid: { dims: [width, height, depth], indexToLps: [si, 0, 0, 0, 0, sj, 0, 0, 0, 0, sk, 0] },
    voxelType,
    ...(sourceType ? { sourceType } : {}),
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: "",
    frames,
    notes: [
      ...(many ? [`${volume.length} files are its slices, in the order of their names.`] : []),
      ...(many ? missingNumbers(volume) : []),
      ...new Set(volume.flatMap((file) => file.notes)),
      ...notes,
      ...ofSpacing,
      "The file does not say how it lies in the patient: columns are taken to run to the left, rows to the back, slices to the head.",
    ],
    metadata: { File: many ? `${volume.length} files` : name },
    format: "TIFF",
    ...sizes,
  };
  const plan = rawPlan(name, description, pages);
  if (plan) return plannedSeries(plan, first.file, "tiff");
  const byteLength = volume.reduce((sum, { file }) => sum + file.blob.size, 0);
  return {
    id: `tiff:${name}`,
    description,
    fileCount: volume.length,
    byteLength,
    thumbnail: async ({ signal, spacingMm } = {}) =>
      drawThumbnail(await readPage(pages[depth >> 1]!, undefined, signal), withSpacing(description, spacingMm)),
    open: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      return new TiffSliceSource(description, pages);
    },
  };
}

/** A volume whose pages all lie as they are, which is read by its places: as a stream, or where it lies. */
function rawPlan(
  subject: string,
  description: VolumeDescription,
  pages: readonly PlacedPage[],
): VolumePlan | undefined {
  const places = pages.flatMap(({ page, file }) => ("place" in page ? [{ ...page.place, file }] : []));
  const [first] = places;
  if (!first || places.length < pages.length) return undefined;
  const { littleEndian } = first;
  if (places.some((place) => place.littleEndian !== littleEndian)) return undefined;
  const sourceType = pageSourceType(pages[0]!.page);
  return { subject, description, sourceType, littleEndian, frameAxis: 3, parts: rawParts(places) };
}

/** Pages frame after frame, a frame being a channel of a time point, slices ascending. */
function orderedPages(
  stored: readonly PlacedPage[],
  { counts, order }: TiffAxes,
  many: boolean,
): {
  readonly pages: readonly PlacedPage[];
  readonly depth: number;
  readonly frames: number;
  readonly notes: readonly string[];
} {
  const plain = { pages: stored, depth: stored.length, frames: 1 };
  if (!counts || many) return { ...plain, notes: [] };
  const { z, c, t } = counts;
  if (z * c * t !== stored.length) {
    const told = z * c * t;
    return {
      ...plain,
      notes:
        told === 1
          ? []
          : [`The file tells of ${told} pictures and has ${stored.length} pages: these are taken as slices.`],
    };
  }
  const size: Readonly<Record<string, number>> = { z, c, t };
  const step: Record<string, number> = {};
  let total = 1;
  for (const axis of order) {
    step[axis] = total;
    total *= size[axis] ?? 1;
  }
  const pages: PlacedPage[] = [];
  for (let time = 0; time < t; time++) {
    for (let channel = 0; channel < c; channel++) {
      for (let slice = 0; slice < z; slice++)
        pages.push(stored[time * step["t"]! + channel * step["c"]! + slice * step["z"]!]!);
    }
  }
  return { pages, depth: z, frames: c * t, notes: [] };
}

/** Sizes by what the file says; what it does not say is as far as it says along another axis of the picture, or 1 mm. */
function spacingOf({ spacingMm: [x, y, z] }: TiffAxes): {
  readonly spacingMm: readonly [number, number, number];
  readonly notes: readonly string[];
} & Pick<VolumeDescription, "missingSpacing"> {
  const inSlice = x ?? y;
  const spacingMm = [x ?? inSlice ?? 1, y ?? inSlice ?? 1, z ?? inSlice ?? 1] as const;
  const notes: string[] = [];
  if (x === undefined || y === undefined)
    notes.push(inSlice === undefined && z === undefined ? NO_SIZE : NO_SIZE_IN_SLICE);
  if (z === undefined && inSlice !== undefined) notes.push(NO_SLICE_DISTANCE);
  return {
    spacingMm,
    notes,
    ...missingSpacing(
      [x, y, z].map((mm) => mm === undefined),
      notes,
    ),
  };
}
