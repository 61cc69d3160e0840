import { countEditedVoxels, emptyMask, invertEdits, Labelmap, setMaskRun } from "#labelmap";
import { expect, it } from "vitest";
import { randomFrom } from "../../fixtures/random.ts";
import { isSame } from "./is-same.ts";

const VOXELS = 64 ** 3;
const all = () => emptyMask().fill(0xff);
const kind = (name: string) => expect.objectContaining({ kind: name });
const run = (start: number, length: number) => {
  const mask = emptyMask();
  setMaskRun(mask, start, length);
  return mask;
};

/** Voxels 0–9 are 1, 10–19 are 2, 20–29 are 3, the rest is background. */
function striped(): Labelmap {
  const labelmap = new Labelmap([64, 64, 64]);
  const change = labelmap.begin({ over: "all" });
  for (let value = 1; value <= 3; value++) change.setMask(0, run((value - 1) * 10, 10), value);
  change.commit();
  return labelmap;
}
const firstForty = (labelmap: Labelmap) => [0, 10, 20, 30].map((start) => labelmap.readBrick(0)![start]);

it("[T1] a change is seen before it is committed and gone after rollback", () => {
  const labelmap = striped();
  const change = labelmap.begin({ over: "all" });
  expect(change.setMask(0, all(), 7)).toBe(VOXELS);
  expect(labelmap.valueAt([0, 0, 0])).toBe(7);
  change.rollback();
  expect(firstForty(labelmap)).toEqual([1, 2, 3, 0]);
  expect(() => change.setMask(0, all(), 7)).toThrowError(kind("argument"));
});

it("[T2] a locked segment is never changed, by no way", () => {
  const labelmap = striped();
  const change = labelmap.begin({ over: "all" }, [2]);
  expect(change.setMask(0, all(), 9)).toBe(VOXELS - 10);
  expect(change.erase(0, all())).toBe(VOXELS - 10);
  expect(change.setLabels(0, new Uint16Array(VOXELS).fill(5))).toBe(VOXELS - 10);
  for (const touch of [
    () => change.setMask(0, all(), 2),
    () => change.erase(0, all(), 2),
    () => change.eraseSegment(2),
    () => change.setLabels(0, new Uint16Array(VOXELS).fill(2)),
  ]) {
    expect(touch).toThrowError(kind("locked"));
  }
  change.commit();
  expect(firstForty(labelmap)).toEqual([5, 2, 5, 5]);
});

it("[T3] over says what may be painted over: all, only background, or background and the listed", () => {
  for (const [over, expected] of [
    ["all", [9, 9, 9, 9]],
    ["empty", [1, 2, 3, 9]],
    [[3], [1, 2, 9, 9]],
  ] as const) {
    const labelmap = striped();
    const change = labelmap.begin({ over });
    change.setMask(0, all(), 9);
    expect(firstForty(labelmap)).toEqual(expected);
    change.rollback();
    const proposal = labelmap.begin({ over });
    proposal.apply({ kind: "labels", bricks: new Map([[0, new Uint16Array(VOXELS).fill(9)]]), voxels: VOXELS });
    expect(firstForty(labelmap)).toEqual(expected);
  }
});

it("[T4] erasing takes one segment or all, whatever may be painted over", () => {
  const labelmap = striped();
  const change = labelmap.begin({ over: "empty" });
  expect(change.erase(0, run(5, 10), 2)).toBe(5);
  expect(change.erase(0, run(0, 5))).toBe(5);
  expect(change.eraseSegment(3)).toBe(10);
  expect(countEditedVoxels(change.commit())).toBe(20);
  expect(labelmap.readBrick(0)!.reduce((sum, value) => sum + Number(value !== 0), 0)).toBe(10);
});

it("[T5] voxels that come back to what they were are in no edit", () => {
  const labelmap = striped();
  const change = labelmap.begin({ over: "all" });
  change.setMask(0, run(0, 10), 4);
  change.setMask(0, run(0, 8), 1);
  expect(change.changedVoxels).toBe(18);
  const edits = change.commit();
  expect(change.changedVoxels).toBe(2);
  expect(countEditedVoxels(edits)).toBe(2);
  const nothing = labelmap.begin({ over: "all" });
  nothing.setMask(0, run(100, 3), 4);
  nothing.setMask(0, run(100, 3), 0);
  expect(nothing.commit()).toEqual([]);
});

