import { describe, expect, it } from "vitest";
import { Emitter } from "#base";
import type { LabelChange } from "#labelmap";
import { type LabelSource, pixelToLps, type SlicePlane } from "#gpu";
import { testContext } from "./context.ts";
import { sliceScene } from "./slice-scene.ts";
import { memoryVolume } from "./volumes.ts";

/** Labels of one level by a function of the voxel, with every brick present. */
function labelSource(
  labelAt: (i: number, j: number, k: number) => number,
): LabelSource & { changed: Emitter<LabelChange> } {
  return {
    changed: new Emitter<LabelChange>(),
    readBrick: (level, bi, bj, bk) => {
      if (level !== 0) return undefined;
      const labels = new Uint16Array(64 ** 3);
      for (let n = 0; n < labels.length; n++)
        labels[n] = labelAt(bi * 64 + (n & 63), bj * 64 + ((n >> 6) & 63), bk * 64 + (n >> 12));
      return labels.some((label) => label !== 0) ? labels : undefined;
    },
  };
}

const PLANE: SlicePlane = {
  origin: [0, 0, 10],
  right: [1, 0, 0],
  down: [0, 1, 0],
  mmPerPixel: 1,
  width: 120,
  height: 100,
};
const SEGMENTS = [
  { value: 1, name: "one", color: "#ff0000", locked: false, visible: true },
  { value: 40000, name: "many", color: "#0000ff", locked: false, visible: true },
] as const;

async function labelScene(labels: LabelSource, proposals?: LabelSource) {
  const { context, faults } = await testContext();
  const volume = memoryVolume({
    dims: [120, 100, 20],
    voxelType: "uint8",
    indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    voxelAt: () => 0,
  });
  const scene = sliceScene(context, volume, { labels, ...(proposals ? { proposals } : {}) });
  scene.colors.set(SEGMENTS);
  await scene.load(PLANE, 0);
  const end = (): void => {
    expect(faults).toEqual([]);
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    context.dispose();
  };
  const look = {
    showLabels: true,
    showProposals: proposals !== undefined,
    // A whole level: half would lie between two, and drivers round it either way.
    labelFill: 0.4,
    interpolation: "nearest" as const,
  };
  return { scene, end, look };
}

const pixel = (picture: Uint8Array, x: number, y: number): number[] => [
  ...picture.subarray((y * 120 + x) * 4, (y * 120 + x) * 4 + 3),
];

