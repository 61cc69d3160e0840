import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import type { SourceFile } from "#sources";
import { MemoryState, type StudyRecord, type StudyStore } from "#storage";
import { failingWriter } from "../../fixtures/failing-writer.ts";
import { pyramidLevels } from "#volume";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { niftiFile } from "../sources/nifti-file.ts";
import { FakeHandle } from "./fake-handle.ts";
import { startProgram } from "./program.ts";

/* Imports that do not fit or are gone on with, and scans that are damaged: by commands, as the page runs them. */

/** 60 × 50 × 300 bytes of noise: 5 bricks of the finest level, 11 in all, 2.9 MB with their padding. */
const BYTES = 11 * 64 ** 3;

function scan(name: string, seed: number, depth = 300): SourceFile {
  const random = randomFrom(seed);
  const voxels = Uint8Array.from({ length: 60 * 50 * depth }, () => integerFrom(random, 0, 255));
  return niftiFile({ dim: [3, 60, 50, depth, 1, 1, 1, 1], datatype: 2, bitpix: 8 }, voxels, name);
}

async function program(state = new MemoryState(), quotaBytes?: number) {
  const { session, store } = await startProgram(state, quotaBytes);
  const run = <Result = unknown>(id: string, args: object = {}) => session.commands.run(id, args) as Promise<Result>;
  const open = (file: SourceFile) => run<{ volumeId: string }>("study.open", { files: [file] });
  const list = () => run<StudyRecord[]>("study.list");
  return { session, store, run, open, list };
}

/** The next import of a store fails at its brick `last`, as on a disk that fills up. */
function failOnce(store: StudyStore, last: number): void {
  const { create } = store;
  vi.spyOn(store, "create").mockImplementationOnce(async (...args) =>
    failingWriter(await create.apply(store, args), last),
  );
}

