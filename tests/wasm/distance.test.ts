import { expect, test } from "vitest";
import { createMemory, instantiate } from "../../src/workers/kernel-core.ts";
import { MemoryArena } from "../../src/workers/memory-arena.ts";
import { planeSignedDistanceReference } from "../../src/workers/reference/distance.ts";
import { wasmModule } from "./support/kernels.ts";
import { randomFrom } from "./support/volumes.ts";

const core = instantiate(wasmModule, createMemory(2 ** 26));

for (const [seed, share] of [0.01, 0.1, 0.5, 0.9, 0.99, 0.5, 0.02].entries()) {
  test(`plane distances equal trying every pair, share ${share}, seed ${seed}`, () => {
    const random = randomFrom(seed + 1);
    const nu = 1 + Math.floor(random() * 40);
    const nv = 2 + Math.floor(random() * 40);
    const [su, sv] = [0.1 + random() * 9.9, 0.1 + random() * 9.9];
    const mask = Uint8Array.from({ length: nu * nv }, () => (random() < share ? 1 : 0));
    mask[0] = 1;
    mask[nu * nv - 1] = 0;
    const arena = new MemoryArena(core.memory);
    const at = arena.allocate(nu * nv);
    const to = arena.allocate(nu * nv * 4);
    const scratch = arena.allocate(core.exports.planeDistanceScratch(nu, nv));
    new Uint8Array(core.memory.buffer, at, nu * nv).set(mask);
    core.exports.planeSignedDistance(at, nu, nv, su, sv, to, scratch);
    const found = new Float32Array(core.memory.buffer, to, nu * nv);
    const expected = planeSignedDistanceReference(mask, nu, su, sv);
    for (let n = 0; n < nu * nv; n++)
      expect(Math.abs(found[n]! - expected[n]!)).toBeLessThan(1e-5 * (1 + Math.abs(expected[n]!)));
  });
}
