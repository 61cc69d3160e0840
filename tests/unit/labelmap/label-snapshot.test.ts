import { emptyMask, Labelmap, setMaskRun } from "#labelmap";
import { describe, expect, it } from "vitest";

const mask = (start: number, length: number) => {
  const bits = emptyMask();
  setMaskRun(bits, start, length);
  return bits;
};

function painted(): Labelmap {
  const labelmap = new Labelmap([128, 64, 64]);
  const change = labelmap.begin({ over: "all" });
  change.setMask(0, mask(0, 10), 3);
  change.commit();
  return labelmap;
}

describe("a snapshot", () => {
  it("stays as it is whatever changes later", async () => {
    const labelmap = painted();
    const snapshot = await labelmap.snapshot();
    const change = labelmap.begin({ over: "all" });
    change.setMask(0, mask(0, 64), 5);
    change.setMask(1, mask(0, 64), 5);
    change.commit();
    expect(snapshot.brickIndices()).toEqual([0]);
    expect(snapshot.readBrick(0)!.subarray(0, 12)).toEqual(
      Uint16Array.from([...Array.from({ length: 10 }, () => 3), 0, 0]),
    );
    expect(snapshot.readBrick(1)).toBeUndefined();
    expect((await labelmap.snapshot()).brickIndices()).toEqual([0, 1]);
  });

  it("has nothing of an open transaction, and leaves it open", async () => {
    const labelmap = painted();
    const change = labelmap.begin({ over: "all" });
    change.erase(0, mask(0, 64));
    change.setMask(1, mask(5, 7), 9);
    const snapshot = await labelmap.snapshot();
    expect(snapshot.brickIndices()).toEqual([0]);
    expect(snapshot.encodedBrick(0)).toEqual(labelmap.committedBytes(0));
    expect(change.open).toBe(true);
    change.commit();
    expect((await labelmap.snapshot()).brickIndices()).toEqual([1]);
  });

  it("waits for edits that are being applied, and has all of them", async () => {
    const labelmap = painted();
    const change = labelmap.begin({ over: "all" });
    for (const brick of [0, 1]) change.setMask(brick, mask(100, 500), 7);
    const edits = change.commit();
    const other = painted();
    const applied = other.applyInSteps(edits, () => undefined);
    const snapshot = other.snapshot();
    await applied;
    expect((await snapshot).brickIndices()).toEqual([0, 1]);
    expect((await snapshot).readBrick(1)![100]).toBe(7);
  });

  it("has edits that were applied at once and not encoded yet", async () => {
    const labelmap = painted();
    const change = labelmap.begin({ over: "all" });
    change.setMask(1, mask(0, 3), 4);
    const edits = change.commit();
    const other = painted();
    other.apply(edits);
    expect((await other.snapshot()).readBrick(1)!.subarray(0, 4)).toEqual(Uint16Array.from([4, 4, 4, 0]));
  });
});
