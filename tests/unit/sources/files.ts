import { openAsBlob, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type SeriesChoice, type SourceFile, openSources } from "#sources";
import type { VoxelArray } from "#volume";

/** A file on disk as a source, named by its base name or as given. */
export async function diskFile(path: string, name = path.slice(path.lastIndexOf("/") + 1)): Promise<SourceFile> {
  return { name, blob: await openAsBlob(path) };
}

/** All files below a folder. */
export async function diskFolder(path: string): Promise<SourceFile[]> {
  const names = readdirSync(path, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(path, name)).isFile());
  return Promise.all(names.sort().map((name) => diskFile(join(path, name), relative(path, join(path, name)))));
}

export function memoryFile(name: string, ...parts: (Uint8Array | string)[]): SourceFile {
  return { name, blob: new Blob(parts.map((part) => (typeof part === "string" ? part : new Uint8Array(part)))) };
}

/** Opens files that must give one series and no refusal. */
export async function openOne(...files: SourceFile[]): Promise<SeriesChoice> {
  const { series, refused } = await openSources(files);
  if (series.length !== 1 || refused.length > 0) {
    throw new Error(`${series.length} series; ${refused.map(({ name, message }) => `${name}: ${message}`).join("; ")}`);
  }
  return series[0]!;
}

/** Reads every slice, in order, and hands each to `visit`. */
export async function eachSlice(
  choice: SeriesChoice,
  visit: (voxels: VoxelArray, k: number, frame: number) => void,
): Promise<number> {
  const source = await choice.open();
  let count = 0;
  for await (const { voxels, k, frame } of source.slices()) {
    const { dims } = source.description.grid;
    if (voxels.length !== dims[0] * dims[1]) throw new Error(`slice ${k} has ${voxels.length} voxels`);
    if (frame * dims[2] + k !== count) throw new Error(`slice ${k} of frame ${frame} came out of order`);
    visit(voxels, k, frame);
    count++;
  }
  return count;
}

/** All voxels of the first frame as plain numbers; for small volumes. */
export async function allVoxels(choice: SeriesChoice, frame = 0): Promise<number[]> {
  const values: number[] = [];
  await eachSlice(choice, (voxels, _k, at) => {
    if (at === frame) values.push(...voxels);
  });
  return values;
}
