import type { AbortOptions, Signal } from "#base";
import { type Interpolation, MOST_FUSED } from "#gpu";
import type { BrickSource, ImageGrid, IndexIjk, VolumeDescription } from "#volume";
import type { WindowLevel } from "./window-presets.ts";

/** How a volume over the one on screen is shown. */
export interface OverlayLook {
  /** Colour table, an id of `LUTS`. */
  readonly lut: string;
  readonly invert: boolean;
  /** In its own shown values. */
  readonly window: WindowLevel;
  /** Over what lies below, 0 to 1. */
  readonly opacity: number;
  /** What shows as the first colour of the table, so all that lies below the window, is not drawn. */
  readonly hideLow: boolean;
  readonly visible: boolean;
  /** `null` as the volume below. */
  readonly interpolation: Interpolation | null;
  /** 0-based time frame. */
  readonly frame: number;
}

/** A volume on a grid of its own, shown over the one on screen. */
export interface OverlayVolume {
  readonly description: VolumeDescription;
  readonly grid: ImageGrid;
  readonly source: BrickSource;
  readonly look: Signal<OverlayLook>;
  /** Shown value of a whole voxel index, at the frame shown; undefined outside. */
  valueAt(ijk: IndexIjk, options?: AbortOptions): Promise<number | undefined>;
}

/** Volumes that can be shown over another one at a time. */
export const MOST_OVERLAYS = MOST_FUSED;

/** Letters of a name that fit beside a number. */
const NAME_LENGTH = 18;

/**
 * The name of a volume as pictures have room for it: its modality where no other of the `shown` has that, else its name without the
 * middle, for names of one patient begin alike.
 */
export function shortName(
  { name, modality }: Pick<VolumeDescription, "name" | "modality">,
  shown: readonly Pick<VolumeDescription, "modality">[],
): string {
  if (modality !== "" && shown.filter((one) => one.modality === modality).length === 1) return modality;
  const half = (NAME_LENGTH - 1) / 2;
  return name.length > NAME_LENGTH ? `${name.slice(0, Math.floor(half))}…${name.slice(-Math.ceil(half))}` : name;
}
