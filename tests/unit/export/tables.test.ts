import { describe, expect, it } from "vitest";
import { collectBytes, journalFile, shapeNotes, type ShownStatistics, shownStatistics, statisticsCsv } from "#export";
import { ImageGrid } from "#volume";
import type { ShapeStatistics, StatisticsRow } from "#workers";
import { bricksOf, segment } from "./cases.ts";

const text = async (file: Parameters<typeof collectBytes>[0]) => new TextDecoder().decode(await collectBytes(file));
const indexToLps = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0] as const;

describe("statistics", () => {
  const grid = new ImageGrid({ dims: [4, 1, 1], indexToLps: [...indexToLps] });
  const row: StatisticsRow = {
    segment: 2,
    voxels: 500,
    mean: 1010,
    sd: 4,
    min: 1000,
    max: 1024,
    median: 1009,
    percentiles: [1001, 1004, 1014, 1022],
    centroidIjk: [1, 0, 0],
    box: { min: [0, 0, 0], max: [3, 1, 1] },
  };

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
      median: -404.5,
      p5: -411,
      p25: -407,
      p75: -402,
      p95: -400.5,
      centroidLps: [2, 0, 0],
      box: { min: [0, 0, 0], max: [3, 1, 1] },
    });
    expect(rows[0]!.box).toBeUndefined();
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
    expect(rows[0]!.centroidLps).toBeUndefined();
    expect(shapeNotes(uneven).join()).toMatch(/unevenly/);
  });

  const shown: ShownStatistics = {
    segment: 3,
    name: 'Tumour "a", left\nlobe',
    voxels: 1,
    volumeMl: 0.1,
    mean: 1 / 3,
    sd: 0,
    min: -1,
    max: Number.NaN,
    unit: "HU",
    median: 2,
    p5: 1,
    p25: 1.5,
    p75: 2.5,
    p95: 3,
  };

  it("are CSV that any parser reads", async () => {
    expect(await text(statisticsCsv([shown]))).toBe(
      "segment,name,voxels,volume_ml,mean,sd,min,max,unit,median,p5,p25,p75,p95\r\n" +
        '3,"Tumour ""a"", left\nlobe",1,0.1,0.3333333333333333,0,-1,,HU,2,1,1.5,2.5,3\r\n',
    );
  });

  it("have a column of shape only where there is something in it", async () => {
    const sheared = new ImageGrid({ dims: [4, 1, 1], indexToLps: [2, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0] });
    const shape: ShapeStatistics = {
      meshAreaMm2: 10,
      meshVolumeMm3: 2000,
      croftonAreaMm2: undefined,
      sphericity: 0.5,
      feretMm: 7,
      principalMomentsMm2: [1, 2, 3],
      principalAxes: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      elongation: 1.2,
      flatness: 1.4,
      orientedBox: { originLps: [0, 0, 0], sizeMm: [1, 2, 3] },
    };
    const measured: ShownStatistics = { ...shown, name: "a", box: { min: [0, 1, 2], max: [3, 4, 5] }, shape };
    const file = statisticsCsv([{ ...shown, name: "b" }, measured], shapeNotes(sheared));
    expect(file.notes.join()).toMatch(/not at right angles/);
    const [header, without, row] = (await text(file)).split("\r\n").map((line) => line.split(","));
    const field = (name: string) => row![header!.indexOf(name)];
    expect(header).not.toContain("crofton_area_mm2");
    expect(header).not.toContain("centroid_x_mm");
    expect([field("box_i_first"), field("box_k_last"), field("mesh_volume_ml"), field("axis_2_y")]).toEqual([
      "0",
      "4",
      "2",
      "1",
    ]);
    expect(without!.length).toBe(header!.length);
    expect(without![header!.indexOf("mesh_area_mm2")]).toBe("");
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
