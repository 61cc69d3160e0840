import type { BrickBindings } from "../brick-bindings.ts";
import type { LabelBindings } from "../label-bindings.ts";
import type { Slab } from "../slab.ts";
import type { PictureStrip } from "../curved-picture.ts";
import type { PlaneBrick, SlicePlane } from "../slice-plane.ts";

/**
 * How values between voxels come about: of the nearest voxel, of the 8 around by their distance, or of the 64 around by Keys' kernel
 * with a = −½ (Cubic convolution interpolation for digital image processing, 1981), which keeps voxel values and quadratics.
 */
export type Interpolation = "nearest" | "linear" | "cubic";

/** How a plane is painted. */
export interface SliceLook {
  /** grey = stored · gain + bias: 0 black, 1 white. */
  readonly gain: number;
  readonly bias: number;
  readonly invert: boolean;
  /** 256 colours (rgba) from black to white; greys when absent. Told apart by the array. */
  readonly lut?: Uint8Array<ArrayBuffer>;
  readonly interpolation: Interpolation;
  /** Outside the volume; red, green, blue from 0 to 1. */
  readonly background: readonly [number, number, number];
  readonly showLabels: boolean;
  readonly showProposals: boolean;
  /** Opacity of label areas, 0 to 1. */
  readonly labelFill: number;
  /** Width of label outlines in device pixels; 0 for none. */
  readonly labelOutline: number;
  /** Segment in hand, drawn a little stronger; 0 for none. */
  readonly activeSegment: number;
  /** Segment under the pointer, drawn stronger still; 0 for none. */
  readonly hoveredSegment: number;
}

/** Volumes that can be fused over another one at a time. */
export const MOST_FUSED = 2;

/** How a volume fused over another one is painted. */
export interface FusedLook extends Pick<SliceLook, "gain" | "bias" | "invert" | "interpolation"> {
  /** 256 colours (rgba) from the lower end of its window to the upper. Told apart by the array. */
  readonly lut: Uint8Array<ArrayBuffer>;
  /** Over what lies below, 0 to 1. */
  readonly opacity: number;
  /** What shows as the first colour of the table is not drawn: as a rule what lies below the window. */
  readonly hideLow: boolean;
}

/** A volume on a grid of its own, fused over another one on the same plane. */
export interface FusedVolume {
  readonly level: number;
  readonly needed: readonly PlaneBrick[];
  /** The plane of the scene, or those of its slab as close as this volume's voxels ask for, from `slabPlanes`. */
  readonly planes: readonly SlicePlane[];
  readonly bricks: BrickBindings;
  readonly look: FusedLook;
}

/** Where a picture goes. */
export interface PassTarget {
  readonly view: GPUTextureView;
  readonly format: GPUTextureFormat;
}

export interface SliceScene {
  readonly plane: SlicePlane;
  /** Level to sample; what is missing falls back to coarser ones. */
  readonly level: number;
  /** A thick slice, shown without labels but those of `plane`; its planes lie along the normal of `plane`. */
  readonly slab?: Slab;
  /** The bricks of the level that the plane crosses, from `planeBricks`; of a slab from `slabBricks`. */
  readonly needed: readonly PlaneBrick[];
  readonly bricks: BrickBindings;
  readonly labels: LabelBindings;
  readonly look: SliceLook;
  /** The picture in strips, each on a plane of its own, thin and with nothing fused; `plane` is then one of theirs. */
  readonly strips?: readonly PictureStrip[];
  /** At most `MOST_FUSED`, the last on top; under the labels. In a slab they are shown as it is: by greatest, least or mean value. */
  readonly fused?: readonly FusedVolume[];
}
