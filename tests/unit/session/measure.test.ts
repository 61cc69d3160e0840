import { describe, expect, it } from "vitest";
import { hasSharedData, sampleFile, sharedData } from "../../fixtures/shared-data.ts";
import { fileAt, startProgram } from "./program.ts";

const PATIENCE = 60_000;

async function openChest() {
  const { session } = await startProgram();
  await session.commands.run("study.open", { files: [await fileAt(sampleFile("chest-ct.mha"))] });
  const run = <Result>(id: string, args: object = {}) => session.commands.run(id, args) as Promise<Result>;
  return { session, study: session.requireStudy(), run };
}

type Row = Record<string, number> & { readonly shape?: Record<string, unknown>; readonly name: string };
interface Exported {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly notes: readonly string[];
}

const sphere = (k: number, radiusMm: number) => ({ segment: 1, ijk: [[60, 80, k]], radiusMm, shape: "sphere" });

describe("label.statistics", () => {
  it(
    "measures percentiles, place and, when asked, shape",
    async () => {
      const { run } = await openChest();
      await run("segment.add", { name: "Heart" });
      await run("segment.add", { name: "Not drawn" });
      await run("label.paint", sphere(60, 12));
      const [plain, none] = await run<Row[]>("label.statistics");
      expect(Object.keys(plain!)).toEqual(
        expect.arrayContaining([
          "segment",
          "name",
          "voxels",
          "volumeMl",
          "mean",
          "sd",
          "min",
          "max",
          "unit",
          "median",
          "p5",
        ]),
      );
      expect(plain!.shape).toBeUndefined();
      expect(plain!["p5"]! <= plain!["median"]! && plain!["median"]! <= plain!["p95"]!).toBe(true);
      expect(none!["voxels"]).toBe(0);
      const [row] = await run<Row[]>("label.statistics", { shape: true, segments: [1] });
      const volumeMm3 = row!["volumeMl"]! * 1000;
      expect(row!.shape!["meshVolumeMm3"]).toBeCloseTo(volumeMm3, -3);
      expect(row!.shape!["sphericity"]).toBeGreaterThan(0.8);
      expect(row!.shape!["feretMm"]).toBeGreaterThan(20);
    },
    PATIENCE,
  );

  it(
    "measures what is committed and leaves an open preview alone",
    async () => {
      const { study, run } = await openChest();
      await run("segment.add", { name: "Lung" });
      await run("label.paint", sphere(60, 5));
      const [before] = await run<Row[]>("label.statistics");
      await study.preview.grow([35, 80, 60], { low: -1100, high: -600 });
      const shown = study.preview.state.value;
      expect(shown!.voxels).toBeGreaterThan(0);
      expect(await run<Row[]>("label.statistics")).toEqual([before]);
      const { bytes } = await run<Exported>("label.export", { format: "csv" });
      expect(new TextDecoder().decode(bytes)).toContain(`1,Lung,${before!["voxels"]},`);
      await run("label.export", { format: "nii.gz" });
      expect(study.preview.state.value).toEqual(shown);
      const changed = await study.preview.accept();
      expect((await run<Row[]>("label.statistics"))[0]!["voxels"]).toBe(before!["voxels"]! + changed);
    },
    PATIENCE,
  );
});

describe("label.compare", () => {
  it(
    "holds the labels against a file, and leaves an open preview alone",
    async () => {
      const { study, run } = await openChest();
      await run("segment.add", { name: "Heart" });
      await run("label.paint", sphere(60, 10));
      const { bytes } = await run<Exported>("label.export", { format: "seg.nrrd" });
      const file = { name: "truth.seg.nrrd", blob: new Blob([bytes]) };
      await run("label.paint", sphere(64, 10));
      await study.preview.grow([35, 80, 60], { low: -1100, high: -600 });
      const result = await run<{ rows: Row[]; overall: Row; file: string; notes: string[] }>("label.compare", {
        files: [file],
        toleranceMm: 2,
      });
      expect(study.preview.state.value).toBeDefined();
      const [row] = result.rows;
      expect(result.file).toBe("truth.seg.nrrd");
      expect(row).toMatchObject({ segment: 1, name: "Heart", sensitivity: 1 });
      expect(row!["voxelsB"]).toBeGreaterThan(row!["voxelsA"]!);
      expect(row!["dice"]).toBeCloseTo((2 * row!["voxelsA"]!) / (row!["voxelsA"]! + row!["voxelsB"]!), 12);
      expect(row!["hausdorffMm"]).toBeGreaterThan(0);
      expect(result.overall["dice"]).toBe(row!["dice"]);
      await expect(run("label.compare", { files: [file], toleranceMm: -1 })).rejects.toThrow("tolerance");
    },
    PATIENCE,
  );
});

