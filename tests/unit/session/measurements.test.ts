import type { ShownMeasurement } from "#export";
import { replayJournal } from "#labelmap";
import { describe, expect, it } from "vitest";
import { sampleFile } from "../../fixtures/shared-data.ts";
import { fileAt, startProgram } from "./program.ts";

const chestCt = sampleFile("chest-ct.mha");

async function openChest() {
  const { session } = await startProgram();
  const summary = (await session.commands.run("study.open", { files: [await fileAt(chestCt)] })) as {
    volumeId: string;
  };
  const run = <Result = unknown>(id: string, args: object = {}): Promise<Result> =>
    session.commands.run(id, args) as Promise<Result>;
  return { session, run, study: session.requireStudy(), summary };
}

const rows = (run: <Result>(id: string) => Promise<Result>) => run<ShownMeasurement[]>("measurement.list");

describe("measurements of a real chest CT", () => {
  it("are added, changed, deleted, undone and redone as steps, and the journal replays and verifies", async () => {
    const { run, study } = await openChest();
    const { grid } = study.image;
    const [a, b] = [grid.toLps([30, 40, 50]), grid.toLps([60, 80, 50])];
    await run("measurement.add", { kind: "distance", points: [a, b] });
    const expected = Math.hypot(30 * grid.spacingMm[0], 40 * grid.spacingMm[1]);
    expect((await rows(run))[0]!.size.lengthMm).toBeCloseTo(expected, 9);
    const c = grid.toLps([60, 80, 70]);
    await run("measurement.update", { id: 1, points: [a, c], name: "Rib to rib" });
    expect((await rows(run))[0]!.size.lengthMm).toBeCloseTo(Math.hypot(expected, 20 * grid.spacingMm[2]), 9);
    await run("measurement.remove", { id: 1 });
    expect(await rows(run)).toEqual([]);
    await run("history.undo");
    expect((await rows(run))[0]!.measurement).toMatchObject({ name: "Rib to rib", points: [a, c] });
    await run("history.undo");
    expect((await rows(run))[0]!.measurement).toMatchObject({ name: "Distance 1", points: [a, b] });
    await run("history.redo");
    const replayed = await replayJournal(study.labels.store.lines(), grid.dims);
    expect(replayed.measurements.list()).toEqual(study.labels.measurements.list());
    expect(await run("journal.verify")).toEqual({ ok: true, entries: 7 });
  });

  it("count the voxels that commands read one by one", async () => {
    const { run, study } = await openChest();
    const { grid } = study.image;
    // A coronal rectangle from voxel to voxel, its corners in the middle of voxels.
    const points = [grid.toLps([20, 70, 90]), grid.toLps([50, 70, 60])];
    const plane = { right: [1, 0, 0], down: [0, 0, -1] };
    await run("measurement.add", { kind: "rectangle", points, plane });
    const values: number[] = [];
    for (let k = 60; k <= 90; k++)
      for (let i = 20; i <= 50; i++)
        values.push((await run<{ value: number }>("volume.value", { ijk: [i, 70, k] })).value);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const [{ area, size }] = (await rows(run)) as [ShownMeasurement];
    expect(area).toMatchObject({
      count: 31 * 31,
      min: Math.min(...values),
      max: Math.max(...values),
      method: "voxels",
    });
    expect(area!.mean).toBeCloseTo(mean, 9);
    expect(size.areaMm2).toBeCloseTo(30 * grid.spacingMm[0] * 30 * grid.spacingMm[2], 6);
    await run("measurement.add", { kind: "probe", points: [grid.toLps([33.3, 70, 71.6])] });
    const { value } = await run<{ value: number }>("volume.value", { ijk: [33, 70, 72] });
    expect((await rows(run))[1]!.probe).toEqual({ value, ijk: [33, 70, 72] });
    await run("measurement.add", { kind: "probe", points: [[0, 0, 9999]] });
    expect((await rows(run))[2]!.probe!.value).toBeUndefined();
  });

  it("are there again when the study is reopened, with their history", async () => {
    const { session, run, summary } = await openChest();
    await run("measurement.add", {
      kind: "angle",
      points: [
        [1, 0, 0],
        [0, 0, 0],
        [0, 5, 0],
      ],
      color: "#00FF00",
    });
    await run("study.close");
    await run("study.reopen", { volumeId: summary.volumeId });
    expect(session.requireStudy().labels.measurements.list()).toMatchObject([{ kind: "angle", color: "#00ff00" }]);
    await run("history.undo");
    expect(session.requireStudy().labels.measurements.size).toBe(0);
  });

  it("leave an open preview as it is", async () => {
    const { run, study } = await openChest();
    await study.preview.grow([35, 80, 60], { low: -1100, high: -600 });
    const voxels = study.preview.state.value!.voxels!;
    await run("measurement.add", { kind: "probe", points: [[0, 0, 0]] });
    expect(study.preview.state.value?.voxels).toBe(voxels);
    await study.preview.accept();
    await run("history.undo");
    expect([study.labels.labelmap.brickIndices().length, study.labels.measurements.size]).toEqual([0, 1]);
    await run("history.undo");
    await run("history.undo");
    expect(study.labels.measurements.size).toBe(0);
    expect(await run("journal.verify")).toMatchObject({ ok: true });
  });

  it("stay in step with many undos and additions asked for at once", async () => {
    const { run, study } = await openChest();
    const asked: Promise<unknown>[] = [];
    for (let n = 0; n < 12; n++) {
      asked.push(run("measurement.add", { kind: "probe", points: [[n, 0, 0]] }));
      if (n % 3 === 2) asked.push(run("history.undo"));
      if (n % 4 === 3) asked.push(run("label.paint", { segment: 0, ijk: [[1, 1, 1]], radiusMm: 1, shape: "sphere" }));
    }
    await Promise.all(asked);
    const replayed = await replayJournal(study.labels.store.lines(), study.image.grid.dims);
    expect(replayed.measurements.toJson()).toBe(study.labels.measurements.toJson());
    expect(await run("journal.verify")).toMatchObject({ ok: true });
  });

  it("refuse what cannot be measured, and say why", async () => {
    const { run } = await openChest();
    const kind = (name: string) => expect.objectContaining({ kind: name });
    await expect(run("measurement.add", { kind: "distance", points: [[0, 0, 0]] })).rejects.toEqual(kind("argument"));
    await expect(run("measurement.add", { kind: "probe", points: [[0, 0, 0]], frame: 3 })).rejects.toEqual(
      kind("argument"),
    );
    await expect(run("measurement.add", { kind: "circle", points: [[0, 0, 0]] })).rejects.toEqual(kind("argument"));
    await expect(run("measurement.update", { id: 4, name: "x" })).rejects.toEqual(kind("not-found"));
    await expect(run("measurement.remove")).rejects.toEqual(kind("argument"));
    expect(await run("journal.list")).toHaveLength(1);
  });

  it("are hidden and shown at once, selected, and gone to", async () => {
    const { session, run, study } = await openChest();
    await run("measurement.add", {
      kind: "distance",
      points: [
        [0, 0, 0],
        [10, 0, 4],
      ],
    });
    await run("measurement.add", { kind: "probe", points: [[1, 2, 3]] });
    expect(study.measuring.selected.value).toBe(2);
    await run("measurement.showAll", { visible: false });
    expect(study.labels.measurements.list().map(({ visible }) => visible)).toEqual([false, false]);
    await run("measurement.select", { id: 1, goTo: true });
    expect(session.view.value!.crosshair.value).toEqual([5, 0, 2]);
    await run("measurement.remove");
    expect(study.labels.measurements.list().map(({ id }) => id)).toEqual([2]);
    expect(study.measuring.selected.value).toBeUndefined();
  });

  it("are exported as CSV and JSON with the numbers of the list", async () => {
    const { run, study } = await openChest();
    const { grid } = study.image;
    const points = [grid.toLps([20, 70, 90]), grid.toLps([50, 70, 60])];
    await run("measurement.add", { kind: "ellipse", points, plane: { right: [1, 0, 0], down: [0, 0, -1] } });
    const [{ area, size }] = (await rows(run)) as [ShownMeasurement];
    const text = async (format: string) =>
      new TextDecoder().decode((await run<{ bytes: Uint8Array }>("measurement.export", { format })).bytes);
    const document = JSON.parse(await text("json"));
    expect(document.measurements).toMatchObject([{ kind: "ellipse", ...size, values: area }]);
    expect(document.study.dims).toEqual([115, 157, 129]);
    const [header, row] = (await text("csv")).split("\r\n").map((line) => line.split(","));
    const field = (name: string) => Number(row![header!.indexOf(name)]);
    expect([field("area_mm2"), field("mean"), field("count")]).toEqual([size.areaMm2, area!.mean, area!.count]);
  });
});

