import type { BrickBindings } from "../brick-bindings.ts";
import type { LabelBindings } from "../label-bindings.ts";
import type { Slab } from "../slab.ts";
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
  /** Segment to highlight; 0 for none. */
  readonly activeSegment: number;
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
}
