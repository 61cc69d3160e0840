import type { Measurement, MeasuredSize } from "#labelmap";
import type { IndexIjk } from "#volume";

/** What the image says in a rectangle or ellipse. Values are shown values (HU where the file says so). */
export interface AreaValues {
  /** Voxels, or samples, that were counted; NaN voxels are not. */
  readonly count: number;
  /** NaN when nothing was counted. */
  readonly mean: number;
  /** Of the population: the root of the mean squared deviation. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** `voxels`: those of one slice whose centres lie inside. `interpolated`: an oblique plane, sampled trilinearly. */
  readonly method: "voxels" | "interpolated";
  /** Distance of samples along the plane's two directions; only for `interpolated`. */
  readonly stepMm?: readonly [number, number];
  /** True when a part of the shape lies outside the volume, where there is nothing to count. */
  readonly outside: boolean;
}

/** What the image says at a probe: the nearest voxel. */
export interface ProbeValue {
  /** Undefined outside the volume. */
  readonly value: number | undefined;
  readonly ijk: IndexIjk;
}

/** A measurement with everything that is told of it. */
export interface ShownMeasurement {
  readonly measurement: Measurement;
  readonly size: MeasuredSize;
  /** Only of a rectangle or ellipse, once it is computed. */
  readonly area?: AreaValues;
  /** Only of a probe, once it is read. */
  readonly probe?: ProbeValue;
  /** Unit of values, such as `HU`; empty when unknown. */
  readonly unit: string;
}
