import { VoxelwrightError } from "#base";
import { formatBytes } from "./storage-errors.ts";
import type { StorageEstimate } from "./study-store.ts";

/** Room for catalogue, index and journal beside the bricks. */
const BESIDE_BRICKS = 8e6;

/** Chromium says this much is free whatever the disk has, so that sites cannot tell machines apart; less it says truly. */
const CONCEALED_ROOM = 10 * 2 ** 30;

/** Throws `storage`, `quota: true`, when what may take up to `expectedBytes`, below 0 for nothing, may not fit. */
export function checkRoom(expectedBytes: number, estimate: StorageEstimate, subject: string): void {
  const neededBytes = Math.max(0, expectedBytes) + BESIDE_BRICKS;
  const freeBytes = Math.max(0, estimate.quotaBytes - estimate.usedBytes);
  if (neededBytes <= freeBytes || freeBytes === CONCEALED_ROOM) return;
  throw new VoxelwrightError(
    "storage",
    `The study needs up to ${formatBytes(neededBytes)} and the browser has ${formatBytes(freeBytes)} left for it.`,
    {
      subject,
      advice: "Remove a study from the list or free disk space, then import it again.",
      fields: { quota: true, neededBytes, freeBytes },
    },
  );
}

/** What the browser says; where it says nothing, no limit is known and none is assumed. */
export async function browserEstimate(): Promise<StorageEstimate> {
  const storage: StorageManager | undefined = globalThis.navigator?.storage;
  const { usage = 0, quota = Number.MAX_SAFE_INTEGER } = (await storage?.estimate?.()) ?? {};
  return { usedBytes: usage, quotaBytes: quota, persisted: (await storage?.persisted?.()) ?? false };
}

/** Asks the browser to keep the cache. Not waited for: some browsers ask the user and answer when they like. */
export function requestPersistence(): void {
  const storage: StorageManager | undefined = globalThis.navigator?.storage;
  storage?.persist?.().catch(() => undefined);
}
