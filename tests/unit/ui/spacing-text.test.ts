import { expect, it } from "vitest";
import { faultOf, readMm, writeMm } from "../../../src/ui/dialogs/spacing-text.ts";

it.each([
  ["0.5", 0.5],
  ["0,5", 0.5],
  [" 2 ", 2],
  [".75", 0.75],
  ["1.", 1],
  ["4e-6", 4e-6],
  ["-1", -1],
  ["1.2.3", Number.NaN],
  ["1,234,5", Number.NaN],
  ["0x10", Number.NaN],
  ["Infinity", Number.NaN],
  ["two", Number.NaN],
  ["", Number.NaN],
])("“%s” is read as %d mm", (text, mm) => expect(readMm(text)).toBe(mm));

it("says of each field what to give", () => {
  expect(faultOf("0,5")).toBeUndefined();
  expect(faultOf(" ")).toBe("Give the size in millimetres.");
  expect(faultOf("two")).toMatch(/a number of millimetres, such as 0.5/);
  expect(faultOf("0")).toMatch(/above 0 mm/);
  expect(faultOf("2000")).toMatch(/at most 1000 mm/);
});

it("writes a size so that it can be read again", () => {
  for (const mm of [0.488281, 1, 12.5, 4e-6]) expect(readMm(writeMm(mm))).toBe(mm);
});
