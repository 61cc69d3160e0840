import {
  evenBins,
  findThresholds,
  type Histogram,
  rescaleHistogram,
  THRESHOLD_METHODS,
  type ThresholdMethod,
  voxelsIn,
} from "#volume";
import { describe, expect, it } from "vitest";
import { randomFrom } from "../../fixtures/random.ts";
import { multiOtsu } from "../../../src/volume/thresholds/multi-otsu.ts";

function valuesOf(entries: readonly (readonly [value: number, count: number])[], step = 1): Histogram {
  return {
    kind: "values",
    centres: Float64Array.from(entries, ([value]) => value),
    counts: Float64Array.from(entries, ([, count]) => count),
    step,
    notFinite: 0,
  };
}

/** Two hills of voxels, at 40 and 160, the second half as high. */
const hills = valuesOf(
  Array.from({ length: 200 }, (_, n) => {
    const hill = (middle: number): number => Math.exp(-(((n - middle) / 12) ** 2));
    return [n, Math.round(10_000 * hill(40) + 5000 * hill(160)) + 3] as const;
  }),
);

describe("even bins", () => {
  it("puts back the values that do not occur", () => {
    const even = evenBins(
      valuesOf([
        [-3, 5],
        [0, 1],
        [2, 7],
      ]),
    );
    expect(even).toEqual({ first: -3, step: 1, counts: Float64Array.of(5, 0, 0, 1, 0, 7) });
  });

  it("takes steps of the distance that values can lie apart", () => {
    const even = evenBins(
      valuesOf(
        [
          [1, 5],
          [1.5, 1],
          [3, 7],
        ],
        0.5,
      ),
    );
    expect(even).toEqual({ first: 1, step: 0.5, counts: Float64Array.of(5, 1, 0, 0, 7) });
  });

  it("puts values that are too far apart into fewer bins and loses none", () => {
    const entries = Array.from({ length: 1000 }, (_, n) => [n * 9973 - 4_000_000, n + 1] as const);
    const even = evenBins(valuesOf(entries))!;
    expect(even.counts.length).toBe(65_536);
    expect(even.counts.reduce((sum, count) => sum + count, 0)).toBe(500_500);
    expect(even.first + even.step * 65_535.5).toBeCloseTo(999 * 9973 - 4_000_000 + 0.5, 3);
  });

  it("has none when no voxel is counted", () => {
    expect(evenBins(valuesOf([]))).toBeUndefined();
    expect(voxelsIn(valuesOf([]))).toBe(0);
  });
});

describe("shown values", () => {
  it("turn round where the slope is negative", () => {
    const stored = valuesOf([
      [0, 1],
      [2, 2],
      [5, 3],
    ]);
    const shown = rescaleHistogram(stored, { slope: -2, intercept: 10 });
    expect(shown).toEqual(
      valuesOf(
        [
          [0, 3],
          [6, 2],
          [10, 1],
        ],
        2,
      ),
    );
    expect(rescaleHistogram(stored, { slope: 1, intercept: 0 })).toEqual(stored);
  });
});

describe("where classes begin", () => {
  it("is the next value that occurs, or just above the threshold in bins", () => {
    const values = findThresholds(
      valuesOf([
        [1, 5],
        [4, 2],
        [9, 5],
      ]),
      "multi-otsu-3",
    );
    expect([values.thresholds, values.starts]).toEqual([
      [1, 4],
      [4, 9],
    ]);
    const bins = {
      ...valuesOf([
        [0.5, 5],
        [1.5, 0],
        [2.5, 9],
      ]),
      kind: "bins" as const,
    };
    const { thresholds, starts } = findThresholds(bins, "otsu");
    expect(thresholds).toEqual([0.5]);
    expect(starts[0]! > 0.5 && starts[0]! < 0.5 + 1e-12).toBe(true);
  });
});

describe("every method", () => {
  it.each(THRESHOLD_METHODS)("%s finds nothing in no voxels or a single value", (method) => {
    expect(findThresholds(valuesOf([]), method).thresholds).toEqual([]);
    expect(findThresholds(valuesOf([[7, 100]]), method).thresholds).toEqual([]);
  });

  it.each(THRESHOLD_METHODS)("%s gives finite thresholds, or none, for two values", (method) => {
    const { thresholds } = findThresholds(
      valuesOf([
        [-5, 30],
        [5, 10],
      ]),
      method,
    );
    for (const threshold of thresholds) expect(threshold >= -5 && threshold < 5).toBe(true);
  });

  it.each(THRESHOLD_METHODS)("%s follows values that are moved and stretched", (method) => {
    const moved = { ...hills, centres: hills.centres.map((value) => value * 0.5 - 1024), step: 0.5 };
    const plain = findThresholds(hills, method).thresholds;
    expect(plain.length).toBeGreaterThan(0);
    const found = findThresholds(moved, method).thresholds;
    for (const [n, threshold] of found.entries()) expect(threshold).toBeCloseTo(plain[n]! * 0.5 - 1024, 9);
  });

  const between: readonly ThresholdMethod[] = [
    "otsu",
    "li",
    "isodata",
    "minimum",
    "intermodes",
    "kittler-illingworth",
    "mean",
    "huang",
    "moments",
    "max-entropy",
  ];
  it.each(between)("%s divides two hills between them", (method) => {
    const [threshold] = findThresholds(hills, method).thresholds;
    expect(threshold).toBeGreaterThan(50);
    expect(threshold).toBeLessThan(150);
  });
});

describe("multi-Otsu", () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`is the best of all partitions, seed ${seed}`, () => {
      const random = randomFrom(seed);
      const counts = Float64Array.from({ length: 18 }, () => (random() < 0.2 ? 0 : Math.floor(random() * 100)));
      for (const classes of [2, 3, 4]) {
        const best = bestPartition(counts, classes);
        expect(multiOtsu(counts, classes)).toEqual(best);
      }
    });
  }

  it("finds nothing where there are fewer values than classes, and divides as many", () => {
    const two = valuesOf([
      [1, 5],
      [9, 5],
    ]);
    expect(findThresholds(two, "multi-otsu-3").thresholds).toEqual([]);
    const three = valuesOf([
      [1, 5],
      [4, 2],
      [9, 5],
    ]);
    expect(findThresholds(three, "multi-otsu-3").thresholds).toEqual([1, 4]);
  });
});

/** By trying every partition; of equally good ones the first. */
function bestPartition(counts: Float64Array, classes: number): number[] {
  let best: number[] = [];
  let most = 0;
  const visit = (ends: number[], start: number): void => {
    if (ends.length === classes - 1) {
      const total = [...ends, counts.length - 1].reduce((sum, end, n) => {
        const slice = counts.subarray(n === 0 ? 0 : ends[n - 1]! + 1, end + 1);
        const offset = n === 0 ? 0 : ends[n - 1]! + 1;
        const voxels = slice.reduce((a, count) => a + count, 0);
        const moment = slice.reduce((a, count, bin) => a + count * (bin + offset), 0);
        return sum + (voxels > 0 ? (moment * moment) / voxels : 0);
      }, 0);
      if (best.length === 0 || total > most * (1 + 1e-12)) {
        most = total;
        best = ends;
      }
      return;
    }
    for (let end = start; end < counts.length - 1; end++) visit([...ends, end], end + 1);
  };
  visit([], 0);
  return best;
}
