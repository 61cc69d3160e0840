import type { FoundThresholds } from "#volume";
import type { Components } from "#workers";
import { describe, expect, it } from "vitest";
import { sampleFile } from "../../fixtures/shared-data.ts";
import { fileAt, startProgram } from "./program.ts";

const LUNG = [-1100, -500];

async function openChest() {
  const { session } = await startProgram();
  await session.commands.run("study.open", { files: [await fileAt(sampleFile("chest-ct.mha"))] });
  const run = (id: string, args: object = {}) => session.commands.run(id, args);
  const changed = async (id: string, args: object = {}) => ((await run(id, args)) as { changed: number }).changed;
  const study = session.requireStudy();
  const sizes = () => [...study.sizes()].map(([segment, voxels]) => `${segment}: ${voxels}`);
  return { session, study, run, changed, sizes };
}

/** A chest with what is as thin as lung in a segment: the lungs, the air around and specks. */
async function openThresholded(range = LUNG) {
  const program = await openChest();
  await program.run("segment.add", { name: "Air" });
  await program.changed("label.threshold", { segment: 1, range });
  return program;
}

describe("label.threshold", () => {
  it("labels what lies in a range of shown values, everywhere, in a box and inside a segment", async () => {
    const { run, changed, study } = await openChest();
    await run("segment.add");
    await run("segment.add");
    const all = await changed("label.threshold", { segment: 1, range: LUNG });
    const [row] = (await run("label.statistics")) as { voxels: number; min: number; max: number }[];
    expect(row!.voxels).toBe(all);
    expect(row!.min >= LUNG[0]! && row!.max <= LUNG[1]!).toBe(true);
    await run("history.undo");
    const region = { min: [0, 0, 40], max: [115, 157, 60] };
    const boxed = await changed("label.threshold", { segment: 1, range: LUNG, region });
    expect(boxed).toBeLessThan(all);
    await run("tool.set", { over: "all" });
    const inside = await changed("label.threshold", { segment: 2, range: [-900, -800], inside: [1] });
    expect(study.sizes().get(1)).toBe(boxed - inside);
    expect(inside).toBeGreaterThan(100);
  });

  it("keeps a locked segment and refuses one that is not there", async () => {
    const { run, changed, sizes } = await openThresholded();
    await run("segment.update", { value: 1, locked: true });
    const before = sizes();
    await run("tool.set", { over: "all" });
    await run("segment.add");
    await changed("label.threshold", { segment: 2, range: [-900, -800] });
    expect(sizes()[0]).toBe(before[0]);
    await expect(run("label.threshold", { segment: 1, range: LUNG })).rejects.toThrow("locked");
    await expect(run("label.threshold", { segment: 9, range: LUNG })).rejects.toThrow("no segment 9");
  });
});

