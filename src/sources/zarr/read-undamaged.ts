import { VoxelwrightError } from "#base";
import { pause } from "../pause.ts";
import type { ReadOptions, ZarrStore } from "./zarr-store.ts";

/** How one try reads a chunk. */
export interface ChunkRead extends ReadOptions {
  readonly signal: AbortSignal;
}

/** Waits before a chunk that came damaged is asked for again, milliseconds; the first ones of requests that fail. */
const WAITS_MS = [250, 500];

/**
 * Reads a chunk by `read`, which rejects with `source` where it is damaged. One that comes from a server is then asked for again: an
 * answer that ends early, without an error of the network, looks the same. What comes damaged three times is.
 */
export async function readUndamaged<T>(
  { local }: ZarrStore,
  signal: AbortSignal,
  read: (options: ChunkRead) => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await read({ signal, fresh: attempt > 0 });
    } catch (error) {
      const wait = local ? undefined : WAITS_MS[attempt];
      if (wait === undefined || !(error instanceof VoxelwrightError) || error.kind !== "source") throw error;
      await pause(wait, signal);
    }
  }
}
