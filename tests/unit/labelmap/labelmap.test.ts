import { emptyMask, Labelmap, type LabelChange, setMaskRun } from "#labelmap";
import { pyramidLevels } from "#volume";
import { describe, expect, it } from "vitest";
import { randomFrom as random } from "../../fixtures/random.ts";

const VOXELS = 64 ** 3;
const all = () => emptyMask().fill(0xff);
const kind = (name: string) => expect.objectContaining({ kind: name });

describe("bricks", () => {
  it("[L1] a brick that holds no label is absent", () => {
    const labelmap = new Labelmap([128, 64, 64]);
    expect(labelmap.readBrick(1)).toBeUndefined();
    const change = labelmap.begin({ over: "all" });
    change.setMask(1, all(), 3);
    expect(labelmap.brickIndices()).toEqual([1]);
    change.erase(1, all());
    change.commit();
    expect(labelmap.brickIndices()).toEqual([]);
    expect(labelmap.committedBytes(1)).toBeUndefined();
    expect(labelmap.valueAt([64, 0, 0])).toBe(0);
  });

  it("[L4] labels never lie past the edge of the volume", () => {
    const labelmap = new Labelmap([70, 5, 3]);
    const change = labelmap.begin({ over: "all" });
    expect(change.setMask(1, all(), 2)).toBe(6 * 5 * 3);
    expect(change.setLabels(0, new Uint16Array(VOXELS).fill(9))).toBe(64 * 5 * 3);
    change.commit();
    expect(labelmap.readBrick(1)!.reduce((sum, value) => sum + Number(value !== 0), 0)).toBe(90);
    const damaged = new Labelmap([70, 5, 3], { bricks: [[1, Uint8Array.from([1, 0x80, 0x80, 0x10, 7])]] });
    expect(() => damaged.readBrick(1)).toThrowError(kind("integrity"));
  });

  it("[L5] a labelmap larger than its budget keeps every label", () => {
    const labelmap = new Labelmap([640, 64, 64], { budgetBytes: 2 * VOXELS * 2 });
    const change = labelmap.begin({ over: "all" });
    for (let round = 0; round < 3; round++) {
      for (let brick = 0; brick < 10; brick++) {
        const mask = emptyMask();
        setMaskRun(mask, round * 1000, 500);
        change.setMask(brick, mask, brick + 1);
      }
    }
    const edits = change.commit();
    expect(edits).toHaveLength(10);
    for (let brick = 0; brick < 10; brick++) {
      expect(labelmap.readBrick(brick)!.filter((value) => value === brick + 1)).toHaveLength(1500);
    }
  });

  it("[L6] every change tells its bricks and the box of changed voxels", () => {
    const labelmap = new Labelmap([128, 128, 128]);
    const seen: LabelChange[] = [];
    labelmap.changed.on((change) => seen.push(change));
    const change = labelmap.begin({ over: "all" });
    const mask = emptyMask();
    setMaskRun(mask, (5 << 12) | (3 << 6) | 2, 4);
    change.setMask(7, mask, 1);
    change.setMask(7, mask, 1);
    expect(seen).toEqual([{ brickIndices: [7], box: { min: [66, 67, 69], max: [70, 68, 70] } }]);
    change.rollback();
    expect(seen.at(-1)).toEqual({ brickIndices: [7] });
    expect(labelmap.brickIndices()).toEqual([]);
  });
});

