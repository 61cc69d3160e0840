import { batch, type Signal, signal, VoxelwrightError } from "#base";
import { fineScale, ImageGrid, type IndexBox, type PointLps, type VolumeDescription } from "#volume";
import type { Interpolation, SlabMode, VolumeMode } from "#gpu";
import * as v from "valibot";
import type { MeasurementMark } from "./measurement-marks.ts";
import { LABEL_LUT, LABEL_WINDOW, LUTS } from "./luts.ts";
import { type CurveLook, curveOf } from "./curve-look.ts";
import { orient } from "./orient.ts";
import { planeFrame } from "./plane-frame.ts";
import { type PlaneOrientation, STRAIGHT, turned, unit } from "./plane-orientation.ts";
import { PLANE_NAMES, type PlaneLook, type PlaneName } from "./plane-name.ts";
import { applyVolumeChange, checkVolumeChange, volumeChangeSchema } from "./volume-change.ts";
import { volumePresets } from "./volume-presets.ts";
import { VolumeState, type VolumeStateData } from "./volume-state.ts";
import { firstWindow, type WindowLevel, windowPresets } from "./window-presets.ts";

/** `curve` is the picture along a path, which in the grid has the place of the volume while there is one. */
export type LayoutName = "grid" | PlaneName | "volume" | "curve";

/** What a tool draws around the pointer. */
export interface ToolCursor {
  readonly radiusMm: number;
  /** `#rrggbb`. */
  readonly color: string;
  /** A sphere also shows its cut on the other planes. */
  readonly shape: "disc" | "sphere";
}

/** The plain form of the views' state: JSON in both directions. */
/** Thick slices: what of `thicknessMm` around a plane is shown. */
export interface SlabLook {
  readonly mode: "none" | SlabMode;
  readonly thicknessMm: number;
}

/** How labels are shown in the volume view. */
export const LABELS_IN_VOLUME = ["off", "volume", "surfaces"] as const;
export type LabelsInVolume = (typeof LABELS_IN_VOLUME)[number];

export interface ViewStateData {
  readonly layout: LayoutName;
  readonly crosshair: PointLps;
  readonly window: WindowLevel;
  readonly invert: boolean;
  readonly interpolation: Interpolation;
  readonly planes: Readonly<Record<PlaneName, PlaneLook>>;
  readonly orientation: PlaneOrientation;
  readonly slab: SlabLook;
  /** Colour table of the planes, an id of `LUTS`. */
  readonly lut: string;
  /** null for none. */
  readonly curve: CurveLook | null;
  readonly volumeMode: VolumeMode;
  readonly volumePreset: string;
  readonly volume: VolumeStateData;
  readonly projection: "perspective" | "parallel";
  readonly labelOpacity: number;
  readonly labelOutline: boolean;
  /** The segment under the pointer is drawn stronger. */
  readonly labelHighlight: boolean;
  readonly labelsVisible: boolean;
  readonly labelsInVolume: LabelsInVolume;
  /** 0-based time frame. */
  readonly frame: number;
}

const FITTED: PlaneLook = { zoom: 1, panMm: [0, 0] };

/** Thickness of a slab to begin with, in a clinical scan. */
const SLAB_MM = 10;

/** Zoom stays in this range, so that a view is never lost. */
export const ZOOM_RANGE = { min: 0.1, max: 200 } as const;

