import { ImageGrid } from "#volume";
import { describe, expect, it } from "vitest";
import {
  countOf,
  formatBytes,
  formatMemory,
  formatMl,
  formatMm,
  formatPercent,
  formatSpacing,
  formatTimestamp,
  formatValue,
  formatWhen,
  safeFileName,
} from "../../../src/ui/format.ts";

const grid = (i: number, j: number, k: number, sliceOffsetsMm?: readonly number[]): ImageGrid =>
  new ImageGrid({
    dims: [4, 4, sliceOffsetsMm?.length ?? 4],
    indexToLps: [i, 0, 0, 0, 0, j, 0, 0, 0, 0, k, 0],
    ...(sliceOffsetsMm ? { sliceOffsetsMm } : {}),
  });

describe("bytes", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1000, "1.00 KB"],
    [999_499, "999 KB"],
    [999_500, "1.00 MB"],
    [2_949_511, "2.95 MB"],
    [64e9, "64.0 GB"],
    [16e12, "16.0 TB"],
    [Number.NaN, "unknown"],
    [-1, "unknown"],
  ])("%d is %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("memory goes by powers of two", () => {
    expect(formatMemory(512 * 2 ** 20)).toBe("512 MB");
    expect(formatMemory(1.5 * 2 ** 30)).toBe("1.5 GB");
  });
});

describe("lengths and volumes", () => {
  it.each([
    [0.488, "0.488 mm"],
    [5, "5.00 mm"],
    [1234.4, "1,234 mm"],
    [0.005, "5.00 µm"],
  ])("%d mm", (mm, text) => {
    expect(formatMm(mm)).toBe(text);
  });

  it.each([
    [0, "0.000 ml"],
    [0.0004, "< 0.001 ml"],
    [0.0123, "0.012 ml"],
    [3.214, "3.21 ml"],
    [77.43, "77.4 ml"],
    [1530.4, "1,530 ml"],
  ])("%d ml", (ml, text) => {
    expect(formatMl(ml)).toBe(text);
  });

  it("spacing turns to micrometres when all of it is small", () => {
    expect(formatSpacing(grid(0.7031, 0.7031, 1.25))).toBe("0.70 × 0.70 × 1.25 mm");
    expect(formatSpacing(grid(0.008, 0.008, 0.05))).toBe("8.00 × 8.00 × 50.0 µm");
    expect(formatSpacing(grid(0.05, 0.05, 1))).toBe("0.0500 × 0.0500 × 1.00 mm");
    expect(formatSpacing(grid(0.49, 0.49, 1, [0, 1.14, 8.54, 10]))).toBe("0.49 × 0.49 × 1.14–7.40 mm, uneven");
    expect(formatSpacing(grid(0.008, 0.008, 1, [0, 0.02, 0.05]))).toBe("8.00 × 8.00 × 20.0–30.0 µm, uneven");
  });
});

describe("counts, shares and values", () => {
  it("knows one from many", () => {
    expect(countOf(1, "entry", "entries")).toBe("1 entry");
    expect(countOf(1204, "entry", "entries")).toBe("1,204 entries");
  });

  it("is 100% only when done", () => {
    expect(formatPercent(0.9999)).toBe("99%");
    expect(formatPercent(1)).toBe("100%");
  });

  it("shows values without noise", () => {
    expect(formatValue(-1024)).toBe("-1024");
    expect(formatValue(0.1 + 0.2)).toBe("0.3");
    expect(formatValue(1.23456789e-5)).toBe("0.000012346");
  });
});

describe("dates", () => {
  const now = new Date(2026, 2, 4, 15, 0);
  it.each([
    [new Date(2026, 2, 4, 9, 5), "Today 09:05"],
    [new Date(2026, 2, 3, 23, 59), "Yesterday 23:59"],
    [new Date(2026, 0, 9, 8, 0), "9 Jan 08:00"],
    [new Date(2025, 11, 31, 8, 0), "31 Dec 2025"],
  ])("%s", (date, text) => {
    expect(formatWhen(date.toISOString(), now)).toBe(text);
  });

  it("says when a date is none", () => {
    expect(formatWhen("yesterday-ish", now)).toBe("unknown");
    expect(formatTimestamp("?")).toBe("?");
  });
});

describe("file names", () => {
  it("keep no character that a file system refuses", () => {
    expect(safeFileName('a/b\\c:"d"?')).toBe("a_b_c_d_");
    expect(safeFileName("../..")).toBe("study");
    expect(safeFileName("Abdomen 1.25 mm")).toBe("Abdomen 1.25 mm");
  });
});
