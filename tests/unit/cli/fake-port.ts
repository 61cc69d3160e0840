import type { SeriesChoice, SourceListing } from "#sources";
import { createVoxels, type Slice, type SliceSource, type VolumeDescription, type VoxelArray } from "#volume";
import type { Kernels } from "#workers";
import { runCli } from "../../../src/cli/run-cli.ts";

export function describeVolume(change: Partial<VolumeDescription> = {}): VolumeDescription {
  return {
    name: "case",
    grid: { dims: [8, 6, 5], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0] },
    voxelType: "int16",
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: "",
    frames: 1,
    notes: [],
    metadata: {},
    format: "test",
    ...change,
  };
}

/** A series in memory. `valueAt` gives stored values; slices reuse one array, as readers may. */
export function series(
  change: Partial<VolumeDescription> = {},
  valueAt: (i: number, j: number, k: number, frame: number) => number = () => 0,
  more: Partial<SeriesChoice> = {},
): SeriesChoice {
  const description = describeVolume(change);
  const [width, height, depth] = description.grid.dims;
  async function* slices(): AsyncGenerator<Slice> {
    const voxels: VoxelArray = createVoxels(description.voxelType, width * height);
    for (let frame = 0; frame < description.frames; frame++) {
      for (let k = 0; k < depth; k++) {
        for (let n = 0; n < voxels.length; n++) voxels[n] = valueAt(n % width, Math.floor(n / width), k, frame);
        yield { frame, k, voxels };
      }
    }
  }
  const source: SliceSource = { description, slices };
  return {
    id: description.name,
    description,
    fileCount: 1,
    byteLength: 1,
    thumbnail: () => Promise.reject(new Error("no picture")),
    open: () => Promise.resolve(source),
    ...more,
  };
}

export interface CliResult {
  readonly status: number;
  readonly out: string;
  readonly notes: readonly string[];
  readonly fault: string;
}

/** Runs a command line with inputs and kernels of the test's own. */
export async function run(
  argv: readonly string[],
  inputs: Readonly<Record<string, readonly SeriesChoice[] | SourceListing>> = {},
  kernels: Partial<Kernels> = {},
): Promise<CliResult> {
  let out = "";
  const notes: string[] = [];
  const faults: string[] = [];
  const status = await runCli(
    argv,
    {
      print: (text) => void (out += text),
      note: (line) => void notes.push(line),
      open: (path) => {
        const listing = inputs[path];
        if (!listing) return Promise.reject(new Error(`the test has no input ${path}`));
        return Promise.resolve("series" in listing ? listing : { series: listing, refused: [] });
      },
      kernels: () => Promise.resolve({ dispose: () => undefined, ...kernels } as Kernels),
    },
    (line) => void faults.push(line),
  );
  return { status, out, notes, fault: faults.join("\n") };
}
