import { type BrickEdit, decodeEdits, encodeEdits } from "#labelmap";
import { expect, it } from "vitest";
import { randomFrom } from "../../fixtures/random.ts";
import { editOf } from "./edit-of.ts";

const kind = (name: string) => expect.objectContaining({ kind: name });

function noisyEdit(brickIndex: number, seed: number): BrickEdit {
  const random = randomFrom(seed);
  const after = Uint16Array.from({ length: 64 ** 3 }, () => (random() < 0.9 ? 0 : Math.floor(random() * 3)));
  return editOf(brickIndex, new Uint16Array(64 ** 3), after)!;
}

it("[E6] edits of an entry come back as they were, small and large", () => {
  const small = [{ brickIndex: 7, runs: Uint8Array.of(0, 5, 0, 1) }];
  expect(decodeEdits(encodeEdits(small))).toEqual(small);
  const large = [0, 1, 500, 70000].map((brickIndex, n) => noisyEdit(brickIndex, n));
  const text = encodeEdits(large);
  const plain = large.reduce((bytes, edit) => bytes + edit.runs.length, 0);
  expect(text.length).toBeLessThan(plain);
  const back = decodeEdits(text);
  expect(back.map((edit) => edit.brickIndex)).toEqual([0, 1, 500, 70000]);
  expect(back.every((edit, n) => Buffer.from(edit.runs).equals(Buffer.from(large[n]!.runs)))).toBe(true);
  expect(encodeEdits([])).toBe("");
  expect(decodeEdits("")).toEqual([]);
  expect(() => encodeEdits([small[0]!, small[0]!])).toThrowError(kind("argument"));
});

it("[E6] what is no list of edits throws integrity, bombs included", () => {
  const good = encodeEdits([noisyEdit(3, 1)]);
  const bytes = Buffer.from(good, "base64");
  const bomb = Buffer.from([1, 0xff, 0xff, 0xff, 0xff, 0x0f, 3, 0]);
  const longer = Buffer.concat([bytes.subarray(0, 1), Buffer.from([bytes[1]! - 1]), bytes.subarray(2)]);
  for (const bad of [
    good.slice(0, -4),
    `${good}AAAA`.replace("=", ""),
    `${good} `,
    good.replace(/^./, "z"),
    bomb.toString("base64"),
    longer.toString("base64"),
    "AA==",
    "AB==",
    "====",
    "A",
    "é===",
    bytes.subarray(0, bytes.length >> 1).toString("base64"),
  ]) {
    expect(() => decodeEdits(bad), bad.slice(0, 20)).toThrowError(kind("integrity"));
  }
});

it("[E6] random bytes throw integrity or are a list of edits", () => {
  const random = randomFrom(12);
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(
      Array.from({ length: 1 + Math.floor(random() * 20) }, (_, n) =>
        n === 0 ? round % 2 : Math.floor(random() * 256),
      ),
    );
    try {
      decodeEdits(bytes.toString("base64"));
    } catch (error) {
      expect(error).toMatchObject({ kind: "integrity" });
    }
  }
});
