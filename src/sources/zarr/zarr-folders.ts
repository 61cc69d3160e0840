import type { SourceFile } from "../source.ts";

/** Metadata files of Zarr 3 and 2. */
const METADATA = /(^|\/)(zarr\.json|\.zattrs|\.zgroup|\.zarray|\.zmetadata)$/;

/** Files of one Zarr hierarchy, below its topmost folder with metadata. */
export interface ZarrFolder {
  /** Empty where the metadata lie at the top. */
  readonly root: string;
  readonly files: readonly SourceFile[];
}

/** Sets the files of Zarr hierarchies apart by their names: chunks are not looked into one by one. */
export function takeZarrFolders(files: readonly SourceFile[]): {
  readonly folders: readonly ZarrFolder[];
  readonly rest: readonly SourceFile[];
} {
  const nodes = new Set(files.filter(({ name }) => METADATA.test(name)).map(({ name }) => folderOf(name)));
  if (nodes.size === 0) return { folders: [], rest: files };
  const folders = new Map<string, SourceFile[]>();
  const rest: SourceFile[] = [];
  for (const file of files) {
    const root = topmost(file.name, nodes);
    if (root === undefined) rest.push(file);
    else {
      const inside = folders.get(root);
      if (inside) inside.push(file);
      else folders.set(root, [file]);
    }
  }
  return { folders: [...folders].map(([root, inside]) => ({ root, files: inside })), rest };
}

function topmost(name: string, nodes: ReadonlySet<string>): string | undefined {
  if (nodes.has("")) return "";
  for (let at = name.indexOf("/"); at >= 0; at = name.indexOf("/", at + 1)) {
    const folder = name.slice(0, at);
    if (nodes.has(folder)) return folder;
  }
  return undefined;
}

/** The folder of a path; empty at the top. */
export function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}
