import { describe, expect, it } from "vitest";
import { LUTS, lutOf } from "#views";

const colorAt = (id: string, n: number): number[] => [...lutOf(id)!.colors.subarray(n * 4, n * 4 + 3)];
const luminance = ([r, g, b]: number[]): number => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;

describe("colour tables", () => {
  it("have 256 opaque colours and names of their own", () => {
    for (const { colors } of LUTS) {
      expect(colors.length).toBe(1024);
      for (let n = 3; n < 1024; n += 4) expect(colors[n]).toBe(255);
    }
    expect(new Set(LUTS.map(({ id }) => id)).size).toBe(LUTS.length);
    expect(new Set(LUTS.map(({ title }) => title)).size).toBe(LUTS.length);
  });

  it("are grey by grey level, and as matplotlib has them", () => {
    for (let n = 0; n < 256; n++) expect(colorAt("grey", n)).toEqual([n, n, n]);
    expect(colorAt("viridis", 0)).toEqual([68, 1, 84]);
    expect(colorAt("viridis", 255)).toEqual([253, 231, 37]);
    expect(colorAt("inferno", 0)).toEqual([0, 0, 4]);
    expect(colorAt("magma", 255)).toEqual([252, 253, 191]);
  });

  it("of labels are black for none, then the colours of segments, each its own", () => {
    const colors = Array.from({ length: 256 }, (_, n) => colorAt("labels", n).join());
    expect(colors.slice(0, 3)).toEqual(["0,0,0", "230,25,75", "60,180,75"]);
    expect(new Set(colors).size).toBe(256);
  });

  it("get brighter all the way, but for turbo", () => {
    for (const { id } of LUTS) {
      if (id === "turbo" || id === "pet" || id === "labels") continue;
      for (let n = 1; n < 256; n++) {
        expect(luminance(colorAt(id, n)), `${id} ${n}`).toBeGreaterThanOrEqual(luminance(colorAt(id, n - 1)) - 0.8);
      }
    }
  });
});
