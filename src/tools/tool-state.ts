import type { EditRules } from "#labelmap";

export type ToolName = "navigate" | "pan" | "zoom" | "window" | "brush" | "eraser" | "grow" | "fill";

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
    readonly axis: "auto" | "axial" | "coronal" | "sagittal";
    readonly segments: "active" | "all";
  };
}

/** A change of `ToolState`: groups are merged field by field. */
export interface ToolChange {
  readonly tool?: ToolName | undefined;
  readonly brush?: Partial<ToolState["brush"]> | undefined;
  readonly mask?: Partial<ToolState["mask"]> | undefined;
  readonly over?: ToolState["over"] | undefined;
  readonly grow?:
    | {
        readonly low?: number | undefined;
        readonly high?: number | undefined;
        readonly connectivity?: 6 | 18 | 26 | undefined;
        readonly boxMm?: number | null | undefined;
        readonly method?: "range" | "confidence" | undefined;
        readonly multiplier?: number | undefined;
        readonly gradient?: number | null | undefined;
        readonly leakGuardMm?: number | null | undefined;
      }
    | undefined;
  readonly fill?: Partial<ToolState["fill"]> | undefined;
}

/** Smallest and largest brush radius in millimetres. */
export const BRUSH_RADIUS_MM = { min: 0.1, max: 200 } as const;

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
};

export function applyToolChange(state: ToolState, change: ToolChange): ToolState {
  const radiusMm = change.brush?.radiusMm ?? state.brush.radiusMm;
  return {
    active: change.tool ?? state.active,
    brush: {
      radiusMm: Math.min(Math.max(radiusMm, BRUSH_RADIUS_MM.min), BRUSH_RADIUS_MM.max),
      shape: change.brush?.shape ?? state.brush.shape,
    },
    mask: ordered({
      on: change.mask?.on ?? state.mask.on,
      low: change.mask?.low ?? state.mask.low,
      high: change.mask?.high ?? state.mask.high,
    }),
    over: change.over ?? state.over,
    grow: ordered({
      low: change.grow?.low ?? state.grow.low,
      high: change.grow?.high ?? state.grow.high,
      connectivity: change.grow?.connectivity ?? state.grow.connectivity,
      method: change.grow?.method ?? state.grow.method,
      multiplier: change.grow?.multiplier ?? state.grow.multiplier,
      boxMm: optional(change.grow?.boxMm, state.grow.boxMm),
      gradient: optional(change.grow?.gradient, state.grow.gradient),
      leakGuardMm: optional(change.grow?.leakGuardMm, state.grow.leakGuardMm),
    }),
    fill: {
      method: change.fill?.method ?? state.fill.method,
      axis: change.fill?.axis ?? state.fill.axis,
      segments: change.fill?.segments ?? state.fill.segments,
    },
  };
}

/** A changed value, where null means none. */
function optional(change: number | null | undefined, now: number | undefined): number | undefined {
  return change === undefined ? now : (change ?? undefined);
}

/** A range typed the wrong way round means the same range. */
function ordered<T extends { readonly low: number; readonly high: number }>(range: T): T {
  return range.low <= range.high ? range : { ...range, low: range.high, high: range.low };
}
