import { VoxelwrightError } from "#base";
import { MAX_LABEL } from "#labelmap";
import type { ImageGrid, IndexIjk, VolumeDescription } from "#volume";
import { type Connectivity, type GrowRequest, leakGuardRadius } from "#workers";
import { readNumbers, readWhole, requireText } from "./read-arguments.ts";
import { storedRange } from "./stored-range.ts";
import type { Arguments } from "./verb.ts";

/** What the command line of `grow` says, in shown values and millimetres. */
export interface GrowArguments {
  readonly seeds: readonly IndexIjk[];
  readonly range: { readonly low: number; readonly high: number } | undefined;
  readonly confidence: GrowRequest["confidence"];
  readonly gradient: number | undefined;
  readonly leakGuardMm: number;
  readonly connectivity: Connectivity;
  readonly label: number;
}

export function readGrowArguments(args: Arguments): GrowArguments {
  const seeds = args.texts("seed").map((text) => readNumbers(text, 3, "--seed") as unknown as IndexIjk);
  if (seeds.length === 0) requireText(args, "seed", "grow");
  if (!seeds.flat().every(Number.isInteger))
    throw new VoxelwrightError("argument", "--seed takes whole voxel indices.");
  const connectivity = Number(args.text("connectivity") ?? 6);
  if (connectivity !== 6 && connectivity !== 18 && connectivity !== 26) {
    throw new VoxelwrightError("argument", `--connectivity is 6, 18 or 26, not "${args.text("connectivity")}".`);
  }
  const confidence = readConfidence(args);
  if (confidence && args.text("range") !== undefined)
    throw new VoxelwrightError("argument", "--range and --confidence exclude each other.");
  return {
    seeds,
    range: confidence ? undefined : readRange(args),
    confidence,
    gradient: readLength(args, "gradient"),
    leakGuardMm: readLength(args, "leak-guard") ?? 0,
    connectivity,
    label: readWhole(args.text("label") ?? "1", 1, MAX_LABEL, "--label"),
  };
}

function readRange(args: Arguments): GrowArguments["range"] {
  const [low, high] = readNumbers(requireText(args, "range", "grow"), 2, "--range") as [number, number];
  if (low <= high) return { low, high };
  throw new VoxelwrightError("argument", `--range goes from low to high, not from ${low} to ${high}.`);
}

function readConfidence(args: Arguments): GrowRequest["confidence"] {
  const text = args.text("confidence");
  if (text === undefined) return undefined;
  const [multiplier, iterations, radius] = readNumbers(text, 3, "--confidence") as [number, number, number];
  return { multiplier, iterations, radius };
}

function readLength(args: Arguments, name: string): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const [value] = readNumbers(text, 1, `--${name}`);
  if (value! >= 0) return value;
  throw new VoxelwrightError("argument", `--${name} is 0 or more, not ${value}.`);
}

/** The request in stored values and voxels; undefined when no stored value lies in the range. */
export function growRequest(
  args: GrowArguments,
  description: VolumeDescription,
  grid: ImageGrid,
): GrowRequest | undefined {
  const { seeds, confidence, gradient, leakGuardMm, connectivity, label } = args;
  const range = args.range && storedRange(description, args.range.low, args.range.high);
  if (!range && !confidence) return undefined;
  const [si, sj, sk] = grid.spacingMm;
  const spacingMm = [si, sj, sk] as const;
  if ((gradient !== undefined || leakGuardMm > 0) && (!grid.regular || grid.sheared)) {
    throw new VoxelwrightError("unsupported", "Its axes are not at right angles or its slices lie unevenly.", {
      subject: description.name,
      advice: "Grow without --gradient and --leak-guard, or reslice the scan first.",
    });
  }
  const maximumPerMm = (gradient ?? 0) / Math.abs(description.rescale.slope);
  return {
    seeds,
    connectivity,
    segment: label,
    ...(range ? { range } : {}),
    ...(confidence ? { confidence } : {}),
    ...(gradient === undefined ? {} : { gradient: { maximumPerMm, spacingMm } }),
    ...(leakGuardMm > 0 ? { leakGuard: { radius: leakGuardRadius(leakGuardMm, spacingMm) } } : {}),
  };
}
