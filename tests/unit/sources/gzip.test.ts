import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../../fixtures/random.ts";
import { crc32 } from "#base";
import { gunzip, surveyGzip } from "../../../src/sources/gzip.ts";
import { eachSlice, memoryFile, openOne } from "./files.ts";
import { niftiHeader } from "./nifti-file.ts";

const random = randomFrom(7);
const data = Uint8Array.from({ length: 300_000 }, () => random() * 64);
const packed = new Uint8Array(gzipSync(data));
const half = (from: number, to: number): Uint8Array => new Uint8Array(gzipSync(data.subarray(from, to)));

async function inflated(...parts: Uint8Array[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of gunzip(new Blob(parts.map((part) => new Uint8Array(part))), "x.gz")) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

describe("gzip", () => {
  test("the CRC of the standard's check string", () =>
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926));

  test.each([
    ["one member", [packed]],
    ["three members", [half(0, 7), half(7, 200_000), half(200_000, 300_000)]],
    ["an empty last member, as bgzip writes", [packed, new Uint8Array(gzipSync(new Uint8Array(0)))]],
    ["one byte of padding", [packed, new Uint8Array(1)]],
    ["a block of padding", [packed, new Uint8Array(5000)]],
    ["junk that begins like gzip", [packed, Uint8Array.of(0x1f, 0x8b, 0x08, 0xff, 1, 2, 3)]],
  ] as const)("%s gives the whole data", async (_title, parts) => {
    expect(Buffer.compare(await inflated(...parts), data)).toBe(0);
  });

  test("a survey counts members and what is no gzip", async () => {
    expect(await surveyGzip(new Blob([packed, packed, new Uint8Array(77)]), "x")).toEqual({
      inflatedBytes: 600_000,
      members: 2,
      trailingBytes: 77,
    });
  });

  test("every cut is an error that says so", async () => {
    expect(packed.length).toBeGreaterThan(100_000);
    for (const size of [
      12,
      100,
      65_536,
      90_000,
      packed.length - 9,
      packed.length - 8,
      packed.length - 4,
      packed.length - 1,
    ]) {
      await expect(inflated(packed.subarray(0, size)), `cut to ${size}`).rejects.toMatchObject({
        kind: "source",
        message: expect.stringMatching(/ends early|damaged/),
      });
    }
  });

  test("a wrong checksum is an error, after the data", async () => {
    const wrong = packed.slice();
    wrong[wrong.length - 8]! ^= 1;
    await expect(inflated(wrong)).rejects.toMatchObject({
      kind: "source",
      message: expect.stringMatching(/checksum is wrong/),
    });
  });

  test("reading a volume can be aborted in the middle", async () => {
    const file = gzipSync(Buffer.concat([niftiHeader({ dim: [3, 100, 100, 30, 1, 1, 1, 1] }), data]));
    const choice = await openOne(memoryFile("a.nii.gz", file));
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const { k } of (await choice.open()).slices({ signal: abort.signal })) if (k === 3) abort.abort();
    };
    await expect(read()).rejects.toMatchObject({ name: "AbortError" });
    expect(await eachSlice(choice, () => undefined)).toBe(30);
  });
});