it("[T6] a value that does not fit 16 bits throws and changes nothing", () => {
  const labelmap = striped();
  const change = labelmap.begin({ over: "all" });
  for (const value of [65536, -1, 1.5, Number.NaN]) {
    expect(() => change.setMask(0, all(), value)).toThrowError(kind("label-range"));
  }
  expect(change.setMask(0, run(0, 1), 65535)).toBe(1);
  change.rollback();
  expect(firstForty(labelmap)).toEqual([1, 2, 3, 0]);
});

it("[T7] one change is open at a time", () => {
  const labelmap = striped();
  const change = labelmap.begin({ over: "all" });
  expect(() => labelmap.begin({ over: "all" })).toThrowError(kind("argument"));
  expect(() => labelmap.apply([])).toThrowError(kind("argument"));
  change.commit();
  labelmap.begin({ over: "all" }).rollback();
});

it("[T8] committed bytes leave an open change out", () => {
  const labelmap = striped();
  const bytes = labelmap.committedBytes(0);
  const change = labelmap.begin({ over: "all" });
  change.setMask(0, all(), 4);
  expect(labelmap.committedBytes(0)).toEqual(bytes);
  const edits = change.commit();
  expect(labelmap.committedBytes(0)).not.toEqual(bytes);
  labelmap.apply(invertEdits(edits));
  expect(labelmap.committedBytes(0)).toEqual(bytes);
});

it("[T9] a large change can be made and kept in turns, with the same edits, and nothing comes between it and its entry", async () => {
  const random = randomFrom(4);
  const bricks = new Map<number, Uint8Array>();
  for (let index = 0; index < 60; index++) {
    bricks.set(
      index,
      Uint8Array.from({ length: 32768 }, () => (random() < 0.6 ? 255 : Math.floor(random() * 256))),
    );
  }
  const proposal = { kind: "mask", segment: 1, bricks, voxels: 0 } as const;
  const dims = [64 * 60, 64, 64] as const;
  const atOnce = new Labelmap(dims).begin({ over: "all" });
  const voxels = atOnce.apply(proposal);
  const expected = atOnce.commit();

  const labelmap = new Labelmap(dims, { budgetBytes: 16 * VOXELS });
  const change = labelmap.begin({ over: "all" });
  const shares: number[] = [];
  const changed = await change.applyInSteps(proposal, { onProgress: ({ fraction }) => shares.push(fraction) });
  expect(changed).toBe(voxels);
  expect(shares.length).toBeGreaterThan(0);
  let kept = false;
  const keeping = change.commitInSteps((edits) => {
    kept = true;
    expect(() => change.setMask(0, all(), 2)).toThrowError(kind("argument"));
    return Promise.resolve(edits);
  });
  expect(() => change.setMask(0, all(), 2)).toThrowError(kind("argument"));
  expect(() => labelmap.begin({ over: "all" })).toThrowError(kind("argument"));
  expect(kept).toBe(false);
  const edits = await keeping;
  expect(edits.map((edit) => edit.brickIndex)).toEqual(expected.map((edit) => edit.brickIndex));
  expect(edits.every((edit, n) => isSame(edit.runs, expected[n]!.runs))).toBe(true);
});

it("[T10] after an abort a change is open again and can be taken back", async () => {
  // Every other voxel, so that a brick takes milliseconds.
  const stripes = all().fill(0x55);
  const bricks = new Map(Array.from({ length: 40 }, (_, index) => [index, stripes] as const));
  const labelmap = new Labelmap([64 * 40, 64, 64]);
  const change = labelmap.begin({ over: "all" });
  const abort = new AbortController();
  const applying = change.applyInSteps(
    { kind: "mask", segment: 1, bricks, voxels: 0 },
    { signal: abort.signal, onProgress: () => abort.abort() },
  );
  await expect(applying).rejects.toMatchObject({ name: "AbortError" });
  change.rollback();
  expect(labelmap.brickIndices()).toEqual([]);
  const again = labelmap.begin({ over: "all" });
  again.apply({ kind: "mask", segment: 1, bricks, voxels: 0 });
  const stop = new AbortController();
  const committing = again.commitInSteps((edits) => edits, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(committing).rejects.toMatchObject({ name: "AbortError" });
  expect(again.open).toBe(true);
  expect(again.commit()).toHaveLength(40);
});
