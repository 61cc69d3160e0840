import type { ProgressOptions } from "#base";
import type { KernelImage } from "../kernel-data.ts";
import { BrickReader } from "./brick-reader.ts";
import { brickCount, type SeedsPlan } from "./plan.ts";
import type { ValueSpan } from "./value-span.ts";

/** Reads every brick that the region touches once, for the range of its values. */
export async function readRange(
  image: KernelImage,
  plan: SeedsPlan,
  span: ValueSpan,
  { signal, onProgress }: ProgressOptions,
): Promise<void> {
  const count = brickCount(plan);
  const reader = new BrickReader(image, plan, 8, signal);
  const left = Array.from({ length: count }, (_, n) => n);
  const seen = new Set<number>();
  while (seen.size < count) {
    signal?.throwIfAborted();
    reader.want(left.filter((brick) => !seen.has(brick)));
    for (const arrived of await reader.take(8)) {
      span.add(arrived.pixels);
      seen.add(arrived.brick);
      reader.release(arrived);
    }
    onProgress?.({ fraction: seen.size / count, what: "Reading the range of values" });
  }
}
