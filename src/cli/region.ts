import { VoxelwrightError } from "#base";
import type { ChunkedVolume, SeriesChoice } from "#sources";
import { BRICK_EDGE, type Dims, type IndexBox } from "#volume";
import { chooseSeries } from "./choose-series.ts";
import type { Arguments, CliPort, OptionSpec } from "./verb.ts";

/** The option of verbs that can work on a part of a store. */
export const REGION_OPTION: OptionSpec = {
  type: "string",
  value: "I0:I1,J0:J1,K0:K1",
  help: "work on these voxels of an OME-Zarr alone (ends outside, whole bricks of 64); see merge",
};

/** `I0:I1,J0:J1,K0:K1` as a box; undefined where the option is not given. Throws `argument` for what is no box. */
export function readRegion(args: Arguments): IndexBox | undefined {
  const text = args.text("region");
  if (text === undefined) return undefined;
  const ends = text.split(",").map((part) => /^(\d+):(\d+)$/.exec(part.trim()));
  if (ends.length !== 3 || ends.some((end) => !end)) {
    throw new VoxelwrightError("argument", `--region takes I0:I1,J0:J1,K0:K1 in whole voxels, not "${text}".`);
  }
  const side = (which: 1 | 2): Dims => ends.map((end) => Number(end![which])) as unknown as Dims;
  return { min: side(1), max: side(2) };
}

/** Throws `argument` unless a region is made of whole bricks of a volume: then parts of a job share no brick. */
export function requireBricks({ min, max }: IndexBox, dims: Dims, subject: string): void {
  for (const [axis, n] of dims.entries()) {
    const [from, to] = [min[axis]!, max[axis]!];
    const name = "ijk"[axis]!;
    const refuse = (message: string, advice: string): never => {
      throw new VoxelwrightError("argument", message, { subject, advice });
    };
    if (from >= to || to > n)
      refuse(`Along ${name} the region ${from}:${to} is no part of 0:${n}.`, "Ends lie outside.");
    if (from % BRICK_EDGE === 0 && (to % BRICK_EDGE === 0 || to === n)) continue;
    const low = Math.floor(from / BRICK_EDGE) * BRICK_EDGE;
    const high = Math.min(n, Math.ceil(to / BRICK_EDGE) * BRICK_EDGE);
    refuse(
      `Along ${name} the region ${from}:${to} cuts bricks of ${BRICK_EDGE} voxels, so parts of the job would share them.`,
      `Take ${low}:${high}.`,
    );
  }
}

/**
 * Opens the store that a region is of, without listing it or reading voxels. Throws `unsupported` for what can only be read as a whole,
 * `argument` for a region that is not of whole bricks within the volume.
 */
export async function chooseStore(
  path: string,
  region: IndexBox,
  args: Arguments,
  port: CliPort,
  ifSeveral = false,
): Promise<SeriesChoice> {
  const series = await chooseSeries(path, args, port, { asStore: true, ifSeveral });
  if (!chunksOf(series)) {
    throw new VoxelwrightError("unsupported", "Regions are read where bricks can be read one by one: in an OME-Zarr.", {
      subject: path,
      advice: "Leave --region out, or give an OME-Zarr folder or address.",
    });
  }
  requireBricks(region, series.description.grid.dims, path);
  return series;
}

/** The voxels of a series where they lie; undefined for what is read as a whole. */
export function chunksOf({ chunked, inPlace }: SeriesChoice): ChunkedVolume | undefined {
  return chunked ?? inPlace;
}
