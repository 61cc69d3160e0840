import { VoxelwrightError } from "#base";
import { replayJournal } from "#labelmap";
import type { SourceFile } from "#sources";
import { describe, expect, it, vi } from "vitest";
import { niftiFile } from "../sources/nifti-file.ts";
import { startProgram } from "./program.ts";

/* Studies that are closed, reopened and opened one after the other while changes of them are under way. */

function scan(name: string, seed = 7919, n = 70): SourceFile {
  const voxels = Uint8Array.from({ length: n ** 3 }, (_, at) => (at * seed) % 251);
  const fields = { dim: [3, n, n, n, 1, 1, 1, 1], bitpix: 8, sformCode: 0, pixdim: [1, 1, 1, 1] };
  return niftiFile(fields, voxels, name);
}

async function program() {
  const { session, store } = await startProgram();
  const run = <Result = { readonly volumeId: string }>(id: string, args: object = {}): Promise<Result> =>
    session.commands.run(id, args) as Promise<Result>;
  return { session, store, run };
}

async function labelled() {
  const started = await program();
  const { volumeId } = await started.run("study.open", { files: [scan("a.nii")] });
  await started.run("segment.add", { name: "S" });
  for (const high of [30, 60]) await started.run("label.threshold", { segment: 1, range: [0, high] });
  return { ...started, volumeId };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const ACTIONS = [
  ["history.undo", {}],
  ["label.threshold", { segment: 1, range: [100, 140] }],
  ["label.grow", { segment: 1, seeds: [[3, 3, 3]], range: [0, 255] }],
  [
    "measurement.add",
    {
      kind: "distance",
      points: [
        [0, 0, 0],
        [1, 1, 1],
      ],
    },
  ],
] as const;

describe("a study that is closed while a change is under way", () => {
  for (const [action, args] of ACTIONS) {
    it.each([0, 1, 10, 100])(`${action}: is whole when it is opened again, closed after %i turns`, async (turns) => {
      const { session, store, run, volumeId } = await labelled();
      const acting = run(action, args).catch(() => undefined);
      for (let n = 0; n < turns; n++) await Promise.resolve();
      await run("study.close");
      await run("study.reopen", { volumeId });
      const open = session.requireStudy();
      const seen = JSON.stringify([...open.sizes()]);
      await acting;
      await pause(20);
      // Nothing of before reached the journal behind its back.
      await run("segment.add", { name: "after" });
      expect(open.labels.journal.headers.length).toBe(await store.openJournal(volumeId).count());
      const lines: string[] = [];
      for await (const line of store.openJournal(volumeId).lines()) lines.push(line);
      const { labelmap } = await replayJournal(lines, [70, 70, 70]);
      const bricks = await store.openJournal(volumeId).labelBricks();
      expect([...bricks.keys()]).toEqual(labelmap.brickIndices());
      expect(JSON.stringify([...open.sizes()].slice(0, 1))).toBe(JSON.stringify(JSON.parse(seen).slice(0, 1)));
    });
  }

  it("waits for what is being kept, and refuses what comes after", async () => {
    const { session, run, volumeId } = await labelled();
    const { labels } = session.requireStudy();
    const undoing = run<{ entry: number }>("history.undo");
    await run("study.close");
    expect(await undoing).toEqual({ entry: 3 });
    await expect(labels.undo()).rejects.toMatchObject({ kind: "argument" });
    await expect(labels.changeMeasurements("measurement.add", {}, () => [])).rejects.toMatchObject({
      kind: "argument",
    });
    await expect(labels.journal.append({ command: "x", arguments: {} })).rejects.toMatchObject({ kind: "argument" });
    await run("study.reopen", { volumeId });
    expect(await run<{ entry: number }>("history.undo")).toEqual({ entry: 2 });
  });
});

describe("openings", () => {
  it("two at once of one study are one, and one after another leaves no lock behind", async () => {
    const { session, store, run } = await program();
    const ids: string[] = [];
    for (const seed of [7, 11, 13])
      ids.push((await run("study.open", { files: [scan(`${seed}.nii`, seed, 20)] })).volumeId);
    await run("segment.add", { name: "S" });
    const { store: journal } = session.requireStudy().labels;
    const append = journal.append.bind(journal);
    vi.spyOn(journal, "append").mockImplementation(async (...args) => {
      await pause(60);
      return append(...args);
    });
    const painting = run("label.paint", { segment: 1, ijk: [[9, 9, 9]], radiusMm: 3, shape: "sphere" });
    await pause(5);
    const opening = [ids[0], ids[0], ids[1]].map((volumeId) => run("study.reopen", { volumeId }));
    expect((await Promise.all(opening)).map(({ volumeId }) => volumeId)).toEqual([ids[0], ids[0], ids[1]]);
    await painting;
    expect(session.requireStudy().record.volumeId).toBe(ids[1]);
    await run("study.close");
    for (const id of ids) (await store.lockStudy(id)).dispose();
  });

  it("on a full disk a study opens all the same", async () => {
    const { session, store, run, volumeId } = await labelled();
    await run("study.close");
    vi.spyOn(store, "update").mockRejectedValueOnce(new Error("The disk is full."));
    await run("study.reopen", { volumeId });
    expect(session.phase.value).toBe("open");
    expect(await run<object>("volume.value", { ijk: [3, 4, 5] })).toMatchObject({ label: expect.any(Number) });
    await expect(store.lockStudy(volumeId)).rejects.toMatchObject({ kind: "storage" });
  });
});

describe("labels that are damaged in the cache", () => {
  it("are made anew from the journal, stored so, and said once", async () => {
    const { session, store, run, volumeId } = await labelled();
    await run("measurement.add", ACTIONS[3][1]);
    const sizes = [...session.requireStudy().sizes()];
    await run("study.close");
    const openJournal = store.openJournal.bind(store);
    const journal = openJournal(volumeId);
    const damage = new VoxelwrightError("integrity", "Label brick 3 in the local cache is damaged.");
    vi.spyOn(journal, "labelBricks").mockRejectedValueOnce(damage);
    vi.spyOn(store, "openJournal").mockReturnValueOnce(journal);
    await run("study.reopen", { volumeId });
    expect([...session.requireStudy().sizes()]).toEqual(sizes);
    expect(session.messages.list.value.map(({ text }) => text).join()).toMatch(/made anew from the journal/);
    await run("history.undo");
    await run("history.undo");
    await run("study.close");
    session.messages.withdraw(session.messages.list.value[0]!.text);
    await run("study.reopen", { volumeId });
    expect(session.messages.list.value).toEqual([]);
    expect(session.requireStudy().labels.measurementList.value).toEqual([]);
  });

  it("are seen on a full disk as well, which cannot take them", async () => {
    const { session, store, run, volumeId } = await labelled();
    const sizes = [...session.requireStudy().sizes()];
    await run("study.close");
    const journal = store.openJournal(volumeId);
    vi.spyOn(journal, "labelBricks").mockRejectedValueOnce(new VoxelwrightError("integrity", "Damaged."));
    vi.spyOn(journal, "restore").mockRejectedValueOnce(new VoxelwrightError("storage", "The storage is full."));
    vi.spyOn(store, "openJournal").mockReturnValueOnce(journal);
    await run("study.reopen", { volumeId });
    expect([...session.requireStudy().sizes()]).toEqual(sizes);
  });

  it("are not made of entries that were changed", async () => {
    const { store, run, volumeId } = await labelled();
    await run("study.close");
    const lines: string[] = [];
    for await (const line of store.openJournal(volumeId).lines()) lines.push(line);
    const journal = store.openJournal(volumeId);
    vi.spyOn(journal, "labelBricks").mockRejectedValueOnce(new VoxelwrightError("integrity", "Damaged."));
    vi.spyOn(journal, "lines").mockImplementation(async function* () {
      yield* lines.slice(0, -1);
      yield lines.at(-1)!.replace('"author":"Tester"', '"author":"Pester"');
    });
    vi.spyOn(store, "openJournal").mockReturnValueOnce(journal);
    await expect(run("study.reopen", { volumeId })).rejects.toMatchObject({ message: "Damaged." });
  });

  it("are not, where the journal is damaged as well: the study does not open, and its journal can be had", async () => {
    const { store, run, volumeId } = await labelled();
    await run("study.close");
    const journal = store.openJournal(volumeId);
    vi.spyOn(journal, "labelBricks").mockRejectedValue(new VoxelwrightError("integrity", "Damaged."));
    vi.spyOn(journal, "lines").mockImplementation(async function* () {
      yield "{}";
    });
    vi.spyOn(store, "openJournal").mockReturnValueOnce(journal);
    await expect(run("study.reopen", { volumeId })).rejects.toMatchObject({ message: "Damaged." });
    const { bytes } = await run<{ bytes: Uint8Array }>("journal.export", { volumeId });
    expect(new TextDecoder().decode(bytes).split("\n")).toHaveLength(6);
  });
});
