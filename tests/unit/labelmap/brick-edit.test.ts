import { type BrickEdit, countEditedVoxels, invertEdit, invertEdits, Labelmap, squashEdits } from "#labelmap";
import { expect, it } from "vitest";
import { editOf } from "./edit-of.ts";
import { isSame } from "./is-same.ts";
import { randomFrom as random } from "../../fixtures/random.ts";

const VOXELS = 64 ** 3;
const kind = (name: string) => expect.objectContaining({ kind: name });

function randomLabels(next: () => number): Uint16Array {
  const labels = new Uint16Array(VOXELS);
  for (let n = 0; n < VOXELS; ) {
    const length = 1 + Math.floor(next() ** 3 * 20000);
    if (next() < 0.7) labels.fill(Math.floor(next() * 3), n, n + length);
    n += length;
  }
  return labels;
}

for (const seed of [1, 2, 3, 4, 5]) {
  it(`[E1] [E2] [E3] invert, squash and apply agree with the labels themselves, seed ${seed}`, () => {
    const next = random(seed);
    const states = Array.from({ length: 4 }, () => randomLabels(next));
    const edit = (from: number, to: number) => editOf(0, states[from]!, states[to]!)!;
    expect(invertEdit(edit(0, 1))).toEqual(edit(1, 0));
    expect(squashEdits([edit(0, 1)], [edit(1, 2)])).toEqual([edit(0, 2)]);
    expect(squashEdits([edit(0, 1)], [edit(1, 0)])).toEqual([]);
    const together = squashEdits(squashEdits([edit(0, 1)], [edit(1, 2)]), [edit(2, 3)]);
    expect(together).toEqual([edit(0, 3)]);
    const labelmap = new Labelmap([64, 64, 64]);
    labelmap.apply([editOf(0, new Uint16Array(VOXELS), states[0]!)!]);
    labelmap.apply(together);
    expect(isSame(labelmap.readBrick(0)!, states[3]!)).toBe(true);
    labelmap.apply(invertEdits(together));
    expect(isSame(labelmap.readBrick(0)!, states[0]!)).toBe(true);
  });
}

it("[E1] equal states have no edit", () => {
  const labels = randomLabels(random(9));
  expect(editOf(0, labels, labels.slice())).toBeUndefined();
});

it("[E3] edits of different bricks stay side by side", () => {
  const a = editOf(0, new Uint16Array(VOXELS), new Uint16Array(VOXELS).fill(1))!;
  const b = { ...a, brickIndex: 5 };
  expect(squashEdits([b], [a])).toEqual([a, b]);
  expect(countEditedVoxels([a, b])).toBe(2 * VOXELS);
});

it("[E4] an edit that does not fit the labels is refused whole", () => {
  const labelmap = new Labelmap([128, 64, 64]);
  const paint = editOf(0, new Uint16Array(VOXELS), new Uint16Array(VOXELS).fill(1))!;
  const misfit = invertEdit({ ...paint, brickIndex: 1 });
  expect(() => labelmap.apply([paint, misfit])).toThrowError(kind("integrity"));
  expect(() => labelmap.apply([paint, paint])).toThrowError(kind("integrity"));
  expect(labelmap.brickIndices()).toEqual([]);
  const small = new Labelmap([64, 64, 63]);
  expect(() => small.apply([paint])).toThrowError(kind("integrity"));
  expect(() => labelmap.apply([{ ...paint, brickIndex: 2 }])).toThrowError(kind("argument"));
});

it("[E5] bytes that no edit has are refused", () => {
  const labelmap = new Labelmap([64, 64, 64]);
  const bad: Record<string, number[]> = {
    empty: [],
    "ends early": [0, 5, 0],
    "empty run": [0, 0, 0, 1],
    "changes nothing": [0, 5, 1, 1],
    "past the brick": [0, 0x81, 0x80, 0x10, 0, 1],
    "repeats before a change": [1, 5],
    "touching run of one change": [0, 5, 0, 1, 1, 5],
    "repeat told in full": [0, 5, 0, 1, 4, 5, 0, 1],
    "label above 16 bits": [0, 5, 0, 0x80, 0x80, 0x04],
  };
  for (const [what, bytes] of Object.entries(bad)) {
    const edit: BrickEdit = { brickIndex: 0, runs: Uint8Array.from(bytes) };
    expect(() => labelmap.apply([edit]), what).toThrowError(kind("integrity"));
    expect(() => invertEdit(edit), what).toThrowError(kind("integrity"));
  }
});
