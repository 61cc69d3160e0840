import { describe, expect, it } from "vitest";
import { collectBytes, journalFile, shownStatistics, statisticsCsv } from "#export";
import { ImageGrid } from "#volume";
import { bricksOf, segment } from "./cases.ts";

const text = async (file: Parameters<typeof collectBytes>[0]) => new TextDecoder().decode(await collectBytes(file));
const indexToLps = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0] as const;

describe("statistics", () => {
  const grid = new ImageGrid({ dims: [4, 1, 1], indexToLps: [...indexToLps] });
  const row = { segment: 2, voxels: 500, mean: 1010, sd: 4, min: 1000, max: 1024 };

  it("are shown values with volumes, a row for every segment", () => {
    const segments = [segment(2, "Cord", "#ffffff"), segment(1, "Not drawn", "#ffffff")];
    const description = { rescale: { slope: -0.5, intercept: 100 }, unit: "HU" };
    const rows = shownStatistics([row, { ...row, segment: 9 }], {
      grid,
      labels: bricksOf(grid.dims, new Uint16Array(4)),
      segments,
      description,
    });
    expect(rows.map(({ segment: value, name }) => [value, name])).toEqual([
      [1, "Not drawn"],
      [2, "Cord"],
      [9, "Label 9"],
    ]);
    expect(rows[1]).toEqual({
      segment: 2,
      name: "Cord",
      voxels: 500,
      volumeMl: 2,
      mean: -405,
      sd: 2,
      min: -412,
      max: -400,
      unit: "HU",
    });
    expect(rows[0]!.mean).toBeNaN();
  });

  it("count each slice of an uneven stack with its own volume", () => {
    const uneven = new ImageGrid({ dims: [1, 1, 3], indexToLps: [...indexToLps], sliceOffsetsMm: [0, 1, 4] });
    const labels = bricksOf(uneven.dims, new Uint16Array([0, 1, 1]));
    const rows = shownStatistics([{ ...row, segment: 1, voxels: 2 }], {
      grid: uneven,
      labels,
      segments: [],
      description: { rescale: { slope: 1, intercept: 0 }, unit: "" },
    });
    // The middle slice reaches half way to both neighbours: 2 mm; the last is 3 mm thick.
    expect(rows[0]!.volumeMl).toBeCloseTo((4 * 2 + 4 * 3) / 1000, 12);
  });

  it("are CSV that any parser reads", async () => {
    const shown = {
      segment: 3,
      name: 'Tumour "a", left\nlobe',
      voxels: 1,
      volumeMl: 0.1,
      mean: 1 / 3,
      sd: 0,
      min: -1,
      max: Number.NaN,
      unit: "HU",
    };
    expect(await text(statisticsCsv([shown]))).toBe(
      'segment,name,voxels,volume_ml,mean,sd,min,max,unit\r\n3,"Tumour ""a"", left\nlobe",1,0.1,0.3333333333333333,0,-1,,HU\r\n',
    );
  });
});

describe("the journal", () => {
  it("leaves line by line, untouched", async () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `{"sequence":${n},"name":"ä"}`);
    async function* stored() {
      yield* lines;
    }
    expect(await text(journalFile(stored()))).toBe(`${lines.join("\n")}\n`);
  });
});
