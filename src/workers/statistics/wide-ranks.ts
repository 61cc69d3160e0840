import type { VoxelType } from "#volume";
import { type Histogram, keysOfRanks } from "./distribution.ts";
import { PAGE_KEYS } from "./histograms.ts";
import type { RefineRequest } from "./refine.ts";

/** Ranks of one segment whose values are being found. */
export interface WantedRanks {
  readonly segment: number;
  readonly ranks: readonly number[];
  /** Histogram of the upper 16 bits of keys. */
  readonly histogram: Histogram;
}

/** Counts eight more bits for prefixes of keys, over all bricks. */
export type Refine = (request: Pick<RefineRequest, "wanted" | "shift">) => Promise<Float64Array>;

interface Found {
  readonly segment: number;
  /** For each rank the bits of its key known so far, and its rank among the values that begin with them. */
  readonly places: readonly { readonly key: number; readonly rank: number }[];
}

/**
 * Values of ascending ranks of 32-bit values: the upper 16 bits from the histogram, eight more by each of two further passes. Exact,
 * with 1 KiB for each rank.
 */
export async function wideRanks(
  type: VoxelType,
  wanted: readonly WantedRanks[],
  refine: Refine,
): Promise<Map<number, number[]>> {
  let found: Found[] = wanted.map(({ segment, ranks, histogram }) => ({
    segment,
    places: keysOfRanks(histogram, ranks),
  }));
  for (const shift of [8, 0]) {
    const request = found.map(({ segment, places }) => ({
      segment,
      prefixes: [...new Set(places.map(({ key }) => key))],
    }));
    const counts = await refine({ wanted: request, shift });
    let at = 0;
    found = found.map(({ segment, places }, n) => {
      const next = places.map(({ key, rank }) => {
        const prefix = at + request[n]!.prefixes.indexOf(key);
        return place(key, rank, counts.subarray(prefix * PAGE_KEYS, (prefix + 1) * PAGE_KEYS));
      });
      at += request[n]!.prefixes.length;
      return { segment, places: next };
    });
  }
  return new Map(found.map(({ segment, places }) => [segment, places.map(({ key }) => wideValue(type, key))]));
}

function place(key: number, rank: number, counts: Float64Array): { key: number; rank: number } {
  let bin = 0;
  let rest = rank;
  while (rest >= counts[bin]!) rest -= counts[bin++]!;
  return { key: key * PAGE_KEYS + bin, rank: rest };
}

const words = new DataView(new ArrayBuffer(4));

/** The inverse of `wideKey` of the core. */
function wideValue(type: VoxelType, key: number): number {
  if (type === "uint32") return key;
  if (type === "int32") return key - 2 ** 31;
  words.setUint32(0, key >= 2 ** 31 ? key - 2 ** 31 : 2 ** 32 - 1 - key);
  return words.getFloat32(0);
}