/** The reactive state of the views of one volume. Signals may be written by anyone; `applyViewChange` is the checked way. */
export class ViewState {
  readonly description: VolumeDescription;
  readonly layout: Signal<LayoutName> = signal("grid");
  readonly crosshair: Signal<PointLps>;
  readonly window: Signal<WindowLevel>;
  /** True while the window follows the image; the views then set it from the first voxels. */
  readonly automaticWindow: Signal<boolean>;
  readonly invert = signal(false);
  readonly interpolation: Signal<Interpolation> = signal("linear");
  readonly planes: Readonly<Record<PlaneName, Signal<PlaneLook>>> = {
    axial: signal(FITTED),
    coronal: signal(FITTED),
    sagittal: signal(FITTED),
  };
  /** How the planes lie; `orient` changes it with the crosshair kept in place. */
  readonly orientation: Signal<PlaneOrientation> = signal(STRAIGHT);
  readonly lut = signal("grey");
  /** The picture along a path; undefined for none. */
  readonly curve: Signal<CurveLook | undefined> = signal(undefined);
  readonly slab: Signal<SlabLook>;
  readonly volumeMode: Signal<VolumeMode> = signal("shaded");
  readonly volumePreset: Signal<string>;
  readonly volume: VolumeState;
  readonly projection: Signal<"perspective" | "parallel"> = signal("perspective");
  readonly labelOpacity = signal(0.45);
  readonly labelOutline = signal(true);
  readonly labelHighlight = signal(true);
  readonly labelsVisible = signal(true);
  readonly labelsInVolume: Signal<LabelsInVolume> = signal("volume");
  readonly frame = signal(0);
  /** Not part of the JSON: what the tool in hand draws. */
  readonly toolCursor: Signal<ToolCursor | undefined> = signal(undefined);
  /** A box of voxels that a tool works in, drawn on the planes. */
  readonly toolBox: Signal<IndexBox | undefined> = signal(undefined);
  /** Measurements, the topmost last; not part of the JSON. */
  readonly measurements: Signal<readonly MeasurementMark[]> = signal([]);

  /** `crosshair` is where to begin, LPS: the middle of the volume as a rule. */
  constructor(description: VolumeDescription, crosshair: PointLps) {
    this.description = description;
    this.crosshair = signal(crosshair);
    const first = firstWindow(description);
    this.window = signal(first ?? { center: 0.5, width: 1 });
    this.automaticWindow = signal(first === undefined);
    this.slab = signal({ mode: "none", thicknessMm: SLAB_MM * fineScale(new ImageGrid(description.grid)) });
    this.volume = new VolumeState(this.window.peek());
    this.volumePreset = signal(volumePresets(description.modality)[0]!.id);
  }

  toJson(): ViewStateData {
    const { layout, crosshair, window, invert, interpolation, planes, volumeMode, volumePreset, projection } = this;
    return {
      layout: layout.value,
      crosshair: crosshair.value,
      window: window.value,
      invert: invert.value,
      interpolation: interpolation.value,
      planes: { axial: planes.axial.value, coronal: planes.coronal.value, sagittal: planes.sagittal.value },
      orientation: this.orientation.value,
      slab: this.slab.value,
      lut: this.lut.value,
      curve: this.curve.value ?? null,
      volumeMode: volumeMode.value,
      volumePreset: volumePreset.value,
      volume: this.volume.toJson(),
      projection: projection.value,
      labelOpacity: this.labelOpacity.value,
      labelOutline: this.labelOutline.value,
      labelHighlight: this.labelHighlight.value,
      labelsVisible: this.labelsVisible.value,
      labelsInVolume: this.labelsInVolume.value,
      frame: this.frame.value,
    };
  }
}

const finite = v.pipe(v.number(), v.finite());
const triple = v.pipe(v.strictTuple([finite, finite, finite]), v.readonly());
const zoom = v.pipe(finite, v.minValue(ZOOM_RANGE.min), v.maxValue(ZOOM_RANGE.max));
const plane = v.strictObject({ zoom: v.optional(zoom), panMm: v.optional(v.strictTuple([finite, finite])) });
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));

const planeName = v.picklist(PLANE_NAMES);
const orientation = v.strictObject({
  base: v.optional(v.picklist(["voxel", "patient"])),
  rotation: v.optional(
    v.pipe(
      v.strictTuple([finite, finite, finite, finite]),
      v.check((q) => Math.hypot(...q) > 0 && Math.hypot(...q) < Infinity, "A rotation is a quaternion, not zeros"),
    ),
  ),
});

const curve = v.strictObject({
  path: v.pipe(finite, v.integer(), v.minValue(1)),
  mode: v.optional(v.picklist(["straightened", "curved"])),
  angleDeg: v.optional(finite),
  zoom: v.optional(zoom),
  panMm: v.optional(v.strictTuple([finite, finite])),
});

