import type { VolumeDescription, VoxelArray } from "#volume";

/** In shown values (HU where the file says so). */
export interface WindowLevel {
  readonly center: number;
  readonly width: number;
}

/** A window by name, shown values (HU). */
export interface WindowPreset {
  readonly id: string;
  readonly title: string;
  readonly center: number;
  readonly width: number;
}

/** Customary CT windows. */
const CT: readonly WindowPreset[] = [
  { id: "soft-tissue", title: "Soft tissue", center: 40, width: 400 },
  { id: "brain", title: "Brain", center: 40, width: 80 },
  { id: "subdural", title: "Subdural", center: 75, width: 215 },
  { id: "stroke", title: "Stroke", center: 32, width: 8 },
  { id: "temporal-bone", title: "Temporal bone", center: 600, width: 2800 },
  { id: "bone", title: "Bone", center: 400, width: 1800 },
  { id: "lung", title: "Lung", center: -600, width: 1500 },
  { id: "mediastinum", title: "Mediastinum", center: 50, width: 350 },
  { id: "abdomen", title: "Abdomen", center: 60, width: 400 },
  { id: "liver", title: "Liver", center: 80, width: 150 },
  { id: "angio", title: "Angiography", center: 300, width: 600 },
];

/**
 * Presets for a modality; none where values have no fixed scale: there the automatic window serves. A file that tells no modality
 * may hold a CT, so it is offered CT's.
 */
export function windowPresets(modality: string): readonly WindowPreset[] {
  return modality === "CT" || modality === "" ? CT : [];
}

/** The window to begin with: the source's own, else what is customary; undefined where it is to follow the image. */
export function firstWindow({ window, modality }: VolumeDescription): WindowLevel | undefined {
  const first = window ?? (modality === "CT" ? CT[0] : undefined);
  return first && { center: first.center, width: first.width };
}

/** Voxels looked at for a window are at most this many, spread evenly. */
const SAMPLES = 200_000;

/** Narrowest window of floats as a share of their magnitude: narrower ones show the rounding of 32 bits. */
const LEAST_SHARE = 1e-5;

/**
 * A window for values without a fixed scale, from the voxels of a coarse level: from the 1st to the 99.5th percentile of what is
 * not background. Background is the value most voxels share, when it is the smallest. In shown values. It is no narrower than a step of
 * integers, or than floats resolve, and has what is constant in its middle.
 */
export function automaticWindow(
  voxels: VoxelArray,
  rescale: { readonly slope: number; readonly intercept: number },
): { center: number; width: number } {
  const stride = Math.max(1, Math.floor(voxels.length / SAMPLES));
  const values: number[] = [];
  for (let n = 0; n < voxels.length; n += stride) if (Number.isFinite(voxels[n]!)) values.push(voxels[n]!);
  if (values.length === 0) return { center: 0.5, width: 1 };
  values.sort((a, b) => a - b);
  const lowest = values[0]!;
  const background = values.findIndex((value) => value > lowest);
  const foreground = background > values.length / 10 ? values.slice(background) : values;
  const at = (share: number): number =>
    foreground[Math.min(Math.floor(share * foreground.length), foreground.length - 1)]!;
  const ends = [at(0.01), at(0.995)].map((value) => value * rescale.slope + rescale.intercept).sort((a, b) => a - b);
  const [low, high] = ends as [number, number];
  const least =
    voxels instanceof Float32Array
      ? Math.max(Math.abs(low), Math.abs(high)) * LEAST_SHARE || 1
      : Math.abs(rescale.slope) || 1e-6;
  return { center: low + (high - low) / 2, width: Math.max(high - low, least) };
}
