import { type Zippable, zipSync, zlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { openAddress, openSources, openUrl, type SeriesChoice } from "#sources";
import { encapsulated, imageFile } from "../dicom/write-dicom.ts";
import { eachSlice } from "./files.ts";
import { niftiHeader } from "./nifti-file.ts";
import { type Answer, type Asked, hostParts } from "./part-host.ts";
import { tiffFile } from "./tiff-file.ts";
import { AXES_ZYX, zarrFiles } from "./zarr-writer.ts";

/* Archives, TIFF and DICOM at an address: listed by a part of them, and read as it comes. */

const EDGE = 512;
const DEPTH = 70;

/** Noise that does not shrink, another one in every slice. */
function slice(k: number): Uint8Array<ArrayBuffer> {
  const voxels = Uint16Array.from({ length: EDGE * EDGE }, (_, n) => Math.imul(n + k * 7919, 0x9e3779b1) >>> 16);
  return new Uint8Array(voxels.buffer);
}

const slices = Array.from({ length: DEPTH }, (_, k) => slice(k));

async function instance(k: number, number = k): Promise<Uint8Array<ArrayBuffer>> {
  const file = imageFile(
    {
      instance: number + 1,
      rows: EDGE,
      columns: EDGE,
      position: `0\\0\\${k}`,
      more: [["00080018", "UI", `2.25.${k}`]],
    },
    slices[k]!,
  );
  return new Uint8Array(await file.blob.arrayBuffer());
}

async function archive(level: 0 | 1, order: readonly number[], more: Zippable = {}): Promise<Uint8Array> {
  const entries: Zippable = { ...more };
  for (const [n, k] of order.entries())
    entries[`scan/${String(n).padStart(4, "0")}.dcm`] = [await instance(k), { level }];
  return zipSync(entries);
}

const inOrder = Array.from({ length: DEPTH }, (_, k) => k);
const outOfOrder = inOrder.toSorted((a, b) => ((a * 37) % DEPTH) - ((b * 37) % DEPTH));

const page = (k: number, deflated: boolean) => ({
  width: EDGE,
  height: EDGE,
  bits: 16,
  bytes: deflated ? zlibSync(slices[k]!, { level: 1 }) : slices[k]!,
  ...(deflated ? { tags: [[259, 3, [8]]] as const } : {}),
});

const whole = new Uint8Array(
  Buffer.concat([niftiHeader({ dim: [3, EDGE, EDGE, DEPTH, 1, 1, 1, 1], datatype: 512, bitpix: 16 }), ...slices]),
);

const files: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  "stored.zip": () => archive(0, inOrder),
  "deflated.zip": () => archive(1, inOrder),
  "shuffled.zip": () => archive(1, outOfOrder),
  "volume.zip": async () => zipSync({ "volume.nii": [whole, { level: 1 }] }),
  "raw.tif": async () => tiffFile(inOrder.map((k) => page(k, false))),
  "deflated.tif": async () => tiffFile(inOrder.map((k) => page(k, true))),
  "frames.dcm": async () => {
    const more = [
      ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.7.3"],
      ["00280008", "IS", `${DEPTH}`],
    ] as const;
    const file = imageFile({ rows: EDGE, columns: EDGE, more }, Buffer.concat(slices));
    return new Uint8Array(await file.blob.arrayBuffer());
  },
};

const made = new Map<string, Promise<Uint8Array>>();

function fileOf(name: string): Promise<Uint8Array> {
  const known = made.get(name) ?? files[name]!();
  made.set(name, known);
  return known;
}

async function listed(name: string, answer?: Answer): Promise<{ choice: SeriesChoice; asked: Asked[]; size: number }> {
  const file = await fileOf(name);
  const { url, asked } = await hostParts(file, name, answer);
  const { series, refused } = await openSources(await openUrl(url.href));
  expect(refused).toEqual([]);
  expect(series).toHaveLength(1);
  return { choice: series[0]!, asked, size: file.length };
}

async function expectSlices(choice: SeriesChoice): Promise<void> {
  let next = 0;
  await eachSlice(choice, (voxels, k) => {
    expect(k).toBe(next++);
    const bytes = Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength);
    if (Buffer.compare(bytes, slices[k]!) !== 0) throw new Error(`slice ${k} differs`);
  });
  expect(next).toBe(DEPTH);
}

const sent = (asked: readonly Asked[]): number => asked.reduce((sum, one) => sum + one.sent, 0);