describe("an import that does not fit", () => {
  it("is refused before it begins where nothing can be removed, with the numbers", async () => {
    const { open, list } = await program(new MemoryState(), BYTES);
    const packed = gzipSync(new Uint8Array(await scan("a.nii", 1).blob.arrayBuffer()));
    const file = { name: "a.nii.gz", blob: new Blob([packed]) };
    await expect(open(file)).rejects.toMatchObject({
      kind: "storage",
      fields: { quota: true, neededBytes: BYTES + 8e6, freeBytes: BYTES },
    });
    expect(await list()).toEqual([]);
  });

  it("asks what to remove, removes it, and goes on", async () => {
    const state = new MemoryState();
    const before = await program(state);
    const { volumeId: large } = await before.open(scan("large.nii", 1));
    const { volumeId: small } = await before.open(scan("small.nii", 2, 100));
    await before.run("study.close");
    before.session.dispose();

    const { session, open, list } = await program(state, state.usedBytes + BYTES + 7e6);
    const opening = open(scan("b.nii", 3));
    await vi.waitFor(() => expect(session.room.question.value).toBeDefined());
    const question = session.room.question.value!;
    expect(question).toMatchObject({ name: "b", neededBytes: BYTES + 8e6, freeBytes: BYTES + 7e6, begun: false });
    expect(question.studies.map(({ volumeId }) => volumeId)).toEqual([large, small]);
    question.answer([large]);
    const { volumeId } = await opening;
    expect((await list()).map((study) => study.volumeId)).toEqual([volumeId, small]);
    expect(session.room.question.value).toBeUndefined();
  });

  it("leaves everything as it is when the user would rather not", async () => {
    const state = new MemoryState();
    const before = await program(state);
    await before.open(scan("a.nii", 1));
    await before.run("study.close");
    before.session.dispose();
    const { session, open, list } = await program(state, state.usedBytes + 1e6);
    const studies = await list();
    const opening = open(scan("b.nii", 2));
    opening.catch(() => undefined);
    await vi.waitFor(() => session.room.question.value!.answer(undefined));
    await expect(opening).rejects.toMatchObject({ kind: "storage" });
    expect(await list()).toEqual(studies);
  });

  it("is opened where it lies when the user would rather: the same values and overviews, labels kept, nothing of level 0 stored", async () => {
    const state = new MemoryState();
    const file = scan("b.nii", 3);
    const copied = await program();
    await copied.open(file);
    // Too little for the copy, enough for the overviews.
    const { session, open, run, list, store } = await program(state, BYTES + 7.9e6);
    const opening = open(file);
    await vi.waitFor(() => expect(session.room.question.value).toMatchObject({ inPlace: true, studies: [] }));
    session.room.question.value!.answer("in-place");
    const { volumeId } = await opening;
    expect(await list()).toMatchObject([{ volumeId, state: "ready", origin: { seriesId: "nifti:b.nii" } }]);
    const values = async (of: typeof run) =>
      Promise.all(
        [
          [0, 0, 0],
          [59, 49, 299],
          [30, 20, 64],
          [7, 33, 190],
        ].map((ijk) => of("volume.value", { ijk })),
      );
    expect(await values(run)).toEqual(await values(copied.run));
    const there = session.requireStudy().image;
    const copy = copied.session.requireStudy().image;
    for (const { level, bricks } of pyramidLevels([60, 50, 300])) {
      for (let bk = 0; bk < bricks[2]; bk++) {
        const address = { frame: 0, level, bi: 0, bj: 0, bk };
        const [a, b] = [await there.bricks.readBrick(address), await copy.bricks.readBrick(address)];
        expect({ ...a, voxels: undefined }).toEqual({ ...b, voxels: undefined });
        expect(Buffer.compare(Buffer.from(a!.voxels.buffer), Buffer.from(b!.voxels.buffer)), `${level}, ${bk}`).toBe(0);
      }
    }
    await run("segment.add", { name: "Liver" });
    await run("label.paint", { segment: 1, ijk: [[5, 5, 5]], radiusMm: 2, shape: "sphere" });
    await run("study.close");
    // Of level 0 only the brick that proves that it is the same image, in the middle.
    const ranges = await store.brickRanges(volumeId, 0, 0, [1, 1, 5]);
    expect([...ranges].map((value) => !Number.isNaN(value))).toEqual(
      [0, 0, 1, 0, 0].flatMap((n) => [n === 1, n === 1]),
    );
    expect((await open(file)).volumeId).toBe(volumeId);
    expect(await run("volume.value", { ijk: [5, 5, 5] })).toMatchObject({ label: 1 });
  });

  it("keeps what is in when the disk fills up on the way, and goes on with it once there is room", async () => {
    const { session, store, open, run, list } = await program();
    const { volumeId: other } = await open(scan("other.nii", 1));
    await run("study.close");
    failOnce(store, 5);
    const opening = open(scan("a.nii", 2));
    await vi.waitFor(() => expect(session.room.question.value).toBeDefined());
    const question = session.room.question.value!;
    expect(question).toMatchObject({ begun: true, freeBytes: undefined });
    expect(question.neededBytes).toBeLessThan(BYTES);
    question.answer([other]);
    const { volumeId } = await opening;
    expect(await list()).toMatchObject([{ volumeId, state: "ready", bytes: BYTES }]);
  });
});

