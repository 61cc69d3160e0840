import { createMemoryStudyStore, type MemoryState, type StudyStore, type StudyStoreOptions } from "#storage";
import type { StoreHarness } from "./store-kit.ts";

/** A harness over stores in memory. */
export function memoryHarness(state: MemoryState): StoreHarness {
  return {
    compresses: false,
    open: async () => createMemoryStudyStore({ state }),
    openWithQuota: async (quotaBytes) => createMemoryStudyStore({ state, quotaBytes }),
    damageBricks: async (volumeId) => {
      for (const bytes of state.studies.get(volumeId)!.bricks.values()) bytes[1234]! ^= 4;
    },
  };
}

/** A harness over what `openStudyStore` opens, under a name of its own. */
export function browserHarness(
  openStudyStore: (options: StudyStoreOptions) => Promise<StudyStore>,
  options: StudyStoreOptions & { readonly name: string },
): StoreHarness {
  const limited = (quotaBytes: number) => async () => ({ usedBytes: 0, quotaBytes, persisted: false });
  return {
    compresses: true,
    open: () => openStudyStore(options),
    openWithQuota: (quotaBytes) => openStudyStore({ ...options, estimate: limited(quotaBytes) }),
  };
}
