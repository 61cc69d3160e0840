import { describe, expect, it } from "vitest";
import { entryLevel, PageTable, slotPlace, slotWord } from "#gpu";
import { pyramidLevels } from "#volume";

const LEVELS = pyramidLevels([300, 200, 60]);

describe("the page table", () => {
  it("packs a slot and takes it apart again", () => {
    expect(slotPlace(slotWord(3, 31, 7, 12))).toEqual({ texture: 3, origin: [31 * 64, 7 * 64, 12 * 64] });
  });

  it("stands in with the nearest coarser level, halving only the axes that are halved", () => {
    expect(LEVELS.map(({ bricks }) => bricks)).toEqual([
      [5, 4, 1],
      [3, 2, 1],
      [2, 1, 1],
      [1, 1, 1],
    ]);
    const table = new PageTable(LEVELS);
    expect(table.levelShown(0, [4, 3, 0])).toBeUndefined();
    table.set(3, [0, 0, 0], slotWord(0, 0, 0, 0), 1, 9);
    expect(table.levelShown(0, [4, 3, 0])).toBe(3);
    table.set(1, [2, 1, 0], slotWord(0, 1, 0, 0), 2, 5);
    expect(table.levelShown(0, [4, 3, 0])).toBe(1);
    expect(table.levelShown(0, [3, 3, 0])).toBe(3);
    table.set(0, [4, 3, 0], slotWord(1, 2, 0, 0), 3, 4);
    const entry = table.entries[table.position(0, 4, 3, 0)]!;
    expect([entryLevel(entry), slotPlace(entry).texture]).toEqual([0, 1]);
    expect([...table.ranges.subarray(table.position(0, 4, 3, 0) * 2, table.position(0, 4, 3, 0) * 2 + 2)]).toEqual([
      3, 4,
    ]);
  });

  it("falls back again when a brick is thrown out, whatever the order", () => {
    const table = new PageTable(LEVELS);
    table.set(0, [0, 0, 0], slotWord(0, 5, 0, 0), 0, 1);
    table.set(3, [0, 0, 0], slotWord(0, 0, 0, 0), 0, 1);
    table.set(2, [0, 0, 0], slotWord(0, 1, 0, 0), 0, 1);
    expect(table.levelShown(0, [0, 0, 0])).toBe(0);
    table.set(0, [0, 0, 0], 0, 0, 0);
    expect(table.levelShown(0, [0, 0, 0])).toBe(2);
    table.set(2, [0, 0, 0], 0, 0, 0);
    expect(table.levelShown(0, [0, 0, 0])).toBe(3);
    table.set(3, [0, 0, 0], 0, 0, 0);
    expect(table.levelShown(0, [0, 0, 0])).toBeUndefined();
  });

  it("tells once which entries changed", () => {
    const table = new PageTable(LEVELS, false);
    table.takeDirty();
    expect(table.takeDirty()).toBeUndefined();
    table.set(0, [1, 0, 0], slotWord(0, 0, 0, 0), 0, 0);
    expect(table.takeDirty()).toEqual({ from: 1, to: 2 });
    expect(table.levelShown(0, [0, 0, 0])).toBeUndefined();
  });
});
