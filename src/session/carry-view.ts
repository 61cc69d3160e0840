import { batch, dot, normalize, type Vec3 } from "#base";
import type { CutPlane, ViewState } from "#views";
import { ImageGrid } from "#volume";

/**
 * Shows an image whose voxels have another size as it was shown before, with the crosshair at the same voxel. What is of millimetres on the
 * screen (zoom, pan, the turn of the planes, the picture along a path) is as at opening. Nothing of it can be refused: both states are of
 * the same voxels.
 */
export function carryView(before: ViewState, state: ViewState): void {
  const [from, to] = [before, state].map(({ description }) => new ImageGrid(description.grid)) as [
    ImageGrid,
    ImageGrid,
  ];
  const layout = before.layout.peek();
  const cut = before.volume.clipPlane.peek();
  batch(() => {
    state.layout.value = layout === "curve" ? "grid" : layout;
    state.crosshair.value = to.toLps(from.toIndex(before.crosshair.peek()));
    state.window.value = before.window.peek();
    state.automaticWindow.value = before.automaticWindow.peek();
    state.invert.value = before.invert.peek();
    state.interpolation.value = before.interpolation.peek();
    state.lut.value = before.lut.peek();
    state.slab.value = before.slab.peek();
    state.volumeMode.value = before.volumeMode.peek();
    state.volumePreset.value = before.volumePreset.peek();
    state.projection.value = before.projection.peek();
    state.labelOpacity.value = before.labelOpacity.peek();
    state.labelOutline.value = before.labelOutline.peek();
    state.labelHighlight.value = before.labelHighlight.peek();
    state.labelsVisible.value = before.labelsVisible.peek();
    state.labelsInVolume.value = before.labelsInVolume.peek();
    state.frame.value = before.frame.peek();
    carryVolume(before, state);
    state.volume.clipPlane.value = cut && movedCut(cut, from, to);
  });
}

function carryVolume({ volume: before }: ViewState, { volume }: ViewState): void {
  volume.automatic.value = before.automatic.peek();
  volume.transfer.value = before.transfer.peek();
  volume.window.value = before.window.peek();
  volume.isoLevel.value = before.isoLevel.peek();
  volume.isoOpacity.value = before.isoOpacity.peek();
  volume.quality.value = before.quality.peek();
  volume.clipBox.value = before.clipBox.peek();
  volume.image.value = before.image.peek();
  volume.planes.value = before.planes.peek();
  volume.surfaceSmoothing.value = before.surfaceSmoothing.peek();
}

/** The plane through the same voxels. */
function movedCut({ point, normal }: CutPlane, from: ImageGrid, to: ImageGrid): CutPlane {
  const [i, j, k] = [0, 1, 2].map((axis) => dot(normal, from.axis(axis))) as [number, number, number];
  const rows = to.lpsToIndex;
  const moved = [0, 1, 2].map((n) => i * rows[n]! + j * rows[4 + n]! + k * rows[8 + n]!);
  return { point: to.toLps(from.toIndex(point)), normal: normalize(moved as unknown as Vec3) };
}
