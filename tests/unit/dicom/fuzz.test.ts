import { describe, expect, it } from "vitest";
import { VoxelwrightError } from "#base";
import { dicomReader } from "../../../src/sources/dicom/index.ts";
import type { SourceFile } from "../../../src/sources/source.ts";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { hasSharedData } from "../../fixtures/shared-data.ts";
import { filesOf } from "./open-dicom.ts";
import { encapsulated, imageFile, words } from "./write-dicom.ts";

/** Changes some bytes, cuts the end, repeats a part or overwrites lengths: what bad disks and bad writers do. */
function spoil(bytes: Uint8Array, random: () => number): Uint8Array {
  const spoiled = bytes.slice();
  const kind = integerFrom(random, 0, 4);
  // Headers are where parsing goes wrong, so most changes fall there.
  const reach = random() < 0.7 ? Math.min(3000, spoiled.length) : spoiled.length;
  const at = (): number => integerFrom(random, 0, reach - 1);
  if (kind === 0) return spoiled.subarray(0, at());
  if (kind === 1) {
    for (let n = integerFrom(random, 1, 20); n > 0; n--) spoiled[at()]! ^= 1 << integerFrom(random, 0, 7);
    return spoiled;
  }
  if (kind === 2) {
    const from = at();
    spoiled.fill(random() < 0.5 ? 0xff : 0, from, from + integerFrom(random, 1, 16));
    return spoiled;
  }
  if (kind === 3) {
    const [from, to] = [at(), at()].toSorted((a, b) => a - b) as [number, number];
    return Uint8Array.from([...spoiled.subarray(0, to), ...spoiled.subarray(from)]);
  }
  const from = at();
  return Uint8Array.from([...spoiled.subarray(0, from), ...spoiled.subarray(from + integerFrom(random, 1, 40))]);
}

/** Opens and reads all; a VoxelwrightError is a fair end, anything else is not. */
async function survive(files: readonly SourceFile[]): Promise<void> {
  const { series, refused } = await dicomReader.open(files, files);
  expect(series.length + refused.length).toBeGreaterThan(0);
  for (const { message } of refused) expect(message).toMatch(/^.{10,400}$/s);
  for (const choice of series) {
    try {
      for await (const { voxels } of (await choice.open()).slices()) expect(voxels.length).toBeGreaterThan(0);
      await choice.thumbnail();
    } catch (error) {
      if (!(error instanceof VoxelwrightError)) throw error;
      expect(error.subject).toBeTruthy();
    }
  }
}

async function fuzz(file: SourceFile, seed: number, rounds: number): Promise<void> {
  const random = randomFrom(seed);
  const bytes = new Uint8Array(await file.blob.arrayBuffer());
  for (let round = 0; round < rounds; round++) {
    const spoiled = spoil(bytes, random);
    const before = process.cpuUsage();
    await survive([{ name: file.name, blob: new Blob([spoiled as Uint8Array<ArrayBuffer>]) }]);
    // Processor time, so that a busy machine does not count.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2000);
  }
}

describe("spoilt files end in slices or in one plain line, never otherwise", () => {
  const raw = imageFile({}, words(Array.from({ length: 12 }, (_, n) => n)));
  const packed = imageFile(
    { syntax: "1.2.840.10008.1.2.5", more: [["00280008", "IS", "2"]] },
    encapsulated([Uint8Array.of(2, 0, 0, 0, 64, 0, 0, 0), Uint8Array.of(1, 2, 3, 4)], 6, true),
  );
  it.each([101, 102, 103])(
    "written here, seed %i",
    async (seed) => {
      await fuzz(raw, seed, 200);
      await fuzz(packed, seed, 100);
    },
    60_000,
  );
});

describe.runIf(hasSharedData)("spoilt real files end in slices or in one plain line, never otherwise", () => {
  it.each([
    ["malformed/dicom-series/duplicate-slice/00.dcm", 1, 150],
    ["dicom-edge/charsets/chrH32.dcm", 2, 100],
    ["dicom-edge/deflate", 3, 25],
    ["dicom-edge/missing-preamble-or-meta/no_meta.dcm", 4, 80],
    ["dicom-edge/transfer-syntaxes-ct-slice/JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm", 5, 25],
    ["dicom-edge/transfer-syntaxes-ct-slice/JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm", 6, 20],
    ["dicom-edge/transfer-syntaxes-ct-slice/JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm", 7, 25],
    ["dicom-edge/transfer-syntaxes-ct-slice/JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm", 8, 25],
    ["mr-dicom/siemens-mosaic-epi", 9, 25],
    ["dicom-edge/multiframe-ct-perfusion", 10, 15],
  ])("%s, seed %i", async (path, seed, rounds) => fuzz((await filesOf(path))[0]!, seed, rounds), 120_000);
});
