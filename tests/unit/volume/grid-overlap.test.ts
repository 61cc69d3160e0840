import { describe, expect, it } from "vitest";
import type { Affine } from "#base";
import { type Dims, gridsOverlap, ImageGrid } from "#volume";
import { randomFrom } from "../../fixtures/random.ts";

const grid = (indexToLps: Affine, dims: Dims = [10, 20, 30]): ImageGrid => new ImageGrid({ dims, indexToLps });
const at = (x: number, y: number, z: number): Affine => [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z];

describe("whether two volumes overlap", () => {
  it("tells volumes that share space from those that touch or are apart", () => {
    const one = grid(at(0, 0, 0));
    expect(gridsOverlap(one, grid(at(9, 0, 0)))).toBe(true);
    expect(gridsOverlap(one, grid(at(10, 0, 0)))).toBe(false);
    expect(gridsOverlap(one, grid(at(0, -20, 0)))).toBe(false);
    expect(gridsOverlap(one, grid(at(2, 2, 2), [2, 2, 2]))).toBe(true);
    expect(gridsOverlap(one, grid([-1, 0, 0, 8, 0, -1, 0, 18, 0, 0, 1, 0]))).toBe(true);
  });

  it("sees that a turned one passes by a corner although their boxes along the axes overlap", () => {
    const c = Math.SQRT1_2;
    const cube = grid(at(0, 0, 0), [20, 20, 20]);
    const turned = (away: number): ImageGrid => grid([c, -c, 0, away, c, c, 0, away - 14, 0, 0, 1, 0], [20, 20, 20]);
    expect(gridsOverlap(cube, turned(20))).toBe(true);
    expect(gridsOverlap(cube, turned(28))).toBe(false);
  });

  it("places an uneven stack by its slices", () => {
    const stack = (offsets: readonly number[]): ImageGrid =>
      new ImageGrid({ dims: [10, 20, offsets.length], indexToLps: at(0, 0, 0), sliceOffsetsMm: offsets });
    const beyond = grid(at(0, 0, 40));
    expect(gridsOverlap(stack([0, 5, 12]), beyond)).toBe(false);
    expect(gridsOverlap(stack([0, 5, 45]), beyond)).toBe(true);
  });

  for (const seed of [1, 2, 3]) {
    it(`agrees with looking for a common point among many, seed ${seed}`, () => {
      const next = randomFrom(seed);
      const turn = (): Affine => {
        const m = Array.from({ length: 9 }, () => next() * 2 - 1);
        const shift = (): number => next() * 40 - 20;
        return [m[0]!, m[1]!, m[2]!, shift(), m[3]!, m[4]!, m[5]!, shift(), m[6]!, m[7]!, m[8]!, shift()];
      };
      for (let n = 0; n < 40; n++) {
        const [a, b] = [grid(turn(), [12, 12, 12]), grid(turn(), [12, 12, 12])];
        let common = false;
        for (let k = 0; k < 12 ** 3 && !common; k++)
          common = b.contains(b.toIndex(a.toLps([k % 12, Math.floor(k / 12) % 12, Math.floor(k / 144)])));
        // Points found prove an overlap; a sliver between them may be missed.
        if (common) expect(gridsOverlap(a, b)).toBe(true);
        if (!gridsOverlap(a, b)) expect(common).toBe(false);
      }
    });
  }
});
