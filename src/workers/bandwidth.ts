import { createMemory, instantiate } from "./kernel-core.ts";

/** Bytes that are read to measure: more than any cache holds. */
const BYTES = 256 * 2 ** 20;

export interface Bandwidth {
  /** Bytes a millisecond that this WASM reads, and copies (reading one and writing one counts as one). */
  readonly read: number;
  readonly copy: number;
}

/** How fast one thread of the core reads and copies memory that no cache holds: the best of a few runs. */
export function measureBandwidth(module: WebAssembly.Module, rounds = 5): Bandwidth {
  const memory = createMemory(BYTES * 2 + 2 ** 20);
  memory.grow((BYTES * 2) / 65_536);
  const { exports } = instantiate(module, memory);
  const first = 2 ** 20;
  new Uint8Array(memory.buffer, first, BYTES * 2).fill(1);
  const best = (work: () => void): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      work();
      least = Math.min(least, performance.now() - start);
    }
    return BYTES / least;
  };
  return {
    read: best(() => void exports.readOnce(first, BYTES)),
    copy: best(() => exports.copyBox(first, BYTES, BYTES, first + BYTES, BYTES, BYTES, BYTES, 1, 1)),
  };
}
