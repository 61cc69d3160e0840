import { gzipStatedSize, surveyGzip } from "./gzip.ts";
import { BOMB_BYTES, BOMB_RATIO, DEFLATE_MAX_RATIO, GZIP_SCAN_BYTES } from "./limits.ts";
import { formatBytes, limitError, sourceError } from "./source-errors.ts";

/** What checking a size found: bytes after the voxels, and what is to be said. */
export interface SizeCheck {
  readonly notes: readonly string[];
}

/**
 * Checks that `needed` bytes can be in `available` raw ones.
 * Throws `source` when they cannot; says what follows them unless `tailAllowed`.
 */
export function checkRawSize(subject: string, needed: number, available: number, tailAllowed = false): SizeCheck {
  if (needed > available) throw tooShort(subject, needed, Math.max(0, available));
  const surplus = available - needed;
  if (surplus === 0 || tailAllowed) return { notes: [] };
  return { notes: [`${formatBytes(surplus)} after the voxels were left unread.`] };
}

/** Checks that `inflated` bytes can come out of `compressed` ones, and that this is no decompression bomb. Throws `source`, `limit`. */
export function checkRatio(
  subject: string,
  inflated: number,
  compressed: number,
  what: "stream" | "archive" = "stream",
): void {
  if (what === "stream" && inflated > compressed * DEFLATE_MAX_RATIO + 1024) {
    throw sourceError(
      subject,
      `The header claims ${formatBytes(inflated)}, which cannot come out of ${formatBytes(compressed)} of compressed data.`,
      "The header is damaged; get a fresh copy of the file.",
    );
  }
  if (inflated > BOMB_BYTES && inflated > compressed * BOMB_RATIO) {
    throw limitError(
      subject,
      `${formatBytes(compressed)} would unpack to ${formatBytes(inflated)} of almost nothing but one value: this looks like a decompression bomb.`,
      "If it is meant to be so, unpack it with gunzip or unzip and open the result.",
    );
  }
}

/**
 * Checks a gzip stream that must give `needed` bytes. A plain single member of the right size costs one read of its last four
 * bytes; anything else is read through once, up to `GZIP_SCAN_BYTES`. Throws `source` when it is too short, cut or damaged.
 */
export async function checkGzipSize(
  blob: Blob,
  subject: string,
  needed: number,
  options: { readonly tailAllowed?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<SizeCheck> {
  checkRatio(subject, needed, blob.size);
  const stated = await gzipStatedSize(blob);
  if (stated === needed % 2 ** 32) return { notes: [] };
  // A tail shorter than 4 GiB is the usual reason for another size where a format has one.
  if (options.tailAllowed && needed < 2 ** 32 && stated > needed) {
    checkRatio(subject, stated, blob.size);
    if (stated <= blob.size * DEFLATE_MAX_RATIO) return { notes: [] };
  }
  if (needed > GZIP_SCAN_BYTES) {
    return {
      notes: ["The end of the gzip data states another size than the header; reading will show whether it is whole."],
    };
  }
  const survey = await surveyGzip(blob, subject, options.signal);
  if (survey.inflatedBytes < needed) throw tooShort(subject, needed, survey.inflatedBytes);
  const notes: string[] = [];
  if (survey.trailingBytes > 0)
    notes.push(`${survey.trailingBytes} bytes after the gzip data are not part of it and were left out.`);
  if (survey.inflatedBytes > needed && !options.tailAllowed) {
    notes.push(`${formatBytes(survey.inflatedBytes - needed)} after the voxels were left unread.`);
  }
  return { notes };
}

function tooShort(subject: string, needed: number, available: number): Error {
  return sourceError(
    subject,
    `The voxels end early: the header asks for ${formatBytes(needed)}, the file holds ${formatBytes(available)}.`,
    "The file was cut off or its header is damaged; copy or download it again.",
  );
}