const changeSchema = v.strictObject({
  layout: v.optional(v.picklist(["grid", "axial", "coronal", "sagittal", "volume", "curve"])),
  crosshair: v.optional(triple),
  window: v.optional(v.strictObject({ center: v.optional(finite), width: v.optional(v.pipe(finite, v.gtValue(0))) })),
  preset: v.optional(v.string()),
  invert: v.optional(v.boolean()),
  interpolation: v.optional(v.picklist(["nearest", "linear", "cubic"])),
  planes: v.optional(
    v.strictObject({ axial: v.optional(plane), coronal: v.optional(plane), sagittal: v.optional(plane) }),
  ),
  orientation: v.optional(orientation),
  /** Turns the other two planes by `degrees` about this one's normal, clockwise on screen. */
  turn: v.optional(v.strictObject({ plane: planeName, degrees: finite })),
  lut: v.optional(v.picklist(LUTS.map(({ id }) => id))),
  /** Shows the volume along a path of the measurements; null takes that away. */
  curve: v.optional(v.nullable(curve)),
  slab: v.optional(
    v.strictObject({
      mode: v.optional(v.picklist(["none", "mip", "minip", "mean"])),
      thicknessMm: v.optional(v.pipe(finite, v.gtValue(0), v.maxValue(500))),
    }),
  ),
  volumeMode: v.optional(v.picklist(["shaded", "mip", "minip", "mean", "iso"])),
  volumePreset: v.optional(v.string()),
  volume: v.optional(volumeChangeSchema),
  projection: v.optional(v.picklist(["perspective", "parallel"])),
  labelOpacity: v.optional(share),
  labelOutline: v.optional(v.boolean()),
  labelHighlight: v.optional(v.boolean()),
  labelsVisible: v.optional(v.boolean()),
  labelsInVolume: v.optional(v.picklist(LABELS_IN_VOLUME)),
  frame: v.optional(v.pipe(finite, v.integer(), v.minValue(0))),
});

/** A change of the views' state; what is left out stays. `preset` names a window preset, `auto` among them. */
export type ViewChange = v.InferInput<typeof changeSchema>;

/**
 * The command `view.set`: checks `args`, applies all or nothing, gives the state after. Throws `argument`, naming the field.
 */
export function applyViewChange(state: ViewState, args: unknown): ViewStateData {
  const parsed = v.safeParse(changeSchema, args);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new VoxelwrightError("argument", `${issue.message}.`, { subject: v.getDotPath(issue) ?? "view.set" });
  }
  const change = parsed.output;
  const { description } = state;
  const grid = (): ImageGrid => new ImageGrid(description.grid);
  if (change.frame !== undefined && change.frame >= description.frames) {
    throw new VoxelwrightError(
      "argument",
      `There is no frame ${change.frame}: the last is ${description.frames - 1}.`,
      { subject: "frame" },
    );
  }
  const window = change.preset === undefined ? undefined : windowOf(description, change.preset);
  const volumePreset = change.volumePreset;
  const preset =
    volumePreset === undefined ? undefined : volumePresets(description.modality).find(({ id }) => id === volumePreset);
  if (volumePreset !== undefined && !preset) throw unknownPreset(volumePreset, volumePresets(description.modality));
  if (change.volume) checkVolumeChange(change.volume, description);
  const curveNext = curveAfter(state, change.curve);
  if (change.layout === "curve" && !curveNext) {
    throw new VoxelwrightError("argument", "There is no picture along a path.", {
      subject: "layout",
      advice: "Measure a path and straighten it first.",
    });
  }
  batch(() => {
    const set = <T>(target: Signal<T>, value: T | undefined): void => {
      if (value !== undefined) target.value = value;
    };
    set(state.layout, change.layout);
    set(state.crosshair, change.crosshair);
    set(state.invert, change.invert);
    set(state.interpolation, change.interpolation);
    set(state.lut, change.lut);
    showCurve(state, curveNext);
    if (change.orientation || change.turn) orient(state, grid(), orientationOf(state, grid(), change));
    if (change.slab) {
      const { mode, thicknessMm } = state.slab.value;
      state.slab.value = { mode: change.slab.mode ?? mode, thicknessMm: change.slab.thicknessMm ?? thicknessMm };
    }
    if (preset) {
      state.volumePreset.value = preset.id;
      state.volumeMode.value = preset.mode;
      state.volume.transfer.value = undefined;
    }
    if (change.volume) applyVolumeChange(state.volume, change.volume);
    set(state.volumeMode, change.volumeMode);
    set(state.projection, change.projection);
    set(state.labelOpacity, change.labelOpacity);
    set(state.labelOutline, change.labelOutline);
    set(state.labelHighlight, change.labelHighlight);
    set(state.labelsVisible, change.labelsVisible);
    set(state.labelsInVolume, change.labelsInVolume);
    set(state.frame, change.frame);
    if (change.lut === LABEL_LUT) {
      setWindow(state, LABEL_WINDOW);
      state.interpolation.value = change.interpolation ?? "nearest";
    }
    if (window === "auto") state.automaticWindow.value = true;
    else if (window) setWindow(state, window);
    if (change.window) setWindow(state, change.window);
    for (const name of PLANE_NAMES) {
      const part = change.planes?.[name];
      if (part)
        state.planes[name].value = {
          zoom: part.zoom ?? state.planes[name].value.zoom,
          panMm: part.panMm ?? state.planes[name].value.panMm,
        };
    }
  });
  return state.toJson();
}

