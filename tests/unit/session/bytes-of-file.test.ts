import { expect, it } from "vitest";
import { bytesOfFile } from "../../../src/session/bytes-of-file.ts";

it("gives the bytes of a file, and says what to do where they do not fit one array", async () => {
  expect(await bytesOfFile(new Blob([Uint8Array.of(1, 2, 3)]))).toEqual(Uint8Array.of(1, 2, 3));
  const huge = { size: 3.2e9, arrayBuffer: () => Promise.reject(new Error("not asked for")) };
  await expect(bytesOfFile(huge as unknown as Blob)).rejects.toMatchObject({
    kind: "limit",
    message: expect.stringContaining("3.2 GB"),
    advice: expect.stringContaining("file"),
  });
});
