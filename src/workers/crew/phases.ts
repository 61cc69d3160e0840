import { isVoxelwrightError, type ProgressOptions, VoxelwrightError } from "#base";

/** Options for a part of a kernel's work, whose progress is that of the whole from `from` to `to`. */
export function phase({ signal, onProgress }: ProgressOptions, from: number, to: number): ProgressOptions {
  return {
    signal,
    onProgress: onProgress && (({ fraction, what }) => onProgress({ fraction: from + fraction * (to - from), what })),
  };
}

/** The result of work whose `limit` errors tell what this kernel's caller may do. */
export async function adviseOnLimit<Result>(advice: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!isVoxelwrightError(error, "limit")) throw error;
    throw new VoxelwrightError("limit", error.message, { advice, fields: error.fields, cause: error });
  }
}
