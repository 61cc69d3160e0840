import type { ProgressOptions, Vec3 } from "#base";
import type { IndexIjk, PointLps } from "#volume";
import type { VolumeTransfer } from "./volume-state.ts";

/** What is asked of a picture of the volume. */
export interface PictureOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Outlines of planes, box and cut, the crosshair, directions and the name of what is shown. */
  readonly overlay: boolean;
  /** Radians round the patient's long axis from where the camera is. */
  readonly turn?: number;
}

/** A picture, and how well it shows the volume. */
export interface Picture {
  readonly canvas: OffscreenCanvas;
  readonly level: number;
  /** Bricks of the level that could not be had; a coarser one stands in for each. */
  readonly missing: number;
}

/** A place that a pixel of the volume shows. */
export interface VolumePick {
  readonly lps: PointLps;
  /** The voxel. */
  readonly ijk: IndexIjk;
  /** Its label; 0 for background. */
  readonly label: number;
}

/** What can be asked of the volume view beside drawing. */
export interface VolumeActions {
  /** The voxel that a point of the view shows, as shares of its width and height; undefined where it shows nothing. */
  pick(x: number, y: number): Promise<VolumePick | undefined>;
  /** A picture of what the view shows, once the bricks it needs are there. The view stands still meanwhile. */
  picture(options: PictureOptions, run?: ProgressOptions): Promise<Picture>;
  /** A small picture with other settings, from the coarsest level; undefined before there are voxels. */
  thumbnail(
    transfer: VolumeTransfer,
    light: { readonly ambient: number; readonly diffuse: number; readonly specular: number },
    size: readonly [number, number],
  ): Promise<ImageData | undefined>;
  /** Towards the eye, unit vector in LPS. */
  readonly eye: Vec3;
}
