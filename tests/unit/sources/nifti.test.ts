import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openSources } from "#sources";
import { ImageGrid } from "#volume";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { allVoxels, diskFile, eachSlice, memoryFile, openOne } from "./files.ts";
import { niftiFile, niftiHeader } from "./nifti-file.ts";

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe("NIfTI voxels", () => {
  const counting = Array.from({ length: 24 }, (_, n) => n - 7);
  const cases: [string, number, (le: boolean) => Uint8Array, number[]][] = [
    ["int8", 256, () => bytesOf(Int8Array.from(counting)), counting],
    ["uint8", 2, () => bytesOf(Uint8Array.from(counting, (v) => v + 7)), counting.map((v) => v + 7)],
    ["int16", 4, (le) => written(2, (view, at, v) => view.setInt16(at, v * 1000, le)), counting.map((v) => v * 1000)],
    [
      "uint16",
      512,
      (le) => written(2, (view, at, v) => view.setUint16(at, (v + 7) * 2500, le)),
      counting.map((v) => (v + 7) * 2500),
    ],
    ["int32", 8, (le) => written(4, (view, at, v) => view.setInt32(at, v * 1e7, le)), counting.map((v) => v * 1e7)],
    [
      "uint32",
      768,
      (le) => written(4, (view, at, v) => view.setUint32(at, (v + 7) * 1e8, le)),
      counting.map((v) => (v + 7) * 1e8),
    ],
    ["float32", 16, (le) => written(4, (view, at, v) => view.setFloat32(at, v / 4, le)), counting.map((v) => v / 4)],
    ["float64", 64, (le) => written(8, (view, at, v) => view.setFloat64(at, v / 4, le)), counting.map((v) => v / 4)],
    [
      "int64",
      1024,
      (le) => written(8, (view, at, v) => view.setBigInt64(at, BigInt(v * 9), le)),
      counting.map((v) => v * 9),
    ],
    [
      "uint64",
      1280,
      (le) => written(8, (view, at, v) => view.setBigUint64(at, BigInt(v + 7), le)),
      counting.map((v) => v + 7),
    ],
    [
      "complex64",
      32,
      (le) => written(8, (view, at, v) => (view.setFloat32(at, v * 3, le), view.setFloat32(at + 4, v * 4, le))),
      counting.map((v) => Math.abs(v) * 5),
    ],
    [
      "complex128",
      1792,
      (le) => written(16, (view, at, v) => (view.setFloat64(at, v * 3, le), view.setFloat64(at + 8, v * 4, le))),
      counting.map((v) => Math.abs(v) * 5),
    ],
  ];

  function written(size: number, set: (view: DataView, at: number, value: number) => void): Uint8Array {
    const bytes = new Uint8Array(size * counting.length);
    counting.forEach((value, n) => set(new DataView(bytes.buffer), n * size, value));
    return bytes;
  }

  for (const [name, datatype, make, expected] of cases) {
    for (const littleEndian of [true, false]) {
      test(`${name}, ${littleEndian ? "little" : "big"} endian, plain and gzip`, async () => {
        const header = niftiHeader({ datatype, littleEndian });
        const body = make(littleEndian);
        expect(await allVoxels(await openOne(memoryFile("a.nii", header, body)))).toEqual(expected);
        const packed = gzipSync(Buffer.concat([header, body]));
        expect(await allVoxels(await openOne(memoryFile("a.nii.gz", packed)))).toEqual(expected);
      });
    }
  }

  test("a voxel offset that is no multiple of the voxel size reads right", async () => {
    const body = bytesOf(Float32Array.from(counting));
    const file = memoryFile("odd.nii", niftiHeader({ datatype: 16, voxOffset: 355 }), new Uint8Array(3), body);
    expect(await allVoxels(await openOne(file))).toEqual(counting);
  });

  test("colour becomes luma with a note", async () => {
    const rgb = new Uint8Array(72).map((_, n) => [255, 0, 128][n % 3]!);
    const choice = await openOne(niftiFile({ datatype: 128 }, rgb));
    expect(new Set(await allVoxels(choice))).toEqual(new Set([Math.round(255 * 0.299 + 128 * 0.114)]));
    expect(choice.description.notes.join()).toMatch(/grey/);
  });

  test("an int64 beyond 32 bits and a float64 beyond float32 stop the reading and name the voxel", async () => {
    const wide = new BigInt64Array(24);
    wide[17] = 2n ** 40n;
    await expect(allVoxels(await openOne(niftiFile({ datatype: 1024 }, bytesOf(wide))))).rejects.toMatchObject({
      kind: "limit",
      message: expect.stringMatching(/\(1, 1, 1\) holds 1099511627776/),
    });
    const huge = new Float64Array(24);
    huge[3] = 1e300;
    await expect(allVoxels(await openOne(niftiFile({ datatype: 64 }, bytesOf(huge))))).rejects.toMatchObject({
      kind: "limit",
    });
  });

  test("4D frames come one after the other, trailing dimensions of 1 do not count", async () => {
    const body = Uint8Array.from({ length: 48 }, (_, n) => n);
    const choice = await openOne(niftiFile({ dim: [5, 4, 3, 2, 2, 1, 0, 0] }, body));
    expect(choice.description.frames).toBe(2);
    expect(await allVoxels(choice, 1)).toEqual([...body.subarray(24)]);
  });
});

