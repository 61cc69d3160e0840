import { type ProgressOptions, VoxelwrightError } from "#base";
import type { StoredAxes } from "#volume";
import type { ZipEntry } from "../zip-stream.ts";
import { jsonBytes, type LabelGroup } from "./label-group.ts";
import { LIST_FILE, listOfLabels, namesInList } from "./label-list.ts";

/** Files written at the same time: enough to hide the latency of a disk or of the browser's checks. */
const AT_ONCE = 8;

/** A folder that can be written into. Paths are relative, `/` between folders; folders come into being with their files. */
export interface WritableFolder {
  /** Undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** A file or a folder with all that is in it; nothing happens where there is none. */
  remove(path: string): Promise<void>;
}

/** Writes the files of a label group below `path` (ends with `/`, or is empty). Failure or abort leaves what was written. */
export async function writeLabelGroup(
  folder: WritableFolder,
  path: string,
  group: LabelGroup,
  { signal, onProgress }: ProgressOptions = {},
): Promise<void> {
  const writing = new Set<Promise<void>>();
  let count = 0;
  const write = async ({ path: file, bytes }: ZipEntry): Promise<void> => {
    await folder.write(`${path}${file}`, bytes);
    onProgress?.({ fraction: 0, what: `${++count} files written` });
  };
  try {
    for await (const entry of group.entries()) {
      signal?.throwIfAborted();
      const one: Promise<void> = write(entry).finally(() => writing.delete(one));
      // Heard below, at the latest when all are awaited.
      one.catch(() => undefined);
      writing.add(one);
      if (writing.size >= AT_ONCE) await Promise.race(writing);
    }
    await Promise.all(writing);
  } finally {
    await Promise.allSettled(writing);
  }
}

/**
 * Writes labels into the folder of an OME-Zarr image as `labels/NAME` and lists them there. A name that is taken gets a number: nothing
 * that is there is written over. Failure or abort leaves the image as it was. Gives the name.
 */
export async function addLabelGroup(
  folder: WritableFolder,
  wanted: string,
  group: LabelGroup,
  options: ProgressOptions = {},
): Promise<string> {
  const { version } = group;
  const name = await freeName(folder, wanted);
  const path = `labels/${name}/`;
  try {
    await writeLabelGroup(folder, path, group, options);
    const before = (await readList(folder, version)) ?? {};
    const names = [...new Set([...namesInList(version, before), name])];
    for (const file of listOfLabels(version, before, names))
      await folder.write(`labels/${file.path}`, jsonBytes(file.json));
  } catch (error) {
    await folder.remove(`labels/${name}`).catch(() => undefined);
    throw error;
  }
  return name;
}

async function freeName(folder: WritableFolder, wanted: string): Promise<string> {
  const taken = async (name: string): Promise<boolean> => {
    for (const file of [".zattrs", ".zgroup", "zarr.json"])
      if (await folder.read(`labels/${name}/${file}`)) return true;
    return false;
  };
  let name = wanted;
  for (let n = 2; await taken(name); n++) name = `${wanted}-${n}`;
  return name;
}

async function readList(
  folder: WritableFolder,
  version: StoredAxes["version"],
): Promise<Record<string, unknown> | undefined> {
  const bytes = await folder.read(`labels/${LIST_FILE[version]}`);
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch (cause) {
    throw new VoxelwrightError("source", "The list of the image's labels is broken, so no labels are added to it.", {
      subject: `labels/${LIST_FILE[version]}`,
      advice: "Mend or remove that file.",
      cause,
    });
  }
}
