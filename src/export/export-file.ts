/** Bytes of a file, part by part. Every part is a fresh array that belongs to the receiver. */
export type ByteChunks = AsyncIterable<Uint8Array<ArrayBuffer>>;

/** A file on its way out: nothing is computed until `chunks` is read, and never more than a slab of it is in memory. */
export interface ExportFile {
  /** With the leading dot, such as `.nii.gz`. */
  readonly extension: string;
  readonly mediaType: string;
  /** Can be read once. */
  readonly chunks: ByteChunks;
  /** What the format cannot hold or what was changed for it, one full sentence each; to be shown. */
  readonly notes: readonly string[];
}

/** The whole file as one Blob, for saving from the page; the browser decides where its bytes lie. */
export async function collectBlob(file: ExportFile): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of file.chunks) parts.push(chunk);
  return new Blob(parts, { type: file.mediaType });
}

/** The whole file as one array, for callers that want bytes (commands, tests, small files). */
export async function collectBytes(file: ExportFile): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await collectBlob(file)).arrayBuffer());
}
