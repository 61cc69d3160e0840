import { decodeMaskRuns, emptyMask, encodeLabelBrick, encodeMaskRuns, setMaskRun } from "#labelmap";
import { BRICK_VOXELS, type IndexBox } from "#volume";
import { describe, expect, test } from "vitest";
import type { TaskContext } from "../../src/workers/crew/task.ts";
import { BoxGatherer } from "../../src/workers/gather.ts";
import { createMemory, instantiate } from "../../src/workers/kernel-core.ts";
import { MemoryArena } from "../../src/workers/memory-arena.ts";
import { Pacer } from "../../src/workers/pacer.ts";
import { wasmModule } from "./support/kernels.ts";
import { flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

const memory = createMemory(64 * 2 ** 20);
const core = instantiate(wasmModule, memory);
const arena = new MemoryArena(memory);
const context: TaskContext = { core, arena, pacer: new Pacer({}) };
const labelsAt = arena.allocate(BRICK_VOXELS * 2);
const bytesAt = arena.allocate(core.exports.labelRunsRoom());

/** Labels in runs of random length, some of one voxel. */
function randomLabels(seed: number, longest: number, most: number): Uint16Array {
  const random = randomFrom(seed);
  const labels = new Uint16Array(BRICK_VOXELS);
  for (let at = 0; at < labels.length; ) {
    const end = at + 1 + Math.floor(random() ** 3 * longest);
    labels.fill(Math.floor(random() * (most + 1)), at, end);
    at = end;
  }
  return labels;
}

const brickCases: readonly (readonly [string, Uint16Array])[] = [
  ["background", new Uint16Array(BRICK_VOXELS)],
  ["one label", new Uint16Array(BRICK_VOXELS).fill(65_535)],
  ["the first voxel", new Uint16Array(BRICK_VOXELS).fill(7, 0, 1)],
  ["the last voxel", new Uint16Array(BRICK_VOXELS).fill(7, BRICK_VOXELS - 1)],
  ["all but the first voxel", new Uint16Array(BRICK_VOXELS).fill(300, 1)],
  ["every voxel another", Uint16Array.from({ length: BRICK_VOXELS }, (_, n) => n % 65_536)],
  ...[1, 2, 3].map((seed) => [`random runs, seed ${seed}`, randomLabels(seed, 10 ** seed * 4, 3)] as const),
  ["random voxels, seed 4", randomLabels(4, 1, 65_535)],
];

describe("label bricks at rest", () => {
  for (const [name, labels] of brickCases) {
    test(`${name}: the core writes the bytes of the labelmap and reads them back`, () => {
      new Uint16Array(memory.buffer, labelsAt, BRICK_VOXELS).set(labels);
      const count = core.exports.labelRunsEncode(labelsAt, bytesAt);
      const expected = encodeLabelBrick(labels);
      expect(count).toBe(expected?.length ?? 0);
      if (!expected) return;
      expect(Buffer.compare(Buffer.from(memory.buffer, bytesAt, count), expected)).toBe(0);
      new Uint16Array(memory.buffer, labelsAt, BRICK_VOXELS).fill(9);
      expect(core.exports.labelRunsDecode(bytesAt, count, labelsAt)).toBe(1);
      expect(Buffer.compare(Buffer.from(memory.buffer, labelsAt, BRICK_VOXELS * 2), Buffer.from(labels.buffer))).toBe(
        0,
      );
    });
  }

  test("bytes that end early or tell too many voxels are refused", () => {
    const bytes = encodeLabelBrick(randomLabels(1, 50, 3))!;
    new Uint8Array(memory.buffer, bytesAt, bytes.length).set(bytes);
    expect(core.exports.labelRunsDecode(bytesAt, bytes.length - 2, labelsAt)).toBe(0);
    new Uint8Array(memory.buffer, bytesAt, 6).set([1, 0xff, 0xff, 0xff, 0x0f, 1]);
    expect(core.exports.labelRunsDecode(bytesAt, 6, labelsAt)).toBe(0);
  });
});

describe("masks as runs", () => {
  for (const [name, labels] of brickCases) {
    test(`${name}: the core writes and reads what the labelmap does`, () => {
      const mask = emptyMask();
      labels.forEach((label, n) => {
        if (label & 1) setMaskRun(mask, n, 1);
      });
      new Uint8Array(memory.buffer, labelsAt, mask.length).set(mask);
      const count = core.exports.maskRunsEncode(labelsAt, bytesAt);
      const expected = encodeMaskRuns(mask);
      expect(Buffer.compare(decodeMaskRuns(expected), mask)).toBe(0);
      if (count === 0) {
        expect(mask.every((byte) => byte === 0)).toBe(true);
        return;
      }
      expect(Buffer.compare(Buffer.from(memory.buffer, bytesAt, count), expected)).toBe(0);
      new Uint8Array(memory.buffer, labelsAt, mask.length).fill(0x55);
      core.exports.maskRunsDecode(bytesAt, count, labelsAt);
      expect(Buffer.compare(Buffer.from(memory.buffer, labelsAt, mask.length), mask)).toBe(0);
    });
  }
});

describe("boxes gathered from bricks", () => {
  const dims = [150, 70, 65] as const;
  const random = randomFrom(8);
  const labels = flatVolume(dims, "uint16", (i) => (i > 20 && random() < 0.3 ? 1 + Math.floor(random() * 9) : 0));
  const image = flatVolume(dims, "int16", () => Math.floor(random() * 4000) - 1000);
  const gatherer = new BoxGatherer(context);
  const boxes: readonly IndexBox[] = [
    { min: [0, 0, 0], max: [64, 64, 64] },
    { min: [60, 60, 60], max: [70, 70, 65] },
    { min: [-5, -6, -7], max: [66, 71, 66] },
    { min: [127, 3, 9], max: [160, 4, 10] },
    { min: [0, 0, 0], max: [3, 5, 4] },
    { min: [200, 0, 0], max: [210, 5, 5] },
  ];
  for (const box of boxes) {
    test(`from ${box.min.join(", ")} to ${box.max.join(", ")}`, async () => {
      const [ni, nj, nk] = box.max.map((n, axis) => n - box.min[axis]!) as [number, number, number];
      const to = arena.allocate(ni * nj * nk * 2);
      const at = (volume: typeof labels, outside: number) => {
        const values: number[] = [];
        for (let k = box.min[2]; k < box.max[2]; k++) {
          for (let j = box.min[1]; j < box.max[1]; j++) {
            for (let i = box.min[0]; i < box.max[0]; i++) {
              const inside = i >= 0 && j >= 0 && k >= 0 && i < dims[0] && j < dims[1] && k < dims[2];
              values.push(inside ? volume.voxels[(k * dims[1] + j) * dims[0] + i]! : outside);
            }
          }
        }
        return values;
      };
      const expected = at(labels, 0);
      const any = gatherer.labels(labelsOf(dims, labels.voxels), box, to);
      if (!any) expect(expected.every((value) => value === 0)).toBe(true);
      expect([...new Uint16Array(memory.buffer, to, ni * nj * nk)]).toEqual(expected);
      new Int16Array(memory.buffer, to, ni * nj * nk).fill(-77);
      await gatherer.voxels(imageOf(image), box, to);
      expect([...new Int16Array(memory.buffer, to, ni * nj * nk)]).toEqual(at(image, -77));
    });
  }
});
