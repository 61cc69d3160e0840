import { type ProgressOptions, VoxelwrightError } from "#base";
import { BRICK_EDGE, type BrickPixels, type IndexIjk } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelImage } from "../kernel-data.ts";
import type { GrowResult, MaskProposal } from "../kernels.api.ts";
import type { ConfidenceRange, GrowRequest } from "./growth.api.ts";
import { maskEntries } from "./mask-entries.ts";
import { Moments } from "./moments.ts";

type Range = NonNullable<GrowRequest["range"]>;

/**
 * Confidence-connected growing: a growth, the range found anew from what has grown, and again. `growIn` grows by a range. Stops early
 * when the range does not change any more, since all that follows would be the same.
 */
export async function growByConfidence(
  crew: Crew,
  image: KernelImage,
  request: GrowRequest,
  options: ProgressOptions,
  growIn: (range: Range, options: ProgressOptions) => Promise<MaskProposal>,
): Promise<GrowResult> {
  const confidence = request.confidence!;
  checkConfidence(confidence);
  const { signal, onProgress } = options;
  const steps = confidence.iterations + 1;
  const step = (n: number): ProgressOptions => ({
    signal,
    onProgress: onProgress && (({ fraction, what }) => onProgress({ fraction: (n + fraction) / steps, what })),
  });
  const seedValues = requireNumbers(await valuesOf(image, request.seeds, 0), request.seeds);
  const around = new Moments();
  for (const seed of request.seeds)
    for (const value of await valuesOf(image, [seed], confidence.radius)) around.add(value);
  let range = rangeOf(around, confidence, seedValues);
  let grown = await growIn(range, step(0));
  for (let n = 1; n <= confidence.iterations && grown.voxels > 1; n++) {
    const moments = await momentsOf(crew, image, grown, signal);
    if (moments.variance === 0) break;
    const next = rangeOf(moments, confidence, seedValues);
    if (next.low === range.low && next.high === range.high) break;
    range = next;
    grown = await growIn(range, step(n));
  }
  return { ...grown, range };
}

function checkConfidence({ multiplier, iterations, radius }: ConfidenceRange): void {
  const whole = Number.isInteger(iterations) && iterations >= 0 && Number.isInteger(radius) && radius >= 1;
  if (multiplier > 0 && Number.isFinite(multiplier) && whole && radius <= 20 && iterations <= 100) return;
  throw new VoxelwrightError("argument", "This is no rule for a range by confidence.", {
    advice: "The multiplier is above 0, iterations are 0 to 100, the radius is 1 to 20 voxels.",
  });
}

/** The finite ones of the values of seeds. Throws `argument` where there is none. */
function requireNumbers(values: readonly number[], seeds: readonly IndexIjk[]): number[] {
  const numbers = values.filter(Number.isFinite);
  if (numbers.length > 0) return numbers;
  const where = seeds.map((seed) => seed.join(",")).join(" and ");
  throw new VoxelwrightError("argument", `The image has no number at seed ${where}, so no range can be found.`, {
    advice: "Set a seed at a voxel whose value is a finite number.",
  });
}

/** Mean ± multiplier · standard deviation, and the seeds in any case. One value alone does not deviate. */
function rangeOf(moments: Moments, { multiplier }: ConfidenceRange, seeds: readonly number[]): Range {
  const away = moments.count > 1 ? multiplier * Math.sqrt(Math.max(0, moments.variance)) : 0;
  return { low: Math.min(moments.mean - away, ...seeds), high: Math.max(moments.mean + away, ...seeds) };
}

async function momentsOf(
  crew: Crew,
  image: KernelImage,
  grown: MaskProposal,
  signal: AbortSignal | undefined,
): Promise<Moments> {
  const { masks, runs } = maskEntries(grown.bricks);
  const shares = shareOut([...masks], crew.count).map((own) => ({ request: { masks: new Map(own), runs } }));
  const moments = new Moments();
  for (const part of (await crew.share("moments", { image }, shares, { signal })).flat()) moments.addParts(part);
  return moments;
}

/** Values of the boxes of ±radius voxels around voxels; beyond the volume its border is repeated. What is no number is included. */
async function valuesOf(image: KernelImage, centers: readonly IndexIjk[], radius: number): Promise<number[]> {
  const bricks = new Map<string, BrickPixels>();
  const values: number[] = [];
  const clamp = (n: number, axis: 0 | 1 | 2): number => Math.min(Math.max(n, 0), image.dims[axis] - 1);
  for (const [ci, cj, ck] of centers) {
    for (let k = ck - radius; k <= ck + radius; k++) {
      for (let j = cj - radius; j <= cj + radius; j++) {
        for (let i = ci - radius; i <= ci + radius; i++) {
          values.push(await valueAt(image, bricks, [clamp(i, 0), clamp(j, 1), clamp(k, 2)]));
        }
      }
    }
  }
  return values;
}

async function valueAt(image: KernelImage, bricks: Map<string, BrickPixels>, ijk: IndexIjk): Promise<number> {
  const [bi, bj, bk] = ijk.map((n) => Math.floor(n / BRICK_EDGE)) as [number, number, number];
  const [i, j, k] = ijk.map((n) => n % BRICK_EDGE) as [number, number, number];
  const key = `${bi}/${bj}/${bk}`;
  let brick = bricks.get(key);
  if (!brick) {
    brick = await image.bricks.readBrick({ frame: image.frame, level: 0, bi, bj, bk });
    if (!brick) throw new VoxelwrightError("not-found", "A brick of the image is not there yet.");
    bricks.set(key, brick);
  }
  return brick.voxels[(k * BRICK_EDGE + j) * BRICK_EDGE + i]!;
}
