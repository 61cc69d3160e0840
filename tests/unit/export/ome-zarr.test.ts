import { describe, expect, it } from "vitest";
import { addLabelGroup, collectBlob, labelFile, labelFolder } from "#export";
import { Labelmap } from "#labelmap";
import { describeZarrImage, openLabelmap, openSources, type SeriesChoice, type SourceFile } from "#sources";
import { BRICK_EDGE, type Dims, ImageGrid, pyramidLevels } from "#volume";
import { zipStream } from "../../../src/export/zip-stream.ts";
import { readZipDirectory } from "../../../src/sources/zip-directory.ts";
import { AXES_ZYX, halvedResolutions, zarrFiles, type ZarrImageWanted } from "../sources/zarr-writer.ts";
import { bricksOf, GRIDS, segment, strewn } from "./cases.ts";
import { MemoryFolder } from "./memory-folder.ts";

const liver = { ...segment(1, "Liver", "#dd8265"), code: { scheme: "SCT", value: "10200004", meaning: "Liver" } };
const segments = [liver, segment(300, 'Ärger "2"', "#00ff80")];

async function labelsOf(choice: SeriesChoice): Promise<Uint16Array> {
  const { dims } = choice.description.grid;
  const dense = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for await (const { k, voxels } of (await openLabelmap(choice)).slices()) dense.set(voxels, k * dims[0] * dims[1]);
  return dense;
}

const same = (a: Uint16Array, b: Uint16Array): boolean =>
  Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

/** Labels in the first corner and near the last: most bricks are background. */
function corners(dims: Dims): Uint16Array {
  const dense = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (let k = 0; k < 9; k++)
    for (let j = 0; j < 7; j++)
      for (let i = 0; i < 5; i++) {
        dense[(k * dims[1] + j) * dims[0] + i] = (i + j + k) % 3 === 0 ? 300 : 1;
        dense[((dims[2] - 1 - k) * dims[1] + dims[1] - 1 - j) * dims[0] + dims[0] - 1 - i] = 1 + ((i * j) % 2) * 299;
      }
  return dense;
}

const image = (wanted: Partial<ZarrImageWanted>): Promise<SourceFile[]> =>
  zarrFiles("scan.zarr", { resolutions: [], chunks: [32, 32, 32], codec: "gzip", ...wanted });

