import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectBytes, journalFile } from "#export";
import { sealJournal } from "#labelmap";
import { openStudy } from "../labelmap/open-study.ts";
import { run } from "./fake-port.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-verify-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** An exported journal of two entries and its seal. */
async function exported(): Promise<Uint8Array> {
  const { port, segments, writer, signer } = await openStudy();
  const added = segments.planAdd({ name: "Léber" });
  segments.apply([added]);
  await writer.append({ command: "segment.add", arguments: { name: "Léber" }, segments: [added] });
  return collectBytes(journalFile(sealJournal(port.entries, signer)));
}

describe("voxelwright verify", () => {
  it("accepts a whole journal", async () => {
    const path = join(folder, "whole.jsonl");
    await writeFile(path, await exported());
    const { status, out } = await run(["verify", path]);
    expect([status, JSON.parse(out)]).toEqual([0, expect.objectContaining({ ok: true, entries: 2 })]);
  });

  it("names the first bad entry, with status 1", async () => {
    const path = join(folder, "changed.jsonl");
    const bytes = await exported();
    const line = bytes.indexOf(10) + 1;
    bytes[line + 40]! ^= 1;
    await writeFile(path, bytes);
    const { status, out } = await run(["verify", path]);
    expect([status, JSON.parse(out)]).toMatchObject([1, { ok: false, entries: 1, firstBad: { line: 2, sequence: 1 } }]);
  });

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
