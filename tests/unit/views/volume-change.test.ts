import { describe, expect, it } from "vitest";
import { applyViewChange, isoLevel, projectionWindow, shownTransfer, ViewState } from "#views";
import type { VolumeDescription } from "#volume";
import { raySpace } from "../../../src/gpu/ray-camera.ts";
import { ImageGrid, pyramidLevels } from "#volume";
import { cutCorners } from "../../../src/views/cut-corners.ts";
import { pixelShift } from "../../../src/views/pixel-shift.ts";

const GRID = { dims: [40, 30, 20], indexToLps: [1, 0, 0, -20, 0, 1, 0, -15, 0, 0, 2, -20] } as const;
const describeAs = (modality: string): VolumeDescription =>
  ({
    name: "x",
    grid: GRID,
    voxelType: "int16",
    modality,
    frames: 1,
    unit: "",
    rescale: { slope: 1, intercept: 0 },
    notes: [],
  }) as unknown as VolumeDescription;
const stateOf = (modality = "CT"): ViewState => new ViewState(describeAs(modality), [0, 0, 0]);

describe("how the volume is shown", () => {
  it("takes a transfer function, and null goes back to the preset's", () => {
    const state = stateOf();
    const preset = shownTransfer(state).points;
    const points = [
      { value: 0, opacity: 0, color: [0, 0, 0] },
      { value: 9, opacity: 1, color: [1, 1, 1] },
    ];
    applyViewChange(state, { volume: { transfer: { points } } });
    expect(shownTransfer(state).points).toEqual(points);
    expect(state.toJson().volume.transfer).toEqual({ points });
    applyViewChange(state, { volume: { transfer: null } });
    expect(shownTransfer(state).points).toEqual(preset);
    // Choosing a preset drops what was edited.
    applyViewChange(state, { volume: { transfer: { points } } });
    applyViewChange(state, { volumePreset: "ct-lung" });
    expect(state.toJson().volume.transfer).toBeNull();
  });

  it("refuses what makes no sense, and changes nothing then", () => {
    const state = stateOf();
    const before = JSON.stringify(state.toJson());
    const black = [0, 0, 0];
    for (const volume of [
      { transfer: { points: [{ value: 0, opacity: 0, color: black }] } },
      {
        transfer: {
          points: [
            { value: 5, opacity: 0, color: black },
            { value: 1, opacity: 1, color: black },
          ],
        },
      },
      {
        transfer: {
          points: [
            { value: 5, opacity: 0, color: black },
            { value: 5, opacity: 1, color: black },
          ],
        },
      },
      {
        transfer: {
          points: [
            { value: 0, opacity: 2, color: black },
            { value: 5, opacity: 1, color: black },
          ],
        },
      },
      { clipBox: { min: [0, 0, 0], max: [41, 30, 20] } },
      { clipBox: { min: [5, 0, 0], max: [5, 30, 20] } },
      { clipBox: { min: [0.5, 0, 0], max: [5, 30, 20] } },
      { clipPlane: { point: [0, 0, 0], normal: [0, 0, 0] } },
      { window: { center: 0, width: 0 } },
      { quality: "best" },
    ])
      expect(() => applyViewChange(state, { invert: true, volume }), JSON.stringify(volume)).toThrow();
    expect(JSON.stringify(state.toJson())).toBe(before);
  });

  it("keeps the normal of a cut at length one", () => {
    const state = stateOf();
    applyViewChange(state, { volume: { clipPlane: { point: [1, 2, 3], normal: [0, 3, 4] } } });
    const { normal } = state.volume.clipPlane.value!;
    [0, 0.6, 0.8].forEach((n, axis) => expect(normal[axis]).toBeCloseTo(n, 12));
  });

  it("has a window and a surface of its own for each mode and modality", () => {
    expect(isoLevel(stateOf())).toBe(250);
    const mr = stateOf("MR");
    mr.volume.automatic.value = { center: 300, width: 500 };
    expect(isoLevel(mr)).toBe(300);
    applyViewChange(mr, { volumeMode: "minip" });
    expect(projectionWindow(mr)).toEqual({ center: 300, width: 500 });
    applyViewChange(mr, { volume: { window: { center: 1, width: 2 } } });
    expect(projectionWindow(mr)).toEqual({ center: 1, width: 2 });
  });
});

