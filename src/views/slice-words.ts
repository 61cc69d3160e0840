import { finestMm } from "#volume";
import { formatMm, formatWindow } from "./format-value.ts";
import { directionLetters, type PlaneFrame, planeFrame } from "./plane-frame.ts";
import type { PlaneInView } from "./plane-in-view.ts";
import { PLANE_NAMES, type PlaneName } from "./plane-name.ts";
import { degreesAbout, degreesBetween, isStraight, straightened } from "./plane-orientation.ts";
import type { OverlayTexts } from "./slice-overlay.ts";
import type { Stage } from "./stage.ts";
import type { SlabLook } from "./view-state.ts";

const TITLES = { axial: "Axial", coronal: "Coronal", sagittal: "Sagittal" } as const;

/** What a plane says of itself: which slice it shows, how it is turned, window and zoom. */
export function planeWords(
  stage: Stage,
  view: PlaneInView,
  mmPerPixel: number,
): Pick<OverlayTexts, "title" | "slice" | "position" | "slab" | "angle" | "window" | "zoom"> {
  const { state, volume } = stage;
  const { frame } = view;
  const finest = finestMm(volume.grid);
  const zoom = view.fittedMmPerPixel / mmPerPixel;
  return {
    title: TITLES[view.name],
    slice: frame.aligned ? `${view.slice + 1} / ${volume.grid.dims[frame.axis]}` : "oblique",
    position: formatPosition(view.offsetMm, frame, finest),
    slab: slabText(state.slab.value, finest),
    angle: angles(stage, view),
    window: windowWords(stage),
    zoom: `${zoom.toFixed(zoom < 10 ? 2 : 0)}×`,
  };
}

/** The window, and whether it is upside down. */
export function windowWords({ state }: Stage): string {
  return `${formatWindow(state.window.value)}${state.invert.value ? "  inverted" : ""}`;
}

/** How far the plane, and the lines of the others on it, are from straight; empty when they are. */
function angles({ state, volume }: Stage, view: PlaneInView): string {
  const orientation = state.orientation.value;
  if (isStraight(orientation)) return "";
  const { grid } = volume;
  const straight = (name: PlaneName): PlaneFrame => planeFrame(grid, name, straightened(orientation));
  const { normal } = view.frame;
  const other = PLANE_NAMES.find((name) => name !== view.name)!;
  const tilt = degreesBetween(straight(view.name).normal, normal);
  const lines = degreesAbout(normal, straight(other).normal, planeFrame(grid, other, orientation).normal);
  return [
    tilt >= 0.005 ? `tilted ${tilt.toFixed(2)}°` : "",
    Math.abs(lines) >= 0.005 ? `lines ${lines > 0 ? "+" : "−"}${Math.abs(lines).toFixed(2)}°` : "",
  ]
    .filter((text) => text !== "")
    .join("  ");
}

/** What a thick slice shows; empty for a thin one. */
function slabText({ mode, thicknessMm }: SlabLook, finest: number): string {
  return mode === "none"
    ? ""
    : `${{ mip: "MIP", minip: "MinIP", mean: "Mean" }[mode]} ${formatMm(thicknessMm, finest)}`;
}

/** Where a slice lies along its normal, with the letter of the side it is on. */
function formatPosition(offsetMm: number, frame: PlaneFrame, finest: number): string {
  const sign = Math.sign(offsetMm) || 1;
  const { normal } = frame;
  const letters = directionLetters([normal[0] * sign, normal[1] * sign, normal[2] * sign]);
  return `${letters} ${formatMm(Math.abs(offsetMm), finest)}`;
}