describe("label.consensus", () => {
  it(
    "lays the consensus of files over the labels as one step, which can be taken back",
    async () => {
      const { study, run } = await openChest();
      await run("segment.add", { name: "Heart" });
      const files: { name: string; blob: Blob }[] = [];
      const sizes: number[] = [];
      for (const radius of [6, 8, 10]) {
        await run("label.paint", sphere(60, radius));
        sizes.push((await run<Row[]>("label.statistics"))[0]!["voxels"]!);
        const { bytes } = await run<Exported>("label.export", { format: "seg.nrrd" });
        files.push({ name: `${radius}.seg.nrrd`, blob: new Blob([bytes]) });
      }
      for (let n = 0; n < 4; n++) await run("history.undo");
      expect(study.labels.segments.size).toBe(0);
      const result = await run<{ changed: number; voxels: number; raters: { file: string }[] }>("label.consensus", {
        files,
        method: "majority",
      });
      expect(result).toMatchObject({ changed: sizes[1], voxels: sizes[1], undecided: 0, iterations: 0 });
      expect(result.raters.map(({ file }) => file)).toEqual(files.map(({ name }) => name));
      expect(study.labels.segments.get(1).name).toBe("Heart");
      await run("history.undo");
      expect(study.labels.labelmap.brickIndices()).toEqual([]);
      expect(study.labels.segments.size).toBe(0);
      await run("history.redo");

      const shown = await run<{ voxels: number }>("label.consensus", { files, method: "staple", preview: true });
      expect(study.preview.state.value).toMatchObject({ command: "label.consensus", busy: false });
      expect(await run("preview.accept")).toEqual({ changed: shown.voxels - sizes[1]! });
      expect(await run("journal.verify")).toMatchObject({ ok: true });
      await expect(run("label.consensus", { files: files.slice(0, 1) })).rejects.toThrow("two files or more");
    },
    PATIENCE,
  );

  it(
    "touches no locked segment",
    async () => {
      const { run } = await openChest();
      await run("segment.add", { name: "Heart" });
      await run("label.paint", sphere(60, 6));
      const { bytes } = await run<Exported>("label.export", { format: "nii.gz" });
      const files = ["a", "b"].map((name) => ({ name: `${name}.nii.gz`, blob: new Blob([bytes]) }));
      await run("segment.update", { value: 1, locked: true });
      await expect(run("label.consensus", { files, method: "majority" })).rejects.toMatchObject({ kind: "locked" });
    },
    PATIENCE,
  );
});

describe.runIf(hasSharedData)("116 hand-drawn regions", () => {
  it(
    "are measured with shape and equal themselves",
    async () => {
      const { session } = await startProgram();
      const run = <Result>(id: string, args: object = {}) => session.commands.run(id, args) as Promise<Result>;
      await run("study.open", { files: [await fileAt(sharedData("labels/colin27-aal/t1-colin27-ch2.nii.gz"))] });
      const truth = await fileAt(sharedData("labels/colin27-aal/aal-labels.nii.gz"));
      await run("label.import", { files: [truth] });
      const rows = await run<Row[]>("label.statistics", { shape: true });
      expect(rows).toHaveLength(116);
      for (const row of rows) expect(row.shape!["sphericity"]).toBeGreaterThan(0.2);
      const { overall } = await run<{ overall: Row }>("label.compare", { files: [truth] });
      expect(overall).toMatchObject({ segments: 116, dice: 1, surfaceDice: 1, hausdorffMm: 0 });
    },
    PATIENCE,
  );
});
