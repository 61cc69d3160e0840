import { asSourceError } from "./source-errors.ts";
import type { SourceFile } from "./source.ts";

/**
 * All files behind handles of files and folders, folders walked to their end; named by the path from the handle on. Rejects with
 * `source` for what is no longer there or may not be read.
 */
export async function filesOfHandles(handles: readonly FileSystemHandle[]): Promise<SourceFile[]> {
  const found = await Promise.all(handles.map((handle) => walk(handle, handle.name)));
  return found.flat();
}

async function walk(handle: FileSystemHandle, path: string): Promise<SourceFile[]> {
  try {
    if (isFile(handle)) return [{ name: path, blob: await handle.getFile() }];
    const entries: FileSystemHandle[] = [];
    for await (const entry of (handle as FileSystemDirectoryHandle).values()) entries.push(entry);
    const found = await Promise.all(entries.map((entry) => walk(entry, `${path}/${entry.name}`)));
    return found.flat();
  } catch (error) {
    throw asSourceError(path, error);
  }
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === "file";
}
