import { levelStepMm, type RaycastLook, TransferTable } from "#gpu";
import type { ImageGrid, PyramidLevel } from "#volume";
import { VIEW_BACKGROUND } from "./slice-look.ts";
import type { Stage } from "./stage.ts";
import { chosenPreset, isoLevel, projectionWindow, shownTransfer, type VolumeQuality } from "./volume-state.ts";

/** Opacities of presets are per this share of the volume's longest edge: about 1 mm of a chest. */
const UNIT_SHARE = 1 / 350;

/** Ivory: what bone looks like, and calm for anything else. */
const ISO_COLOR = [0.9, 0.84, 0.74] as const;

/** Nothing of the image. */
const NO_IMAGE = new TransferTable([
  { value: 0, opacity: 0, color: [0, 0, 0] },
  { value: 1, opacity: 0, color: [0, 0, 0] },
]);

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

  /** The look for a quality; that of the state by default. */
  now(quality?: VolumeQuality): RaycastLook {
    const { state, volume, activeSegment, hasProposals } = this.#stage;
    const preset = chosenPreset(state);
    const { points, gradientOpacity } = shownTransfer(state);
    const key = JSON.stringify(points);
    if (key !== this.#key || !this.#table) {
      this.#key = key;
      this.#table = new TransferTable(points);
    }
    const inVolume = state.labelsInVolume.value === "volume";
    return {
      ...(state.volume.image.value
        ? { mode: state.volumeMode.value, transfer: this.#table, gradientOpacity }
        : { mode: "shaded", transfer: NO_IMAGE }),
      iso: { level: isoLevel(state), opacity: state.volume.isoOpacity.value, color: ISO_COLOR },
      rescale: volume.description.rescale,
      window: projectionWindow(state),
      planeWindow: state.window.value,
      invert: state.invert.value,
      light: LIGHTS[quality ?? state.volume.quality.value],
      ambient: preset.ambient,
      diffuse: preset.diffuse,
      specular: preset.specular,
      unitMm: this.#unitMm,
      background: VIEW_BACKGROUND,
      showLabels: state.labelsVisible.value && inVolume,
      showProposals: hasProposals && inVolume,
      labelOpacity: 0.6,
      activeSegment: activeSegment.value,
    };
  }
}

const LIGHTS = { fast: "none", standard: "gradient", high: "occlusion" } as const;

/** Pictures that are averaged at rest, at most. */
export const QUALITY_PICTURES = { fast: 1, standard: 4, high: 16 } as const;

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
