import type { ProgressOptions } from "#base";

/** Options for a part of some work, whose progress goes from `from` to `to` of the whole. */
export function partOfProgress({ signal, onProgress }: ProgressOptions, from: number, to: number): ProgressOptions {
  return {
    ...(signal ? { signal } : {}),
    ...(onProgress
      ? { onProgress: ({ fraction, what }) => onProgress({ fraction: from + fraction * (to - from), what }) }
      : {}),
  };
}
