import type { SourceFile } from "./source.ts";
import { sourceError } from "./source-errors.ts";

/**
 * The file that a header points to. Only files that were handed over are looked at, in the header's own folder or below it:
 * an absolute path or one that leaves the folder is refused, whether or not such a file exists.
 */
export function resolveDetached(header: SourceFile, reference: string, all: readonly SourceFile[]): SourceFile {
  const path = detachedPath(header.name, reference);
  const found = findFile(path, all);
  if (!found) {
    throw sourceError(
      header.name,
      `Its voxels are in a second file, “${reference}”, which was not given.`,
      "Open both files together.",
    );
  }
  return found;
}

/** The path of a detached file beside its header. Throws `source` when it would leave the header's folder. */
export function detachedPath(headerName: string, reference: string): string {
  const path = reference.trim().replaceAll("\\", "/");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  const escapes =
    path.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(path) || segments.includes("..") || path.includes("\0");
  if (escapes || segments.length === 0) {
    throw sourceError(
      headerName,
      `The header points to “${reference.slice(0, 200)}”, outside its own folder. That is never followed.`,
      "Put the data file beside the header and give its plain name there.",
    );
  }
  const folder = headerName.slice(0, headerName.lastIndexOf("/") + 1);
  return folder + segments.join("/");
}

/** Files by path and by path in lower case, kept as long as their list. */
const indexes = new WeakMap<readonly SourceFile[], ReadonlyMap<string, SourceFile>>();

/** A file by path, in the same case if there is one, else in any. */
export function findFile(path: string, all: readonly SourceFile[]): SourceFile | undefined {
  let index = indexes.get(all);
  if (!index) {
    const byName = new Map<string, SourceFile>();
    for (const file of all) byName.set(file.name.toLowerCase(), file);
    for (const file of all) byName.set(file.name, file);
    index = byName;
    indexes.set(all, index);
  }
  return index.get(path) ?? index.get(path.toLowerCase());
}
