import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPath } from "../../../src/cli/open-path.ts";
import { niftiHeader } from "../sources/nifti-file.ts";

/* Files of 4 GiB and more, whose sizes Node's own blobs do not hold. Sparse ones, which take no room. */

it("a file of more than 4 GiB is opened by the command line, and its bricks are read where they lie", async () => {
  const folder = await mkdtemp(join(tmpdir(), "voxelwright-large-"));
  const path = join(folder, "large.nii");
  const dims = [1024, 1024, 2049] as const;
  const slice = dims[0] * dims[1] * 2;
  const file = await open(path, "w");
  try {
    await file.write(niftiHeader({ dim: [3, ...dims, 1, 1, 1, 1], datatype: 4, bitpix: 16 }));
    await file.truncate(352 + slice * dims[2]);
    await file.write(new Uint8Array(Int16Array.of(7, -8).buffer), 0, 4, 352 + slice * 2048);
    const { series } = await openPath(path);
    expect(series[0]!.description.grid.dims).toEqual(dims);
    const brick = await series[0]!.inPlace!.readBrick({ frame: 0, level: 0, bi: 0, bj: 0, bk: 32 });
    expect([...brick.voxels.subarray(0, 3)]).toEqual([7, -8, 0]);
    expect(brick).toMatchObject({ min: -8, max: 7 });
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
});
