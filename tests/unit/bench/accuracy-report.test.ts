import { describe, expect, it } from "vitest";
import { htmlReport } from "#bench";
import type { AccuracyCase, AccuracyFindings, ScanFacts } from "../../../src/bench/accuracy.ts";
import { METHODS } from "../../../src/bench/accuracy-methods.ts";
import { inputsBehind } from "../../../src/bench/accuracy-report/behind-table.ts";
import { dotPlot } from "../../../src/bench/accuracy-report/dot-plot.ts";
import { formatSeconds } from "../../../src/bench/accuracy-report/format.ts";
import { linePanel } from "../../../src/bench/accuracy-report/line-panel.ts";
import { markAt } from "../../../src/bench/accuracy-report/marks.ts";
import { inputsOf, pooled, standing } from "../../../src/bench/accuracy-report/pooled.ts";
import { linearScale, logScale } from "../../../src/bench/accuracy-report/scale.ts";
import { summaryRows } from "../../../src/bench/suites/accuracy/summary-rows.ts";

const scan = (id: string, group: string): ScanFacts => ({
  id,
  what: `scan <${id}>`,
  group,
  truth: "drawn by hand",
  dims: [4, 5, 6],
  spacingMm: [1, 1, 2.5],
  structures: 2,
  files: [{ role: "labels", path: `labels/${id}.nii`, bytes: 9, sha256: "ab".repeat(32) }],
});

const fill = (of: string, every: number, method: string, ...dices: number[]): AccuracyCase => ({
  part: "fill",
  scan: of,
  condition: `every ${every}th slice along k`,
  kept: { along: "k", every },
  method,
  ms: 20,
  runs: 3,
  scores: dices.map((dice, n) => ({
    name: `label ${n + 1}`,
    voxels: 10,
    dice,
    ...(dice === 0 ? {} : { hd95Mm: 2, meanSurfaceMm: 1 }),
    whole: { dice: dice / 2 },
  })),
});

const findings: AccuracyFindings = {
  date: "2026-01-02T03:04:05.000Z",
  commit: "0123456789ab",
  command: "npm run bench -- --suite accuracy",
  scans: [scan("a", "A"), scan("b1", "B"), scan("b2", "B")],
  cases: [
    fill("a", 5, "fill-ours", 0.9, 0.7),
    fill("a", 5, "fill-itk", 0.8, 0),
    fill("b1", 5, "fill-ours", 0.5),
    fill("b1", 5, "fill-itk", 0.6),
    fill("b2", 5, "fill-ours", 0.7),
    fill("b2", 5, "fill-itk", 0.7),
  ],
  check: { structures: 3, dice: 0, hd95Mm: 1e-15, meanSurfaceMm: 0 },
  leftOut: ["a <slow> peer"],
};
const inputs = inputsOf(findings, "fill");

describe("scales", () => {
  it("linear ones are round and hold both ends", () => {
    expect(linearScale(0.83, 1).ticks.map(({ text }) => text)).toEqual(["0.80", "0.85", "0.90", "0.95", "1.00"]);
    expect(linearScale(0, 18.7).ticks.map(({ text }) => text)).toEqual(["0", "5", "10", "15", "20"]);
    expect(linearScale(0, 10).at(2.5)).toBeCloseTo(0.25);
    expect(linearScale(1, 1).at(1)).toBe(1);
  });

  it("logarithmic ones have whole powers of ten", () => {
    const scale = logScale(0.0004, 3);
    expect(scale.ticks.map(({ text }) => text)).toEqual(["10⁻⁴", "10⁻³", "0.01", "0.1", "1", "10"]);
    expect(scale.at(0.01)).toBeCloseTo(0.4);
    expect(logScale(1, 1).ticks.map(({ value }) => value)).toEqual([1, 10]);
  });
});

