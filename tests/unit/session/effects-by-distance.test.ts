import { describe, expect, it } from "vitest";
import type { Labelmap } from "#labelmap";
import { sampleFile } from "../../fixtures/shared-data.ts";
import { niftiFile } from "../sources/nifti-file.ts";
import { fileAt, startProgram } from "./program.ts";

interface Change {
  readonly changed: number;
}

async function openWithLung() {
  const { session } = await startProgram();
  await session.commands.run("study.open", { files: [await fileAt(sampleFile("chest-ct.mha"))] });
  const run = (id: string, args: object = {}): Promise<unknown> => session.commands.run(id, args);
  await run("segment.add", { name: "Lung" });
  await run("label.grow", { segment: 1, seeds: [[50, 80, 60]], range: [-1100, -600] });
  return { session, run, map: session.requireStudy().labels.labelmap };
}

function count(map: Labelmap, segment: number): number {
  let voxels = 0;
  for (const index of map.brickIndices()) for (const label of map.readBrick(index)!) if (label === segment) voxels++;
  return voxels;
}

describe("label.margin", () => {
  it("grows and shrinks as one step each that can be undone", async () => {
    const { run, map } = await openWithLung();
    const lung = count(map, 1);
    const grown = (await run("label.margin", { mm: 3 })) as Change;
    expect(grown.changed).toBeGreaterThan(0);
    expect(count(map, 1)).toBe(lung + grown.changed);
    await run("history.undo");
    expect(count(map, 1)).toBe(lung);
    const shrunk = (await run("label.margin", { mm: -3, segments: [1] })) as Change;
    expect(count(map, 1)).toBe(lung - shrunk.changed);
    expect(await run("journal.verify")).toMatchObject({ ok: true });
  });

  it("paints over what the rule of the tools allows only, and never over a locked segment", async () => {
    const { session, run, map } = await openWithLung();
    await run("segment.add", { name: "Heart" });
    // Labelled by hand around the lung's seed side, so that growing meets it.
    await run("label.paint", { segment: 2, ijk: [[60, 80, 60]], radiusMm: 40, shape: "sphere", over: "empty" });
    const heart = count(map, 2);
    session.setTools({ over: "empty" });
    await run("label.margin", { mm: 4, segments: [1] });
    expect(count(map, 2)).toBe(heart);
    await run("history.undo");
    session.setTools({ over: "all" });
    await run("segment.update", { value: 2, locked: true });
    await run("label.margin", { mm: 4 });
    expect(count(map, 2)).toBe(heart);
    await run("history.undo");
    await run("segment.update", { value: 2, locked: false });
    await run("label.margin", { mm: 4, segments: [1] });
    expect(count(map, 2)).toBeLessThan(heart);
  });

  it("is seen before it is kept", async () => {
    const { session, run, map } = await openWithLung();
    const lung = count(map, 1);
    await run("preview.show", { command: "label.margin", args: { mm: 2 } });
    const { preview } = session.requireStudy();
    expect(preview.state.value).toMatchObject({ command: "label.margin", busy: false });
    expect(count(map, 1)).toBeGreaterThan(lung);
    await run("preview.cancel");
    expect(count(map, 1)).toBe(lung);
  });
});

describe("label.hollow and label.smooth", () => {
  it("leave a shell inside the border", async () => {
    const { run, map } = await openWithLung();
    const lung = count(map, 1);
    const { changed } = (await run("label.hollow", { segments: [1], thicknessMm: 4, mode: "inside" })) as Change;
    expect(count(map, 1)).toBe(lung - changed);
    expect(changed).toBeGreaterThan(0);
  });

  it.each(["median", "open", "close", "gaussian", "joint"])("smooth by %s", async (method) => {
    const { run, map } = await openWithLung();
    const lung = count(map, 1);
    const { changed } = (await run("label.smooth", { method, mm: 4 })) as Change;
    expect(changed).toBeGreaterThan(0);
    expect(count(map, 1)).not.toBe(lung);
    await run("history.undo");
    expect(count(map, 1)).toBe(lung);
  });
});

describe("refusals", () => {
  it("names what does not fit", async () => {
    const { run } = await openWithLung();
    await expect(run("label.margin", { mm: 0 })).rejects.toThrow("above 0 mm to grow or below 0 to shrink");
    await expect(run("label.margin", { mm: 2, segments: [9] })).rejects.toThrow("There is no segment 9");
    await expect(run("label.hollow", { segments: [], thicknessMm: 2, mode: "inside" })).rejects.toThrow("No segment");
    await expect(run("label.smooth", { method: "sharpen", mm: 2 })).rejects.toThrow("Methods are median");
    await expect(run("label.smooth", { method: "gaussian", mm: 1e9 })).rejects.toThrow("at most 1000 mm");
    await run("segment.update", { value: 1, locked: true });
    await expect(run("label.margin", { mm: 2, segments: [1] })).rejects.toMatchObject({ kind: "locked" });
    await expect(run("label.margin", { mm: 2 })).rejects.toThrow("All segments are locked");
  });

  it("lengths on a sheared grid", async () => {
    const { session } = await startProgram();
    const srow = [1, 0, 0.3, 0, 0, 1, 0, 0, 0, 0, 2, 0];
    const file = niftiFile({ srow }, new Uint8Array(24));
    await session.commands.run("study.open", { files: [file] });
    await session.commands.run("segment.add", {});
    for (const [id, args] of [
      ["label.margin", { mm: 2 }],
      ["label.hollow", { segments: [1], thicknessMm: 1, mode: "middle" }],
      ["label.smooth", { method: "joint", mm: 1 }],
    ] as const) {
      await expect(session.commands.run(id, args)).rejects.toMatchObject({
        kind: "unsupported",
        message: expect.stringContaining("not at right angles") as string,
      });
    }
  });
});
