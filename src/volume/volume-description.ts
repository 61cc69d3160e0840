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
}
