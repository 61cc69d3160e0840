import { describe, expect, test } from "vitest";
import { crc32c, Crc32cCodec } from "../../../src/sources/zarr/crc32c.ts";
import { allVoxels, openOne } from "./files.ts";
import { patterned, zarrFiles, type ZarrImageWanted } from "./zarr-writer.ts";

const image: ZarrImageWanted = {
  version: "0.5",
  checked: true,
  resolutions: [{ shape: [6, 10, 20], value: patterned }],
  chunks: [2, 4, 4],
};

/** Flips a bit of every chunk or shard; places below 0 count from the end. */
async function flipped(wanted: ZarrImageWanted, at: number) {
  return Promise.all(
    (await zarrFiles("scan.zarr", wanted)).map(async ({ name, blob }) => {
      if (!name.startsWith("scan.zarr/0/c/")) return { name, blob };
      const bytes = new Uint8Array(await blob.arrayBuffer());
      bytes[at < 0 ? bytes.length + at : at]! ^= 0x40;
      return { name, blob: new Blob([bytes]) };
    }),
  );
}

describe("CRC-32C", () => {
  test("gives the values of RFC 3720, whatever the length and place", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, n) => n))).toBe(0x46dd794e);
    expect(crc32c(Uint8Array.from({ length: 35 }, (_, n) => n - 3).subarray(3))).toBe(0x46dd794e);
    expect(crc32c(new Uint8Array())).toBe(0);
  });

  test("of too little data is no checksum", async () => {
    const codec = Crc32cCodec.fromConfig();
    expect(await codec.decode(new Uint8Array(4))).toHaveLength(0);
    await expect(codec.decode(new Uint8Array(3))).rejects.toThrow("no checksum");
  });

  for (const codec of ["none", "gzip"] as const) {
    test(`behind a chunk (${codec}) is verified, in shards as well`, async () => {
      for (const wanted of [image, { ...image, shards: [2, 2, 3] }]) {
        const choice = await openOne(...(await zarrFiles("scan.zarr", { ...wanted, codec })));
        expect(await allVoxels(choice)).toEqual(
          Array.from({ length: 1200 }, (_, n) => patterned(Math.floor(n / 200), Math.floor(n / 20) % 10, n % 20)),
        );
      }
      await expect(
        openOne(...(await flipped({ ...image, codec }, -20))).then((choice) => allVoxels(choice)),
      ).rejects.toMatchObject({ kind: "source", message: expect.stringContaining("(crc32c)") });
    });
  }

  test("of a shard's index is verified, at either end", async () => {
    for (const indexAt of ["start", "end"] as const) {
      const wanted = { ...image, checked: false, shards: [2, 2, 3], indexAt };
      const files = await flipped(wanted, indexAt === "start" ? 9 : -12);
      await expect(openOne(...files).then((choice) => allVoxels(choice))).rejects.toMatchObject({
        kind: "source",
        message: expect.stringContaining("(crc32c)"),
      });
    }
  });
});
