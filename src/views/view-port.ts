import type { AbortOptions, Emitter, ReadonlySignal, Vec3, VoxelwrightError } from "#base";
import type { LabelSource, SurfaceSource } from "#gpu";
import type { Segment } from "#labelmap";
import type {
  BrickAddress,
  BrickPixels,
  BrickSource,
  ImageGrid,
  IndexIjk,
  PlaneDirections,
  PointLps,
  VolumeDescription,
} from "#volume";

/** The volume on screen. */
export interface ViewVolume {
  readonly description: VolumeDescription;
  readonly grid: ImageGrid;
  readonly source: BrickSource;
  /** Bricks that an import has just written: those shown are read again, those missed are asked for. */
  readonly written?: Emitter<readonly BrickAddress[]>;
  /** Slices of the first frame that an import has brought so far; absent when all are there. */
  readonly slicesIn?: ReadonlySignal<number>;
  /** Bricks at hand from an import under way, shown without asking the source. */
  readonly arrived?: Emitter<readonly BrickPixels[]>;
}

/** The labels on screen. */
export interface ViewLabels {
  readonly source: LabelSource;
  /** What a tool proposes and the user has not accepted, drawn in stripes over the labels. */
  readonly proposals?: LabelSource;
  /** Surfaces for the volume view, while its state shows labels as surfaces. */
  readonly surfaces?: SurfaceSource & {
    /** Bricks that are still to be made. */
    readonly pending: ReadonlySignal<number>;
    /** True while some will not be made. */
    readonly incomplete: ReadonlySignal<boolean>;
  };
  readonly segments: ReadonlySignal<readonly Segment[]>;
  /** Value of the segment in hand; 0 for none. */
  readonly active: ReadonlySignal<number>;
}

/** What the views ask of the session, for the words on screen. */
export interface ViewPort {
  /** Shown value of a whole voxel index; undefined outside. */
  valueAt(ijk: IndexIjk, options?: AbortOptions): Promise<number | undefined>;
  /** Label of a whole voxel index; 0 for background. */
  labelAt(ijk: IndexIjk): number;
  /** A brick could not be read, or the GPU complained. */
  warn(error: VoxelwrightError): void;
}

/** Where the pointer is on a plane of voxels. */
export interface PlanePick {
  readonly lps: PointLps;
  /** Continuous index. */
  readonly ijk: IndexIjk;
  /** Voxel axis across the plane, and the slice on it. */
  readonly axis: 0 | 1 | 2;
  readonly slice: number;
  /** True inside the volume. */
  readonly inside: boolean;
  /** Position in the view, CSS pixels. */
  readonly screen: { readonly x: number; readonly y: number };
  /** How the plane lies in the patient: to the right and down the screen. */
  readonly plane: PlaneDirections;
  /** Millimetres of a CSS pixel. */
  readonly mmPerPixel: number;
  /** Unit normal in LPS of a plane that does not lie in a slice of voxels. */
  readonly obliqueNormal?: Vec3;
}

/** Takes the left button's drag from the views. `move` gets every pointer sample since the last call, in order. */
export interface PointerHandler {
  /** False leaves the left button to the view at this place; without it every place is the handler's. */
  takes?(pick: PlanePick): boolean;
  /** Whether the pointer at this place would move something that is there; where it is missing, `takes` says so. */
  grabs?(pick: PlanePick): boolean;
  down(pick: PlanePick): void;
  move(picks: readonly PlanePick[]): void;
  up(): void;
  /** The drag was taken away (Escape, lost capture). */
  cancel(): void;
  /** Wheel over a plane; true when the handler used it, so that the view does not scroll. */
  wheel?(event: WheelEvent): boolean;
}

/** What the left button does on a plane when no handler has it. */
export type LeftDrag = "crosshair" | "pan" | "zoom" | "window";
