import type { WritableFolder } from "#export";
import type { SourceFile } from "#sources";

/** A folder in memory that already holds some files; paths as a browser's folder has them. */
export class MemoryFolder implements WritableFolder {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  failAfter = Number.POSITIVE_INFINITY;

  static async of(files: readonly SourceFile[], root: string): Promise<MemoryFolder> {
    const folder = new MemoryFolder();
    for (const { name, blob } of files)
      folder.files.set(name.slice(root.length + 1), new Uint8Array(await blob.arrayBuffer()));
    return folder;
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    return this.files.get(path);
  }

  async write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.failAfter-- <= 0) throw new DOMException("full", "QuotaExceededError");
    this.files.set(path, bytes);
  }

  async remove(path: string): Promise<void> {
    for (const name of this.files.keys()) if (name === path || name.startsWith(`${path}/`)) this.files.delete(name);
  }

  json(path: string): unknown {
    return JSON.parse(new TextDecoder().decode(this.files.get(path)));
  }

  source(root: string): SourceFile[] {
    return [...this.files].map(([path, bytes]) => ({ name: `${root}/${path}`, blob: new Blob([bytes]) }));
  }
}
