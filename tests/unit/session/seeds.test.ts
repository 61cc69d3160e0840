import { describe, expect, it } from "vitest";
import { sampleFile } from "../../fixtures/shared-data.ts";
import { fileAt, startProgram } from "./program.ts";

/** The sample CT with a stroke in the right lung (1), one in the body beside it (2), and an empty segment (3). */
async function openDrawn() {
  const { session } = await startProgram();
  await session.commands.run("study.open", { files: [await fileAt(sampleFile("chest-ct.mha"))] });
  const run = <Result = unknown>(id: string, args: object = {}) => session.commands.run(id, args) as Promise<Result>;
  for (const name of ["Lung", "Body", "Other"]) await run("segment.add", { name });
  const disc = { radiusMm: 6, shape: "disc" };
  await run("label.paint", { segment: 1, ijk: [[35, 80, 60]], ...disc });
  await run("label.paint", { segment: 2, ijk: [[60, 80, 60]], ...disc });
  return { study: session.requireStudy(), run };
}

const region = { min: [10, 50, 50], max: [80, 110, 70] };

describe("label.seeds on a real chest CT", () => {
  it("divides a box between what is drawn, as one step that undo takes back", async () => {
    const { study, run } = await openDrawn();
    const before = study.sizes();
    const grown = await run<{ changed: number }>("label.seeds", { region });
    const after = study.sizes();
    expect(after.get(1)! + after.get(2)!).toBe(before.get(1)! + before.get(2)! + grown.changed);
    expect(after.get(1)! + after.get(2)!).toBe(70 * 60 * 20);
    expect(after.get(3)).toBe(0);
    await run("history.undo");
    expect(study.sizes()).toEqual(before);
    expect(await run("journal.verify")).toMatchObject({ ok: true });
  });

  it("shows the same before it is accepted, and new strokes change it", async () => {
    const { study, run } = await openDrawn();
    const before = study.sizes();
    const show = () => run("preview.show", { command: "label.seeds", args: { region } });
    await show();
    expect(study.preview.state.value).toMatchObject({ command: "label.seeds", busy: false });
    const first = study.sizes();
    await run("preview.cancel");
    expect(study.sizes()).toEqual(before);
    await run("label.paint", { segment: 2, ijk: [[35, 100, 60]], radiusMm: 5, shape: "sphere" });
    await show();
    expect(study.sizes().get(2)).toBeGreaterThan(first.get(2)!);
    const seen = study.preview.state.value!.voxels;
    expect(await run("preview.accept")).toEqual({ changed: seen });
  });

  it("a bias holds a segment back", async () => {
    const { study, run } = await openDrawn();
    const { slope } = study.image.description.rescale;
    await run("label.seeds", { region, spatialWeight: 3 * slope, bias: { 2: 40 * slope } });
    const held = study.sizes().get(2)!;
    await run("history.undo");
    await run("label.seeds", { region, spatialWeight: 3 * slope });
    expect(study.sizes().get(2)!).toBeGreaterThan(held);
  });

  it("leaves voxels that are too costly to reach", async () => {
    const { run } = await openDrawn();
    const all = await run<{ changed: number }>("label.seeds", { region });
    await run("history.undo");
    const near = await run<{ changed: number }>("label.seeds", { region, maximumCost: 100 });
    expect(near.changed).toBeGreaterThan(0);
    expect(near.changed).toBeLessThan(all.changed);
  });

  it("locked segments are walls, and are refused as seeds", async () => {
    const { study, run } = await openDrawn();
    await run("label.paint", { segment: 3, ijk: [[45, 80, 60]], radiusMm: 5, shape: "sphere" });
    const drawn = study.sizes().get(3)!;
    await run("segment.update", { value: 3, locked: true });
    await run("label.seeds", { region });
    expect(study.sizes().get(3)).toBe(drawn);
    await run("history.undo");
    await expect(run("label.seeds", { segments: [1, 3], region })).rejects.toMatchObject({ kind: "locked" });
    await expect(run("label.seeds", { inside: [3], region })).rejects.toMatchObject({ kind: "locked" });
  });

  it("grows inside a segment, which takes no part itself", async () => {
    const { study, run } = await openDrawn();
    await run("label.paint", { segment: 3, ijk: [[47, 80, 60]], radiusMm: 12, shape: "sphere", over: "empty" });
    const before = study.sizes();
    await run("label.seeds", { inside: [3] });
    const after = study.sizes();
    expect(after.get(3)).toBe(0);
    expect(after.get(1)! + after.get(2)!).toBe(before.get(1)! + before.get(2)! + before.get(3)!);
  });

  it("refuses what makes no sense", async () => {
    const { run } = await openDrawn();
    await expect(run("label.seeds", { segments: [1], region })).rejects.toMatchObject({ kind: "argument" });
    await expect(run("label.seeds", { segments: [1, 3], region })).rejects.toThrow("at least two segments");
    await expect(run("label.seeds", { segments: [1, 9], region })).rejects.toMatchObject({ kind: "not-found" });
    await expect(run("label.seeds", { bias: { 9: 4 }, region })).rejects.toThrow("not among the seeds");
    await expect(run("label.seeds", { connectivity: 18, region })).rejects.toThrow("6 and 26");
  });
});
