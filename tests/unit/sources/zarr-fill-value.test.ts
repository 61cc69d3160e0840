import { describe, expect, test } from "vitest";
import { openSources } from "#sources";
import { allVoxels, openOne } from "./files.ts";
import { zarrFiles, type ZarrImageWanted } from "./zarr-writer.ts";

/** An image whose first chunk is absent, and 1 in the other. */
const image = (dtype: NonNullable<ZarrImageWanted["dtype"]>, fill: unknown, version: "0.4" | "0.5" = "0.4") =>
  zarrFiles("scan.zarr", {
    version,
    dtype,
    fill,
    resolutions: [{ shape: [1, 1, 4], value: (_k: number, _j: number, i: number) => (i < 2 ? 0 : 1) }],
    chunks: [1, 1, 2],
  });

describe("absent chunks of OME-Zarr", () => {
  const cases = [
    ["i8", null, 0],
    ["u8", null, 0],
    ["i8", -7, -7],
    ["u2", null, 0],
    ["f4", null, 0],
    ["f4", "-Infinity", -Infinity],
    ["f8", "NaN", NaN],
    ["f4", "0x7fc00000", NaN],
    ["f8", "0x3ff8000000000000", 1.5],
    ["f4", "0xc0200000", -2.5],
  ] as const;
  test.each(cases)("of %s with the fill value %j are %d", async (dtype, fill, expected) => {
    expect(await allVoxels(await openOne(...(await image(dtype, fill))))).toEqual([expected, expected, 1, 1]);
    if (fill !== null)
      expect(await allVoxels(await openOne(...(await image(dtype, fill, "0.5"))))).toEqual([expected, expected, 1, 1]);
  });

  test("with the largest number of 64 bits are refused by their value, never shown as another", async () => {
    const choice = await openOne(...(await image("u8", 2 ** 64)));
    await expect(allVoxels(choice)).rejects.toMatchObject({
      kind: "limit",
      message: expect.stringContaining("18446744073709551615"),
    });
  });

  test.each([
    ["u1", 256],
    ["u2", -1],
    ["i2", 1.5],
    ["u2", "NaN"],
    ["f4", "0x7fc0"],
    ["f4", "many"],
  ] as const)("of %s with the fill value %j are refused at opening", async (dtype, fill) => {
    const { series, refused } = await openSources(await image(dtype, fill));
    expect(series).toEqual([]);
    expect(refused[0]!.message).toMatch(/the value of absent chunks, is no/);
  });
});
