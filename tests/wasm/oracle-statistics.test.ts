import { add, type Affine, dot, scale, type Vec3 } from "#base";
import { expect, test } from "vitest";
import { readScan } from "../../src/bench/scan.ts";
import { inlineKernels } from "./support/kernels.ts";
import { expectNear, hasSource, oracleResults, type OracleSource, sourcePath } from "./support/oracles.ts";
import { flattenMask, labelsOf } from "./support/volumes.ts";

interface Row {
  readonly label: number;
  readonly voxels: number;
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  readonly percentiles: readonly number[];
  readonly meshArea: number;
  readonly meshVolume: number;
  readonly hullFeret: number;
  /** ITK's perimeter and diameter; all pairs were not tried in the sample. */
  readonly perimeter: number;
  readonly feret?: number;
  readonly elongation: number;
  readonly flatness: number;
  readonly centroid: Vec3;
  readonly moments: Vec3;
  readonly axes: readonly number[];
  readonly size: Vec3;
  readonly origin: Vec3;
  readonly first: Vec3;
  readonly extent: Vec3;
}

interface Result {
  readonly labels: OracleSource;
  readonly scan: OracleSource;
  readonly indexToLps: Affine;
  readonly percentiles: readonly number[];
  readonly rows: readonly Row[];
}

const kernels = inlineKernels();
/** What is asked for; shape comes out to some 1e-9 of it, where the fixtures' digits and float32 vertices allow. */
const SHARE = 1e-6;

for (const [n, result] of oracleResults<Result>("statistics").entries()) {
  test.runIf(hasSource(result.labels))(
    `statistics of ${result.labels.path} (${n}) equal numpy, scikit-image and ITK`,
    async () => {
      const { image, dims } = await readScan(sourcePath(result.scan));
      const isSample = result.labels.path === result.scan.path;
      const labels = isSample
        ? flattenMask(
            dims,
            (
              await kernels.grow(image, {
                seeds: [[50, 80, 60]],
                range: { low: -1100, high: -400 },
                connectivity: 6,
                segment: 1,
              })
            ).bricks,
          )
        : (await readScan(sourcePath(result.labels))).dense;
      const { indexToLps, percentiles } = result;
      const rows = await kernels.statistics(image, labelsOf(dims, labels), { percentiles, shape: { indexToLps } });
      expect(rows.map(({ segment }) => segment)).toEqual(result.rows.map(({ label }) => label));
      for (const [at, row] of rows.entries()) checkRow(row, result.rows[at]!, indexToLps);
    },
  );
}

function checkRow(
  row: Awaited<ReturnType<typeof kernels.statistics>>[number],
  expected: Row,
  indexToLps: Affine,
): void {
  const { segment, shape } = row;
  const near = (found: number, wanted: number, what: string, scaleOf = 0): void =>
    expectNear(found, wanted, SHARE, `${what} of label ${segment}`, scaleOf);
  expect(row.voxels).toBe(expected.voxels);
  expect([row.min, row.max]).toEqual([expected.min, expected.max]);
  near(row.mean, expected.mean, "mean", expected.sd);
  near(row.sd, expected.sd, "sd");
  row.percentiles.forEach((value, n) => near(value, expected.percentiles[n]!, "percentile", 1e-6));
  near(row.median, expected.percentiles[3]!, "median", 1e-6);
  expect(row.box.min).toEqual(expected.first);
  expect(row.box.max.map((end, axis) => end - row.box.min[axis]!)).toEqual(expected.extent);

  const { principalAxes: axes, principalMomentsMm2: moments, orientedBox } = shape!;
  near(shape!.meshAreaMm2, expected.meshArea, "mesh area");
  near(shape!.meshVolumeMm3, expected.meshVolume, "mesh volume");
  near(shape!.croftonAreaMm2!, expected.perimeter, "Crofton area");
  near(shape!.feretMm, expected.hullFeret, "diameter");
  if (expected.feret !== undefined) near(shape!.feretMm, expected.feret, "ITK's diameter");
  const [i, j, k] = row.centroidIjk;
  const centroid = [0, 1, 2].map((axis) => {
    const [a, b, c, d] = indexToLps.slice(axis * 4, axis * 4 + 4);
    return a! * i + b! * j + c! * k + d!;
  });
  centroid.forEach((value, axis) => near(value, expected.centroid[axis]!, "centroid", 1));
  moments.forEach((value, axis) => near(value, expected.moments[axis]!, "moment", expected.moments[2]));
  if (moments[0] > 1e-6 * moments[2]) {
    near(shape!.elongation, expected.elongation, "elongation");
    near(shape!.flatness, expected.flatness, "flatness");
  }
  // Axes of equal moments are arbitrary, and the box along them.
  const apart = Math.min(moments[1] - moments[0], moments[2] - moments[1]);
  if (apart < 1e-3 * moments[2]) return;
  const theirs = [0, 1, 2].map((axis) => expected.axes.slice(axis * 3, axis * 3 + 3) as unknown as Vec3);
  axes.forEach((axis, n) => near(Math.abs(dot(axis, theirs[n]!)), 1, "axis"));
  orientedBox.sizeMm.forEach((size, n) => near(size, expected.size[n]!, "oriented size"));
  const middle = (origin: Vec3, along: readonly Vec3[], size: Vec3): Vec3 =>
    along.reduce((sum, axis, n) => add(sum, scale(axis, size[n]! / 2)), origin);
  const ours = middle(orientedBox.originLps, axes, orientedBox.sizeMm);
  middle(expected.origin, theirs, expected.size).forEach((value, axis) => near(ours[axis]!, value, "box centre", 100));
}

test.runIf(hasSource({ path: "labels/", sha256: "" }))(
  "the scans' own grids are those that the oracle saw",
  async () => {
    for (const { scan, indexToLps } of oracleResults<Result>("statistics").filter((_, n) => n !== 3)) {
      const { description } = await readScan(sourcePath(scan));
      description.grid.indexToLps.forEach((value, n) => expectNear(value, indexToLps[n]!, 1e-6, scan.path, 1));
    }
  },
);