describe("plots", () => {
  it("a line has a point for each value that there is, ours above the others", () => {
    const svg = linePanel({
      title: "Dice & more",
      xTexts: ["2", "5", "10"],
      series: [
        { method: "fill-ours", values: [1, 0.5, 0] },
        { method: "fill-itk", values: [1, undefined, 0] },
      ],
      scale: linearScale(0, 1),
    });
    expect(svg.match(/<circle class="m-ours"/g)).toHaveLength(3);
    expect(svg.match(/<polygon class="m-itk"/g)).toHaveLength(2);
    expect(svg.indexOf("m-itk")).toBeLessThan(svg.indexOf("m-ours"));
    expect(svg).toContain('aria-label="Dice &amp; more: Voxelwright 1.00, 0.500, 0.00; ITK contours 1.00, none, 0.00"');
    expect(svg).not.toContain("NaN");
  });

  it("long lists of dots go into columns", () => {
    const rows = Array.from({ length: 50 }, (_, n) => ({
      name: `row ${n}`,
      values: [
        { method: "fill-ours", value: 1 },
        { method: "fill-nearest", value: 0 },
      ],
    }));
    const svg = dotPlot({ title: "t", rows, scale: linearScale(0, 1), rowsAColumn: 20, nameWidth: 50, plotWidth: 100 });
    expect(svg).toContain('viewBox="0 0 504 217"');
    expect(svg.match(/<circle/g)).toHaveLength(50);
  });

  it("every method has a mark", () => {
    for (const method of Object.keys(METHODS)) expect(markAt(method, 1, 1)).toContain(`class="m-`);
  });

  it("seconds keep two digits", () => {
    expect([0.04, 3.21, 260, 1234, 91_030].map(formatSeconds)).toEqual(["0.0000", "0.0032", "0.26", "1.2", "91"]);
  });
});

describe("means", () => {
  it("count a group of scans once, and distances of what was found", () => {
    const ours = pooled(inputs, "fill-ours");
    expect(ours.dice).toBeCloseTo((0.8 + 0.6) / 2);
    expect(ours.wholeDice).toBeCloseTo((0.4 + 0.3) / 2);
    expect(pooled(inputs, "fill-itk").hd95Mm).toBe(2);
    expect(pooled(inputs, "fill-walker").dice).toBeNaN();
    expect(standing(inputs, "fill-ours", "fill-itk")).toEqual({ higher: 2, same: 1, lower: 1 });
  });

  it("name the inputs on which a peer is better", () => {
    const [only, ...more] = inputsBehind(inputs, "fill-ours", ["fill-itk"]);
    expect(more).toEqual([]);
    expect(only).toMatchObject({ dice: 0.5, peer: "fill-itk", peerDice: 0.6, structures: [1, 1] });
    expect(only!.input.scan.id).toBe("b1");
  });

  it("are rows of the report, as other suites have them", () => {
    expect(summaryRows(findings)[0]).toMatchObject({
      name: "Voxelwright, fill between slices: scan <a>",
      ourMs: 20,
      peerMs: 20,
      peerDice: 0.4,
    });
  });
});

describe("the page", () => {
  const html = htmlReport({
    suite: "accuracy",
    machine: { system: "linux", processor: "x", cores: 2, memoryBytes: 2 ** 34 },
    versions: { voxelwright: "1.2.3", node: "20", scipy: "1.10.1" },
    rows: [],
    accuracy: findings,
  });

  it("names program, machine, versions, data and the command", () => {
    for (const text of [
      "Voxelwright 1.2.3, commit 0123456789ab",
      "2026-01-02 03:04 UTC",
      "x, 2 cores, 16.0 GiB of memory, linux",
      "scipy 1.10.1",
      "npm run bench -- --suite accuracy",
      "ab".repeat(32),
      "1.0e-15 mm (HD95)",
    ])
      expect(html).toContain(text);
  });

  it("loads nothing, lets no name become markup, and has no empty figure", () => {
    expect(html).not.toMatch(/https?:|<script|NaN|undefined|Infinity/);
    expect(html).toContain("scan &lt;b1&gt;");
    expect(html).toContain("a &lt;slow&gt; peer");
    expect(html).not.toContain("Region growing</h2>");
  });
});
