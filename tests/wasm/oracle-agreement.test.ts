import { describe, expect, test } from "vitest";
import { type DenseLabels, grown, oracleLabels, shifted } from "./support/changed-labels.ts";
import { inlineKernels } from "./support/kernels.ts";
import { expectNear, hasSource, oracleResults, type OracleSource } from "./support/oracles.ts";
import { labelsOf } from "./support/volumes.ts";

interface Directed {
  readonly mean: number;
  readonly hausdorff95: number;
  readonly hausdorff: number;
}

interface Result {
  readonly labels: OracleSource;
  readonly change: string;
  readonly spacing: readonly [number, number, number];
  readonly tolerance: number;
  readonly rows: readonly {
    readonly label: number;
    readonly voxelsA: number;
    readonly voxelsB: number;
    readonly common: number;
    readonly surfaceA: number;
    readonly surfaceB: number;
    readonly mean?: number;
    readonly median?: number;
    readonly hausdorff95?: number;
    readonly hausdorff?: number;
    readonly within?: number;
    readonly fromAToB?: Directed;
    readonly fromBToA?: Directed;
  }[];
}

const kernels = inlineKernels();
/** Fixtures have 13 digits. */
const SHARE = 1e-11;

const CHANGES: Readonly<Record<string, (labels: DenseLabels) => Uint16Array>> = {
  "shifted 2 -1 1": (labels) => shifted(labels, [2, -1, 1]),
  "shifted 13 9 4": (labels) => shifted(labels, [13, 9, 4]),
  grown,
};

describe.each(oracleResults<Result>("agreement"))(
  "$labels.path, $change",
  ({ labels: source, change, ...expected }) => {
    test.runIf(hasSource(source))("equals scipy's erosion and distance transforms", async () => {
      const labels = await oracleLabels(source);
      const { dims } = labels;
      const changed = CHANGES[change]!(labels);
      const rows = await kernels.compare(labelsOf(dims, labels.labels), labelsOf(dims, changed), expected.spacing, {
        toleranceMm: expected.tolerance,
        segments: expected.rows.map(({ label }) => label),
      });
      expect(rows.map(({ segment }) => segment)).toEqual(expected.rows.map(({ label }) => label));
      for (const [n, row] of rows.entries()) {
        const want = expected.rows[n]!;
        expect(row).toMatchObject({
          voxelsA: want.voxelsA,
          voxelsB: want.voxelsB,
          voxelsCommon: want.common,
          surfaceVoxelsA: want.surfaceA,
          surfaceVoxelsB: want.surfaceB,
          surfaceVoxelsWithin: want.within ?? 0,
          dice: (2 * want.common) / (want.voxelsA + want.voxelsB),
          jaccard: want.common / (want.voxelsA + want.voxelsB - want.common),
        });
        const near = (found: number | undefined, wanted: number | undefined, what: string): void => {
          if (wanted === undefined) expect(found, what).toBeUndefined();
          else expectNear(found!, wanted, SHARE, `${what} of label ${row.segment}`);
        };
        near(row.meanSurfaceDistanceMm, want.mean, "mean");
        near(row.medianSurfaceDistanceMm, want.median, "median");
        near(row.hausdorff95Mm, want.hausdorff95, "Hausdorff 95");
        near(row.hausdorffMm, want.hausdorff, "Hausdorff");
        for (const way of ["fromAToB", "fromBToA"] as const) {
          near(row[way]?.meanMm, want[way]?.mean, `${way} mean`);
          near(row[way]?.hausdorff95Mm, want[way]?.hausdorff95, `${way} Hausdorff 95`);
          near(row[way]?.hausdorffMm, want[way]?.hausdorff, `${way} Hausdorff`);
        }
      }
    });
  },
);
