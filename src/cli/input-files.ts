import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { isAbortError, isVoxelwrightError, VoxelwrightError } from "#base";
import type { SourceFile } from "#sources";
import { fileBlob } from "./file-blob.ts";

/** A file, or every file of a folder and its folders, by name; their bytes are read when a reader asks. */
export async function inputFiles(path: string): Promise<SourceFile[]> {
  const found = await readingOf(path, stat(path));
  if (!found.isDirectory()) return [{ name: basename(path), blob: await readingOf(path, fileBlob(path)) }];
  const files = await walk(path, "");
  if (files.length === 0) throw new VoxelwrightError("source", "The folder holds no files.", { subject: path });
  return files;
}

/** The files of a folder, without those of its folders, whose name is `wanted`. */
export async function filesBeside(folder: string, wanted: (name: string) => boolean): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const entry of await readingOf(folder, readdir(folder, { withFileTypes: true }))) {
    const path = join(folder, entry.name);
    if (!wanted(entry.name) || !(await isFile(path, entry))) continue;
    files.push({ name: entry.name, blob: await readingOf(path, fileBlob(path)) });
  }
  return files;
}

async function walk(folder: string, prefix: string): Promise<SourceFile[]> {
  const entries = await readingOf(folder, readdir(folder, { withFileTypes: true }));
  const files: SourceFile[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const name = prefix + entry.name;
    if (entry.isDirectory()) files.push(...(await walk(path, `${name}/`)));
    else if (await isFile(path, entry)) files.push({ name, blob: await readingOf(path, fileBlob(path)) });
  }
  return files;
}

/** Follows links to files, but not to folders, which may lead in circles. */
async function isFile(path: string, entry: { isFile(): boolean; isSymbolicLink(): boolean }): Promise<boolean> {
  if (entry.isFile()) return true;
  if (!entry.isSymbolicLink()) return false;
  return stat(path).then(
    (target) => target.isFile(),
    () => false,
  );
}

/** The result of a read, with the operating system's refusals in plain words. */
export async function readingOf<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (isVoxelwrightError(cause) || isAbortError(cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const details = { subject: path, cause };
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new VoxelwrightError("not-found", "There is no such file or folder.", details);
    if (code === "EACCES" || code === "EPERM")
      throw new VoxelwrightError("source", "It may not be read by this user.", details);
    throw new VoxelwrightError("source", `It cannot be read (${code ?? String(cause)}).`, details);
  }
}
