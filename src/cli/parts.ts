import * as v from "valibot";
import { VoxelwrightError } from "#base";
import type { PartOfJob } from "#export";
import type { SeriesChoice } from "#sources";
import type { Dims, IndexBox } from "#volume";
import type { LabelOutput } from "./label-output.ts";
import { chunksOf, requireBricks } from "./region.ts";

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const corner = v.tuple([whole, whole, whole]);

/** `PartOfJob` as files hold it. */
export const partSchema = v.object({
  job: v.string(),
  regions: v.pipe(v.array(v.object({ min: corner, max: corner })), v.minLength(1)),
});

/** The part of a job that one run over a region gives; `asked` is what decides its result, besides the image. */
export function jobPart(series: SeriesChoice, region: IndexBox, asked: object): PartOfJob {
  return { job: JSON.stringify({ ...asked, image: fingerprintOf(series) }), regions: [region] };
}

/** Enough of an image's fingerprint to tell images apart that a person could confuse. */
export function fingerprintOf(series: SeriesChoice): string {
  return chunksOf(series)!.fingerprint.slice(0, 16);
}

/** Throws `argument` for an output that cannot say which part it is. */
export function requirePartOutput(path: string, output: LabelOutput): void {
  if (typeof output !== "string" && output.kind === "folder") return;
  throw new VoxelwrightError("argument", "A part goes into a Zarr folder of its own.", {
    subject: path,
    advice: "Write it to PART.zarr; merge puts parts together.",
  });
}

/** A part with the path that it was read from. */
export interface NamedPart {
  readonly path: string;
  readonly part: PartOfJob;
}

/**
 * What parts are together. Throws `argument` where they are of different jobs, overlap, or cut bricks: what is put together then
 * would not be what one run gives.
 */
export function joinParts(parts: readonly NamedPart[], dims: Dims): PartOfJob {
  const [first] = parts;
  const job = first!.part.job;
  for (const { path, part } of parts) {
    for (const region of part.regions) requireBricks(region, dims, path);
    if (part.job === job) continue;
    throw new VoxelwrightError("argument", `It is part of another job than ${first!.path}: ${part.job}, not ${job}.`, {
      subject: path,
      advice: "Merge parts of one image that were made with the same options.",
    });
  }
  // Sorted along k, a box can meet only those before it that reach as far.
  const boxes = parts
    .flatMap(({ path, part }) => part.regions.map((region) => ({ path, region })))
    .sort((a, b) => a.region.min[2] - b.region.min[2]);
  let open: typeof boxes = [];
  for (const box of boxes) {
    open = open.filter(({ region }) => region.max[2] > box.region.min[2]);
    const other = open.find(({ region }) => overlap(region, box.region));
    if (other) {
      const message = `Its region ${regionText(box.region)} overlaps ${regionText(other.region)} of ${other.path}.`;
      throw new VoxelwrightError("argument", message, { subject: box.path, advice: "Merge each voxel once." });
    }
    open.push(box);
  }
  return { job, regions: boxes.map(({ region }) => region) };
}

/** Share of the volume that regions without overlap cover; exactly 1 for all of it. */
export function coverage(regions: readonly IndexBox[], dims: Dims): number {
  const volume = (size: Dims): bigint => BigInt(size[0]) * BigInt(size[1]) * BigInt(size[2]);
  const size = ({ min, max }: IndexBox): Dims => [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
  const missing = regions.reduce((left, region) => left - volume(size(region)), volume(dims));
  return missing === 0n ? 1 : Math.min(1 - Number(missing) / Number(volume(dims)), 1 - Number.EPSILON);
}

/** `I0:I1,J0:J1,K0:K1`, as the option has it. */
function regionText({ min, max }: IndexBox): string {
  return min.map((from, axis) => `${from}:${max[axis]!}`).join(",");
}

function overlap(a: IndexBox, b: IndexBox): boolean {
  return a.min.every((from, axis) => from < b.max[axis]! && b.min[axis]! < a.max[axis]!);
}
