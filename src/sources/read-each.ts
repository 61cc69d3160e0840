import type { ProgressOptions } from "#base";
import type { RefusedFile, SeriesChoice, SourceFile, SourceListing } from "./source.ts";
import { asSourceError, endsListing, refusalLine } from "./source-errors.ts";

/** Reads one file after the other; a file that fails is refused with its line and never hides the good ones. Rejects only when aborted or by `network`. */
export async function readEach(
  files: readonly SourceFile[],
  options: ProgressOptions,
  read: (file: SourceFile) => Promise<{ readonly series: readonly SeriesChoice[]; readonly used?: readonly string[] }>,
): Promise<SourceListing> {
  const series: SeriesChoice[] = [];
  const refused: RefusedFile[] = [];
  const used: string[] = [];
  for (const [n, file] of files.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ fraction: n / files.length, what: `reading ${file.name}` });
    try {
      const found = await read(file);
      series.push(...found.series);
      used.push(...(found.used ?? []));
    } catch (error) {
      if (endsListing(error)) throw error;
      refused.push({ name: file.name, message: refusalLine(asSourceError(file.name, error)) });
    }
  }
  return { series, refused, used };
}