describe("an import that was cut off", () => {
  async function cutOff() {
    const started = await program();
    failOnce(started.store, 5);
    const error: unknown = await started.open(scan("folder/a.nii", 5)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      kind: "storage",
      message: "The browser's storage is full. 64% of the import is kept.",
      advice: expect.stringMatching(/then go on with it from the list/),
    });
    const [left] = await started.list();
    expect(left).toMatchObject({ state: "cut-off", wholeSlices: 192 });
    expect(started.session.phase.value).toBe("home");
    return { ...started, left: left! };
  }

  it("is in the list, is not opened, and goes on with the same files by another name, and with no others", async () => {
    const { run, left, list } = await cutOff();
    const { volumeId } = left;
    await expect(run("study.reopen", { volumeId })).rejects.toMatchObject({ kind: "not-found" });
    await expect(run("study.resume", { volumeId })).rejects.toMatchObject({
      kind: "argument",
      advice: "Choose the same files again.",
    });
    await expect(run("study.resume", { volumeId, files: [scan("a.nii", 5, 200)] })).rejects.toThrow(/other files/);
    // The same header and another voxel.
    await expect(run("study.resume", { volumeId, files: [scan("a.nii", 6)] })).rejects.toMatchObject({
      kind: "source",
      message: "Slice 192 is another one than was imported before.",
    });
    expect(await list()).toMatchObject([{ volumeId, state: "cut-off", wholeSlices: 192 }]);
    const summary = await run("study.resume", { volumeId, files: [scan("renamed.nii", 5)] });
    expect(summary).toMatchObject({ volumeId, dims: [60, 50, 300] });
    expect(await list()).toMatchObject([{ volumeId, state: "ready", bytes: BYTES }]);
  });

  it("goes on when its files are simply opened again; others of the same header become a study of their own", async () => {
    const { open, left, list, session } = await cutOff();
    const { volumeId: other } = await open(scan("a.nii", 6));
    expect(other).not.toBe(left.volumeId);
    expect((await list()).map(({ state }) => state)).toEqual(["ready", "cut-off"]);
    const { volumeId } = await open(scan("a.nii", 5));
    expect(volumeId).toBe(left.volumeId);
    expect(session.messages.list.value.at(-1)).toMatchObject({ tone: "info", text: expect.stringMatching(/goes on/) });
    expect((await list()).map(({ state }) => state)).toEqual(["ready", "ready"]);
  });

  it("goes on from files that the browser keeps access to; denied, gone or changed, they have to be chosen again", async () => {
    const state = new MemoryState();
    const first = await program(state);
    failOnce(first.store, 5);
    const file = new FakeHandle(scan("a.nii", 5));
    await expect(first.run("study.open", { handles: [file] })).rejects.toMatchObject({ kind: "storage" });
    const { run, list } = await program(state);
    const { volumeId } = (await list())[0]!;
    const needed = (message: string) => ({
      message,
      advice: "Choose the same files again.",
      fields: { filesNeeded: true },
    });
    file.permission = "prompt";
    file.answer = "denied";
    const resume = () => run("study.resume", { volumeId });
    await expect(resume()).rejects.toMatchObject(needed("The browser was not allowed to read its files again."));
    file.answer = "granted";
    file.file = undefined;
    await expect(resume()).rejects.toMatchObject(
      needed("The file can no longer be read; it was moved, changed or deleted."),
    );
    file.file = scan("a.nii", 6);
    await expect(resume()).rejects.toMatchObject(needed("Its files are not those any more that it began with."));
    expect(await list()).toMatchObject([{ volumeId, state: "cut-off", wholeSlices: 192 }]);
    file.file = scan("a.nii", 5);
    file.asked = 0;
    file.permission = "prompt";
    expect(await resume()).toMatchObject({ volumeId });
    expect(file.asked).toBe(1);
    expect(await list()).toMatchObject([{ volumeId, state: "ready", bytes: BYTES }]);
  });

  it("can be removed", async () => {
    const { run, left, list, store } = await cutOff();
    await run("study.remove", { volumeId: left.volumeId });
    expect(await list()).toEqual([]);
    expect((await store.estimate()).usedBytes).toBe(0);
  });
});

describe("a scan that is damaged in the cache", () => {
  it("is said with its place, never shown, and repaired by the same files with its labels kept", async () => {
    const state = new MemoryState();
    const { session, open, run, list } = await program(state);
    const { volumeId } = await open(scan("a.nii", 7));
    await run("segment.add", { name: "Liver" });
    await run("label.paint", { segment: 1, ijk: [[5, 5, 5]], radiusMm: 2, shape: "sphere" });
    const place = { ijk: [10, 20, 70] };
    const value = await run("volume.value", place);
    await run("study.close");
    for (const bytes of state.studies.get(volumeId)!.bricks.values()) bytes[999]! ^= 16;

    await run("study.reopen", { volumeId });
    await expect(run("volume.value", place)).rejects.toMatchObject({ kind: "integrity" });
    const said = () => session.messages.list.value.filter(({ tone }) => tone === "error").map(({ text }) => text);
    expect(said()).toEqual([
      "a: A part of the scan is damaged in this browser's storage and is not shown: columns 1–60, rows 1–50, slices 65–128.",
    ]);
    await expect(run("volume.value", { ijk: [0, 0, 299] })).rejects.toMatchObject({ kind: "integrity" });
    expect(said()).toHaveLength(1);
    expect(said()[0]).toMatch(/slices 65–128, and 1 more place\.$/);
    expect((await list())[0]).toMatchObject({ damaged: true });

    await expect(run("study.repair", { volumeId, files: [scan("a.nii", 8)] })).rejects.toMatchObject({
      kind: "source",
    });
    const opened = await open(scan("elsewhere/a.nii", 7));
    expect(opened.volumeId).toBe(volumeId);
    expect(said()).toEqual([]);
    expect(await run("volume.value", place)).toEqual(value);
    expect(await run("volume.value", { ijk: [5, 5, 5] })).toMatchObject({ label: 1 });
    expect(await list()).toMatchObject([{ volumeId, damaged: false }]);
    expect(await run("study.repair", { volumeId, files: [scan("a.nii", 7)] })).toEqual({ repaired: 0 });
  });
});
