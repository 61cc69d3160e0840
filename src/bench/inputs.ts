import { existsSync, openAsBlob } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { openSources, type SeriesChoice, type SourceFile } from "#sources";
import { repositoryRoot } from "./node-machine.ts";

/** Path of a scan that ships with the program. */
export function samplePath(name: string): string | undefined {
  return existing(join(repositoryRoot(), "src/public/samples", name));
}

/** Path of a scan of the shared test data, or undefined where that is not here. */
export function sharedPath(name: string): string | undefined {
  return existing(join(process.env["VOXELWRIGHT_DATA"] ?? join(repositoryRoot(), "../shared/data"), name));
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** Files of a path, with their bytes in memory, so that no disk is timed. */
export async function filesInMemory(path: string): Promise<SourceFile[]> {
  const names = (await stat(path)).isDirectory()
    ? (await readdir(path)).toSorted().map((name) => join(path, name))
    : [path];
  return Promise.all(
    names.map(async (name) => {
      const bytes = await (await openAsBlob(name)).arrayBuffer();
      return { name: basename(name), blob: new Blob([bytes]) };
    }),
  );
}

/** Opens what must be a single series. */
export async function openSeries(files: readonly SourceFile[]): Promise<SeriesChoice> {
  const { series, refused } = await openSources(files);
  const [only] = series;
  if (!only) throw new Error(refused[0]?.message ?? "nothing to open");
  return only;
}