describe("NIfTI geometry", () => {
  const body = new Uint8Array(24);
  const grid = async (fields: Parameters<typeof niftiFile>[0]) => (await openOne(niftiFile(fields, body))).description;

  test("RAS becomes LPS", async () => {
    const { grid: data, notes } = await grid({ srow: [2, 0, 0, -10, 0, 3, 0, -20, 0, 0, 4, -30] });
    expect(data.indexToLps).toEqual([-2, 0, 0, 10, 0, -3, 0, 20, 0, 0, 4, -30]);
    expect(notes).toEqual([]);
  });

  test("metres and micrometres become millimetres, and are said", async () => {
    const { grid: data, notes } = await grid({ units: 3, srow: [2000, 0, 0, 0, 0, 2000, 0, 0, 0, 0, 2000, 5000] });
    expect(data.indexToLps).toEqual([-2, 0, 0, 0, 0, -2, 0, 0, 0, 0, 2, 5]);
    expect(notes.join()).toMatch(/micrometres/);
  });

  test("the qform stands in for an sform that cannot be used", async () => {
    const { grid: data, notes } = await grid({
      srow: [Number.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      qformCode: 1,
      pixdim: [-1, 2, 2, 2],
      quatern: [0, 0, 0, 1, 2, 3],
    });
    expect(data.indexToLps).toEqual([-2, 0, 0, -1, 0, -2, 0, -2, 0, 0, -2, 3]);
    expect(notes.join()).toMatch(/sform.*cannot be used/);
  });

  test("without any orientation the volume is centred, and the note says that sides may be swapped", async () => {
    const { grid: data, notes } = await grid({ sformCode: 0, pixdim: [1, 2, 2, 2] });
    expect(new ImageGrid(data).centerLps).toEqual([0, 0, 0]);
    expect(notes.join()).toMatch(/left and right may be swapped/);
  });
});

describe("NIfTI pairs", () => {
  test("header and voxels in two files make one series, in any order of dropping", async () => {
    const hdr = memoryFile("x/a.hdr", niftiHeader({ magic: "ni1", voxOffset: 0 }).subarray(0, 348));
    const img = memoryFile("x/a.img", new Uint8Array(24).fill(9));
    const { series, refused } = await openSources([img, hdr]);
    expect(refused).toEqual([]);
    expect(series).toHaveLength(1);
    expect(series[0]!.fileCount).toBe(2);
    expect(series[0]!.byteLength).toBe(348 + 24);
    expect(new Set(await allVoxels(series[0]!))).toEqual(new Set([9]));
  });

  test("a header alone asks for the second file, voxels alone for the header", async () => {
    const hdr = memoryFile("a.hdr", niftiHeader({ magic: "ni1", voxOffset: 0 }).subarray(0, 348));
    expect((await openSources([hdr])).refused[0]!.message).toMatch(/a\.img.*not given\. Open both files together/);
    expect((await openSources([memoryFile("a.img", new Uint8Array(5000))])).refused[0]!.message).toMatch(
      /without its header/,
    );
  });
});

describe.runIf(hasSharedData)("the same brain in twelve storage orders", () => {
  const orders = "ARS ILP IRP LAS LPI LPS PIL PSR RAS RPI SLA SRA".split(" ");

  async function lookup(order: string): Promise<(lps: readonly [number, number, number]) => number> {
    const choice = await openOne(await diskFile(sharedData(`nifti/orientations/${order}.nii.gz`)));
    const grid = new ImageGrid(choice.description.grid);
    const slices: Float64Array[] = [];
    await eachSlice(choice, (voxels) => slices.push(Float64Array.from(voxels)));
    return (lps) => {
      const [i, j, k] = grid.toIndex(lps).map(Math.round) as [number, number, number];
      return slices[k]![j * grid.dims[0] + i]!;
    };
  }

  test("gives the same value at the same place of the patient", async () => {
    const reference = await openOne(await diskFile(sharedData("nifti/orientations/RAS.nii.gz")));
    const grid = new ImageGrid(reference.description.grid);
    const places = Array.from({ length: 400 }, (_, n) => grid.toLps([(n * 7) % 64, (n * 13) % 79, (n * 29) % 67]));
    const expected = places.map(await lookup("RAS"));
    expect(new Set(expected).size).toBeGreaterThan(50);
    for (const order of orders) expect(places.map(await lookup(order)), order).toEqual(expected);
  });

  test("gives the same upright thumbnail for axial storage however it is flipped", async () => {
    const draw = async (order: string) =>
      (await openOne(await diskFile(sharedData(`nifti/orientations/${order}.nii.gz`)))).thumbnail();
    const [ras, las, lps] = await Promise.all(["RAS", "LAS", "LPS"].map(draw));
    expect(las).toEqual(ras);
    expect(lps).toEqual(ras);
    expect(Math.max(ras!.width, ras!.height)).toBeLessThanOrEqual(96);
  });
});
