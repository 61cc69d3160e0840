import { describe, expect, it } from "vitest";
import type { Dims } from "#volume";
import { leadsBack, neighbourSteps, touchingLabels } from "../../../src/cli/face-touches.ts";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";

describe("labels that touch across bricks", () => {
  it("have 6, 18 and 26 steps to neighbours, half of which lead back", () => {
    for (const connectivity of [6, 18, 26] as const) {
      const steps = neighbourSteps(connectivity);
      expect([steps.length, steps.filter(leadsBack).length]).toEqual([connectivity, connectivity / 2]);
    }
  });

  it.each([6, 18, 26] as const)("are those of a search voxel by voxel, connectivity %i (seed 7)", (connectivity) => {
    const random = randomFrom(7);
    // Labels near all faces, each voxel its own, so that pairs tell places.
    const draw = (): Map<number, Dims> => {
      const places = new Map<number, Dims>();
      const end = (): number =>
        integerFrom(random, 0, 1) === 0 ? integerFrom(random, 0, 2) : integerFrom(random, 61, 63);
      for (let label = 1; label <= 3000; label++) {
        places.set(label, [end(), integerFrom(random, 0, 1) ? end() : integerFrom(random, 0, 63), end()]);
      }
      return places;
    };
    const brickOf = (places: Map<number, Dims>): Uint16Array => {
      const brick = new Uint16Array(64 ** 3);
      for (const [label, [i, j, k]] of places) brick[i + 64 * (j + 64 * k)] = label;
      return brick;
    };
    const [a, b] = [brickOf(draw()), brickOf(draw())];
    const at = (brick: Uint16Array, [i, j, k]: Dims): number =>
      [i, j, k].every((n) => n >= 0 && n < 64) ? brick[i + 64 * (j + 64 * k)]! : 0;
    let found = 0;
    for (const side of neighbourSteps(26)) {
      const wanted = new Set<string>();
      for (let n = 0; n < a.length; n++) {
        if (a[n] === 0) continue;
        for (const step of neighbourSteps(connectivity)) {
          const to = [n % 64, (n >> 6) % 64, n >> 12].map((p, axis) => p + step[axis]! - 64 * side[axis]!);
          const label = at(b, to as unknown as Dims);
          if (label !== 0) wanted.add(`${a[n]} ${label}`);
        }
      }
      const told = new Set<string>();
      touchingLabels(a, b, side, neighbourSteps(connectivity), (one, other) => told.add(`${one} ${other}`));
      expect([...told].sort()).toEqual([...wanted].sort());
      found += told.size;
    }
    expect(found).toBeGreaterThan(20);
  });
});
