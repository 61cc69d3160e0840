import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSources, RangeBlob } from "#sources";
import { niftiHeader } from "./nifti-file.ts";

describe("a file read by position", () => {
  test("slices, streams and texts like any Blob", async () => {
    const bytes = new TextEncoder().encode("0123456789");
    const blob = new RangeBlob(async (start, end) => bytes.slice(start, end), bytes.length);
    expect(blob.size).toBe(10);
    expect(await blob.slice(2, 5).text()).toBe("234");
    expect(await blob.slice(-3).text()).toBe("789");
    expect(await blob.slice(4).slice(1, 3).text()).toBe("56");
    expect(await blob.slice(8, 2).text()).toBe("");
    expect(await new Response(blob.stream()).text()).toBe("0123456789");
  });

  test("a volume above 4 GiB lists at once and reads slice by slice in little memory", {
    timeout: 60_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "voxelwright-"));
    const path = join(folder, "huge.nii");
    const dims = [1024, 1024, 2049];
    // A sparse file: it takes no room on disk.
    writeFileSync(path, niftiHeader({ dim: [3, ...dims, 1, 1, 1, 1], datatype: 4, bitpix: 16 }));
    const size = 352 + dims[0]! * dims[1]! * dims[2]! * 2;
    truncateSync(path, size);
    const handle = await open(path);
    try {
      const blob = new RangeBlob(async (start, end) => {
        const { buffer, bytesRead } = await handle.read(new Uint8Array(end - start), 0, end - start, start);
        return buffer.subarray(0, bytesRead);
      }, size);
      const before = process.memoryUsage().rss;
      const { series, refused } = await openSources([{ name: "huge.nii", blob }]);
      expect(refused).toEqual([]);
      expect((await series[0]!.thumbnail()).width).toBe(96);
      let slices = 0;
      let peak = 0;
      for await (const { voxels } of (await series[0]!.open()).slices()) {
        expect(voxels.length).toBe(1024 * 1024);
        slices++;
        if (slices % 64 === 0) peak = Math.max(peak, process.memoryUsage().rss);
        if (slices === 192) break;
      }
      expect(slices).toBe(192);
      expect(peak - before).toBeLessThan(300e6);
    } finally {
      await handle.close();
      rmSync(folder, { recursive: true });
    }
  });
});
