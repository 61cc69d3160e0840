import { createRequire } from "node:module";
import { describe, expect, it, vi } from "vitest";
import { decodeFrame, dicomReader, type FrameInfo } from "../../../src/sources/dicom/index.ts";
import { hasSharedData } from "../../fixtures/shared-data.ts";
import { filesOf, openDicom, openOnly, sameVoxels, voxelsOf } from "./open-dicom.ts";
import { encapsulated, imageFile } from "./write-dicom.ts";

// Real scans on a busy machine take their time.
vi.setConfig({ testTimeout: 60_000 });

const folder = "dicom-edge/transfer-syntaxes-ct-slice";
const files = hasSharedData ? (await filesOf(folder)).map(({ name }) => name).sort() : [];
const raw = (): Promise<Float64Array> =>
  openOnly(`${folder}/LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm`).then(voxelsOf);

/** Largest and root mean square difference of rescaled values. */
async function difference(name: string): Promise<{ largest: number; rms: number }> {
  const choice = await openOnly(`${folder}/${name}`);
  const { slope, intercept } = choice.description.rescale;
  const [ours, truth] = [await voxelsOf(choice), await raw()];
  let largest = 0;
  let squares = 0;
  let count = 0;
  for (let n = 0; n < truth.length; n++) {
    // Outside the field of view the slice is padded with −2000, which 12 and 8 bits cannot hold.
    if (truth[n]! <= -1024) continue;
    const delta = Math.abs(slope * ours[n]! + intercept - (truth[n]! - 1024));
    largest = Math.max(largest, delta);
    squares += delta * delta;
    count++;
  }
  return { largest, rms: Math.sqrt(squares / count) };
}

describe.runIf(hasSharedData)("one CT slice in fifteen transfer syntaxes", () => {
  it.each(files.filter((name) => !/JPEG2000Transfer|JPEGLSLossy|JPEGProcess(1T|2_4|6_8|10_12)/.test(name)))(
    "%s is bit for bit the raw slice",
    async (name) => {
      expect(sameVoxels(await voxelsOf(await openOnly(`${folder}/${name}`)), await raw())).toBe(true);
    },
  );

  it.each([
    ["JPEGLSLossyTransferSyntax_1.2.840.10008.1.2.4.81.dcm", 10, 2],
    ["JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91.dcm", 200, 20],
    ["JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm", 400, 60],
    ["JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm", 400, 30],
    ["JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm", 400, 30],
    ["JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm", 400, 30],
  ])("%s is lossy, near the raw slice, and says so", async (name, largest, rms) => {
    const found = await difference(name);
    expect(found.largest).toBeLessThan(largest);
    expect(found.rms).toBeLessThan(rms);
    const choice = await openOnly(`${folder}/${name}`);
    expect(choice.description.notes.join(" ")).toContain("compressed with loss");
  });

  it("joins fragments, with and without an offset table", async () => {
    const fragmented = await filesOf("dicom-edge/fragmented-pixel-data");
    expect(fragmented).toHaveLength(5);
    const volumes = await Promise.all(
      fragmented.map(async (file) => voxelsOf((await dicomReader.open([file], [file])).series[0]!)),
    );
    for (const voxels of volumes) expect(sameVoxels(voxels, volumes[0]!)).toBe(true);
  });

  it("reads the small deflated picture", async () => {
    const { series } = await openDicom("dicom-edge/deflate");
    expect(series[0]!.description.grid.dims).toEqual([512, 512, 1]);
    expect(new Set(await voxelsOf(series[0]!)).size).toBeGreaterThan(1);
  });
});

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

describe("codecs without a real file", () => {
  const info: FrameInfo = {
    rows: 48,
    columns: 64,
    kind: "integer",
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    signed: true,
    coding: "htj2k",
    swapBytes: 1,
    syntaxUid: "1.2.840.10008.1.2.4.201",
  };

  it("decodes lossless HTJ2K exactly", async () => {
    const load = createRequire(import.meta.url)("@cornerstonejs/codec-openjph") as () => Promise<{
      HTJ2KEncoder: new () => Encoder;
    }>;
    const encoder = new (await load()).HTJ2KEncoder();
    const source = Int16Array.from({ length: 48 * 64 }, (_, n) => ((n * 7919) % 4001) - 2000);
    encoder
      .getDecodedBuffer({
        width: 64,
        height: 48,
        bitsPerSample: 16,
        componentCount: 1,
        isSigned: true,
        isUsingColorTransform: false,
      })
      .set(new Uint8Array(source.buffer));
    encoder.encode();
    const stream = encoder.getEncodedBuffer().slice();
    expect(await decodeFrame(stream, info)).toEqual(source);
    const file = imageFile({ rows: 48, columns: 64, signed: true, syntax: info.syntaxUid }, encapsulated([stream]));
    const { series } = await dicomReader.open([file], [file]);
    expect(await voxelsOf(series[0]!)).toEqual(Float64Array.from(source));
  });

  it.each(["rle", "jpeg", "jpeg-ls", "jpeg-2000", "htj2k"] as const)(
    "refuses garbage as %s in plain words",
    async (coding) => {
      const garbage = Uint8Array.from({ length: 500 }, (_, n) => (n * 37) & 255);
      await expect(
        decodeFrame(garbage, { ...info, coding, syntaxUid: "1.2.840.10008.1.2.4.70" }),
      ).rejects.toMatchObject({
        name: "VoxelwrightError",
        kind: "source",
      });
    },
  );

  it.each([
    ["jpeg-2000", [0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    [
      "jpeg-ls",
      [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xf7, 0, 11, 16, 0xff, 0xff, 0xff, 0xfe, 1, 1, 0x11, 0, 0, 0, 0],
    ],
  ] as const)("refuses a %s stream that claims another size before decoding it", async (coding, start) => {
    const decoding = decodeFrame(Uint8Array.from(start), { ...info, coding });
    await expect(decoding).rejects.toThrow(/^The compressed voxels are 65\d+×65\d+, the header says 64×48\.$/);
  });

  it("swaps bytes of big-endian voxels, and of bytes written as big-endian words", async () => {
    const two = { ...info, rows: 1, columns: 4, coding: "raw" as const, signed: false };
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    expect([...(await decodeFrame(bytes.slice(), { ...two, swapBytes: 2 }))]).toEqual([0x102, 0x304, 0x506, 0x708]);
    const eight = { ...two, bitsAllocated: 8, bitsStored: 8, highBit: 7, swapBytes: 2 };
    expect([...(await decodeFrame(bytes.slice(0, 4), eight))]).toEqual([2, 1, 4, 3]);
  });

  it("masks garbage above the stored bits and extends the sign", async () => {
    const bytes = new Uint8Array(Uint16Array.of(0xf7ff, 0x0800, 0x5fff, 0x1000).buffer);
    const twelve = { ...info, rows: 2, columns: 2, bitsStored: 12, highBit: 11, coding: "raw" as const };
    expect([...(await decodeFrame(bytes.slice(), twelve))]).toEqual([2047, -2048, -1, 0]);
    expect([...(await decodeFrame(bytes.slice(), { ...twelve, signed: false }))]).toEqual([2047, 2048, 4095, 0]);
  });
});
