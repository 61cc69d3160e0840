import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectBytes, labelFile } from "#export";
import { openPath, openStore } from "../../../src/cli/open-path.ts";
import { bricksOf, GRIDS, strewn } from "../export/cases.ts";
import { patterned, zarrFiles } from "../sources/zarr-writer.ts";

const { grid } = GRIDS[0]!;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-open-"));
  await mkdir(join(folder, "deep/er"), { recursive: true });
  const labels = bricksOf(grid.dims, strewn(grid.dims, [1, 2]));
  const scan = await collectBytes(labelFile("mha", { name: "x", grid, labels, segments: [] }));
  await writeFile(join(folder, "deep/er/scan.mha"), scan);
  await writeFile(join(folder, "deep/notes.txt"), "nothing to see");
  const text = new TextDecoder("latin1").decode(scan);
  const start = text.indexOf("LOCAL\n");
  await writeFile(join(folder, "split.mhd"), text.slice(0, start) + "split.raw\n", "latin1");
  await writeFile(join(folder, "split.raw"), scan.subarray(start + 6));
  await symlink(join(folder, "deep"), join(folder, "circle"), "dir").catch(() => undefined);
});
afterAll(() => rm(folder, { recursive: true }));

describe("opening a path", () => {
  it("walks folders, opens by content and says what it refuses", async () => {
    const { series, refused } = await openPath(join(folder, "deep"));
    expect(series.map(({ description }) => description.metadata["File"])).toEqual(["er/scan.mha"]);
    expect(refused.map(({ name }) => name)).toEqual(["notes.txt"]);
  });

  it("a header finds its voxels beside itself, and nothing else is opened", async () => {
    await writeFile(join(folder, "other.nii"), "broken");
    const { series, refused } = await openPath(join(folder, "split.mhd"));
    expect(series.map(({ description }) => description.name)).toEqual(["split"]);
    expect(refused).toEqual([]);
    let slices = 0;
    for await (const _ of (await series[0]!.open()).slices()) slices++;
    expect(slices).toBe(grid.dims[2]);
  });

  it("a Zarr folder is called by its name, listed or opened by its metadata, whatever the image calls itself", async () => {
    const image = { resolutions: [{ shape: [2, 3, 4], value: patterned }], chunks: [2, 3, 4] };
    for (const version of ["0.4", "0.5"] as const) {
      const wanted = { ...image, version, multiscales: { name: "image of its own" } };
      for (const { name, blob } of await zarrFiles(`own-${version}.ome.zarr`, wanted)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), new Uint8Array(await blob.arrayBuffer()));
      }
      for (const open of [openPath, openStore]) {
        const { series } = await open(`${join(folder, `own-${version}.ome.zarr`)}/`);
        expect(series.map(({ id, description }) => [id, description.name])).toEqual([
          [`OME-Zarr:own-${version}.ome.zarr`, `own-${version}`],
        ]);
      }
    }
  });

  it("a path that is not there is refused in plain words", async () => {
    await expect(openPath(join(folder, "none"))).rejects.toThrow("There is no such file or folder.");
  });

  it("an empty folder is refused", async () => {
    await mkdir(join(folder, "empty"));
    await expect(openPath(join(folder, "empty"))).rejects.toThrow("The folder holds no files.");
  });
});