describe("levels", () => {
  it("[L7] a coarser voxel takes the most frequent label it covers, background left out, ties to the smaller", () => {
    const labelmap = new Labelmap([128, 128, 128]);
    const change = labelmap.begin({ over: "all" });
    const one = (n: number) => {
      const mask = emptyMask();
      setMaskRun(mask, n, 1);
      return mask;
    };
    const at = (i: number, j: number, k: number) => (k << 12) | (j << 6) | i;
    change.setMask(0, one(at(0, 0, 0)), 9);
    change.setMask(0, one(at(2, 0, 0)), 9);
    change.setMask(0, one(at(3, 1, 1)), 5);
    change.setMask(0, one(at(4, 0, 0)), 2);
    change.setMask(0, one(at(5, 0, 0)), 8);
    change.setMask(0, one(at(5, 1, 0)), 8);
    change.commit();
    const coarse = labelmap.readLevelBrick(1, 0, 0, 0)!;
    expect([coarse[0], coarse[1], coarse[2], coarse[3]]).toEqual([9, 5, 8, 0]);
  });

  it("[L8] a change shows at every level at once", () => {
    const labelmap = new Labelmap([300, 200, 70]);
    const levels = pyramidLevels([300, 200, 70]);
    const coarsest = () => labelmap.readLevelBrick(levels.length - 1, 0, 0, 0);
    expect(coarsest()).toBeUndefined();
    const change = labelmap.begin({ over: "all" });
    const mask = emptyMask();
    setMaskRun(mask, 43, 1);
    change.setMask(4, mask, 12);
    // Voxel (299, 0, 0) has a factor of 8 along i, none is lost on the way.
    expect(coarsest()!.indexOf(12)).toBe(Math.floor(299 / levels.at(-1)!.factor[0]));
    change.rollback();
    expect(coarsest()).toBeUndefined();
  });

  for (const [grain, dims] of [
    [1, [150, 70, 40]],
    [6, [70, 66, 130]],
  ] as const) {
    it(`[L7] agrees with a plain reduction of random labels, ${grain} voxels wide, on an uneven pyramid of ${dims.join("×")}, seed 11`, () => {
      const labelmap = new Labelmap(dims);
      const next = random(11);
      const change = labelmap.begin({ over: "all" });
      const [bi, bj, bk] = labelmap.bricks;
      for (let brick = 0; brick < bi * bj * bk; brick++) {
        const places = Array.from({ length: 64 ** 3 }, () => (next() < 0.6 ? 0 : 1 + Math.floor(next() * 4)));
        const at = (n: number) => Math.floor(n / grain);
        change.setLabels(
          brick,
          Uint16Array.from(
            { length: VOXELS },
            (_, n) => places[(at(n >> 12) * 64 + at((n >> 6) & 63)) * 64 + at(n & 63)]!,
          ),
        );
      }
      change.commit();
      const last = labelmap.levels.length - 1;
      let turns = 0;
      for (; !labelmap.prepareLevelBrick(last, 0, 0, 0, 0); turns++) if (turns > 100) expect.fail("never ends");
      expect(turns).toBeGreaterThan(last);
      let fine = (i: number, j: number, k: number) => labelmap.valueAt([i, j, k]);
      const levels = pyramidLevels(dims);
      for (const { level, dims: size, factor } of levels.slice(1)) {
        const finer = levels[level - 1]!;
        const halved = factor.map((f, axis) => f / finer.factor[axis]!);
        const plain = new Map<string, number>();
        for (let k = 0; k < size[2]; k++) {
          for (let j = 0; j < size[1]; j++) {
            for (let i = 0; i < size[0]; i++) {
              const times = new Map<number, number>();
              for (let dk = 0; dk < halved[2]!; dk++)
                for (let dj = 0; dj < halved[1]!; dj++)
                  for (let di = 0; di < halved[0]!; di++) {
                    const label = fine(i * halved[0]! + di, j * halved[1]! + dj, k * halved[2]! + dk);
                    if (label !== 0) times.set(label, (times.get(label) ?? 0) + 1);
                  }
              const best = [...times].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
              plain.set(`${i}/${j}/${k}`, best);
              const brick = labelmap.readLevelBrick(level, i >> 6, j >> 6, k >> 6);
              const got = brick?.[((k & 63) << 12) | ((j & 63) << 6) | (i & 63)] ?? 0;
              if (got !== best) expect.fail(`level ${level} at ${i}, ${j}, ${k}: ${got}, not ${best}`);
            }
          }
        }
        fine = (i, j, k) => plain.get(`${i}/${j}/${k}`) ?? 0;
      }
    });
  }
});
