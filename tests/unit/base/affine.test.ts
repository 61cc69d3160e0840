import { describe, expect, it } from "vitest";
import { type Affine, applyAffine, composeAffine, invertAffine } from "#base";

describe("the inverse of an affine", () => {
  it.each([
    ["nanometres at a place of a stage", [3e-6, 0, 0, 120, 0, 3e-6, 0, -85, 0, 0, 2e-6, 40]],
    ["one long axis", [1e-6, 0, 0, 0, 0, 1e-6, 0, 0, 0, 0, 1000, 0]],
    ["a scan far from the origin", [0.1, 0, 0, 2e4, 0, 0.1, 0, -3e4, 0, 0, 0.1, 1e4]],
    ["sheared and flipped axes", [0, -0.8, 0.1, 5, 0.7, 0, 0.3, -9, 0, 0.2, -2.5, 100]],
  ] as const)("is there for %s", (_, m) => {
    const inverse = invertAffine(m as unknown as Affine)!;
    const back = composeAffine(inverse, m as unknown as Affine);
    for (const point of [
      [0, 0, 0],
      [17, 4, 90],
    ] as const) {
      const [x, y, z] = applyAffine(back, point);
      // What an offset of some metres leaves of a nanometre.
      expect(Math.hypot(x - point[0], y - point[1], z - point[2])).toBeLessThan(1e-6 * (1 + Math.hypot(...point)));
    }
  });

  it.each([
    ["an axis of no length", [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]],
    ["axes in a plane", [1, 2, 3, 0, 4, 5, 6, 0, 5, 7, 9, 0]],
    ["no number", [1, 0, 0, Number.NaN, 0, 1, 0, 0, 0, 0, 1, 0]],
    ["no end", [1, 0, 0, 0, 0, Number.POSITIVE_INFINITY, 0, 0, 0, 0, 1, 0]],
  ] as const)("is not there for %s", (_, m) => {
    expect(invertAffine(m as unknown as Affine)).toBeUndefined();
  });
});
