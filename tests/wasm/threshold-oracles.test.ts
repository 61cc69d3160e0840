import { createHash } from "node:crypto";
import { evenBins, findThresholds, type Histogram, type ThresholdMethod } from "#volume";
import { describe, expect, test } from "vitest";
import oracles from "../fixtures/oracles/thresholds.json" with { type: "json" };
import { inlineKernels } from "./support/kernels.ts";
import { hasScan, readOracleScan } from "./support/oracle-scans.ts";
import { imageOf } from "./support/volumes.ts";

const kernels = inlineKernels();

/** Bins that a method may end beside its oracle: scikit-image gives the first bin the moment of the second here. */
const BINS_APART: Readonly<Record<string, number>> = { "multi-otsu-3": 1, "multi-otsu-4": 1 };

type Found = Readonly<Record<string, number | readonly number[] | null>>;

describe("histograms and thresholds of real scans are those of numpy, scikit-image and ITK", () => {
  for (const oracle of oracles.cases) {
    const { file, bins, first, step } = oracle;
    test.runIf(hasScan(file))(`${file}, ${bins ?? "a bin a value"}`, async () => {
      const image = imageOf(await readOracleScan(file));
      const histogram: Histogram = await kernels.histogram(image, bins === null ? {} : { bins });
      const even = evenBins(histogram)!;
      expect([even.counts.length, even.step]).toEqual([oracle.counts.length, step]);
      expect(even.first).toBeCloseTo(first, 9);
      const bytes = new Uint8Array(even.counts.buffer, even.counts.byteOffset, even.counts.byteLength);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(oracle.counts.sha256);
      const wanted: Found = { ...oracle["scikit-image"], ...("ITK" in oracle ? oracle.ITK : {}) };
      for (const [method, value] of Object.entries(wanted)) {
        const found = findThresholds(histogram, method as ThresholdMethod).thresholds;
        const expected = value === null ? [] : [value].flat();
        expect(found.length, method).toBe(expected.length);
        for (const [n, threshold] of found.entries()) {
          const apart = Math.abs(threshold - (expected[n] as number)) / step;
          expect(apart, `${method}: ${threshold}, not ${String(expected[n])}`).toBeLessThan(
            (BINS_APART[method] ?? 0) + 1e-4,
          );
        }
      }
    });
  }
});
