import type { ProgressOptions } from "#base";
import type { Proposal } from "#labelmap";
import type { KernelImage, SpacingMm } from "../kernel-data.ts";

/** A plane that a person has annotated: an axis-aligned slice, or any plane through a point. */
export type DrawnPlane =
  /** Slice `index` across index axis 0 = i, 1 = j or 2 = k. */
  | { readonly axis: 0 | 1 | 2; readonly index: number }
  /** Through a point (voxel index, fractions allowed) along a normal (in millimetres along i, j, k; any length above 0). */
  | { readonly point: readonly [number, number, number]; readonly normal: readonly [number, number, number] };

/** A slice across an index axis. */
export interface SliceOfAxis {
  readonly axis: 0 | 1 | 2;
  readonly index: number;
}

/** How sure a fill is on one slice. */
export interface FillCertainty {
  /** Voxels along the two other axes, the lower one first. */
  readonly size: readonly [number, number];
  /** Chance from 0 to 1 that the voxel's label, or its background, is right; the lower axis fastest. 1 on drawn planes. */
  readonly certainty: Float32Array;
}

/** The slice whose annotation would put most right. */
export interface NextSlice extends SliceOfAxis {
  /** Voxels that are expected to be put right: on the slice and, ever less, on those as far as the nearest drawn one. */
  readonly voxels: number;
  /** Millilitres of them. */
  readonly ml: number;
  /** Voxels that are expected to be wrong in the whole fill. */
  readonly wrongVoxels: number;
}

export interface FillRequest {
  /**
   * Index axis across which slices were annotated (0 = i, 1 = j, 2 = k), or undefined to find it from the labels: the axis along
   * which annotated slices stand alone, or all axes where slices of several do.
   */
  readonly axis?: 0 | 1 | 2;
  /** Segments to fill; all that are drawn when absent. */
  readonly segments?: readonly number[];
  /**
   * Annotated slice numbers along the axis. Where they are named, a segment that is missing on one of them has ended there; where
   * they are absent, every segment is filled between the slices on which it is drawn itself.
   */
  readonly planes?: readonly number[];
  /**
   * Annotated planes of any orientation and mixture, in place of `axis` and `planes`. The voxels within half a voxel of a plane are
   * drawn, also where they are background; labels elsewhere are left as they are and not looked at. One stack of parallel slices
   * across one axis is filled like `planes`.
   */
  readonly drawn?: readonly DrawnPlane[];
  /**
   * Fills only slices between these two, which are left out themselves; the result there is that of a whole fill. Where a slice is
   * added to a stack, what changes lies between the second drawn one before and the second after it. Refused with planes of several
   * directions.
   */
  readonly between?: readonly [first: number, last: number];
  readonly spacingMm: SpacingMm;
  /**
   * `image`: borders of which shapes are not sure move to where the image has them; between slices across one axis as far as that puts more
   * right than wrong on the drawn ones, each left out in its turn.
   */
  readonly method: "shape" | "image";
  /** What `image` looks at, of the size of the labels. */
  readonly image?: KernelImage;
}

/** What the image did for a fill. */
export interface ImageShare {
  /** Whether it moved borders; where not, the fill is that by shape. */
  readonly used: boolean;
  /** What it gains on inner drawn slices that are left out one by one, in ascending order. */
  readonly gains: readonly ImageGain[];
}

/** A fill; `image` where that was asked for, `renewed` between planes of several directions. */
export type FillProposal = Extract<Proposal, { kind: "labels" }> & {
  readonly image?: ImageShare;
  readonly renewed?: RenewedParts;
};

export interface FillOptions extends ProgressOptions {
  /**
   * Takes a rougher fill than the one to come, where that takes its time: between planes of several directions, on an eighth of the nodes, not
   * called where most is known from the fill before; of a stack with planes beside it, the stack's own.
   */
  readonly onRough?: (rough: FillProposal) => Promise<void>;
}

/** What of a fill was computed, the rest being as it was in the fill before. */
export interface RenewedParts {
  /** Fields of segments, and of how many. */
  readonly fields: number;
  readonly ofFields: number;
  /** Bricks, and of how many that fields reach. */
  readonly bricks: number;
  readonly ofBricks: number;
}

/** What the image gains on a drawn slice that is left out. */
export interface ImageGain {
  readonly z: number;
  /** Mean Dice of the segments with the image less that without. */
  readonly gain: number;
}

/** A fill between slices across one axis. */
export interface SliceRequest {
  readonly axis?: 0 | 1 | 2;
  readonly segments?: readonly number[];
  readonly slices?: readonly number[];
  readonly spacingMm: SpacingMm;
}

/** A fill between planes of several directions. */
export interface PlaneRequest {
  readonly drawn: readonly DrawnPlane[];
  readonly segments?: readonly number[];
  readonly spacingMm: SpacingMm;
}

/** Parallel planes of which one at least is no slice across an index axis. */
export interface ParallelPlanes {
  /** Across them, of length 1, in millimetres along i, j, k; it points up along the axis that it leans to most. */
  readonly normal: readonly [number, number, number];
  /** Ascending along the normal, no two in one place. */
  readonly planes: readonly DrawnPlane[];
  /** How far along the normal each lies from voxel 0, 0, 0. */
  readonly depthsMm: readonly number[];
}

/** Parallel planes as a stack that can be filled. */
export interface ObliqueStack extends ParallelPlanes {
  /** The chosen segments on each plane. */
  readonly shown: readonly (readonly number[])[];
}

/** A fill between parallel planes. */
export interface ObliqueRequest {
  /** The index axis that the normal leans to most: the fill goes slice by slice along it. */
  readonly axis: 0 | 1 | 2;
  readonly oblique: ObliqueStack;
  readonly segments?: readonly number[];
  readonly spacingMm: SpacingMm;
}

/** A fill between the slices of a stack, or its parallel planes, that further planes correct. */
export interface MixtureRequest {
  readonly axis: 0 | 1 | 2;
  /** Of a stack across the axis; none where the stack is of parallel planes. */
  readonly slices: readonly number[];
  readonly oblique?: ObliqueStack;
  /** Slices across the axis that the stack reaches, the upper end outside. */
  readonly range: readonly [first: number, end: number];
  /** The planes beside the stack. */
  readonly planes: readonly DrawnPlane[];
  /** All that are filled, and those of them that the stack shows. */
  readonly segments: readonly number[];
  readonly stacked: readonly number[];
  readonly spacingMm: SpacingMm;
}
