import type { ImageGridData } from "./image-grid.ts";
import type { VoxelType } from "./voxel-type.ts";

/** Everything about a volume but its voxels: what a reader finds out before it reads voxels, and what the catalogue keeps. */
export interface VolumeDescription {
  /** A name for a person: series description or file name. */
  readonly name: string;
  readonly grid: ImageGridData;
  /** How voxels are held in bricks. */
  readonly voxelType: VoxelType;
  /** Type of the source when it was converted on the way in, such as `float64`. */
  readonly sourceType?: string;
  /** Value shown = slope · stored + intercept. Per-slice slopes are applied on import and leave 1 and 0 here. */
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** Unit of shown values: `HU`, `SUV`, `Bq/ml`, or empty when unknown. */
  readonly unit: string;
  /** DICOM modality (`CT`, `MR`, `PT`, …) or empty when unknown. */
  readonly modality: string;
  /** Time points or components, at least 1; each is a volume of the same grid. */
  readonly frames: number;
  /** A window to begin with, in shown values, when the source gives one. */
  readonly window?: { readonly center: number; readonly width: number };
  /** All that was odd in the source or changed on the way in, one full sentence each. Shown on screen, never dropped. */
  readonly notes: readonly string[];
  /** Metadata for a person, such as patient, study date, series description; keys are names to show. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Format of the source, such as `NIfTI-1`, `DICOM`. */
  readonly format: string;
  /** Present where the source does not give the size of voxels along every axis and one was assumed. */
  readonly missingSpacing?: MissingSpacing;
  /** Present where such sizes were given by hand, which may be put right. */
  readonly givenSpacing?: MissingSpacing;
  /** How an OME-Zarr image stores its voxels; labels are written beside it in the same axes. */
  readonly stored?: StoredAxes;
}

/** An axis of voxel indices, i the fastest. */
export type IndexAxis = "i" | "j" | "k";

/** Sizes of voxels that a source does not give. The grid has what was assumed, or given, in their place. */
export interface MissingSpacing {
  /** Axes of which the source says nothing, at least one. */
  readonly axes: readonly IndexAxis[];
  /** Those of the notes of the description that say so. */
  readonly notes: readonly string[];
  /** The index position that stays where it is when sizes change: the first voxel, or the middle where the reader centred the volume. */
  readonly fixedIjk: readonly [number, number, number];
}

/** Axes of an OME-Zarr image as its metadata have them. Position along an axis = scale · index + translation, in `unit`. */
export interface StoredAxes {
  readonly version: "0.4" | "0.5";
  /** In the order of the stored axes. */
  readonly axes: readonly StoredAxis[];
  /** Places of the axes of i, j, k among them; k is −1 where the image is one slice without such an axis. */
  readonly space: readonly [number, number, number];
  /** Count of stored resolutions where each is the program's level of the same number. */
  readonly levels?: number;
  /** True where the metadata give no scale, and 1 stands in its place. */
  readonly scaleMissing?: boolean;
  /** The affine that Voxelwright wrote where the axes cannot say it. */
  readonly indexToLps?: ImageGridData["indexToLps"];
}

export interface StoredAxis {
  readonly name: string;
  readonly type: "space" | "time" | "channel" | "other";
  readonly unit?: string;
  /** Where a space axis runs in the patient, such as `right-to-left` (OME-NGFF RFC 4). */
  readonly orientation?: string;
  /** Of the finest resolution. */
  readonly scale: number;
  readonly translation: number;
}
