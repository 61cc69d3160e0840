import { isAbortError, VoxelwrightError } from "#base";

/** What is read, for messages. */
export const READ_FORMATS = "NIfTI, NRRD, MetaImage, MGH, DICOM, TIFF, OME-Zarr and Neuroglancer precomputed";

/** A file is not what it claims to be, ends early or contradicts itself. */
export function sourceError(subject: string, message: string, advice?: string, cause?: unknown): VoxelwrightError {
  return new VoxelwrightError("source", message, { subject, cause, ...(advice === undefined ? {} : { advice }) });
}

/** A file is well formed, and of a kind that is not read. */
export function unsupportedError(subject: string, message: string, advice?: string): VoxelwrightError {
  return new VoxelwrightError("unsupported", message, { subject, ...(advice === undefined ? {} : { advice }) });
}

/** A file asks for more than a limit allows. */
export function limitError(subject: string, message: string, advice?: string): VoxelwrightError {
  return new VoxelwrightError("limit", message, { subject, ...(advice === undefined ? {} : { advice }) });
}

/** Errors of ours and aborts as they are; anything else (a file that vanished, a codec's own error) as `source`. */
export function asSourceError(subject: string, error: unknown): Error {
  if (error instanceof VoxelwrightError) return error;
  if (isAbortError(error)) return error as Error;
  const name = error instanceof Error ? error.name : "";
  if (name === "NotReadableError" || name === "NotFoundError") {
    return sourceError(
      subject,
      "The file can no longer be read; it was moved, changed or deleted.",
      "Choose it again.",
      error,
    );
  }
  if (name === "NotAllowedError")
    return sourceError(subject, "The browser may not read the file.", "Choose it again.", error);
  const detail = error instanceof Error ? error.message : String(error);
  return sourceError(subject, `The file could not be read: ${detail}.`, "Get a fresh copy of it.", error);
}

/** Whether a failure ends a listing, rather than being told of one file among others: it was aborted, or the server cannot be reached. */
export function endsListing(error: unknown): boolean {
  return isAbortError(error) || (error instanceof VoxelwrightError && error.kind === "network");
}

/** The line of a refusal: fault and advice, without the file's name. */
export function refusalLine(error: Error): string {
  if (!(error instanceof VoxelwrightError)) return error.message;
  return error.advice ? `${error.message} ${error.advice}` : error.message;
}

/** A byte count for a person. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? `${bytes} bytes` : `${value.toPrecision(3)} ${units[unit]}`;
}
