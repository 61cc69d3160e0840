import { expect, it } from "vitest";
import { pixelRatio } from "../../../src/views/view-layout.ts";

it("a view has the window's ratio, but for what whole pixels round", () => {
  expect(pixelRatio(451, 300.67, 1.5)).toBe(1.5);
  expect(pixelRatio(400, 400, 1)).toBe(1);
  expect(pixelRatio(0, 0, 2)).toBe(2);
});

it("a view whose device pixels are CSS pixels has a ratio of 1, whatever an emulator says", () => {
  expect(pixelRatio(400, 400, 2)).toBe(1);
});
