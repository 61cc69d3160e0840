import type { TransferPoint } from "#gpu";
import type { WindowLevel } from "./window-presets.ts";

/** A way to show the volume. */
export interface VolumePreset {
  readonly id: string;
  readonly title: string;
  readonly mode: "shaded" | "mip";
  /** Maximum intensity: a grey ramp between the two points. `shown`: values of points are shown values (HU). `window`: 0 is the low, 1 the high end of the automatic window. */
  readonly scale: "shown" | "window";
  readonly points: readonly TransferPoint[];
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
}

type Row = readonly [value: number, opacity: number, red: number, green: number, blue: number];

function points(rows: readonly Row[]): TransferPoint[] {
  return rows.map(([value, opacity, red, green, blue]) => ({
    value,
    opacity,
    color: [red / 255, green / 255, blue / 255],
  }));
}

const SURFACE = { ambient: 0.25, diffuse: 0.8, specular: 0.15 } as const;
const SOFT = { ambient: 0.35, diffuse: 0.7, specular: 0.08 } as const;

/** From black at one value to white at another. */
function ramp(low: number, high: number): TransferPoint[] {
  return points([
    [low, 0, 0, 0, 0],
    [high, 1, 255, 255, 255],
  ]);
}

const CT: readonly VolumePreset[] = [
  {
    id: "ct-bone",
    title: "Bone",
    mode: "shaded",
    scale: "shown",
    ...SURFACE,
    points: points([
      [120, 0, 150, 70, 50],
      [220, 0.02, 190, 120, 85],
      [350, 0.35, 232, 205, 168],
      [800, 0.75, 250, 240, 222],
      [2000, 0.9, 255, 255, 250],
    ]),
  },
  {
    id: "ct-soft-tissue",
    title: "Skin and soft tissue",
    mode: "shaded",
    scale: "shown",
    ...SOFT,
    points: points([
      [-500, 0, 190, 130, 105],
      [-250, 0.12, 214, 158, 130],
      [-60, 0.25, 226, 176, 148],
      [80, 0.35, 205, 118, 96],
      [250, 0.5, 240, 214, 180],
      [1200, 0.8, 255, 250, 240],
    ]),
  },
  {
    id: "ct-muscle",
    title: "Muscle and bone",
    mode: "shaded",
    scale: "shown",
    ...SOFT,
    points: points([
      [0, 0, 120, 40, 36],
      [40, 0.03, 160, 66, 56],
      [120, 0.14, 196, 92, 72],
      [220, 0.3, 226, 186, 146],
      [700, 0.75, 250, 240, 222],
      [2000, 0.9, 255, 255, 250],
    ]),
  },
  {
    id: "ct-lung",
    title: "Lung",
    mode: "shaded",
    scale: "shown",
    ...SOFT,
    points: points([
      [-950, 0, 70, 90, 120],
      [-860, 0.012, 100, 140, 180],
      [-720, 0.035, 150, 186, 210],
      [-560, 0.03, 206, 168, 150],
      [-420, 0, 210, 150, 130],
      [-380, 0, 210, 150, 130],
    ]),
  },
  {
    id: "ct-vessels",
    title: "Vessels",
    mode: "shaded",
    scale: "shown",
    ...SURFACE,
    points: points([
      [130, 0, 120, 20, 16],
      [180, 0.12, 190, 44, 34],
      [280, 0.45, 226, 92, 64],
      [450, 0.55, 240, 200, 160],
      [1200, 0.8, 255, 248, 236],
    ]),
  },
];

const MR: readonly VolumePreset[] = [
  {
    id: "mr-default",
    title: "Default",
    mode: "shaded",
    scale: "window",
    ...SOFT,
    points: points([
      [0.08, 0, 60, 60, 66],
      [0.2, 0.03, 128, 112, 106],
      [0.45, 0.14, 196, 170, 154],
      [0.75, 0.4, 234, 222, 208],
      [1.2, 0.7, 255, 255, 255],
    ]),
  },
  {
    id: "mr-brain",
    title: "Brain",
    mode: "shaded",
    scale: "window",
    ...SURFACE,
    points: points([
      [0.25, 0, 90, 60, 56],
      [0.38, 0.04, 164, 120, 108],
      [0.55, 0.3, 214, 176, 158],
      [0.8, 0.6, 242, 226, 210],
      [1.2, 0.75, 255, 252, 246],
    ]),
  },
];

function mip(id: string, scale: VolumePreset["scale"], low: number, high: number): VolumePreset {
  return { id, title: "Maximum intensity", mode: "mip", scale, points: ramp(low, high), ...SOFT };
}

const CT_MIP = mip("ct-mip", "shown", -100, 900);
const MR_MIP = mip("mr-mip", "window", 0, 1.3);
const ANY_MIP = mip("mip", "window", 0, 1.1);

/** Presets that fit a modality; the first is the one to begin with. */
export function volumePresets(modality: string): readonly VolumePreset[] {
  if (modality === "CT") return [...CT, CT_MIP];
  if (modality === "MR") return [...MR, MR_MIP];
  const general = { ...MR[0]!, id: "default" };
  // A file that tells no modality may hold an MR or a CT.
  return modality === "" ? [general, MR[1]!, ANY_MIP, ...CT] : [general, ANY_MIP];
}

/** A preset's points in shown values, for the automatic window `center`, `width`. */
export function presetPoints(preset: VolumePreset, window: WindowLevel): TransferPoint[] {
  if (preset.scale === "shown") return [...preset.points];
  const low = window.center - window.width / 2;
  return preset.points.map((point) => ({ ...point, value: low + point.value * window.width }));
}
