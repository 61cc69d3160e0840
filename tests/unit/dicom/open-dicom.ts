import { openAsBlob, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { VoxelwrightError } from "#base";
import { ImageGrid, type Slice, type VoxelArray } from "#volume";
import { dicomReader } from "../../../src/sources/dicom/index.ts";
import type { SeriesChoice, SourceFile, SourceListing } from "../../../src/sources/source.ts";
import { sharedData } from "../../fixtures/shared-data.ts";

/** All files below a path of the data folder. */
export async function filesOf(path: string): Promise<SourceFile[]> {
  const root = sharedData(path);
  if (!statSync(root).isDirectory()) return [{ name: path.split("/").at(-1)!, blob: await openAsBlob(root) }];
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name));
  const files = names.filter((name) => statSync(name).isFile());
  return Promise.all(files.map(async (name) => ({ name: relative(root, name), blob: await openAsBlob(name) })));
}

export async function openDicom(path: string, keep: (name: string) => boolean = () => true): Promise<SourceListing> {
  const files = (await filesOf(path)).filter(({ name }) => keep(name));
  return dicomReader.open(files, files);
}

/** The one volume of a path. */
export async function openOnly(path: string): Promise<SeriesChoice> {
  const { series, refused } = await openDicom(path);
  if (series.length !== 1) throw new Error(`${path} has ${series.length} volumes; refused: ${JSON.stringify(refused)}`);
  return series[0]!;
}

export function gridOf(choice: SeriesChoice): ImageGrid {
  return new ImageGrid(choice.description.grid);
}

/** Copies of all slices, in order. */
export async function slicesOf(choice: SeriesChoice): Promise<Slice[]> {
  const slices: Slice[] = [];
  for await (const { frame, k, voxels } of (await choice.open()).slices())
    slices.push({ frame, k, voxels: voxels.slice() });
  return slices;
}

/** Voxels of a volume of one frame, k slowest. */
export async function voxelsOf(choice: SeriesChoice): Promise<Float64Array> {
  const [columns, rows, count] = choice.description.grid.dims;
  const all = new Float64Array(columns * rows * count);
  for (const { frame, k, voxels } of await slicesOf(choice)) if (frame === 0) all.set(voxels, k * columns * rows);
  return all;
}

/** Equal in every voxel; much faster than `toEqual` on a million of them. */
export function sameVoxels(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, n) => value === b[n]);
}

/** Smallest and largest stored value. */
export function rangeOf(voxels: VoxelArray | Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of voxels) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** What comes of a path: `refused: …`, `error: …` while slices are read, or the dims of each volume. */
export async function outcomeOf(path: string): Promise<string> {
  const { series, refused } = await openDicom(path);
  if (series.length === 0) return `refused: ${refused.map(({ message }) => message).join(" ")}`;
  try {
    for (const choice of series) await slicesOf(choice);
  } catch (error) {
    if (error instanceof VoxelwrightError) return `error: ${error.line}`;
    throw error;
  }
  return series
    .map(
      ({ description }) =>
        `${description.grid.dims.join("×")}${description.frames > 1 ? `×${description.frames}` : ""}`,
    )
    .join(" + ");
}
