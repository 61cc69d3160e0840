import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./fake-port.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-verify-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("voxelwright verify", () => {
  it.each([
    ["an empty file", ""],
    ["something else", "hello\n"],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 10])],
  ])("calls %s bad at its first line, with status 1", async (_, content) => {
    const path = join(folder, "journal");
    await writeFile(path, content);
    const { status, out, fault } = await run(["verify", path]);
    expect([status, fault]).toEqual([1, ""]);
    expect(JSON.parse(out)).toMatchObject({ ok: false, entries: 0, firstBad: { line: 1 } });
  });

  it("refuses a folder", async () => {
    expect(await run(["verify", folder])).toMatchObject({
      status: 1,
      fault: expect.stringMatching(/not a file/) as string,
    });
  });
});
