import type { BrickFormat } from "./brick-format.ts";
import type { VolumeBricks } from "./volume-bricks.ts";
import type { TransferTable } from "./transfer-function.ts";

export type VolumeMode = "shaded" | "mip" | "minip" | "mean" | "iso";

/** How the volume is painted. Values are shown values (HU where the file says so). */
export interface RaycastLook {
  readonly mode: VolumeMode;
  readonly transfer: TransferTable;
  /** Opacity grows with the gradient from nothing at `from` to all at `to`, shown values per mm; absent leaves it alone. */
  readonly gradientOpacity?: { readonly from: number; readonly to: number } | undefined;
  readonly iso: {
    readonly level: number;
    readonly opacity: number;
    readonly color: readonly [number, number, number];
  };
  /** Shown value = slope · stored + intercept. */
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** Window of a projection. */
  readonly window: { readonly center: number; readonly width: number };
  /** Window of the planes, where they are shown. */
  readonly planeWindow: { readonly center: number; readonly width: number };
  readonly invert: boolean;
  /** `none`: bare colours. `gradient`: light by the gradient. `occlusion`: and shade from what lies around. */
  readonly light: "none" | "gradient" | "occlusion";
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
  /** Distance, mm, that the transfer function's opacities are for. */
  readonly unitMm: number;
  readonly background: readonly [number, number, number];
  readonly showLabels: boolean;
  readonly showProposals: boolean;
  /** Opacity of labels per unit distance, 0 to 1. */
  readonly labelOpacity: number;
  readonly activeSegment: number;
}

/** Numbers of MODE in the shader. */
export const MODE_NUMBERS = { shaded: 0, mip: 1, minip: 2, mean: 3, iso: 4 } as const;
/** Numbers of LIGHT in the shader. */
export const LIGHT_NUMBERS = { none: 0, gradient: 1, occlusion: 2 } as const;

/** The mode over stored values: with a falling rescale the largest shown value is the smallest stored one. */
export function storedMode({ mode, rescale }: RaycastLook): VolumeMode {
  if (rescale.slope >= 0) return mode;
  return mode === "mip" ? "minip" : mode === "minip" ? "mip" : mode;
}

/** Fields of the shader's `RayLook` for samples `stepMm` apart. */
export function lookUniform(look: RaycastLook, stepMm: number, { scale }: BrickFormat) {
  const { slope, intercept } = look.rescale;
  const { low, high } = look.transfer;
  const gain = ({ center, width }: { readonly center: number; readonly width: number }): [number, number] => [
    slope / width,
    (intercept - (center - width / 2)) / width,
  ];
  const [windowGain, windowBias] = gain(look.window);
  const [planeGain, planeBias] = gain(look.planeWindow);
  const isoSense = slope < 0 ? -1 : 1;
  const edge = look.gradientOpacity;
  const edgeWidth = edge ? Math.max(edge.to - edge.from, 1e-6) : 1;
  return {
    background: [...look.background, 1],
    transferGain: slope / (high - low),
    transferBias: (intercept - low) / (high - low),
    windowGain,
    windowBias,
    planeGain,
    planeBias,
    // What textures of shares give may be off by a little, and a plateau at the level lies within the surface.
    isoLevel: (look.iso.level - intercept) / slope - (scale === 1 ? 0 : isoSense * scale * 2 ** -22),
    isoSense,
    isoColor: [...look.iso.color, look.iso.opacity],
    ambient: look.ambient,
    diffuse: look.diffuse,
    specular: look.specular,
    gradientGain: (Math.abs(slope) * 30) / (high - low),
    edgeGain: edge ? Math.abs(slope) / edgeWidth : 0,
    edgeBias: edge ? -edge.from / edgeWidth : 1,
    invert: look.invert ? 1 : 0,
    labelAlpha: 1 - (1 - Math.min(look.labelOpacity, 0.9999)) ** (stepMm / look.unitMm),
    highlight: look.activeSegment,
  };
}

/** What `brickFacts` depends on, for noticing a change. */
export function brickFactsKey(bricks: VolumeBricks, level: number, look: RaycastLook): string {
  const { slope, intercept } = look.rescale;
  const by = look.mode === "shaded" ? tableId(look.transfer) : look.mode === "iso" ? look.iso.level : "";
  return `${bricks.version}/${level}/${slope}/${intercept}/${look.mode}/${by}`;
}

/**
 * Two numbers a brick of a level, as `brickInfo` in the shader: the stored value that a projection is held against, and 1 where
 * the brick can add anything. The range of a brick bounds every sample in it, because filtered values lie between voxels.
 */
export function brickFacts(bricks: VolumeBricks, level: number, look: RaycastLook): Float32Array<ArrayBuffer> {
  const count = bricks.levels[level]!.bricks.reduce((a, b) => a * b, 1);
  const facts = new Float32Array(count * 2);
  const { ranges, offsets } = bricks.table;
  const { slope, intercept } = look.rescale;
  const mode = storedMode(look);
  const shown = (value: number): number => slope * value + intercept;
  for (let n = 0; n < count; n++) {
    const min = ranges[(offsets[level]! + n) * 2]!;
    const max = ranges[(offsets[level]! + n) * 2 + 1]!;
    const there = !Number.isNaN(max);
    let adds = true;
    if (mode === "shaded") adds = look.transfer.shows(shown(min), shown(max));
    else if (mode === "iso") adds = Math.max(shown(min), shown(max)) >= look.iso.level;
    else if (mode === "mean") adds = min !== max;
    facts[n * 2] = there ? (mode === "minip" || mode === "mean" ? min : max) : mode === "minip" ? 3e38 : -3e38;
    facts[n * 2 + 1] = there && adds ? 1 : 0;
  }
  return facts;
}

const tableIds = new WeakMap<TransferTable, number>();
let nextTableId = 1;

function tableId(table: TransferTable): number {
  const known = tableIds.get(table);
  if (known !== undefined) return known;
  tableIds.set(table, nextTableId);
  return nextTableId++;
}
