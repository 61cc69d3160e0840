import { gzipSync } from "node:zlib";
import { type Zippable, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { openSources } from "#sources";
import { allVoxels, memoryFile, openOne } from "./files.ts";
import { niftiHeader } from "./nifti-file.ts";

const body = Uint8Array.from({ length: 24 }, (_, n) => n);
const nifti = new Uint8Array(Buffer.concat([niftiHeader(), body]));
const zip = (entries: Zippable) => memoryFile("all.zip", zipSync(entries));

/** A volume of more than the bytes that are kept inflated, in one entry. */
function largeNifti(): { file: Uint8Array; at: (n: number) => number } {
  const at = (n: number): number => (n * 2654435761) >>> 24;
  const voxels = Uint8Array.from({ length: 512 * 512 * 80 }, (_, n) => at(n));
  return { file: new Uint8Array(Buffer.concat([niftiHeader({ dim: [3, 512, 512, 80, 1, 1, 1, 1] }), voxels])), at };
}

describe("zip archives", () => {
  test.each([0, 6] as const)("entries at level %i read by position, folders kept", async (level) => {
    const choice = await openOne(zip({ "a/b/c.nii": [nifti, { level }] }));
    expect(choice.id).toBe("nifti:all.zip/a/b/c.nii");
    expect(await allVoxels(choice)).toEqual([...body]);
  });

  test("a header and its data inside an archive find one another", async () => {
    const head =
      "ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementSpacing = 1 1 1\nOffset = 0 0 0\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nElementType = MET_UCHAR\nElementDataFile = x.raw\n";
    const choice = await openOne(zip({ "d/x.mhd": new TextEncoder().encode(head), "d/x.raw": body }));
    expect(choice.fileCount).toBe(2);
    expect(await allVoxels(choice)).toEqual([...body]);
  });

  test("a large entry streams, plain and as gzip inside", { timeout: 30_000 }, async () => {
    const { file, at } = largeNifti();
    for (const [name, bytes] of [
      ["big.nii", file],
      ["big.nii.gz", new Uint8Array(gzipSync(file, { level: 1 }))],
    ] as const) {
      const choice = await openOne(zip({ [name]: [bytes, { level: 1 }] }));
      let n = 0;
      for await (const { voxels } of (await choice.open()).slices()) {
        for (let v = 0; v < voxels.length; v += 997) expect(voxels[v]).toBe(at(n + v));
        n += voxels.length;
      }
      expect(n).toBe(512 * 512 * 80);
      expect((await choice.thumbnail()).width).toBe(96);
    }
  });

  test("an entry that gives more than it declares, or other bytes, ends in an error", async () => {
    const bytes = zipSync({ "a.nii": nifti });
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 6, true);
    const wrongCrc = bytes.slice();
    new DataView(wrongCrc.buffer).setUint32(directory + 16, 1, true);
    const smaller = bytes.slice();
    new DataView(smaller.buffer).setUint32(directory + 24, 360, true);
    expect((await openSources([memoryFile("a.zip", wrongCrc)])).refused[0]!.message).toMatch(/checksum is wrong/);
    expect((await openSources([memoryFile("a.zip", smaller)])).refused[0]!.message).toMatch(
      /larger than the archive says/,
    );
  });

  test("passwords, unknown methods, cut and empty archives are said", async () => {
    const bytes = zipSync({ "a.nii": nifti });
    const directory = new DataView(bytes.buffer).getUint32(bytes.length - 6, true);
    const changed = (at: number, value: number) => {
      const out = bytes.slice();
      out[directory + at] = value;
      return memoryFile("a.zip", out);
    };
    const line = async (file: ReturnType<typeof memoryFile>) => (await openSources([file])).refused[0]!.message;
    expect(await line(changed(8, 1))).toMatch(/password/);
    expect(await line(changed(10, 9))).toMatch(/zip method 9/);
    expect(await line(memoryFile("a.zip", bytes.subarray(0, bytes.length - 30)))).toMatch(/cut off/);
    expect(await line(memoryFile("a.zip", zipSync({})))).toMatch(/empty/);
  });

  test("many entries that share one small stretch of data are a bomb together", async () => {
    const one = zipSync({ "zeros.raw": new Uint8Array(1_000_000) });
    const view = new DataView(one.buffer);
    const directory = view.getUint32(one.length - 6, true);
    const entry = one.subarray(directory, one.length - 22);
    const end = one.slice(one.length - 22);
    const count = 2000;
    new DataView(end.buffer).setUint16(10, count, true);
    new DataView(end.buffer).setUint32(12, count * entry.length, true);
    const parts = [one.subarray(0, directory), ...Array.from({ length: count }, () => entry), end];
    const { series, refused } = await openSources([memoryFile("bomb.zip", ...parts)]);
    expect(series).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused[0]!.message).toMatch(/decompression bomb/);
  });

  test("an archive in an archive, and left-overs of systems", async () => {
    const inner = zipSync({ "a.nii": nifti });
    const { series, refused } = await openSources([
      zip({ "inner.zip": inner, "__MACOSX/._a.nii": body, ".DS_Store": body, "ok.nii": nifti }),
    ]);
    expect(series).toHaveLength(1);
    expect(refused.map(({ name }) => name)).toEqual(["all.zip/inner.zip"]);
    expect(refused[0]!.message).toMatch(/zip archive inside another file/);
  });
});
