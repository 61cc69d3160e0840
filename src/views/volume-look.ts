import { levelStepMm, type RaycastLook, TransferTable } from "#gpu";
import type { ImageGrid, PyramidLevel } from "#volume";
import { VIEW_BACKGROUND } from "./slice-view.ts";
import type { Stage } from "./stage.ts";
import { presetPoints, type VolumePreset, volumePresets } from "./volume-presets.ts";

/** Opacities of presets are per this share of the volume's longest edge: about 1 mm of a chest. */
const UNIT_SHARE = 1 / 350;

/** The preset in use; the modality's first when the name is unknown. */
export function chosenPreset(stage: Stage): VolumePreset {
  const presets = volumePresets(stage.volume.description.modality);
  return presets.find(({ id }) => id === stage.state.volumePreset.value) ?? presets[0]!;
}

/** Makes the look of the ray pass from the state; keeps the table while nothing it depends on changes. */
export class VolumeLook {
  readonly #stage: Stage;
  readonly #unitMm: number;
  #key = "";
  #table: TransferTable | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    const { grid } = stage.volume;
    const corners = grid.cornersLps();
    const extent = [0, 1, 2].map((axis) => {
      const values = corners.map((corner) => corner[axis]!);
      return Math.max(...values) - Math.min(...values);
    });
    this.#unitMm = Math.max(...extent) * UNIT_SHARE;
  }

  now(): RaycastLook {
    const { state, volume, automatic, activeSegment, hasProposals } = this.#stage;
    const preset = chosenPreset(this.#stage);
    const key = `${preset.id}/${automatic.center}/${automatic.width}`;
    if (key !== this.#key || !this.#table) {
      this.#key = key;
      this.#table = new TransferTable(presetPoints(preset, automatic));
    }
    const grey = volumePresets(volume.description.modality).find(({ mode }) => mode === "mip")!;
    const [low, high] = presetPoints(grey, automatic).map(({ value }) => value) as [number, number];
    const labels = state.labelsVisible.value && state.labelsInVolume.value;
    return {
      mode: state.volumeMode.value,
      transfer: this.#table,
      rescale: volume.description.rescale,
      window: { center: (low + high) / 2, width: high - low },
      invert: state.invert.value,
      ambient: preset.ambient,
      diffuse: preset.diffuse,
      specular: preset.specular,
      unitMm: this.#unitMm,
      background: VIEW_BACKGROUND,
      showLabels: labels,
      showProposals: hasProposals && state.labelsInVolume.value,
      labelOpacity: 0.6,
      activeSegment: activeSegment.value,
    };
  }
}

/** Share of the atlas that the volume may claim. */
const ATLAS_SHARE = 0.5;

/** The finest level that fits the volume's share of the atlas and is not finer than the pixels. */
export function volumeLevel(
  grid: ImageGrid,
  levels: readonly PyramidLevel[],
  capacity: number,
  mmPerPixel: number,
): number {
  const room = Math.max(capacity * ATLAS_SHARE, 1);
  const fits = (level: PyramidLevel): boolean => level.bricks[0] * level.bricks[1] * level.bricks[2] <= room;
  let chosen = levels.findIndex(fits);
  if (chosen < 0) chosen = levels.length - 1;
  while (chosen + 1 < levels.length && levelStepMm(grid, levels[chosen + 1]!) <= mmPerPixel * 0.9) chosen++;
  return chosen;
}
