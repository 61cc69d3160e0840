import type { AccuracyFindings } from "./accuracy.ts";

/** One measured thing. Times are medians in milliseconds. A row for the page (brush latency, tab memory) has the same fields. */
export interface BenchRow {
  readonly name: string;
  /** What it was measured on: file, size, and the conditions that change the figure. */
  readonly input: string;
  /** Median time of ours, ms; absent in rows that are about bytes. */
  readonly ourMs?: number;
  /** What ours is held against: name and version. */
  readonly peer?: string;
  readonly peerMs?: number;
  /** `peerMs / ourMs`: above 1, ours is faster. */
  readonly ratio?: number;
  /** The least that any program needs for the same input, such as plain decompression; what it is stands in `input`. */
  readonly floorMs?: number;
  /** Bytes, for rows about size or memory. */
  readonly bytes?: number;
  /** Voxels of the volume, in rows of one thing at several sizes: these are plotted. */
  readonly voxels?: number;
  /** Overlap of our result with the truth, 0 to 1. */
  readonly dice?: number;
  readonly peerDice?: number;
}

export interface BenchReport {
  readonly suite: string;
  readonly machine: Machine;
  /** The GPU adapter, in the page and on a GPU machine. */
  readonly adapter?: string;
  /** Versions of ours, of the platform and of every peer. */
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly BenchRow[];
  /** What suites of accuracy found beside their rows. */
  readonly accuracy?: AccuracyFindings;
  /** What was drawn, so that "the same picture" can be seen. */
  readonly pictures?: readonly BenchPicture[];
}

export interface BenchPicture {
  readonly name: string;
  /** PNG, base64. */
  readonly png: string;
}

export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes?: number;
}

/** A row with its ratio worked out and all times rounded to 0.001 ms. */
export function benchRow(row: Omit<BenchRow, "ratio">): BenchRow {
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  const { ourMs, peerMs, floorMs } = row;
  return {
    ...row,
    ...(ourMs === undefined ? {} : { ourMs: rounded(ourMs) }),
    ...(peerMs === undefined ? {} : { peerMs: rounded(peerMs) }),
    ...(ourMs === undefined || peerMs === undefined ? {} : { ratio: Math.round((peerMs / ourMs) * 100) / 100 }),
    ...(floorMs === undefined ? {} : { floorMs: rounded(floorMs) }),
  };
}
