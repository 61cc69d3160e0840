import { type ReadonlySignal, type Signal, signal, type Vec3 } from "#base";
import type { TransferPoint } from "#gpu";
import type { IndexBox, PointLps, VolumeDescription } from "#volume";
import { presetPoints, type VolumePreset, volumePresets } from "./volume-presets.ts";
import type { WindowLevel } from "./window-presets.ts";

export const VOLUME_QUALITIES = ["fast", "standard", "high"] as const;
/** `fast`: bare colours, one picture. `standard`: lit, a few pictures averaged. `high`: shade from around too, many pictures. */
export type VolumeQuality = (typeof VOLUME_QUALITIES)[number];

/** Rounds of relaxation of surfaces by strength. */
export const SURFACE_SMOOTHING = { none: 0, light: 4, strong: 12 } as const;
export type SurfaceSmoothing = keyof typeof SURFACE_SMOOTHING;

/** A transfer function that was edited or saved. Values are shown values. */
export interface VolumeTransfer {
  /** By ascending value, two or more. */
  readonly points: readonly TransferPoint[];
  /** Opacity grows with the gradient between these, shown values per mm; absent leaves opacity alone. */
  readonly gradientOpacity?: { readonly from: number; readonly to: number } | undefined;
}

/** Everything on the side the normal (LPS) points to is cut away. */
export interface CutPlane {
  readonly point: PointLps;
  readonly normal: Vec3;
}

/** The plain form of `VolumeState`; null where nothing is set. */
export interface VolumeStateData {
  readonly transfer: VolumeTransfer | null;
  readonly window: WindowLevel | null;
  readonly iso: { readonly level: number | null; readonly opacity: number };
  readonly quality: VolumeQuality;
  readonly clipBox: IndexBox | null;
  readonly clipPlane: CutPlane | null;
  readonly image: boolean;
  readonly planes: boolean;
  readonly surfaceSmoothing: SurfaceSmoothing;
}

/** How the volume view shows the volume, beside mode and preset. */
export class VolumeState {
  /** In place of the preset's points. */
  readonly transfer: Signal<VolumeTransfer | undefined> = signal(undefined);
  /** Window of projections; undefined takes the mode's own. */
  readonly window: Signal<WindowLevel | undefined> = signal(undefined);
  /** Shown value of the isosurface; undefined takes the modality's own. */
  readonly isoLevel: Signal<number | undefined> = signal(undefined);
  readonly isoOpacity = signal(1);
  readonly quality: Signal<VolumeQuality> = signal("standard");
  /** Whole voxels at level 0: what of the volume is drawn. */
  readonly clipBox: Signal<IndexBox | undefined> = signal(undefined);
  readonly clipPlane: Signal<CutPlane | undefined> = signal(undefined);
  /** The image is drawn; without it only labels, surfaces and planes are. */
  readonly image = signal(true);
  /** The three planes are drawn in the volume. */
  readonly planes = signal(false);
  /** How surfaces of segments are smoothed; labels stay as they are. */
  readonly surfaceSmoothing: Signal<SurfaceSmoothing> = signal("light");
  /** The automatic window, which presets for MR are relative to; the views set it from the first voxels. */
  readonly automatic: Signal<WindowLevel>;

  constructor(automatic: WindowLevel) {
    this.automatic = signal(automatic);
  }

  toJson(): VolumeStateData {
    return {
      transfer: this.transfer.value ?? null,
      window: this.window.value ?? null,
      iso: { level: this.isoLevel.value ?? null, opacity: this.isoOpacity.value },
      quality: this.quality.value,
      clipBox: this.clipBox.value ?? null,
      clipPlane: this.clipPlane.value ?? null,
      image: this.image.value,
      planes: this.planes.value,
      surfaceSmoothing: this.surfaceSmoothing.value,
    };
  }
}

/** The part of the views' state that the values below follow from. */
interface Shown {
  readonly description: VolumeDescription;
  readonly volumePreset: ReadonlySignal<string>;
  readonly volumeMode: ReadonlySignal<string>;
  readonly volume: VolumeState;
}

/** The preset in use; the modality's first when the name is unknown. */
export function chosenPreset({ description, volumePreset }: Shown): VolumePreset {
  const presets = volumePresets(description.modality);
  return presets.find(({ id }) => id === volumePreset.value) ?? presets[0]!;
}

/** The transfer function in use: edited, or the preset's. */
export function shownTransfer(shown: Shown): VolumeTransfer {
  const { transfer, automatic } = shown.volume;
  return transfer.value ?? { points: presetPoints(chosenPreset(shown), automatic.value) };
}

/** The window of projections in use. Means and minima of a CT lie lower than its maxima. */
export function projectionWindow({ description, volumeMode, volume }: Shown): WindowLevel {
  if (volume.window.value) return volume.window.value;
  const automatic = volume.automatic.value;
  if (description.modality === "CT" && volumeMode.value === "minip") return { center: -700, width: 900 };
  if (description.modality === "CT" && volumeMode.value === "mean") return { center: -350, width: 1300 };
  if (volumeMode.value !== "mip") return automatic;
  const grey = volumePresets(description.modality).find(({ mode }) => mode === "mip")!;
  const [low, high] = presetPoints(grey, automatic).map(({ value }) => value) as [number, number];
  return { center: (low + high) / 2, width: high - low };
}

/** Shown value of the isosurface in use: bone of a CT, the middle of the window of anything else. */
export function isoLevel({ description, volume }: Shown): number {
  return volume.isoLevel.value ?? (description.modality === "CT" ? 250 : volume.automatic.value.center);
}