function orientationOf(
  state: ViewState,
  grid: ImageGrid,
  { orientation: given, turn }: v.InferOutput<typeof changeSchema>,
): PlaneOrientation {
  const now = state.orientation.value;
  const next = { base: given?.base ?? now.base, rotation: given?.rotation ? unit(given.rotation) : now.rotation };
  return turn ? turned(next, planeFrame(grid, turn.plane, next).normal, (turn.degrees * Math.PI) / 180) : next;
}

/** Throws `argument` for what is no path. */
function curveAfter(state: ViewState, change: v.InferOutput<typeof changeSchema>["curve"]): CurveLook | undefined {
  const now = state.curve.value;
  if (change === undefined) return now;
  if (change === null) return undefined;
  const { path } = change;
  if (!state.measurements.value.some(({ measurement }) => measurement.id === path && measurement.kind === "path"))
    throw new VoxelwrightError("argument", `There is no path ${path}.`, { subject: "curve.path" });
  const { mode, angleDeg, zoom, panMm } = change;
  const base = now?.path === path ? now : curveOf(path);
  return {
    path,
    mode: mode ?? base.mode,
    angleDeg: angleDeg ?? base.angleDeg,
    zoom: zoom ?? base.zoom,
    panMm: panMm ?? base.panMm,
  };
}

/** Shows the volume along a path, or no longer. */
export function showCurve(state: ViewState, look: CurveLook | undefined): void {
  batch(() => {
    state.curve.value = look;
    if (!look && state.layout.value === "curve") state.layout.value = "grid";
  });
}

/** Sets the window by hand: it no longer follows the image. */
export function setWindow(
  state: ViewState,
  window: { readonly center?: number | undefined; readonly width?: number | undefined },
): void {
  const now = state.window.value;
  batch(() => {
    state.window.value = { center: window.center ?? now.center, width: window.width ?? now.width };
    state.automaticWindow.value = false;
  });
}

/** Fits and centres every plane and the picture along a path; turned ones stay so. */
export function fitPlanes(state: ViewState): void {
  batch(() => {
    for (const name of PLANE_NAMES) state.planes[name].value = FITTED;
    const curve = state.curve.peek();
    if (curve) state.curve.value = { ...curve, ...FITTED };
  });
}

function windowOf(description: VolumeDescription, id: string): WindowLevel | "auto" {
  if (id === "auto") return "auto";
  const known = windowPresets(description.modality);
  const preset = known.find((one) => one.id === id);
  if (!preset) throw unknownPreset(id, [...known, { id: "auto" }]);
  return { center: preset.center, width: preset.width };
}

function unknownPreset(id: string, known: readonly { readonly id: string }[]): VoxelwrightError {
  const names = known.map((preset) => preset.id).join(", ");
  return new VoxelwrightError("argument", `There is no preset ${id}.`, {
    subject: "preset",
    advice: `Presets are ${names}.`,
  });
}
