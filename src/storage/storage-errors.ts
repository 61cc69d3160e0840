import { VoxelwrightError } from "#base";

/** Bytes for a person, in powers of 1000 as disks are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** The error of a call on the cache as one of ours: `storage`, with `quota: true` in the fields for a full disk. */
export function storageError(error: unknown, subject?: string): VoxelwrightError {
  if (error instanceof VoxelwrightError) return error;
  const details = { ...(subject === undefined ? {} : { subject }), cause: error };
  const names = namesOf(error);
  if (names.includes("QuotaExceededError")) {
    return new VoxelwrightError("storage", "The browser's storage is full; nothing of this was kept.", {
      ...details,
      advice: "Remove a study from the list or free disk space, then try again.",
      fields: { quota: true },
    });
  }
  if (names.includes("NotFoundError")) {
    return new VoxelwrightError("storage", "A file of the local cache is gone.", {
      ...details,
      advice: "Remove the study and import it again.",
      fields: { quota: false },
    });
  }
  if (names.some((name) => name === "DatabaseClosedError" || name === "InvalidStateError"))
    return closedError(details.cause);
  const why = error instanceof Error ? error.message : String(error);
  return new VoxelwrightError("storage", `The local cache failed: ${why}`, { ...details, fields: { quota: false } });
}

/** A read of bricks that were let go: nobody waits for them any more, so it is no fault to be told. */
export function closedBricks(): DOMException {
  return new DOMException("These bricks are closed.", "AbortError");
}

/** The cache was closed under us. */
export function closedError(cause?: unknown): VoxelwrightError {
  return new VoxelwrightError("storage", "The local cache was closed.", {
    advice: "Reload the page.",
    fields: { quota: false },
    cause,
  });
}

/** Rejects with `storage` errors only (and AbortError and errors of ours as they are). */
export async function guarded<T>(run: () => PromiseLike<T>, subject?: string): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw storageError(error, subject);
  }
}

/** Names of an error and of those it came from: Dexie hides a full disk in the `inner` error of an AbortError. */
function namesOf(error: unknown): string[] {
  const names: string[] = [];
  let next: unknown = error;
  for (let depth = 0; depth < 5 && typeof next === "object" && next !== null; depth++) {
    const { name, inner, cause } = next as { name?: unknown; inner?: unknown; cause?: unknown };
    if (typeof name === "string") names.push(name);
    next = inner ?? cause;
  }
  return names;
}
