import type { AbortOptions, ProgressOptions, Vec3 } from "#base";
import type { LabelSlab, RefusedFile, SourceSegment, Thumbnail } from "#sources";
import type { StudyPlace, StudyRecord } from "#storage";
import type { BrickAddress, BrickPixels, ImageGridData, VolumeDescription } from "#volume";
import type { ImportInput } from "./import-input.ts";

/** One volume found by `list`: `SeriesChoice` without its methods. */
export interface SeriesRow {
  readonly id: string;
  readonly description: VolumeDescription;
  readonly fileCount: number;
  readonly byteLength: number;
  /** Tells whether files are those of a study, whatever they are called now. */
  readonly fingerprint: string;
  /** Id of the image of the listing that these are labels of. */
  readonly labelsOf?: string;
  /** Present where bricks are read where they lie instead of being copied. */
  readonly chunked?: { readonly fingerprint: string };
  /** Present where bricks could be read where they lie for want of room for a copy. */
  readonly inPlace?: { readonly fingerprint: string };
  /** Sizes that were given by hand for those that the files do not have; `description` has them. The page's own. */
  readonly spacingMm?: Vec3;
  /** The series as its files describe it, where it has the sizes of a study that it is to go on with. The page's own. */
  readonly asFound?: SeriesRow;
}

export interface ListingRows {
  readonly series: readonly SeriesRow[];
  readonly refused: readonly RefusedFile[];
  /** What is to be said about the opening as a whole. */
  readonly notes: readonly string[];
}

export interface ImportRunOptions extends ProgressOptions {
  /** Goes on with an import of `volumeId` that was cut off. */
  readonly resume?: boolean;
  /** Kept with a new study, to know its files again. */
  readonly place?: StudyPlace;
  /** Kept with the study, after the notes of its description. */
  readonly notes?: readonly string[];
  /** Sizes of voxels for those that the files do not give. */
  readonly spacingMm?: Vec3;
  readonly onBricks?: (addresses: readonly BrickAddress[]) => void;
  readonly onPartial?: (bricks: readonly BrickPixels[], slices: number) => void;
}

export interface ReadLabelsOptions extends AbortOptions {
  /** Takes one slab; the next is cut when the promise resolves. */
  readonly onSlab: (slab: LabelSlab) => Promise<void>;
}

/** What was read as labels. */
export interface ReadLabels {
  readonly description: VolumeDescription;
  /** Segments that the file describes; undefined when it only holds values. */
  readonly segments: readonly SourceSegment[] | undefined;
  /** True when the labels lay on another lattice and took the nearest voxel of the image. */
  readonly resampled: boolean;
}

/** The import worker: opens files, streams voxels into the cache, off the page's thread. One listing is held at a time. */
export interface ImportWorkerApi {
  /** Called first: as `tellProcessors`. */
  tellProcessors(count: number): void;
  /** Looks into files, or what is at an address (with the data file it names); replaces the listing before. */
  list(input: ImportInput, options?: ProgressOptions): Promise<ListingRows>;
  thumbnail(seriesId: string, options?: AbortOptions): Promise<Thumbnail>;
  /** Imports one series of the listing under `volumeId`. What is left after a failure or abort is told by `importStudy`. */
  importSeries(seriesId: string, volumeId: string, options?: ImportRunOptions): Promise<StudyRecord>;
  /** Replaces what is damaged of a study by a series of the listing, as `repairStudy`. */
  repair(seriesId: string, volumeId: string, options?: ProgressOptions): Promise<number>;
  /** Reads a series of the listing as labels on the image's grid, slab by slab. Rejects with `label-range` for what is no label. */
  readLabels(seriesId: string, imageGrid: ImageGridData, options: ReadLabelsOptions): Promise<ReadLabels>;
}
