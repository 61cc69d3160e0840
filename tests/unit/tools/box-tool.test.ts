import { describe, expect, it } from "vitest";
import { BoxTool, type PlanePick } from "#tools";
import type { IndexBox } from "#volume";

const START: IndexBox = { min: [10, 20, 30], max: [50, 60, 70] };

/** An axial plane at k = 40 with 0.5 mm a pixel; voxels are 1 × 2 × 4 mm. */
function pickAt(i: number, j: number, slice = 40): PlanePick {
  return {
    lps: [0, 0, 0],
    ijk: [i, j, slice],
    axis: 2,
    slice,
    inside: true,
    screen: { x: 0, y: 0 },
    plane: { right: [1, 0, 0], down: [0, 1, 0] },
    mmPerPixel: 0.5,
  };
}

function tool() {
  let box: IndexBox | undefined = START;
  let drags = 0;
  const made = new BoxTool({
    dims: [100, 100, 100],
    spacingMm: [1, 2, 4],
    box: () => box,
    change: (changed) => (box = changed),
    done: () => drags++,
  });
  return { made, box: () => box, drags: () => drags, none: () => (box = undefined) };
}

describe("BoxTool", () => {
  it("takes the pointer within 7 pixels of a side, and nowhere else", () => {
    const { made, none } = tool();
    // Side i = 9.5: 7 pixels are 3.5 mm, 3.5 voxels along i and 1.75 along j.
    expect(made.takes(pickAt(12.9, 40))).toBe(true);
    expect(made.takes(pickAt(6.1, 40))).toBe(true);
    expect(made.takes(pickAt(13.1, 40))).toBe(false);
    expect(made.takes(pickAt(30, 21.2))).toBe(true);
    expect(made.takes(pickAt(30, 21.3))).toBe(false);
    // Beyond the ends of a side, and on slices beyond the box.
    expect(made.takes(pickAt(9.5, 80))).toBe(false);
    expect(made.takes(pickAt(9.5, 40, 29))).toBe(false);
    expect(made.takes(pickAt(9.5, 40, 70))).toBe(false);
    none();
    expect(made.takes(pickAt(9.5, 40))).toBe(false);
  });

  it("drags one side, or two at a corner, to whole voxels", () => {
    const { made, box, drags } = tool();
    made.down(pickAt(49.5, 40));
    made.move([pickAt(60, 40), pickAt(63.2, 45)]);
    expect(box()).toEqual({ min: [10, 20, 30], max: [64, 60, 70] });
    made.up();
    expect(drags()).toBe(1);
    made.down(pickAt(9.5, 19.5));
    made.move([pickAt(4.8, 24.7)]);
    expect(box()).toEqual({ min: [5, 25, 30], max: [64, 60, 70] });
    made.up();
    // Let go: what moves now drags nothing.
    made.move([pickAt(40, 40)]);
    expect(box()).toEqual({ min: [5, 25, 30], max: [64, 60, 70] });
  });

  it("stays in the volume and a voxel wide, and goes back when the drag is taken away", () => {
    const { made, box } = tool();
    made.down(pickAt(9.5, 40));
    made.move([pickAt(-30, 40)]);
    expect(box()!.min[0]).toBe(0);
    made.move([pickAt(90, 40)]);
    expect(box()!.min[0]).toBe(49);
    made.cancel();
    expect(box()).toEqual(START);
  });
});