describe("what is cut from the volume", () => {
  const grid = new ImageGrid(GRID);

  it("is the same place at every level", () => {
    const camera = { clipToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    for (const level of pyramidLevels([200, 150, 90])) {
      const large = new ImageGrid({ ...GRID, dims: [200, 150, 90] });
      const space = raySpace(large, level, camera, {
        box: { min: [64, 0, 8], max: [128, 150, 90] },
        plane: { point: [3, -4, 5], normal: [0, 0.6, 0.8] },
      });
      // From ray space back to the index at level 0.
      const index0 = (n: number, axis: 0 | 1 | 2): number => (n + 0.5) * level.factor[axis] - 0.5;
      expect(index0(space.boxMin[0], 0)).toBeCloseTo(63.5);
      expect(index0(space.boxMax[0], 0)).toBeCloseTo(127.5);
      expect(index0(space.boxMin[2], 2)).toBeCloseTo(7.5);
      expect(space.boxMax[1]).toBe(level.dims[1] - 0.5);
      const [a, b, c, d] = space.clipPlane;
      const at = (lps: readonly [number, number, number]): number => {
        const ijk = large.toIndex(lps).map((n, axis) => (n + 0.5) / level.factor[axis]! - 0.5);
        return a * ijk[0]! + b * ijk[1]! + c * ijk[2]! + d;
      };
      expect(at([3, -4, 5])).toBeCloseTo(0);
      expect(at([3, -4 + 0.6, 5 + 0.8])).toBeCloseTo(1);
      expect(at([9, -4 - 1.2, 5 - 1.6])).toBeCloseTo(-2);
    }
  });

  it("is outlined where the plane meets the volume, in order round it", () => {
    expect(cutCorners(grid, [0, 0, 0], [0, 0, 1])).toHaveLength(4);
    const corner = cutCorners(grid, [-20.5, -15.5, -21], [0.5773, 0.5773, 0.5773]);
    expect(corner.length === 0 || corner.length >= 3).toBe(true);
    const hexagon = cutCorners(grid, grid.centerLps, [0.45, 0.6, 0.66]);
    expect(hexagon.length).toBeGreaterThanOrEqual(4);
    // Neighbours share a face of the volume: their sum of turns never crosses.
    expect(cutCorners(grid, [500, 0, 0], [1, 0, 0])).toEqual([]);
    const box = { min: [10, 5, 5], max: [20, 15, 12] } as const;
    for (const corner of cutCorners(grid, grid.toLps([15, 10, 8]), [1, 0, 0], box)) {
      const ijk = grid.toIndex(corner);
      expect(ijk[0]).toBeCloseTo(15);
      expect([4.5, 14.5]).toContain(Math.round(ijk[1] * 10) / 10);
      expect([4.5, 11.5]).toContain(Math.round(ijk[2] * 10) / 10);
    }
  });
});

describe("where samples lie in their pixels", () => {
  it("is the middle alone, and all over the pixel in many pictures", () => {
    expect(pixelShift(0, 1)).toEqual([0, 0]);
    const shifts = Array.from({ length: 16 }, (_, n) => pixelShift(n, 16));
    for (const axis of [0, 1] as const) {
      const along = shifts.map((shift) => shift[axis]);
      expect(Math.min(...along)).toBeGreaterThanOrEqual(-0.5);
      expect(Math.max(...along)).toBeLessThan(0.5);
      expect(Math.abs(along.reduce((a, b) => a + b, 0) / 16)).toBeLessThan(0.1);
      // A quarter of the pixel never stays empty.
      for (let part = 0; part < 4; part++)
        expect(along.filter((n) => n >= part / 4 - 0.5 && n < part / 4 - 0.25).length).toBeGreaterThan(1);
    }
  });
});
