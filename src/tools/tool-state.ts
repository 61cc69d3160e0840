import type { EditRules, MeasurementKind } from "#labelmap";
import type { IndexBox } from "#volume";

export type ToolName =
  | "navigate"
  | "pan"
  | "zoom"
  | "window"
  | "measure"
  | "brush"
  | "eraser"
  | "grow"
  | "fill"
  | "threshold"
  | "seeds"
  | "islands"
  | "smooth"
  | "margin";

/** Which segments a tool works on: the active one or all that are not locked. */
export type SegmentScope = "active" | "all";

/** Slices of one anatomical plane. */
export type PlaneName = "axial" | "coronal" | "sagittal";

/** What the tools are set to. Values are shown values (HU where the file says so), lengths millimetres. */
export interface ToolState {
  readonly active: ToolName;
  readonly brush: { readonly radiusMm: number; readonly shape: "disc" | "sphere" };
  /** Paint only where the shown value lies in `low`…`high`, both inside. */
  readonly mask: { readonly on: boolean; readonly low: number; readonly high: number };
  readonly over: EditRules["over"];
  readonly grow: {
    readonly low: number;
    readonly high: number;
    readonly connectivity: 6 | 18 | 26;
    /** Growth stays in a box of this half edge around the seed; undefined for the whole volume. */
    readonly boxMm: number | undefined;
    /** By a range of values, or by one that is found: mean ± multiplier · standard deviation. */
    readonly method: "range" | "confidence";
    readonly multiplier: number;
    /** Largest change of the shown value a mm; undefined for any. */
    readonly gradient: number | undefined;
    /** Passages narrower than twice this are not entered; undefined for any. */
    readonly leakGuardMm: number | undefined;
  };
  readonly fill: {
    readonly method: "shape" | "image";
    /** Annotated slices: found from the labels, all planes that were drawn on, or those of one plane. */
    readonly axis: "auto" | "drawn" | PlaneName;
    readonly segments: SegmentScope;
  };
  readonly threshold: { readonly low: number; readonly high: number };
  readonly seeds: {
    readonly connectivity: 6 | 26;
    /** Shown value that counts as much as a millimetre of way; undefined for the one that suits the image. */
    readonly spatialWeight: number | undefined;
    /** Nothing outside is looked at; undefined for the whole volume. */
    readonly box: IndexBox | undefined;
    /** By segment: the shown value that it starts behind the others. */
    readonly bias: Readonly<Record<number, number>>;
  };
  readonly islands: {
    readonly operation: "largest" | "removeSmaller" | "split" | "keep" | "remove" | "holes";
    /** Islands that `largest` keeps and `split` makes segments of. */
    readonly count: number;
    /** Islands below this are removed. */
    readonly belowMl: number;
    /** Holes are filled in the volume, or slice by slice of a plane. */
    readonly holesIn: "volume" | PlaneName;
    readonly connectivity: 6 | 18 | 26;
    readonly segments: SegmentScope;
  };
  readonly smooth: {
    readonly method: "median" | "open" | "close" | "gaussian" | "joint";
    readonly mm: number;
    readonly segments: SegmentScope;
  };
  readonly margin: {
    readonly mode: "grow" | "shrink" | "shell";
    readonly mm: number;
    /** Where a shell lies of the border. */
    readonly side: "inside" | "outside" | "middle";
    readonly segments: SegmentScope;
  };
  readonly measure: { readonly kind: MeasurementKind };
}

/** Some fields of a group; null empties a field that may be undefined. */
type Changed<T> = { readonly [Name in keyof T]?: (undefined extends T[Name] ? T[Name] | null : T[Name]) | undefined };

/** A change of `ToolState`: groups are merged field by field. */
export interface ToolChange {
  readonly tool?: ToolName | undefined;
  readonly brush?: Changed<ToolState["brush"]> | undefined;
  readonly mask?: Changed<ToolState["mask"]> | undefined;
  readonly over?: ToolState["over"] | undefined;
  readonly grow?: Changed<ToolState["grow"]> | undefined;
  readonly fill?: Changed<ToolState["fill"]> | undefined;
  readonly threshold?: Changed<ToolState["threshold"]> | undefined;
  readonly seeds?: Changed<ToolState["seeds"]> | undefined;
  readonly islands?: Changed<ToolState["islands"]> | undefined;
  readonly smooth?: Changed<ToolState["smooth"]> | undefined;
  readonly margin?: Changed<ToolState["margin"]> | undefined;
  readonly measure?: Changed<ToolState["measure"]> | undefined;
}

/** Smallest and largest brush radius in millimetres: from a part of the finest voxels. */
export const BRUSH_RADIUS_MM = { min: 1e-6, max: 200 } as const;

export const INITIAL_TOOLS: ToolState = {
  active: "navigate",
  brush: { radiusMm: 5, shape: "disc" },
  mask: { on: false, low: 0, high: 0 },
  over: "all",
  grow: {
    low: 0,
    high: 0,
    connectivity: 6,
    boxMm: undefined,
    method: "range",
    multiplier: 2.5,
    gradient: undefined,
    leakGuardMm: undefined,
  },
  fill: { method: "shape", axis: "auto", segments: "all" },
  threshold: { low: 0, high: 0 },
  seeds: { connectivity: 6, spatialWeight: undefined, box: undefined, bias: {} },
  islands: {
    operation: "largest",
    count: 1,
    belowMl: 0.1,
    holesIn: "volume",
    connectivity: 6,
    segments: "active",
  },
  smooth: { method: "median", mm: 3, segments: "active" },
  margin: { mode: "grow", mm: 2, side: "inside", segments: "active" },
  measure: { kind: "distance" },
};

export function applyToolChange(state: ToolState, change: ToolChange): ToolState {
  const brush = merged(state.brush, change.brush);
  const radiusMm = Math.min(Math.max(brush.radiusMm, BRUSH_RADIUS_MM.min), BRUSH_RADIUS_MM.max);
  return {
    active: change.tool ?? state.active,
    brush: { ...brush, radiusMm },
    mask: ordered(merged(state.mask, change.mask)),
    over: change.over ?? state.over,
    grow: ordered(merged(state.grow, change.grow)),
    fill: merged(state.fill, change.fill),
    threshold: ordered(merged(state.threshold, change.threshold)),
    seeds: merged(state.seeds, change.seeds),
    islands: merged(state.islands, change.islands),
    smooth: merged(state.smooth, change.smooth),
    margin: merged(state.margin, change.margin),
    measure: merged(state.measure, change.measure),
  };
}

/** A group with the fields that are given; null stands for undefined. */
function merged<T extends object>(group: T, change: Changed<T> | undefined): T {
  if (!change) return group;
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...group, ...Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined])) };
}

/** A range typed the wrong way round means the same range. */
function ordered<T extends { readonly low: number; readonly high: number }>(range: T): T {
  return range.low <= range.high ? range : { ...range, low: range.high, high: range.low };
}
