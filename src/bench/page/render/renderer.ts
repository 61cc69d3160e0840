import type { Vec3 } from "#base";
import type { Dims } from "#volume";

/** Scenes that are drawn: planes of a scroll, turned ones, thick ones; the volume in three modes. */
export const PLANE_SCENES = ["scroll", "oblique", "slab"] as const;
export const VOLUME_SCENES = ["mip", "shaded", "iso"] as const;
export type PlaneScene = (typeof PLANE_SCENES)[number];
export type VolumeScene = (typeof VOLUME_SCENES)[number];
export type SceneName = PlaneScene | VolumeScene;

/** The same voxels for all: 1 mm apart, index = LPS mm, HU. */
export interface BenchVolume {
  readonly dims: Dims;
  /** i fastest. Read only: shared by all renderers. */
  readonly voxels: Int16Array<ArrayBuffer>;
}

/** Where a plane lies, LPS mm. */
export interface PlaneFrameMm {
  readonly center: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly mmPerPixel: number;
  /** Of a slab; 0 for a plane. */
  readonly thicknessMm: number;
}

/** A parallel camera, LPS mm. */
export interface CameraMm {
  readonly center: Vec3;
  /** Unit vectors: into the picture, and up. */
  readonly forward: Vec3;
  readonly up: Vec3;
  /** Of the whole picture. */
  readonly heightMm: number;
  /** Of `forward` about the patient's long axis, 0 looking from the front. */
  readonly azimuthDegrees: number;
}

/** What all draw alike; each as near as it can. */
export interface SceneLook {
  /** Window of planes and projections, HU. */
  readonly window: { readonly center: number; readonly width: number };
  /** Opacity per millimetre and colour by HU. */
  readonly transfer: readonly {
    readonly value: number;
    readonly opacity: number;
    readonly color: readonly [number, number, number];
  }[];
  readonly isoLevel: number;
  readonly isoColor: readonly [number, number, number];
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
  /** Distance of samples along a ray. */
  readonly stepMm: number;
}

/** One frame of a scene. */
export interface SceneFrame {
  readonly scene: SceneName;
  /** Of planes. */
  readonly plane: PlaneFrameMm;
  /** Of volumes. */
  readonly camera: CameraMm;
}

/** One program under test, on a canvas of its own. */
export interface Renderer {
  readonly name: string;
  readonly version: string;
  /** What it can draw. What it cannot is left out, never put on by other means. */
  readonly scenes: readonly SceneName[];
  /** Takes the voxels and readies itself for any of its scenes. The host has its size. */
  open(host: HTMLElement, volume: BenchVolume, look: SceneLook): Promise<void>;
  /** Turns to a scene on a picture of `size`² pixels; what is slow in that is not timed. */
  show(scene: SceneName, size: number): Promise<void>;
  /** Fetches what other frames of the scene need, where that has not been done by opening; not timed. */
  fetchAll?(): Promise<void>;
  /** Issues all work of one frame; its canvas can be copied until the task ends. */
  draw(frame: SceneFrame): void;
  /** The canvas of the scene shown. */
  canvas(): HTMLCanvasElement;
}
