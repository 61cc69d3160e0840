import { describe, expect, it } from "vitest";
import type { Dims } from "#volume";
import { nearestSliceFill } from "../../../src/bench/peers/nearest-slice.ts";
import { mixedSlices, obliquePlanes } from "../../../src/bench/suites/accuracy/plane-sampling.ts";
import { drawnSeeds } from "../../../src/bench/suites/accuracy/drawn-seeds.ts";
import { planeCases, sliceCases } from "../../../src/bench/suites/accuracy/fill-plan.ts";
import { growthSeed } from "../../../src/bench/suites/accuracy/growth-seed.ts";
import { walkerBox, withBackground } from "../../../src/bench/suites/accuracy/random-walk.ts";
import { timeRunners } from "../../../src/bench/suites/accuracy/runner.ts";
import {
  drawnLabels,
  keptSlices,
  scopesOf,
  slicesAlong,
  spansOf,
} from "../../../src/bench/suites/accuracy/sampling.ts";

/** A column along k: label 1 in slices 3 to 9, label 2 in slice 10. */
const COLUMN: Dims = [1, 1, 12];
const LABELS = Uint16Array.from([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 0]);

describe("what is kept of a scan", () => {
  it("is slice 0 and every n-th, whatever is in them", () => {
    expect(keptSlices(12, 5)).toEqual([0, 5, 10]);
    expect(keptSlices(10, 5)).toEqual([0, 5]);
    expect([...drawnLabels(COLUMN, LABELS, slicesAlong([2], 5))]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0]);
  });

  it("is planned along each axis that a scan has, k first", () => {
    expect(sliceCases([30, 30, 12], [0, 2]).map(({ condition }) => condition)).toEqual([
      "every 2nd slice along k",
      "every 5th slice along k",
      "every 10th slice along k",
      "every 2nd slice along i",
      "every 5th slice along i",
      "every 10th slice along i",
    ]);
    expect(sliceCases([30, 30, 12], [2])[1]).toMatchObject({ axis: 2, planes: [0, 5, 10] });
  });

  it("is told structure by structure, and cut to what lies between its own ends", () => {
    const sampling = slicesAlong([2], 2);
    const drawn = drawnLabels(COLUMN, LABELS, sampling);
    const spans = spansOf(COLUMN, drawn, sampling, 2);
    expect(spans).toEqual([
      [
        { first: 4, last: 8, planes: 3 },
        { first: 10, last: 10, planes: 1 },
      ],
    ]);
    const { between, hidden } = scopesOf(COLUMN, LABELS, sampling, spans);
    expect([...between]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 2, 0]);
    expect([...hidden]).toEqual([0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
  });

  it("along two axes hides only what is on no plane, between the ends along both", () => {
    const dims: Dims = [5, 1, 5];
    const labels = new Uint16Array(25).fill(1);
    const sampling = slicesAlong([0, 2], 2);
    const spans = spansOf(dims, drawnLabels(dims, labels, sampling), sampling, 1);
    const { hidden } = scopesOf(dims, labels, sampling, spans);
    expect([...hidden].flatMap((label, n) => (label ? [n] : []))).toEqual([6, 8, 16, 18]);
  });
});

describe("planes in several directions", () => {
  const dims: Dims = [20, 24, 11];

  it("are planned along two axes, three, and none", () => {
    const cases = planeCases(dims, [1, 1, 2]);
    expect(cases.map(({ condition }) => condition)).toEqual([
      "every 5th slice along j, k at once",
      "every 5th slice along i, j, k at once",
      "every 5th plane along an oblique normal",
      "every 10th slice along j, k at once",
      "every 10th slice along i, j, k at once",
      "every 10th plane along an oblique normal",
    ]);
    expect(mixedSlices(dims, [1, 2], 10).planes).toEqual([
      { axis: 1, index: 0 },
      { axis: 1, index: 10 },
      { axis: 1, index: 20 },
      { axis: 2, index: 0 },
      { axis: 2, index: 10 },
    ]);
  });

  it("across no axis hold the voxels within half a thickness, and every plane meets the volume", () => {
    const spacingMm: Dims = [1, 1, 2];
    const { stacks, planes } = obliquePlanes(dims, spacingMm, 4);
    const thicknessMm = (2 + 3 + 12) / 7;
    const depthMm = (at: readonly number[]): number => (2 * at[0]! + 3 * at[1]! + 12 * at[2]!) / 7;
    planes.forEach((plane, n) => {
      expect("point" in plane && depthMm(plane.point)).toBeCloseTo(n * 4 * thicknessMm);
      expect(n * 4 * thicknessMm).toBeLessThanOrEqual(depthMm([19, 23, 10]));
    });
    const voxels: Dims[] = [
      [0, 0, 0],
      [3, 1, 0],
      [7, 9, 3],
      [19, 23, 10],
    ];
    for (const at of voxels) {
      const off = depthMm(at) / thicknessMm / 4;
      const drawn = Math.abs(off - Math.round(off)) * 4 <= 0.5;
      const slot = stacks[0]!(...at);
      expect(slot % 2 === 0).toBe(drawn);
      expect(Math.floor((slot + 1) / 2)).toBe(drawn ? Math.round(off) : Math.ceil(off));
    }
  });
});