describe("what is shown while the pointer draws", () => {
  it("follows the draft with its values, and goes over into what is kept", async () => {
    const { study } = await openChest();
    const { measuring } = study;
    const { grid } = study.image;
    const corner = grid.toLps([20, 70, 90]);
    const plane = { right: [1, 0, 0], down: [0, 0, -1] } as const;
    const draft = (k: number) => ({ kind: "rectangle", points: [corner, grid.toLps([50, 70, k])], plane }) as const;
    measuring.toolPort.draft(draft(70));
    expect(measuring.drafting.value).toBe(true);
    await expect.poll(() => measuring.shown.value[0]!.area?.count).toBe(31 * 21);
    measuring.toolPort.draft(draft(60));
    // Numbers of where it was are not shown where it is.
    expect(measuring.shown.value[0]!.area).toBeUndefined();
    await expect.poll(() => measuring.shown.value[0]!.area?.count).toBe(31 * 31);
    measuring.toolPort.keep(draft(60));
    await expect.poll(() => measuring.drafting.value).toBe(false);
    expect(measuring.shown.value).toMatchObject([{ measurement: { id: 1, name: "Rectangle 1" } }]);
    expect(measuring.selected.value).toBe(1);
    measuring.toolPort.draft({ id: 1, ...draft(80) });
    expect(measuring.shown.value[0]!.size.heightMm).toBeCloseTo(10 * grid.spacingMm[2], 6);
    measuring.cancel();
    expect(measuring.shown.value[0]!.size.heightMm).toBeCloseTo(30 * grid.spacingMm[2], 6);
  });
});
