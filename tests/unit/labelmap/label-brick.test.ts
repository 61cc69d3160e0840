import { decodeLabelBrick, encodeLabelBrick } from "#labelmap";
import { expect, it } from "vitest";
import { isSame } from "./is-same.ts";
import { randomFrom as random } from "../../fixtures/random.ts";

const VOXELS = 64 ** 3;

it("[L2] equal bricks are equal bytes and come back as they were", () => {
  const next = random(1);
  for (let round = 0; round < 20; round++) {
    const labels = new Uint16Array(VOXELS);
    for (let n = 0; n < VOXELS; ) {
      const length = 1 + Math.floor(next() ** 4 * 5000);
      labels.fill(Math.floor(next() * (round % 2 === 0 ? 4 : 65536)), n, n + length);
      n += length;
    }
    const bytes = encodeLabelBrick(labels)!;
    const decoded = decodeLabelBrick(bytes);
    expect(isSame(decoded, labels)).toBe(true);
    expect(isSame(encodeLabelBrick(decoded)!, bytes)).toBe(true);
  }
});

it("[L2] a brick of background has no bytes", () => {
  expect(encodeLabelBrick(new Uint16Array(VOXELS))).toBeUndefined();
});

it("[L3] bytes that no brick has are refused", () => {
  // 262144 = 0x80 0x80 0x10 as a varint.
  const good = [1, 0x80, 0x80, 0x10, 7];
  expect(decodeLabelBrick(Uint8Array.from(good))[VOXELS - 1]).toBe(7);
  const bad: Record<string, number[]> = {
    empty: [],
    "unknown format": [2, ...good.slice(1)],
    "all background": [1, 0x80, 0x80, 0x10, 0],
    "ends early": good.slice(0, 4),
    "goes on": [...good, 0],
    "too long": [1, 0x81, 0x80, 0x10, 7],
    "empty run": [1, 0, 7, ...good.slice(1)],
    "label above 16 bits": [1, 0x80, 0x80, 0x10, 0x80, 0x80, 0x04],
    "one run as two": [1, 0x80, 0x80, 0x08, 7, 0x80, 0x80, 0x08, 7],
    "long spelling": [1, 0x80, 0x80, 0x90, 0x00, 7],
  };
  for (const [what, bytes] of Object.entries(bad)) {
    expect(() => decodeLabelBrick(Uint8Array.from(bytes)), what).toThrowError(
      expect.objectContaining({ kind: "integrity" }),
    );
  }
});

it("[L3] random bytes throw integrity or are what an encoder writes", () => {
  const next = random(7);
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(next() * 12) }, (_, n) =>
      n === 0 ? 1 : Math.floor(next() * 256),
    );
    try {
      expect(encodeLabelBrick(decodeLabelBrick(bytes))).toEqual(bytes);
    } catch (error) {
      expect(error).toMatchObject({ kind: "integrity" });
    }
  }
});