describe("label.islands", () => {
  it("keeps the largest, as one step that undo takes back", async () => {
    const { run, changed, study } = await openThresholded();
    const before = study.sizes().get(1)!;
    const erased = await changed("label.islands", { operation: "largest", count: 2 });
    expect(study.sizes().get(1)).toBe(before - erased);
    expect(await changed("label.islands", { operation: "largest", count: 2 })).toBe(0);
    await run("history.undo");
    expect(study.sizes().get(1)).toBe(before);
  });

  it("removes islands below a number of voxels or a volume, each by the same measure", async () => {
    const { run, changed, study } = await openThresholded();
    const ml = (study.image.grid.voxelVolumeMm3() * 10) / 1000;
    const byVoxels = await changed("label.islands", { operation: "removeSmaller", belowVoxels: 10 });
    await run("history.undo");
    expect(await changed("label.islands", { operation: "removeSmaller", belowMl: ml })).toBe(byVoxels);
    expect(byVoxels).toBeGreaterThan(0);
    const both = { operation: "removeSmaller", belowMl: 1, belowVoxels: 1 };
    await expect(run("label.islands", both)).rejects.toThrow("either belowVoxels or belowMl");
  });

  it("splits the largest off into new segments in the same step", async () => {
    const { run, changed, study } = await openThresholded();
    const all = study.sizes().get(1)!;
    const entries = study.labels.journal.headers.length;
    const moved = await changed("label.islands", { operation: "split", count: 3 });
    expect(study.labels.journal.headers.length).toBe(entries + 1);
    const segments = study.labels.segments.list();
    expect(segments.map(({ value, name }) => `${value} ${name}`)).toEqual(["1 Air", "2 Air 1", "3 Air 2", "4 Air 3"]);
    const sizes = study.sizes();
    expect(sizes.get(2)! >= sizes.get(3)! && sizes.get(3)! >= sizes.get(4)!).toBe(true);
    expect(sizes.get(2)! + sizes.get(3)! + sizes.get(4)!).toBe(moved);
    expect(sizes.get(1)! + moved).toBe(all);
    await run("history.undo");
    expect(study.labels.segments.list().length).toBe(1);
    expect(study.sizes().get(1)).toBe(all);
    await run("history.redo");
    expect(study.labels.segments.list().length).toBe(4);
    expect(study.sizes()).toEqual(sizes);
    expect(await run("journal.verify")).toMatchObject({ ok: true });
  });

  it("shows a split before it is accepted, with the segments that it would add", async () => {
    const { run, study } = await openThresholded();
    const args = { operation: "split", count: 2 };
    await run("preview.show", { command: "label.islands", args });
    expect(study.preview.state.value!.segments!.map(({ name }) => name)).toEqual(["Air 1", "Air 2"]);
    expect(study.labels.segments.list().length).toBe(1);
    await run("preview.cancel");
    expect([study.labels.segments.list().length, study.sizes().size]).toEqual([1, 1]);
    await run("preview.show", { command: "label.islands", args });
    const { voxels } = study.preview.state.value!;
    expect(await run("preview.accept")).toEqual({ changed: voxels });
    expect(study.labels.segments.list().length).toBe(3);
    expect(await run("journal.verify")).toMatchObject({ ok: true });
  });

  it("refuses to make hundreds of segments unasked, and splits nothing off a locked one", async () => {
    const { run, study } = await openThresholded([150, 3000]);
    await expect(run("label.islands", { operation: "split" })).rejects.toThrow(
      "more islands than the 256 new segments",
    );
    await run("segment.update", { value: 1, locked: true });
    await expect(run("label.islands", { operation: "split", count: 2, segments: [1] })).rejects.toThrow("locked");
    await expect(run("label.islands", { operation: "split", count: 2 })).rejects.toThrow("All segments are locked");
    expect(study.labels.segments.list().length).toBe(1);
  });

  it("keeps or removes the island under a voxel", async () => {
    const { run, changed, study } = await openThresholded();
    const all = study.sizes().get(1)!;
    const lung = [35, 80, 60];
    const kept = all - (await changed("label.islands", { operation: "keep", voxels: [lung] }));
    expect(study.sizes().get(1)).toBe(kept);
    expect(await run("volume.value", { ijk: lung })).toMatchObject({ label: 1 });
    await run("history.undo");
    expect(await changed("label.islands", { operation: "remove", voxels: [lung] })).toBe(kept);
    expect(await run("volume.value", { ijk: lung })).toMatchObject({ label: 0 });
    await expect(run("label.islands", { operation: "remove", voxels: [lung] })).rejects.toThrow("is in no segment");
    const outside = { operation: "keep", voxels: [[0, 0, 999]] };
    await expect(run("label.islands", outside)).rejects.toThrow("outside the volume");
  });
});

