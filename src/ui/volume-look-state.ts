import { dot, subtract } from "#base";
import type { SavedVolumePreset } from "#session";
import { isoLevel, projectionWindow, shownTransfer, type ViewState } from "#views";
import { ImageGrid } from "#volume";
import type { VolumeLookState } from "./ui-port.ts";

export const NO_VOLUME_LOOK: VolumeLookState = {
  points: [],
  gradientOpacity: undefined,
  edited: false,
  window: { center: 0, width: 1 },
  windowOwn: true,
  isoLevel: 0,
  isoOpacity: 1,
  quality: "standard",
  clipBox: undefined,
  cut: undefined,
  image: true,
  planes: false,
  surfaceSmoothing: "light",
  saved: [],
};

/** The volume's look with everything resolved. */
export function volumeLookState(view: ViewState, saved: readonly SavedVolumePreset[]): VolumeLookState {
  const { volume, description } = view;
  const { points, gradientOpacity } = shownTransfer(view);
  return {
    points,
    gradientOpacity,
    edited: volume.transfer.value !== undefined,
    window: projectionWindow(view),
    windowOwn: volume.window.value === undefined,
    isoLevel: isoLevel(view),
    isoOpacity: volume.isoOpacity.value,
    quality: volume.quality.value,
    clipBox: volume.clipBox.value,
    cut: cutState(view),
    image: volume.image.value,
    planes: volume.planes.value,
    surfaceSmoothing: volume.surfaceSmoothing.value,
    saved: saved.filter(({ modality }) => modality === description.modality).map(({ name }) => name),
  };
}

function cutState({ volume, description }: ViewState): VolumeLookState["cut"] {
  const plane = volume.clipPlane.value;
  if (!plane) return undefined;
  const grid = new ImageGrid(description.grid);
  const along = grid.cornersLps().map((corner) => dot(plane.normal, subtract(corner, grid.centerLps)));
  return {
    atMm: dot(plane.normal, subtract(plane.point, grid.centerLps)),
    fromMm: Math.min(...along),
    toMm: Math.max(...along),
  };
}
