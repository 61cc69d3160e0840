import { describe, expect, it, vi } from "vitest";
import { verifyJournal } from "#labelmap";
import { hasSharedData, sampleFile, sharedData } from "../../fixtures/shared-data.ts";
import { effectNamed } from "../../../src/session/effects/effects.ts";
import { fileAt, startProgram } from "./program.ts";

const chestCt = sampleFile("chest-ct.mha");

async function openChest() {
  const { session, store } = await startProgram();
  const summary = await session.commands.run("study.open", { files: [await fileAt(chestCt)] });
  return { session, store, summary, run: (id: string, args: object = {}) => session.commands.run(id, args) };
}

describe("commands on a real chest CT", () => {
  it("opens it and tells dims, geometry and type", async () => {
    const { summary } = await openChest();
    expect(summary).toMatchObject({ dims: [115, 157, 129], voxelType: "int16", frames: 1 });
    expect((summary as { indexToLps: number[] }).indexToLps).toHaveLength(12);
  });

  it("paints, undoes, redoes, and the journal verifies", async () => {
    const { run } = await openChest();
    await run("segment.add", { name: "Heart" });
    const painted = await run("label.paint", { segment: 1, ijk: [[60, 80, 60]], radiusMm: 8, shape: "sphere" });
    expect((painted as { changed: number }).changed).toBeGreaterThan(50);
    expect(await run("volume.value", { ijk: [60, 80, 60] })).toMatchObject({ label: 1 });
    await run("history.undo");
    expect(await run("volume.value", { ijk: [60, 80, 60] })).toMatchObject({ label: 0 });
    await run("history.redo");
    expect(await run("volume.value", { ijk: [60, 80, 60] })).toMatchObject({ label: 1 });
    expect(await run("journal.verify")).toEqual({ ok: true, entries: 5 });
    const { bytes } = (await run("journal.export")) as { bytes: Uint8Array };
    expect(await verifyJournal(bytes)).toMatchObject({ ok: true, entries: 5 });
  });

  it("grows the lung in shown values and measures it", async () => {
    const { run } = await openChest();
    await run("segment.add", { name: "Lung" });
    const seed = [35, 80, 60];
    const { value } = (await run("volume.value", { ijk: seed })) as { value: number };
    const grown = await run("label.grow", { segment: 1, seeds: [seed], range: [value - 300, value + 300] });
    expect((grown as { changed: number }).changed).toBeGreaterThan(1000);
    const [row] = (await run("label.statistics")) as { voxels: number; min: number; max: number }[];
    expect(row!.voxels).toBe((grown as { changed: number }).changed);
    expect(row!.min).toBeGreaterThanOrEqual(value - 300);
    expect(row!.max).toBeLessThanOrEqual(value + 300);
  });

  it("shows a growth before it is accepted, and takes it back", async () => {
    const { session, run } = await openChest();
    const study = session.requireStudy();
    await study.preview.grow([35, 80, 60], { low: -1100, high: -600 });
    const shown = study.preview.state.value;
    expect(shown).toMatchObject({ command: "label.grow", busy: false });
    expect(study.labels.labelmap.valueAt([35, 80, 60])).toBe(shown!.voxels! > 0 ? 1 : 0);
    await study.preview.cancel();
    expect(study.labels.labelmap.brickIndices()).toEqual([]);
    await study.preview.grow([35, 80, 60], { low: -1100, high: -600 });
    await study.preview.grow([35, 80, 60], { low: -1100, high: -400 });
    const wide = study.preview.state.value!.voxels!;
    expect(await run("preview.accept")).toEqual({ changed: wide });
    await run("history.undo");
    expect(study.labels.labelmap.brickIndices()).toEqual([]);
  });

  it("shows a rough fill between planes before the whole one, which is that without a preview", async () => {
    const { session, run } = await openChest();
    const study = session.requireStudy();
    await run("segment.add", { name: "Ball" });
    const middle = [57, 78, 64];
    const drawn = [0, 1, 2].map((axis) => ({ axis, index: middle[axis]! }));
    for (const axis of [0, 1, 2])
      await run("label.paint", { segment: 1, ijk: [middle], radiusMm: 30, shape: "disc", axis });
    const states: [voxels: number, busy: boolean][] = [];
    const stop = study.preview.state.subscribe((state) => {
      if (state?.voxels !== undefined) states.push([state.voxels, state.busy]);
    });
    const { effect, args } = effectNamed("label.fill", { drawn });
    await study.preview.show(effect, args, "fill");
    stop();
    const [rough] = states;
    const whole = states.at(-1)!;
    expect(rough![1]).toBe(true);
    expect(whole[1]).toBe(false);
    expect(rough![0]).toBeGreaterThan(whole[0] * 0.8);
    expect(rough![0]).toBeLessThan(whole[0] * 1.25);
    // What is not accepted is in no command's way.
    await study.preview.cancel();
    expect(await run("label.fill", { drawn })).toMatchObject({ changed: whole[0] });
    await run("history.undo");

    // Cancelled between the two, nothing stays.
    const changed: Promise<void>[] = [];
    const wait = study.preview.state.subscribe((state) => {
      if (state?.voxels !== undefined && changed.length === 0) changed.push(study.preview.cancel());
    });
    await run("label.paint", { segment: 1, ijk: [[57, 78, 40]], radiusMm: 20, shape: "disc", axis: 2 });
    const before = study.labels.labelmap.restingBytes;
    await study.preview.show(effect, args, "fill");
    await Promise.all(changed);
    wait();
    expect(study.preview.state.value).toBeUndefined();
    expect(study.labels.labelmap.transaction).toBeUndefined();
    expect(study.labels.labelmap.restingBytes).toBe(before);
  });

  it("lets another change cancel an open preview", async () => {
    const { session, run } = await openChest();
    const study = session.requireStudy();
    await study.preview.grow([35, 80, 60], { low: -1100, high: -600 });
    await run("label.paint", { segment: 1, ijk: [[5, 5, 5]], radiusMm: 0, shape: "disc" });
    expect(study.preview.state.value).toBeUndefined();
    expect(study.labels.labelmap.valueAt([35, 80, 60])).toBe(0);
    expect(study.labels.labelmap.valueAt([5, 5, 5])).toBe(1);
  });

  it("fills between annotated slices as one step", async () => {
    const { run } = await openChest();
    await run("segment.add", {});
    for (const k of [40, 50]) await run("label.paint", { segment: 1, ijk: [[60, 80, k]], radiusMm: 20, shape: "disc" });
    const filled = (await run("label.fill", { method: "shape" })) as { changed: number };
    expect(filled.changed).toBeGreaterThan(500);
    expect(await run("volume.value", { ijk: [60, 80, 45] })).toMatchObject({ label: 1 });
    await run("history.undo");
    expect(await run("volume.value", { ijk: [60, 80, 45] })).toMatchObject({ label: 0 });
  });

  it("looks at the scan while it fills, where that is asked for", async () => {
    const { run } = await openChest();
    await run("segment.add", {});
    for (const k of [40, 48, 56])
      await run("label.paint", { segment: 1, ijk: [[60, 80, k]], radiusMm: 20, shape: "disc" });
    const filled = (await run("label.fill", { method: "image", axis: 2 })) as { changed: number };
    expect(filled.changed).toBeGreaterThan(500);
    await expect(run("label.fill", { method: "magic" })).rejects.toMatchObject({ kind: "unsupported" });
  });

  it("fills between planes of any orientation, says how sure it is and which slice to annotate next", async () => {
    const { run } = await openChest();
    await run("segment.add", {});
    await run("label.paint", { segment: 1, ijk: [[60, 80, 45]], radiusMm: 20, shape: "disc" });
    const drawn = [
      { axis: 2, index: 45 },
      { point: [60, 80, 45], normal: [1, 0.3, 0] },
    ];
    const filled = (await run("label.fill", { drawn })) as { changed: number };
    expect(filled.changed).toBeGreaterThan(500);
    await run("history.undo");
    await run("label.paint", { segment: 1, ijk: [[60, 80, 55]], radiusMm: 10, shape: "disc" });
    const next = (await run("label.nextSlice", { axis: 2, across: [2] })) as {
      axis: number;
      index: number;
      voxels: number;
    };
    expect(next).toMatchObject({ axis: 2 });
    expect(next.index).toBeGreaterThan(45);
    expect(next.index).toBeLessThan(55);
    const byImage = await run("label.nextSlice", { axis: 2, across: [2], method: "image" });
    expect(byImage).toMatchObject({ axis: 2, index: expect.any(Number), wrongVoxels: expect.any(Number) });
    const sure = (await run("label.certainty", { axis: 2, slice: next })) as {
      size: number[];
      certainty: Float32Array;
    };
    expect(sure.certainty).toHaveLength(sure.size[0]! * sure.size[1]!);
    expect(Math.min(...sure.certainty)).toBeLessThan(0.9);
    await expect(run("label.fill", { drawn: [] })).rejects.toMatchObject({ kind: "argument" });
    await expect(run("label.fill", { drawn: [{ axis: 2 }] })).rejects.toThrow("drawn plane");
    await expect(run("label.nextSlice", { axis: 2, across: [] })).rejects.toMatchObject({ kind: "argument" });
  });

  it("never changes a locked segment", async () => {
    const { run } = await openChest();
    await run("segment.add", {});
    await run("segment.add", {});
    await run("label.paint", { segment: 1, ijk: [[60, 80, 60]], radiusMm: 5, shape: "sphere" });
    await run("segment.update", { value: 1, locked: true });
    await run("label.paint", { segment: 2, ijk: [[60, 80, 60]], radiusMm: 10, shape: "sphere" });
    expect(await run("volume.value", { ijk: [60, 80, 60] })).toMatchObject({ label: 1 });
    await expect(run("label.paint", { segment: 1, ijk: [[1, 1, 1]], radiusMm: 1, shape: "disc" })).rejects.toThrow(
      "locked",
    );
    await expect(run("segment.remove", { value: 1 })).rejects.toThrow("locked");
  });

  it("deletes a segment with its voxels and brings both back", async () => {
    const { run, session } = await openChest();
    await run("segment.add", { name: "Tumour" });
    await run("label.paint", { segment: 1, ijk: [[60, 80, 60]], radiusMm: 5, shape: "sphere" });
    await run("segment.remove", { value: 1 });
    expect(session.requireStudy().labels.labelmap.brickIndices()).toEqual([]);
    await run("history.undo");
    expect(session.requireStudy().labels.segments.get(1).name).toBe("Tumour");
    expect(await run("volume.value", { ijk: [60, 80, 60] })).toMatchObject({ label: 1 });
  });

  it("finds everything as it was after closing and reopening", async () => {
    const { run, summary } = await openChest();
    const { volumeId } = summary as { volumeId: string };
    await run("segment.add", { name: "Heart", color: "#aa3311" });
    await run("label.paint", { segment: 1, ijk: [[60, 80, 60]], radiusMm: 5, shape: "sphere" });
    await run("study.close");
    await expect(run("history.undo")).rejects.toThrow("No study is open");
    await run("study.reopen", { volumeId });
    expect(await run("volume.value", { ijk: [60, 80, 60] })).toMatchObject({ label: 1 });
    await run("history.undo");
    await run("history.undo");
    expect(await run("history.undo")).toEqual({ entry: null });
    expect(await run("journal.verify")).toMatchObject({ ok: true });
  });

  it("keeps commands off the study behind an import that is being shown", async () => {
    const { session, run } = await openChest();
    await run("segment.add", { name: "Heart" });
    const opening = run("study.open", { files: [await fileAt(sampleFile("head-mr.nii.gz"))] });
    await vi.waitUntil(() => session.arriving.value !== undefined, { timeout: 10_000, interval: 1 });
    expect(session.shownStudy.value).toBeUndefined();
    await expect(run("segment.add", { name: "Nowhere" })).rejects.toThrow("still being imported");
    await opening;
    expect(session.shownStudy.value?.image.grid.dims).toEqual([181, 217, 181]);
    expect(session.shownStudy.value?.labels.segments.size).toBe(0);
  });

  it("refuses arguments that do not fit, naming the field", async () => {
    const { run } = await openChest();
    await expect(run("label.grow", { segment: 1, seeds: [], range: [0, 1] })).rejects.toThrow("seeds");
    await expect(run("volume.value", { ijk: [999, 0, 0] })).rejects.toThrow("outside the volume");
    await expect(run("no.such")).rejects.toThrow("There is no command no.such");
    await expect(run("study.open", { url: "https://a.example/scan", spacing: [1, 1, 1] })).rejects.toThrow("“spacing”");
    // A region under another name would be the whole volume.
    const grow = { segment: 1, seeds: [[35, 80, 60]], range: [-1100, -600], box: { min: [0, 0, 0], max: [9, 9, 9] } };
    await expect(run("label.grow", grow)).rejects.toMatchObject({
      kind: "argument",
      message: "There is no argument “box”.",
      advice: expect.stringContaining("region") as string,
    });
  });
});

describe.runIf(hasSharedData)("labels of real scans", () => {
  it("imports 116 hand-drawn regions and exports the same voxels", async () => {
    const { session } = await startProgram();
    const run = (id: string, args: object = {}) => session.commands.run(id, args);
    await run("study.open", { files: [await fileAt(sharedData("labels/colin27-aal/t1-colin27-ch2.nii.gz"))] });
    const truth = await fileAt(sharedData("labels/colin27-aal/aal-labels.nii.gz"));
    const { changed } = (await run("label.import", { files: [truth] })) as { changed: number };
    expect(session.requireStudy().labels.segments.size).toBe(116);
    const { bytes } = (await run("label.export", { format: "nii.gz" })) as { bytes: Uint8Array<ArrayBuffer> };
    await run("segment.showAll", { visible: false });
    const again = { name: "again.nii.gz", blob: new Blob([bytes]) };
    expect(await run("label.import", { files: [again] })).toMatchObject({ changed: 0 });
    expect(changed).toBeGreaterThan(1_000_000);
  }, 60_000);
});
