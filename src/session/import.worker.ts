import { type AbortOptions, tellProcessors, VoxelwrightError } from "#base";
import {
  labelmapFit,
  labelsSpacedAs,
  labelSlabs,
  openLabelmap,
  resampleLabels,
  type SeriesChoice,
  type SourceListing,
  spacedSeries,
  type Thumbnail,
} from "#sources";
import { createInWorker, openStudyStore, resumeInWorker, type StudyRecord } from "#storage";
import { ImageGrid, storedBytes, type VoxelArray } from "#volume";
import { loadPyramidWork, serveWorker, transfer } from "#workers";
import type { ImportRunOptions, ImportWorkerApi, ListingRows } from "./import.api.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { importStudy } from "./import-job.ts";
import { openInput } from "./import-input.ts";
import { repairStudy } from "./repair-job.ts";
import { thumbnailUrl } from "./thumbnail.ts";

let listing: SourceListing = { series: [], refused: [] };

async function keep(found: SourceListing): Promise<ListingRows> {
  listing = found;
  const series = found.series.map(async (choice) => {
    const { id, description, fileCount, byteLength, labelsOf, chunked, inPlace } = choice;
    const fingerprint = await fingerprintOf(choice);
    const where = {
      ...(labelsOf === undefined ? {} : { labelsOf }),
      ...(chunked ? { chunked: { fingerprint: chunked.fingerprint } } : {}),
      ...(inPlace ? { inPlace: { fingerprint: inPlace.fingerprint } } : {}),
    };
    return { id, description, fileCount, byteLength, fingerprint, ...where };
  });
  return { series: await Promise.all(series), refused: found.refused, notes: found.notes ?? [] };
}

function choice(seriesId: string): SeriesChoice {
  const found = listing.series.find((series) => series.id === seriesId);
  if (!found) throw new VoxelwrightError("not-found", `There is no series ${seriesId} in what was opened last.`);
  return found;
}

/** Bricks for the first look are copies of the page's own: they are moved, not copied once more. */
function movingPartials(options: ImportRunOptions): ImportRunOptions {
  const { onPartial } = options;
  if (!onPartial) return options;
  return {
    ...options,
    onPartial: (bricks, slices) =>
      onPartial(
        transfer(
          bricks,
          bricks.map(({ voxels }) => voxels.buffer as ArrayBuffer),
        ),
        slices,
      ),
  };
}

const api: ImportWorkerApi = {
  tellProcessors,

  async list(input, options) {
    return keep(await openInput(input, options));
  },

  async thumbnail(seriesId: string, options?: AbortOptions): Promise<Thumbnail> {
    return choice(seriesId).thumbnail(options);
  },

  async importSeries(seriesId: string, volumeId: string, options: ImportRunOptions = {}): Promise<StudyRecord> {
    const series = spacedSeries(choice(seriesId), options.spacingMm);
    const { signal } = options;
    // A picture for the study list is nice to have: a source that cannot give one is not refused for it.
    const thumbnail = (): Promise<string | undefined> =>
      series
        .thumbnail(signal ? { signal } : {})
        .then(thumbnailUrl)
        .catch(() => undefined);
    const thumbnailOf = async (middle: VoxelArray): Promise<string | undefined> => {
      try {
        // Drawn before the next slice takes the place of this one.
        const drawn = series.thumbnailOf?.(middle);
        return drawn && (await thumbnailUrl(drawn));
      } catch {
        return undefined;
      }
    };
    const source = await series.open(signal ? { signal } : {});
    const store = await openStudyStore();
    try {
      const description = { ...source.description, notes: [...source.description.notes, ...(options.notes ?? [])] };
      const bytes = storedBytes(description);
      const writer = await (options.resume
        ? resumeInWorker(volumeId, bytes)
        : createInWorker(volumeId, description, bytes, options.place));
      const work = await loadPyramidWork();
      const all = { ...movingPartials(options), thumbnail, thumbnailOf, work };
      return await importStudy(source, writer, store.openBricks(volumeId), all);
    } finally {
      store.dispose();
    }
  },

  async repair(seriesId, volumeId, options) {
    const source = await choice(seriesId).open(options?.signal ? { signal: options.signal } : {});
    const store = await openStudyStore();
    try {
      return await repairStudy(source, store, volumeId, { ...options, work: await loadPyramidWork() });
    } finally {
      store.dispose();
    }
  },

  async readLabels(seriesId, imageGrid, options) {
    const image = new ImageGrid(imageGrid);
    const series = labelsSpacedAs(choice(seriesId), image);
    const abort = options.signal ? { signal: options.signal } : {};
    const labels = await openLabelmap(series, abort);
    const label = new ImageGrid(labels.description.grid);
    const fit = labelmapFit(image, label);
    if (fit.kind === "disjoint") {
      throw new VoxelwrightError("source", "The labels lie nowhere on the open scan: they have no voxel in common.", {
        subject: labels.description.name,
        advice: "Open the scan that they belong to, then import them.",
      });
    }
    const resampled = fit.kind === "resample";
    const slices = resampled ? resampleLabels(labels, image, abort) : labels.slices(abort);
    const offset = fit.kind === "same-lattice" ? fit.offset : ([0, 0, 0] as const);
    for await (const slab of labelSlabs(slices, resampled ? image.dims : label.dims, image.dims, offset)) {
      // The page takes a slab before the next is cut, so memory stays at one slab on each side.
      await options.onSlab(
        transfer(
          slab,
          [...slab.bricks.values()].map((brick) => brick.buffer as ArrayBuffer),
        ),
      );
    }
    return { description: labels.description, segments: labels.segments, resampled };
  },
};

serveWorker(api);
