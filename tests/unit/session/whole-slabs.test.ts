import { describe, expect, it } from "vitest";
import { WholeSlabs } from "../../../src/session/whole-slabs.ts";

const brick = (bi: number, bk: number, level = 0, frame = 0) => ({ frame, level, bi, bj: 0, bk });

describe("WholeSlabs", () => {
  it("counts slices only when all bricks of their slab are stored, from the first on", () => {
    const slabs = new WholeSlabs([128, 64, 100]);
    expect(slabs.take([brick(0, 0)])).toBe(0);
    expect(slabs.take([brick(0, 1), brick(1, 1)])).toBe(0);
    expect(slabs.take([brick(1, 0)])).toBe(100);
  });

  it("leaves coarser levels and later frames out", () => {
    const slabs = new WholeSlabs([64, 64, 64]);
    expect(slabs.take([brick(0, 0, 1), brick(0, 0, 0, 1)])).toBe(0);
    expect(slabs.take([brick(0, 0)])).toBe(64);
  });
});