describe("label.components", () => {
  it("lists the largest islands and counts all", async () => {
    const { run, study } = await openThresholded();
    const found = (await run("label.components", { most: 3, connectivity: 26 })) as Components;
    expect(found.rows.map(({ segment, number }) => [segment, number])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(found.segments).toMatchObject([{ segment: 1, voxels: study.sizes().get(1) }]);
    expect(found.segments[0]!.components).toBe(7);
    for (const { firstVoxel } of found.rows)
      expect(await run("volume.value", { ijk: firstVoxel })).toMatchObject({ label: 1 });
    await run("segment.add");
    expect(await run("label.components", { segments: [2] })).toEqual({ rows: [], segments: [] });
  });
});

describe("label.holes", () => {
  it("fills vessels in the lungs, in 3D and slice by slice, and only where nothing is drawn", async () => {
    const { run, changed, study } = await openThresholded();
    await run("label.islands", { operation: "largest", count: 2 });
    const before = study.sizes().get(1)!;
    const in3d = await changed("label.holes");
    expect(in3d).toBeGreaterThan(0);
    expect(study.sizes().get(1)).toBe(before + in3d);
    await run("history.undo");
    const inSlices = await changed("label.holes", { axis: 2, segments: [1] });
    expect(inSlices).toBeGreaterThan(in3d);
    await run("history.undo");
    const small = await changed("label.holes", { axis: 2, maximumMl: 0.05 });
    expect(small > 0 && small < inSlices).toBe(true);
    expect(await changed("label.holes", { axis: 2, maximumMl: 0.05 })).toBe(0);
    expect(await changed("label.holes", { maximumMl: 1e-6 })).toBe(0);
  });

  it("leaves what is drawn inside as it is", async () => {
    const { run, changed, sizes } = await openChest();
    await run("segment.add");
    await run("segment.add");
    const ball = (segment: number, radiusMm: number) =>
      run("label.paint", { segment, ijk: [[60, 80, 60]], radiusMm, shape: "sphere" });
    await run("tool.set", { over: "all" });
    await ball(1, 20);
    await ball(2, 12);
    await run("label.paint", { segment: 0, ijk: [[60, 80, 60]], radiusMm: 5, shape: "sphere" });
    const before = sizes();
    expect(await changed("label.holes", { segments: [1] })).toBeGreaterThan(50);
    expect(sizes()[1]).toBe(before[1]);
    await run("history.undo");
    // The hole in the inner ball is the smaller one, so it is the inner one's.
    await changed("label.holes");
    expect([sizes()[0], sizes()[1] !== before[1]]).toEqual([before[0], true]);
  });
});

describe("histograms and thresholds in shown values", () => {
  it("counts every voxel once", async () => {
    const { run } = await openChest();
    const all = (await run("volume.histogram")) as { counts: number[]; first: number; step: number; voxels: number };
    expect(all.counts.length).toBe(256);
    expect(all.counts.reduce((sum, count) => sum + count, 0)).toBe(115 * 157 * 129);
    const region = { min: [0, 0, 0], max: [10, 10, 10] };
    expect(await run("volume.histogram", { region, bins: 10 })).toMatchObject({ voxels: 1000 });
  });

  it("counts an overview of a large image where that is asked for, all of it where it is not", async () => {
    const { session } = await startProgram();
    const dims = [300, 280, 260] as const;
    const voxels = new Uint8Array(dims[0] * dims[1] * dims[2]).map((_, n) => (n % dims[0] < 150 ? 40 : 200));
    const lines = ["ObjectType = Image", "NDims = 3", `DimSize = ${dims.join(" ")}`, "ElementType = MET_UCHAR"];
    const header = [...lines, "ElementSpacing = 1 1 1", "ElementDataFile = LOCAL", ""].join("\n");
    await session.commands.run("study.open", { files: [{ name: "halves.mha", blob: new Blob([header, voxels]) }] });
    const count = async (args: object) =>
      (await session.commands.run("volume.histogram", args)) as { level: number; voxels: number; counts: number[] };
    expect(await count({})).toMatchObject({ level: 0, voxels: voxels.length });
    const overview = await count({ overview: true });
    expect(overview).toMatchObject({ level: 1, voxels: voxels.length / 8 });
    expect(overview.counts.filter((n) => n > overview.voxels * 0.4).length).toBe(2);
    const region = { min: [0, 0, 0], max: [150, 280, 260] };
    expect(await count({ overview: true, region })).toMatchObject({ level: 0, voxels: voxels.length / 2 });
  });

  it("finds thresholds, everywhere and inside a segment", async () => {
    const { run } = await openThresholded();
    const methods = ["otsu", "multi-otsu-3", "mean"];
    const [otsu, classes, mean] = (await run("volume.thresholds", { methods })) as FoundThresholds[];
    expect(otsu).toEqual({ method: "otsu", thresholds: [-459], starts: [-458], step: 1 });
    expect(classes!.thresholds.length).toBe(2);
    expect(mean!.thresholds[0]).toBeCloseTo(-351.7206, 3);
    const [inside] = (await run("volume.thresholds", { methods: ["otsu"], segment: 1 })) as FoundThresholds[];
    expect(inside!.thresholds[0]! > LUNG[0]! && inside!.thresholds[0]! < LUNG[1]!).toBe(true);
    expect(((await run("volume.thresholds")) as object[]).length).toBe(16);
    await expect(run("volume.thresholds", { methods: ["best"] })).rejects.toThrow("methods");
  });
});
