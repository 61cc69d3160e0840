import { isAbortError, VoxelwrightError } from "#base";
import { isZarritaError } from "zarrita";
import { asSourceError, sourceError, unsupportedError } from "../source-errors.ts";

/** Ways of packing that are read, for messages. */
const READ_CODECS = "blosc, Zstandard, gzip, zlib and LZ4";

/** An unknown way of packing. */
export function unknownCodec(subject: string, codec: string): VoxelwrightError {
  return unsupportedError(
    subject,
    `The voxels are packed by the codec “${codec}”, which is not read; ${READ_CODECS} are.`,
    "Write the image with one of them.",
  );
}

/** An error of zarrita or of a codec as one of ours; errors of ours and aborts as they are. */
export function asZarrError(subject: string, error: unknown): Error {
  if (error instanceof VoxelwrightError || isAbortError(error)) return error as Error;
  if (isZarritaError(error, "UnknownCodecError")) return unknownCodec(subject, error.codec);
  if (isZarritaError(error, "UnsupportedError"))
    return unsupportedError(subject, `The image needs what is not read: ${error.feature}.`, "Write it in another way.");
  if (isZarritaError(error, "CodecPipelineError"))
    return sourceError(
      subject,
      `Voxels of the image are damaged: they cannot be unpacked${error.codec ? ` (${error.codec})` : ""}.`,
      "Get a fresh copy of the image.",
      error,
    );
  if (isZarritaError(error))
    return sourceError(
      subject,
      `The metadata of the image are broken: ${error.message}.`,
      "Write the image again.",
      error,
    );
  return asSourceError(subject, error);
}