describe("labels on planes", () => {
  it("fills with the colour of a 16-bit label, and hides it without an upload", async () => {
    const { scene, end, look } = await labelScene(
      labelSource((i, j) => (i >= 40 && i < 90 && j >= 20 && j < 80 ? 40000 : i < 10 ? 1 : 0)),
    );
    const shown = await scene.draw(PLANE, 0, look);
    expect(pixel(shown, 70, 50)).toEqual([0, 0, 102]);
    expect(pixel(shown, 5, 50)).toEqual([102, 0, 0]);
    expect(pixel(shown, 30, 50)).toEqual([0, 0, 0]);
    const bytes = scene.labels.uploadedBytes;
    scene.colors.set([SEGMENTS[0], { ...SEGMENTS[1], visible: false }]);
    expect(pixel(await scene.draw(PLANE, 0, look), 70, 50)).toEqual([0, 0, 0]);
    expect(scene.labels.uploadedBytes).toBe(bytes);
    end();
  });

  it("draws the segment under the pointer stronger, and no other, without an upload", async () => {
    const { scene, end, look } = await labelScene(
      labelSource((i, j) => (i >= 40 && i < 90 && j >= 20 && j < 80 ? 40000 : i < 30 ? 1 : 0)),
    );
    const outlined = { ...look, labelFill: 0.4, labelOutline: 2 };
    const plain = await scene.draw(PLANE, 0, outlined);
    const bytes = scene.labels.uploadedBytes;
    const hovered = await scene.draw(PLANE, 0, { ...outlined, hoveredSegment: 40000 });
    expect(pixel(plain, 70, 50)).toEqual([0, 0, 102]);
    expect(pixel(hovered, 70, 50)).toEqual([0, 0, 102]);
    const filled = { ...look, labelFill: 0.4, hoveredSegment: 40000 };
    expect(pixel(await scene.draw(PLANE, 0, filled), 70, 50)).toEqual([0, 0, 153]);
    // Its outline is wider, and lighter than its colour.
    const width = (picture: Uint8Array): number =>
      Array.from({ length: 25 }, (_, n) => pixel(picture, 40 + n, 50)[2]! > 200).filter(Boolean).length;
    expect([width(plain), width(hovered)]).toEqual([2, 4]);
    expect(pixel(hovered, 41, 50)).toEqual([102, 102, 255]);
    for (const x of [5, 29, 35]) expect(pixel(hovered, x, 50)).toEqual(pixel(plain, x, 50));
    expect(scene.labels.uploadedBytes).toBe(bytes);
    expect(await scene.draw(PLANE, 0, outlined)).toEqual(plain);
    end();
  });

  it("draws an outline of one width at every zoom and none at brick borders", async () => {
    const { scene, end, look } = await labelScene(
      labelSource((i, j) => (i >= 40 && i < 90 && j >= 20 && j < 80 ? 1 : 0)),
    );
    for (const mmPerPixel of [1, 0.5, 0.25]) {
      const plane = { ...PLANE, origin: [36, 40, 10] as const, mmPerPixel };
      const picture = await scene.draw(plane, 0, { ...look, labelFill: 0.2, labelOutline: 3 });
      const bright = Array.from({ length: 100 }, (_, x) => pixel(picture, x, 20)[0]! > 150);
      const edge = (40 - 0.5 - 36) / mmPerPixel;
      const lit = bright.flatMap((on, x) => (on ? [x] : []));
      const near = lit.filter((x) => x < edge + 10);
      expect(near).toEqual([0, 1, 2].map((n) => Math.ceil(edge) + n));
      // Voxel 64 begins a brick inside the label: no line there.
      const border = (63.5 - 36) / mmPerPixel;
      expect(lit.some((x) => Math.abs(x - border) < 3)).toBe(false);
    }
    end();
  });

  it("covers a label whole across bricks on oblique planes at any zoom", async () => {
    const { scene, end, look } = await labelScene(labelSource(() => 1));
    const c = Math.cos(0.4);
    const s = Math.sin(0.4);
    for (const mmPerPixel of [0.11, 0.37, 0.9]) {
      const plane: SlicePlane = {
        origin: [60 - 50 * mmPerPixel, 60 - 40 * mmPerPixel, 10],
        right: [c, s, 0],
        down: [-s, c, 0],
        mmPerPixel,
        width: 100,
        height: 80,
      };
      await scene.load(plane, 0);
      for (const interpolation of ["linear", "nearest"] as const) {
        const picture = await scene.draw(plane, 0, { ...look, interpolation, labelOutline: 0 });
        let unlabelled = 0;
        for (let n = 0; n < 100 * 80; n++) {
          const ijk = scene.bricks.grid.toIndex(pixelToLps(plane, n % 100, Math.floor(n / 100)));
          const near = [ijk[0] + 0.6, 119.4 - ijk[0], ijk[1] + 0.6, 99.4 - ijk[1]].some((gap) => gap < 0.2);
          if (!near && scene.bricks.grid.contains(ijk) && picture[n * 4] !== 102) unlabelled++;
        }
        expect(unlabelled).toBe(0);
      }
    }
    end();
  });

  it("uploads only the box of a change, and shows it", async () => {
    let label = 1;
    const source = labelSource((i, j, k) => (k === 10 && i >= 50 && i < 60 && j >= 30 && j < 40 ? label : 0));
    const { scene, end, look } = await labelScene(source);
    const before = scene.labels.uploadedBytes;
    label = 40000;
    source.changed.emit({ brickIndices: [0], box: { min: [50, 30, 10], max: [60, 40, 11] } });
    await scene.load(PLANE, 0);
    expect(scene.labels.uploadedBytes - before).toBe(10 * 10 * 1 * 2);
    expect(pixel(await scene.draw(PLANE, 0, look), 55, 35)).toEqual([0, 0, 102]);
    end();
  });

  it("stripes a proposal over the labels", async () => {
    const { scene, end, look } = await labelScene(
      labelSource((i) => (i < 60 ? 1 : 0)),
      labelSource((i, j) => (i >= 30 && i < 90 && j > 10 && j < 90 ? 40000 : 0)),
    );
    const picture = await scene.draw(PLANE, 0, look);
    const blues = new Set(Array.from({ length: 16 }, (_, n) => pixel(picture, 70 + n, 50)[2]));
    expect(blues).toEqual(new Set([51, 153]));
    end();
  });
});