describe("labels as OME-Zarr", () => {
  it("keep names, colours and terms; a label without a segment is named after its value", async () => {
    const { grid } = GRIDS[0]!;
    const labels = bricksOf(grid.dims, strewn(grid.dims, [1, 300, 65535]));
    const file = labelFile("zarr.zip", { name: "case", grid, labels, segments });
    expect(file.notes).toEqual(["1 label values had no segment and were named after their value."]);
    const { series } = await openSources([{ name: `x${file.extension}`, blob: await collectBlob(file) }]);
    expect(series.map(({ segments: told }) => told)).toEqual([
      [
        { layer: 0, value: 1, name: "Liver", color: "#dd8265", code: liver.code },
        { layer: 0, value: 300, name: 'Ärger "2"', color: "#00ff80" },
        { layer: 0, value: 65535, name: "Label 65535", color: expect.stringMatching(/^#[0-9a-f]{6}$/) as string },
      ],
    ]);
    expect(series[0]!.description).toMatchObject({ format: "OME-Zarr 0.5", notes: [] });
  });

  it("have the overviews of the labelmap itself, and only bricks with a label are written", async () => {
    const dims: Dims = [200, 130, 70];
    const dense = corners(dims);
    const grid = new ImageGrid({ dims, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
    const labels = bricksOf(dims, dense);
    const folder = new MemoryFolder();
    await addLabelGroup(folder, "two", labelFolder({ name: "case", grid, labels, segments }));
    const chunks = [...folder.files.keys()].filter((path) => /\/c\//.test(path)).sort();
    // The second patch lies across the corner of four bricks: 70 − 64 and 130 − 128 are less than it measures.
    const ofLevel = (level: number) => chunks.filter((path) => path.includes(`/two/${level}/c/`));
    expect([0, 1, 2].map((level) => ofLevel(level).length)).toEqual([1 + 4, 1 + 2, 1]);

    const [choice] = (await openSources(folder.source("labels.zarr"))).series;
    const labelmap = new Labelmap(dims);
    const transaction = labelmap.begin({ over: "all" });
    for (const index of labels.brickIndices())
      transaction.setLabels(index, inside(labels.readBrick(index)!, dims, index));
    transaction.commit();
    for (const { level, dims: size, bricks } of pyramidLevels(dims)) {
      for (let bk = 0; bk < bricks[2]; bk++)
        for (let bj = 0; bj < bricks[1]; bj++)
          for (let bi = 0; bi < bricks[0]; bi++) {
            const { voxels } = await choice!.chunked!.readBrick({ frame: 0, level, bi, bj, bk });
            const own = labelmap.readLevelBrick(level, bi, bj, bk) ?? new Uint16Array(BRICK_EDGE ** 3);
            for (let n = 0; n < own.length; n++) {
              const at = [n % 64, Math.floor(n / 64) % 64, Math.floor(n / 4096)];
              const within = at.every((v, axis) => v + [bi, bj, bk][axis]! * 64 < size[axis]!);
              if (within && own[n] !== voxels[n])
                expect.fail(`level ${level} brick ${bi},${bj},${bk} voxel ${at.join()}`);
            }
          }
    }
  });

  const CASES: readonly { readonly name: string; readonly wanted: Partial<ZarrImageWanted> }[] = [
    {
      name: "0.4, z y x, with its two resolutions",
      wanted: { version: "0.4", resolutions: halvedResolutions([70, 66, 20], 2, [0.5, 0.5, 2]) },
    },
    {
      name: "0.5, x y z in micrometres with an origin",
      wanted: {
        version: "0.5",
        axes: ["x", "y", "z"].map((name) => ({ name, type: "space", unit: "micrometer" })),
        resolutions: [{ shape: [70, 66, 20], scale: [500, 600, 700], translation: [10, 20, -30], value: () => 5 }],
      },
    },
    {
      name: "0.4, time, channels and orientations",
      wanted: {
        version: "0.4",
        axes: [
          { name: "t", type: "time" },
          { name: "c", type: "channel" },
          ...AXES_ZYX.map((axis, n) => ({
            ...axis,
            orientation: {
              type: "anatomical",
              value: ["superior-to-inferior", "posterior-to-anterior", "left-to-right"][n],
            },
          })),
        ],
        resolutions: [{ shape: [2, 2, 12, 66, 70], scale: [1, 1, 2, 1, 1], value: () => 7 }],
        chunks: [1, 1, 64, 64, 64],
      },
    },
  ];

  it.each(CASES)("lie in the folder of their image: $name", async ({ wanted }) => {
    const files = await image(wanted);
    const folder = await MemoryFolder.of(files, "scan.zarr");
    const { grid: data, stored } = await describeZarrImage("scan.zarr", (path) => folder.read(path));
    const grid = new ImageGrid(data);
    const dense = corners(grid.dims);
    const input = { name: "case", grid, labels: bricksOf(grid.dims, dense), segments, stored };
    const before = folder.files.size;
    expect(await addLabelGroup(folder, "organs", labelFolder(input, "../../"))).toBe("organs");
    expect(await addLabelGroup(folder, "organs", labelFolder(input, "../../"))).toBe("organs-2");

    const { series, refused } = await openSources(folder.source("scan.zarr"));
    expect(refused).toEqual([]);
    expect(series.map(({ id }) => id)).toEqual(
      ["", "/labels/organs", "/labels/organs-2"].map((path) => `OME-Zarr:scan.zarr${path}`),
    );
    const [scan, organs] = series;
    expect(organs!.description.grid).toEqual(scan!.description.grid);
    expect(organs!.description.format).toBe(scan!.description.format);
    expect(same(await labelsOf(organs!), dense)).toBe(true);
    // As many resolutions as the image has (OME-NGFF), in its own axes, with the way back to it.
    const attributes = folder.json(
      wanted.version === "0.5" ? "labels/organs/zarr.json" : "labels/organs/.zattrs",
    ) as Record<string, never>;
    const ome = (wanted.version === "0.5" ? attributes["attributes"]!["ome"] : attributes) as unknown as {
      multiscales: [{ datasets: object[]; axes: object[] }];
      "image-label": { source: object };
    };
    expect(ome.multiscales[0].datasets).toHaveLength(wanted.resolutions!.length);
    expect(ome.multiscales[0].axes).toMatchObject(wanted.axes ?? AXES_ZYX);
    expect(ome["image-label"].source).toEqual({ image: "../../" });

    // The image itself is as it was; what goes wrong leaves nothing.
    for (const { name, blob } of files)
      expect(folder.files.get(name.slice("scan.zarr/".length))).toEqual(new Uint8Array(await blob.arrayBuffer()));
    const held = [...folder.files.keys()];
    folder.failAfter = 5;
    await expect(addLabelGroup(folder, "more", labelFolder(input, "../../"))).rejects.toThrow("full");
    expect([...folder.files.keys()]).toEqual(held);
    expect(held.length).toBeGreaterThan(before);
  });

  it("a list of labels keeps what others wrote into it, and is not replaced where it is broken", async () => {
    const folder = await MemoryFolder.of(await image(CASES[1]!.wanted), "scan.zarr");
    const list = {
      zarr_format: 3,
      node_type: "group",
      attributes: { mine: 1, ome: { version: "0.5", labels: ["old"] } },
    };
    folder.files.set("labels/zarr.json", new TextEncoder().encode(JSON.stringify(list)));
    const { grid: data, stored } = await describeZarrImage("scan.zarr", (path) => folder.read(path));
    const grid = new ImageGrid(data);
    const group = () =>
      labelFolder({ name: "c", grid, labels: bricksOf(grid.dims, corners(grid.dims)), segments, stored });
    await addLabelGroup(folder, "new", group());
    expect(folder.json("labels/zarr.json")).toEqual({
      ...list,
      attributes: { mine: 1, ome: { version: "0.5", labels: ["old", "new"] } },
    });
    folder.files.set("labels/zarr.json", new TextEncoder().encode("{"));
    await expect(addLabelGroup(folder, "newer", group())).rejects.toThrow(/list of the image's labels is broken/);
    expect([...folder.files.keys()].filter((path) => path.startsWith("labels/newer/"))).toEqual([]);
  });
});

it("an archive of more entries than its first form can count lists all of them", async () => {
  async function* entries() {
    for (let n = 0; n < 66_000; n++) yield { path: `a/${n}`, bytes: Uint8Array.of(n & 255) };
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of zipStream(entries())) parts.push(part);
  const directory = await readZipDirectory(new Blob([Buffer.concat(parts)]), "many.zip");
  expect(directory).toHaveLength(66_000);
  expect(directory.at(-1)).toMatchObject({ name: "a/65999", method: 0, size: 1 });
});

/** A brick of the test's labels without the junk in its padding. */
function inside(brick: Uint16Array, dims: Dims, index: number): Uint16Array {
  const counts = dims.map((n) => Math.ceil(n / BRICK_EDGE)) as unknown as Dims;
  const at = [
    index % counts[0],
    Math.floor(index / counts[0]) % counts[1],
    Math.floor(index / (counts[0] * counts[1])),
  ];
  return brick.map((label, n) => {
    const voxel = [n % 64, Math.floor(n / 64) % 64, Math.floor(n / 4096)];
    return voxel.every((v, axis) => v + at[axis]! * 64 < dims[axis]!) ? label : 0;
  });
}