describe("peers", () => {
  it("the nearest slice is copied, the lower of two, and what is drawn stays", () => {
    const drawn = Uint16Array.from([3, 0, 0, 0, 4, 0]);
    expect([...nearestSliceFill([1, 1, 6], drawn, 2, [0, 4])]).toEqual([3, 3, 3, 4, 4, 4]);
    expect([...nearestSliceFill([3, 2, 1], Uint16Array.from([1, 0, 0, 2, 0, 0]), 0, [0])]).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it("the random walker is given the background of drawn slices, from the slice before to the one after", () => {
    const dims: Dims = [40, 40, 21];
    const labels = new Uint16Array(40 * 40 * 21);
    labels[(10 * 40 + 20) * 40 + 20] = 1;
    const planes = [0, 5, 10, 15, 20];
    expect(walkerBox(dims, labels, { axis: 2, planes })).toEqual({ low: [12, 12, 5], high: [29, 29, 16] });
    expect(walkerBox(dims, labels)).toEqual({ low: [12, 12, 2], high: [29, 29, 19] });
    const seeds = withBackground(dims, labels, slicesAlong([2], 5), 2);
    expect([0, 4, 5, 10].map((k) => seeds[k * 1600])).toEqual([2, 0, 2, 2]);
    expect(seeds[(10 * 40 + 20) * 40 + 20]).toBe(1);
    expect(walkerBox([400, 400, 21], new Uint16Array(400 * 400 * 21).fill(1))).toBe(undefined);
  });

  it("are timed in turn, slow ones once, and closed", async () => {
    const order: string[] = [];
    const runner = (method: string, ms: number) => ({
      method,
      run: () => {
        order.push(method);
        return Promise.resolve(ms);
      },
      result: () => Promise.resolve(new Uint16Array(1)),
      close: () => void order.push(`${method} closed`),
    });
    const timed = await timeRunners([runner("quick", 1), runner("slow", 900)], {});
    expect(timed.map(({ method, ms, runs }) => [method, ms, runs])).toEqual([
      ["quick", 1, 3],
      ["slow", 900, 1],
    ]);
    expect(order.join(" ")).toBe("quick slow quick slow quick quick quick closed slow closed");
    await expect(timeRunners([runner("quick", 1)], { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(order.at(-1)).toBe("quick closed");
  });
});

describe("seeds out of known labels", () => {
  const dims: Dims = [9, 9, 14];
  const labels = new Uint16Array(9 * 9 * 14);
  for (let k = 3; k < 11; k++) for (let j = 2; j < 7; j++) for (let i = 2; i < 7; i++) labels[(k * 9 + j) * 9 + i] = 1;

  it("growth starts at the deepest voxel near the mean of the core", () => {
    const depths = Float32Array.from(labels, (label, n) => {
      const [i, j, k] = [n % 9, Math.floor(n / 9) % 9, Math.floor(n / 81)];
      return label === 0 ? 0 : Math.min(i - 1, 7 - i, j - 1, 7 - j, k - 2, 11 - k);
    });
    const dense = Int16Array.from(labels, (label, n) => (label === 0 ? -500 : 100 + (n % 2) * 10));
    expect(growthSeed({ dims, dense, labels }, { label: 1 }, depths)).toMatchObject({
      seed: [4, 4, 5],
      deviation: expect.closeTo(5, 0),
      mean: expect.closeTo(105, 0),
    });
    expect(growthSeed({ dims, dense, labels }, { label: 2 }, depths)).toBe(undefined);
    const even = growthSeed({ dims, dense: dense.map(() => 7), labels }, { label: 1 }, depths);
    expect(even).toEqual({ seed: [4, 4, 5], mean: 7, deviation: 0 });
  });

  it("in few slices only, with whole slices of background beyond the ends", () => {
    const [all, few] = drawnSeeds({ dims, spacingMm: [1, 1, 1], labels }, { erodedMm: 1.5, ringMm: [1.1, 2.1] });
    const slices = (drawn: Uint16Array, label: number) => [
      ...new Set([...drawn].flatMap((value, n) => (value === label ? [Math.floor(n / 81)] : []))),
    ];
    expect(slices(all!.drawn, 1)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(slices(few!.drawn, 1)).toEqual([4]);
    expect(few!.drawn.subarray(81, 162).every((label) => label === 2)).toBe(true);
    expect(few!.drawn.subarray(12 * 81, 13 * 81).every((label) => label === 2)).toBe(true);
  });
});