describe("at an address", () => {
  test.each(Object.keys(files))("%s is listed by a part of it, and read whole, slice by slice", async (name) => {
    const { choice, asked, size } = await listed(name);
    expect(size).toBeGreaterThan(32 * 2 ** 20);
    // What is on its way when a connection is closed counts as sent.
    expect(sent(asked.slice(1))).toBeLessThan(size / 2);
    await expectSlices(choice);
    // Nothing comes twice, but looks that lie within what is read.
    expect(sent(asked.slice(1))).toBeLessThan(size * 1.3);
    expect(asked.length).toBeLessThan(4 * DEPTH);
  });

  test.each(Object.keys(files))("%s is taken up at a later slice without most of what lies before", async (name) => {
    const { choice, asked, size } = await listed(name);
    asked.length = 0;
    const source = await choice.open();
    let k = 60;
    for await (const { voxels } of source.slices({ from: 60 }))
      expect(voxels[5]).toBe(new Uint16Array(slices[k++]!.buffer)[5]);
    expect(k).toBe(DEPTH);
    // A volume in one deflated entry is inflated from its start.
    expect(sent(asked)).toBeLessThan(name === "volume.zip" ? size * 1.1 : size / 2);
  });

  test.each(Object.keys(files).filter((name) => name !== "frames.dcm"))(
    "%s is not refused file by file while the server cannot be reached",
    async (name) => {
      const file = await fileOf(name);
      const { url } = await hostParts(file, name, (_request, response, start) => {
        if (start < 2 ** 20) return false;
        response.writeHead(410).end();
        return true;
      });
      await expect(openUrl(url.href).then((opened) => openSources(opened))).rejects.toMatchObject({
        kind: "network",
        fields: { status: 410 },
      });
    },
  );

  test("a listing ends at once when it is aborted while nothing comes", async () => {
    const { url } = await hostParts(
      await fileOf("deflated.zip"),
      "deflated.zip",
      (_request, _response, start) => start > 0,
    );
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    const began = performance.now();
    await expect(openAddress(url.href, { signal: abort.signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test.each(Object.keys(files))("%s is let go of at once when it is aborted while nothing comes", async (name) => {
    let silent = false;
    const { choice } = await listed(name, () => silent);
    const source = await choice.open();
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const { k } of source.slices({ signal: abort.signal })) {
        if (k > 1) silent = true;
        if (k === 2) setTimeout(() => abort.abort(), 50);
      }
      // All of it was there before.
      abort.signal.throwIfAborted();
      throw new DOMException("read to its end", "AbortError");
    };
    const began = performance.now();
    await expect(read()).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test.each([0, 1] as const)(
    "an OME-Zarr image in an archive (level %i) opens by its metadata, brick by brick",
    async (level) => {
      const value = (k: number, j: number, i: number): number => Math.imul((k * 260 + j) * 260 + i, 0x9e3779b1) >>> 16;
      const image = await zarrFiles("image.ome.zarr", {
        axes: AXES_ZYX,
        resolutions: [{ path: "0", shape: [260, 260, 260], value }],
        chunks: [64, 64, 64],
        codec: "none",
        dtype: "u2",
      });
      const entries: Zippable = {};
      for (const { name, blob } of image) entries[name] = [new Uint8Array(await blob.arrayBuffer()), { level }];
      const file = zipSync(entries);
      expect(file.length).toBeGreaterThan(32 * 2 ** 20);
      const { url, asked } = await hostParts(file, "image.ome.zarr.zip");
      const { series } = await openSources(await openUrl(url.href));
      const { chunked } = series[0]!;
      expect(sent(asked.slice(1))).toBeLessThan(2e6);
      const { voxels } = await chunked!.readBrick({ frame: 0, level: 0, bi: 1, bj: 2, bk: 3 });
      for (const n of [0, 1000, 262_143])
        expect(voxels[n]).toBe(value(192 + (n >> 12), 128 + ((n >> 6) & 63), 64 + (n & 63)));
      expect(sent(asked.slice(1))).toBeLessThan(5e6);
    },
  );

  test("a TIFF whose server was away while a page was looked at is read when it is back", async () => {
    const rows = Array.from({ length: EDGE }, (_, n) => n);
    const pages = inOrder.map((k) => page(k, false));
    // Each row a strip of the first page, in an order of its own, whose places lie apart from the directory.
    const file = tiffFile(
      pages.map((one) => ({
        ...one,
        tags: [
          [278, 4, [1]],
          [273, 4, rows.map((n) => 8 + ((n * 7) % EDGE) * EDGE * 2)],
          [279, 4, rows.map(() => EDGE * 2)],
        ] as const,
      })),
    );
    let away = false;
    const { url } = await hostParts(file, "rows.tif", (_request, response) => {
      if (away) response.writeHead(410).end();
      return away;
    });
    const { series } = await openSources(await openUrl(url.href));
    away = true;
    await expect(series[0]!.thumbnail()).rejects.toMatchObject({ kind: "network" });
    away = false;
    expect((await series[0]!.thumbnail()).width).toBeGreaterThan(0);
  });

  test("frames of a compressed DICOM file begin to come without a walk through all of them", async () => {
    const frames = slices.map((bytes) => Buffer.concat([Uint8Array.of(0xff, 0xd8), bytes]));
    const more = [
      ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.7.3"],
      ["00280008", "IS", `${DEPTH}`],
    ] as const;
    const file = imageFile({ rows: EDGE, columns: EDGE, more, syntax: "1.2.840.10008.1.2.4.80" }, encapsulated(frames));
    const bytes = new Uint8Array(await file.blob.arrayBuffer());
    const { url, asked } = await hostParts(bytes, "frames.dcm");
    const { series } = await openSources(await openUrl(url.href));
    // They are no code streams: that is said of the first one.
    await expect(series[0]!.thumbnail()).rejects.toMatchObject({ kind: "source" });
    expect(sent(asked.slice(1))).toBeLessThan(bytes.length);
    asked.length = 0;
    await expect((await series[0]!.open()).slices()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      kind: "source",
      message: expect.stringMatching(/^Slice 1 cannot be read/),
    });
    expect(sent(asked)).toBeLessThan(bytes.length / 2);
  });

  test("a damaged entry of a large archive is found when it is read, not by its head", async () => {
    const file = await archive(1, inOrder, { "scan/zeros.bin": [new Uint8Array(2 ** 25), { level: 1 }] });
    // Within the voxels of an entry in the middle.
    file[Math.floor(file.length / 2)]! ^= 0x55;
    const { series, refused } = await openSources([{ name: "all.zip", blob: new Blob([new Uint8Array(file)]) }]);
    expect(refused.map(({ name }) => name)).toEqual(["all.zip/scan/zeros.bin"]);
    await expect(expectSlices(series[0]!)).rejects.toMatchObject({
      kind: "source",
      message: expect.stringMatching(/archive is damaged here|cannot be read/),
    });
  });
});
