import type { BrickBindings } from "../brick-bindings.ts";
import type { LabelBindings } from "../label-bindings.ts";
import type { RayCamera } from "../ray-camera.ts";
import type { RaycastLook } from "../raycast-look.ts";
import type { SurfaceLayers } from "../surface-layers.ts";
import type { LpsPlane, VolumeClip } from "../volume-clip.ts";

/** What a picture by rays is of. */
export interface RaycastScene {
  readonly camera: RayCamera;
  readonly width: number;
  readonly height: number;
  readonly level: number;
  /** Distance of samples along a ray, mm. */
  readonly stepMm: number;
  readonly bricks: BrickBindings;
  readonly labels: LabelBindings;
  readonly look: RaycastLook;
  readonly clip?: VolumeClip | undefined;
  /** Three planes whose pictures are shown in the volume. */
  readonly planes?: readonly LpsPlane[] | undefined;
  /** Surfaces of the same picture and target, drawn before. */
  readonly surfaces?: SurfaceLayers | undefined;
  /** Rows to draw, for pictures made in strips; the whole picture by default. */
  readonly rows?: { readonly from: number; readonly to: number } | undefined;
  /** Pixel of the picture at the target's first; fractions move samples within pixels. Default [0, 0]. */
  readonly originPx?: readonly [number, number] | undefined;
  /** Where samples begin, from picture to picture and pixel to pixel; without it all lie on one lattice. */
  readonly turn?: number | undefined;
  /** Share of this picture in what the target holds already, 0 to 1; without it the target is painted over. */
  readonly share?: number | undefined;
  /** `place`: index at `level` of what a pixel shows most, and its weight, or 1 + the label where that is a surface (whose layers hold
   * labels then). `cost`: samples, bricks walked, bricks passed. */
  readonly output?: "color" | "place" | "cost";
  /** False walks every brick, for measuring. */
  readonly skipping?: boolean;
}
