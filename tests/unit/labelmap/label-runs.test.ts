import { type BrickEdit, decodeLabelBrick, encodeLabelBrick, Labelmap, LabelTotals } from "#labelmap";
import { BRICK_VOXELS, type Dims } from "#volume";
import { expect, it } from "vitest";
import { listEditRuns } from "../../../src/labelmap/edit-runs.ts";
import { maskOverBackground, paintLabels, paintMask } from "../../../src/labelmap/label-paint.ts";
import { paintRuns } from "../../../src/labelmap/paint-runs.ts";
import { randomFrom } from "../../fixtures/random.ts";
import { editOf } from "./edit-of.ts";

/* What is done on runs at rest, against the same done voxel by voxel. */

function randomLabels(random: () => number, dims: Dims): Uint16Array {
  const labels = new Uint16Array(BRICK_VOXELS);
  const longest = 4 ** (1 + Math.floor(random() * 6));
  for (let n = 0; n < BRICK_VOXELS; ) {
    const length = 1 + Math.floor(random() * longest);
    const label = Math.floor(random() * 4);
    for (let voxel = n; voxel < Math.min(n + length, BRICK_VOXELS); voxel++)
      if ((voxel & 63) < dims[0] && ((voxel >> 6) & 63) < dims[1] && voxel >> 12 < dims[2]) labels[voxel] = label;
    n += length;
  }
  return labels;
}

function plainEdit(before: Uint16Array, after: Uint16Array): { start: number; from: number; to: number }[] {
  const changes = [];
  for (let start = 0; start < BRICK_VOXELS; start++)
    if (before[start] !== after[start]) changes.push({ start, from: before[start]!, to: after[start]! });
  return changes;
}

const singly = (edit: BrickEdit | undefined) =>
  (edit ? listEditRuns(edit.runs) : []).flatMap(({ start, length, from, to }) =>
    Array.from({ length }, (_, n) => ({ start: start + n, from, to })),
  );

const shapes: Dims[] = [
  [64, 64, 64],
  [63, 64, 64],
  [1, 64, 64],
  [33, 5, 64],
  [64, 64, 1],
  [32, 17, 9],
];

for (const seed of [1, 2, 3]) {
  for (const dims of shapes) {
    it(`an edit, and what it makes of a brick, ${dims.join("×")} voxels, seed ${seed}`, () => {
      const random = randomFrom(seed);
      const [before, after] = [randomLabels(random, dims), randomLabels(random, dims)];
      const edit = editOf(0, before, after);
      expect(singly(edit)).toEqual(plainEdit(before, after));
      const bytes = encodeLabelBrick(before);
      const labelmap = new Labelmap(dims, { bricks: bytes ? [[0, bytes]] : [] });
      const totals = new LabelTotals(labelmap);
      const count = (labels: Uint16Array) => [1, 2, 3].map((label) => labels.filter((value) => value === label).length);
      const counted = () => [1, 2, 3].map((label) => totals.voxels(label));
      expect(counted()).toEqual(count(before));
      const middle = (labels: Uint16Array, axis: number) => {
        const at: number[] = [];
        for (const [n, label] of labels.entries()) if (label === 2) at.push([n & 63, (n >> 6) & 63, n >> 12][axis]!);
        return at.length === 0 ? undefined : Math.round(at.reduce((sum, n) => sum + n, 0) / at.length);
      };
      const boxes: unknown[] = [];
      labelmap.changed.on(({ box }) => boxes.push(box));
      if (edit) labelmap.apply([edit]);
      expect(labelmap.encodedBrick(0)).toEqual(encodeLabelBrick(after));
      expect(counted()).toEqual(count(after));
      for (const axis of [0, 1, 2]) expect(totals.middle(2)?.[axis]).toBe(middle(after, axis));
      const places = plainEdit(before, after).map(({ start }) => [start & 63, (start >> 6) & 63, start >> 12]);
      for (const axis of [0, 1, 2]) {
        const along = places.map((place) => place[axis]!);
        const box = boxes[0] as { min: number[]; max: number[] } | undefined;
        if (box) expect(box.min[axis]).toBeLessThanOrEqual(along.reduce((a, b) => Math.min(a, b)));
        if (box) expect(box.max[axis]).toBeGreaterThan(along.reduce((a, b) => Math.max(a, b)));
      }
    });

    it(`labels painted where it is allowed, ${dims.join("×")} voxels, seed ${seed}`, () => {
      const random = randomFrom(seed);
      const proposed = encodeLabelBrick(randomLabels(random, [64, 64, 64]))!;
      for (const before of [new Uint16Array(BRICK_VOXELS), randomLabels(random, dims)]) {
        for (const kept of [[], [1], [0], [0, 2, 3]]) {
          const allowed = new Uint8Array(65536).fill(1);
          for (const label of kept) allowed[label] = 0;
          const painted = before.slice();
          const plain = paintLabels(painted, decodeLabelBrick(proposed), dims, allowed);
          const { bytes, touched } = paintRuns(encodeLabelBrick(before), proposed, dims, allowed);
          expect(bytes).toEqual(encodeLabelBrick(painted));
          expect(touched.voxels).toBe(plain.voxels);
          if (plain.voxels === 0) continue;
          const [box, least] = [touched.box([1, 1, 1], 0), plain.box([1, 1, 1], 0)];
          for (const axis of [0, 1, 2] as const) {
            expect(box.min[axis]).toBeLessThanOrEqual(least.min[axis]);
            expect(box.max[axis]).toBeGreaterThanOrEqual(least.max[axis]);
          }
        }
      }
    });

    it(`a mask over background, ${dims.join("×")} voxels, seed ${seed}`, () => {
      const random = randomFrom(seed);
      const words = Uint32Array.from({ length: BRICK_VOXELS / 32 }, () => {
        const kind = random();
        return kind < 0.3 ? 0 : kind < 0.6 ? 0xffffffff : Math.floor(random() * 2 ** 32);
      });
      const labels = new Uint16Array(BRICK_VOXELS);
      const painted = paintMask(labels, words, dims, new Uint8Array(65536).fill(1), 7);
      const { bytes, touched } = maskOverBackground(words, dims, 7);
      expect(bytes).toEqual(encodeLabelBrick(labels));
      expect(touched.voxels).toBe(painted.voxels);
      expect(touched.box([1, 1, 1], 0)).toMatchObject({ min: expect.anything() });
    });
  }
}

it("a mask of nothing, and of voxels past the volume only, is background", () => {
  const words = new Uint32Array(BRICK_VOXELS / 32);
  expect(maskOverBackground(words, [64, 64, 64], 1).bytes).toBeUndefined();
  words.fill(0xffffffff, 2, 128);
  expect(maskOverBackground(words, [64, 1, 64], 1).bytes).toBeUndefined();
});

it("an edit that does not fit changes nothing, whatever edits stand before it", () => {
  const full = new Uint16Array(BRICK_VOXELS).fill(1);
  const none = new Uint16Array(BRICK_VOXELS);
  const labelmap = new Labelmap([128, 64, 60]);
  const inside = none.slice().fill(1, 0, 64 * 64 * 60);
  const first = editOf(0, none, inside)!;
  const past = editOf(1, none, full)!;
  expect(() => labelmap.apply([first, past])).toThrow(/past the edge/);
  const wrong = editOf(1, inside, none)!;
  expect(() => labelmap.apply([first, wrong])).toThrow(/Voxel 0 is 0 where the edit says it was 1/);
  expect(labelmap.brickIndices()).toEqual([]);
  labelmap.apply([first]);
  expect(labelmap.brickIndices()).toEqual([0]);
});
