import { describe, expect, test } from "vitest";
import { hasSource, oracleResults, type OracleSource } from "./support/oracles.ts";
import { oracleLabels } from "./support/changed-labels.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flattenLabels, labelsOf } from "./support/volumes.ts";

/** A blend of whole slices by scipy, held against the slices that it does not see. */
interface FillOracle {
  readonly source: OracleSource;
  readonly spacingMm: readonly [number, number, number];
  readonly every: number;
  readonly kept: readonly number[];
  readonly dice: number;
}

const kernels = inlineKernels();

describe.each(oracleResults<FillOracle>("fill"))(
  "$source.path, one slice in $every",
  ({ source, spacingMm, kept, dice }) => {
    test.runIf(hasSource(source))("is filled at least as near to the truth as by blending whole slices", async () => {
      const { dims, labels: truth } = await oracleLabels(source);
      const size = dims[0] * dims[1];
      const drawn = Uint16Array.from(truth, (label, n) => (kept.includes(Math.floor(n / size)) ? label : 0));
      const { bricks } = await kernels.fill(labelsOf(dims, drawn), { axis: 2, spacingMm, method: "shape" });
      const found = flattenLabels(dims, bricks);
      const sums = new Map<number, [both: number, sum: number]>();
      const of = (label: number) => sums.get(label) ?? sums.set(label, [0, 0]).get(label)!;
      for (let k = kept[0]!; k < kept.at(-1)!; k++) {
        if (kept.includes(k)) continue;
        for (let n = k * size; n < (k + 1) * size; n++) {
          of(truth[n]!)[1]++;
          of(found[n]!)[1]++;
          if (truth[n] === found[n]) of(found[n]!)[0]++;
        }
      }
      sums.delete(0);
      const ours = [...sums.values()].reduce((total, [both, sum]) => total + (2 * both) / sum, 0) / sums.size;
      expect(ours).toBeGreaterThanOrEqual(dice);
    });
  },
);
