import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type AbortOptions, isAbortError, isVoxelwrightError, VoxelwrightError } from "#base";
import type { ExportFile } from "#export";

/**
 * Writes a file beside its place and moves it there when it is whole, so that a failure leaves nothing behind and never half a
 * file under the name asked for.
 */
export async function writeExport(path: string, file: ExportFile, { signal }: AbortOptions = {}): Promise<void> {
  const draft = `${path}.part-${process.pid}`;
  try {
    const handle = await open(draft, "w");
    try {
      for await (const chunk of file.chunks) {
        signal?.throwIfAborted();
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw isVoxelwrightError(error) || isAbortError(error) ? error : refusalOf(path, error);
  }
}

/** Throws `argument` when nothing can be written at `path`, before work is done; `inputs` are not to be overwritten. */
export async function requireWritable(path: string, inputs: readonly string[]): Promise<void> {
  const refuse = (message: string): never => {
    throw new VoxelwrightError("argument", message, { subject: path });
  };
  const folder = await stat(dirname(resolve(path))).catch(() => undefined);
  if (!folder?.isDirectory()) refuse("There is no folder to write it into.");
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) refuse("A folder has this name already.");
  if (inputs.some((input) => resolve(input) === resolve(path)))
    refuse("The result cannot replace the file that is read.");
}

/** What the operating system refused, in plain words. */
export function refusalOf(path: string, error: unknown): VoxelwrightError {
  const { code } = error as NodeJS.ErrnoException;
  const said: Readonly<Record<string, string>> = {
    ENOSPC: "The disk is full.",
    EDQUOT: "The disk quota is used up.",
    EACCES: "It may not be written by this user.",
    EPERM: "It may not be written by this user.",
    EROFS: "The file system is read-only.",
  };
  const message = (code && said[code]) ?? `It cannot be written (${code ?? String(error)}).`;
  return new VoxelwrightError("storage", message, { subject: path, cause: error });
}
