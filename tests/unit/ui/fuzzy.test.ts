import { describe, expect, it } from "vitest";
import { fuzzyMatch, fuzzyRank } from "../../../src/ui/fuzzy.ts";

const rank = (query: string, texts: readonly string[]): string[] =>
  fuzzyRank(query, texts, (text) => text).map(({ item }) => item);

describe("finding a command by a few letters", () => {
  it("needs every character, in order", () => {
    expect(fuzzyMatch("gro", "Grow a region")).toBeDefined();
    expect(fuzzyMatch("org", "Grow a region")).toBeDefined();
    expect(fuzzyMatch("xg", "Grow a region")).toBeUndefined();
  });

  it("says which characters matched", () => {
    expect(fuzzyMatch("fbs", "Fill between slices")?.positions).toEqual([0, 5, 13]);
  });

  it("puts first letters of words before letters inside words", () => {
    expect(rank("as", ["Larger brush", "Pan slices", "Add a segment"])[0]).toBe("Add a segment");
  });

  it("puts a word that begins so before one that holds it", () => {
    expect(rank("redo", ["Import borders or edges", "Redo"])[0]).toBe("Redo");
    expect(rank("un", ["Lock or unlock the active segment", "Undo"])[0]).toBe("Undo");
  });

  it("finds the best place, not the first", () => {
    expect(fuzzyMatch("seg", "Rename the active segment")?.positions).toEqual([18, 19, 20]);
  });

  it("keeps all in their order when nothing is asked", () => {
    expect(rank("  ", ["b", "a"])).toEqual(["b", "a"]);
  });
});
