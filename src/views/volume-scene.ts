import { levelStepMm, type RayCamera, type RaycastLook } from "#gpu";
import { formatValue } from "./format-value.ts";
import { shownPlanes } from "./shown-planes.ts";
import type { Stage } from "./stage.ts";
import type { PictureScene } from "./volume-painter.ts";
import { chosenPreset, isoLevel } from "./volume-state.ts";

/** Distance of samples along a ray, in the smallest voxel edges of the level. */
const STRIDE = 0.8;

/** What the ray pass draws for the state of now, seen by a camera. */
export function volumeScene(
  { bindings, labelBindings, bricks, volume, state }: Stage,
  camera: RayCamera,
  width: number,
  height: number,
  level: number,
  look: RaycastLook,
): PictureScene {
  const { clipBox, clipPlane, planes } = state.volume;
  // Projections have no depth that a plane could lie in.
  const solid = look.mode === "shaded" || look.mode === "iso";
  return {
    camera,
    width,
    height,
    level,
    stepMm: levelStepMm(volume.grid, bricks.levels[level]!) * STRIDE,
    bricks: bindings,
    labels: labelBindings,
    look,
    clip: { box: clipBox.value, plane: clipPlane.value },
    planes: planes.value && solid ? shownPlanes(volume.grid, state) : undefined,
  };
}

const PROJECTION_TITLES = { mip: "Maximum intensity", minip: "Minimum intensity", mean: "Mean intensity" } as const;

/** Name of what the volume view shows. */
export function volumeTitle({ state, volume }: Stage): string {
  const mode = state.volumeMode.value;
  if (!state.volume.image.value) return "Labels";
  if (mode === "iso") return `Isosurface ${formatValue(isoLevel(state), volume.description.unit)}`;
  if (mode !== "shaded") return PROJECTION_TITLES[mode];
  return `${chosenPreset(state).title}${state.volume.transfer.value ? " (edited)" : ""}`;
}

/** Reads every signal that a picture of the volume depends on, so that an effect runs on a change. */
export function trackVolume({ state, activeSegment, surfaces }: Stage): void {
  const { volume } = state;
  const signals = [
    state.invert,
    state.volumeMode,
    state.volumePreset,
    state.labelsVisible,
    state.labelsInVolume,
    state.frame,
    activeSegment,
    volume.transfer,
    volume.window,
    volume.isoLevel,
    volume.isoOpacity,
    volume.quality,
    volume.clipBox,
    volume.clipPlane,
    volume.image,
    volume.planes,
    volume.automatic,
  ];
  for (const one of signals) void one.value;
  void surfaces?.incomplete.value;
  if (!volume.planes.value) return;
  void state.crosshair.value;
  void state.orientation.value;
  void state.window.value;
}
