import { openSources, type SourceFile } from "#sources";
import { MemoryState, type StudyRecord, type StudyStore } from "#storage";
import { ImageGrid } from "#volume";
import { describe, expect, it, vi } from "vitest";
import { failingWriter } from "../../fixtures/failing-writer.ts";
import { writeLabelsInto } from "../../../src/session/label-folder.ts";
import { MemoryFolder } from "../export/memory-folder.ts";
import { niftiFile } from "../sources/nifti-file.ts";
import { zarrFiles } from "../sources/zarr-writer.ts";
import { startProgram } from "./program.ts";

/* Files that do not say how large their voxels are, opened by commands and with the question that the page shows. */

interface Summary {
  readonly volumeId: string;
  readonly spacingMm: readonly number[];
  readonly originMm: readonly number[];
  readonly missingSpacing: readonly string[];
  readonly notes: readonly string[];
}

/** A NIfTI of 20 × 20 × `depth` voxels, others for another `seed`; sizes of 0 are not given. */
function scan(name: string, sizes: readonly number[] = [0, 0, 0], depth = 10, seed = 7): SourceFile {
  const voxels = Uint8Array.from({ length: 400 * depth }, (_, n) => (n * seed) % 251);
  const fields = { dim: [3, 20, 20, depth, 1, 1, 1, 1], bitpix: 8, sformCode: 0, pixdim: [1, ...sizes] };
  return niftiFile(fields, voxels, name);
}

async function program(state = new MemoryState()) {
  const { session, store } = await startProgram(state);
  const run = <Result = Summary>(id: string, args: object = {}): Promise<Result> =>
    session.commands.run(id, args) as Promise<Result>;
  const list = (): Promise<StudyRecord[]> => run("study.list");
  const asked = () =>
    vi.waitFor(() => {
      expect(session.spacings.question.value).toBeDefined();
      return session.spacings.question.value!;
    });
  return { session, store, run, list, asked };
}

/** The next import of a store is cut off at its brick `last`. */
function cutOffNext(store: StudyStore, last: number): void {
  const { create } = store;
  vi.spyOn(store, "create").mockImplementationOnce(async (...args) =>
    failingWriter(await create.apply(store, args), last),
  );
}

const sizesOf = ({ description }: StudyRecord): readonly number[] => new ImageGrid(description.grid).spacingMm;

const GIVEN = "Voxel size 0.5 × 0.5 × 2 mm was given by hand; the file has none.";

describe("study.open of files without a voxel size", () => {
  it("takes 1 mm without a question where none is given, and says so", async () => {
    const { session, run } = await program();
    const summary = await run("study.open", { files: [scan("a.nii")] });
    expect(summary).toMatchObject({ spacingMm: [1, 1, 1], missingSpacing: ["i", "j", "k"] });
    expect(summary.notes.join(" ")).toMatch(/no voxel size; 1 mm is assumed/);
    expect(session.spacings.question.value).toBeUndefined();
  });

  it("takes the size that is given, centred as the reader centres, and keeps it over a restart", async () => {
    const state = new MemoryState();
    const before = await program(state);
    const summary = await before.run("study.open", { files: [scan("a.nii")], spacingMm: [0.5, 0.5, 2] });
    expect(summary).toMatchObject({ spacingMm: [0.5, 0.5, 2], originMm: [-4.75, 4.75, -9], missingSpacing: [] });
    expect(summary.notes).toContain(GIVEN);
    expect(summary.notes.join(" ")).not.toMatch(/assumed, so/);
    before.session.dispose();
    const { run } = await program(state);
    expect(await run("study.reopen", { volumeId: summary.volumeId })).toEqual(summary);
  });

  it("lets the file's own size stand, and says so", async () => {
    const { run } = await program();
    const file = scan("a.nii", [0.7, 0.7, 0]);
    const summary = await run("study.open", { files: [file], spacingMm: [0.5, 0.5, 2] });
    expect(summary.spacingMm.map((mm) => Number(mm.toFixed(4)))).toEqual([0.7, 0.7, 2]);
    expect(summary.notes.join(" ")).toMatch(/along k, 2 mm, was given by hand.*along i and j, 0.7 × 0.7 mm: it stands/);
  });

  it("brings it to every file of an opening, and to scans that are read where they lie", async () => {
    const { run, list, asked } = await program();
    const files = [scan("a.nii"), scan("b.nii", [3, 3, 3]), scan("c.nii")];
    await run("study.open", { files, spacingMm: [0.5, 0.5, 2] });
    const sizes = (await list()).map((study) => [study.description.name, ...sizesOf(study)].join(" ")).toSorted();
    expect(sizes).toEqual(["a 0.5 0.5 2", "b 3 3 3", "c 0.5 0.5 2"]);
    const there = await run("study.open", { files: [scan("d.nii")], copy: false, spacingMm: [0.5, 0.5, 2] });
    expect(there).toMatchObject({ spacingMm: [0.5, 0.5, 2] });
    expect(there.notes).toContain(GIVEN);
    // Opened again it goes on, with its size.
    await run("study.close");
    expect(await run("study.open", { files: [scan("d.nii")], copy: false })).toEqual(there);
    // Other voxels under the same header are a study of their own, with a size of their own.
    await run("study.close");
    const voxels = { files: [scan("d.nii", [0, 0, 0], 10, 11)], copy: false };
    expect(await run("study.open", voxels)).toMatchObject({ spacingMm: [1, 1, 1], missingSpacing: ["i", "j", "k"] });
    await run("study.close");
    const third = run("study.open", { files: [scan("d.nii", [0, 0, 0], 10, 13)], copy: false, spacingMm: "ask" });
    (await asked()).answer({ spacingMm: [1, 1, 6] });
    expect(await third).toMatchObject({ spacingMm: [1, 1, 6] });
    // Another size is another study.
    await run("study.close");
    const other = await run("study.open", { files: [scan("d.nii")], copy: false, spacingMm: [1, 1, 5] });
    expect(other).toMatchObject({ spacingMm: [1, 1, 5] });
    expect(other.volumeId).not.toBe(there.volumeId);
  });

  it.each([
    [[1, 1], /three numbers of millimetres/],
    ["1,1,1", /three numbers of millimetres/],
    [[1, 1, "2"], /Along k: Give a number/],
    [[1, Number.NaN, 2], /Along j: Give a number/],
    [[0, 1, 2], /Along i: Give a size above 0 mm/],
    [[1, 1, 1e6], /Along k: Give at most 1000 mm/],
  ])("refuses %j with words that say what to give", async (spacingMm, words) => {
    const { run, list } = await program();
    const opening = run("study.open", { files: [scan("a.nii")], spacingMm });
    await expect(opening).rejects.toMatchObject({ kind: "argument", message: expect.stringMatching(words) });
    expect(await list()).toEqual([]);
  });

  it("gives labels without a size that of the scan, so that they lie on it", async () => {
    const { run } = await program();
    await run("study.open", { files: [scan("a.nii")], spacingMm: [0.5, 0.5, 2] });
    const { notes } = await run("label.import", { files: [scan("labels.nii")] });
    expect(notes.join(" ")).toContain("Voxel size 0.5 × 0.5 × 2 mm is that of the scan; the file has none.");
    expect(await run("volume.value", { ijk: [3, 0, 0] })).toEqual({ value: 21, label: 21 });
  });
});

describe("an OME-Zarr image without a scale", () => {
  const image = (): Promise<SourceFile[]> =>
    zarrFiles("a.zarr", {
      resolutions: [{ shape: [10, 20, 20], value: (k, j, i) => i + j + k }],
      chunks: [10, 20, 20],
      dtype: "u1",
      multiscales: { datasets: [{ path: "0", coordinateTransformations: [] }] },
    });

  it("gets labels into its folder and back again, which lie on it whatever size is given", async () => {
    const folder = await MemoryFolder.of(await image(), "a.zarr");
    const { session, run } = await program();
    const opened = await run("study.open", { files: folder.source("a.zarr"), spacingMm: [0.5, 0.5, 2] });
    expect(opened).toMatchObject({ spacingMm: [0.5, 0.5, 2], missingSpacing: [] });
    await run("segment.add", { name: "Spot" });
    await run("label.paint", { segment: 1, ijk: [[3, 4, 5]], radiusMm: 0.1, shape: "sphere" });
    const { notes } = await writeLabelsInto(session, folder, "a.zarr", "spots");
    expect(notes).toEqual([expect.stringMatching(/The image gives no voxel size, so its labels are written without/)]);

    // Other programs see both with voxels of 1.
    const { series } = await openSources(folder.source("a.zarr"));
    const [scanned, labels] = series.map(({ description }) => description);
    expect(labels!.grid.indexToLps).toEqual(scanned!.grid.indexToLps);
    expect(labels!.missingSpacing?.axes).toEqual(["i", "j", "k"]);

    await run("study.close");
    const other = await run("study.open", { files: folder.source("a.zarr"), spacingMm: [3, 3, 4] });
    expect(other.volumeId).not.toBe(opened.volumeId);
    expect(await run("label.import", { ofImage: true })).toMatchObject({ changed: 1 });
    expect(await run("volume.value", { ijk: [3, 4, 5] })).toEqual({ value: 12, label: 1 });
  });

  it("is not written into where it has another scale by now", async () => {
    const { session, run } = await program();
    await run("study.open", { files: await image(), spacingMm: [0.5, 0.5, 2] });
    const folder = await MemoryFolder.of(
      await zarrFiles("a.zarr", { resolutions: [{ shape: [10, 20, 20], value: () => 0 }], chunks: [10, 20, 20] }),
      "a.zarr",
    );
    await expect(writeLabelsInto(session, folder, "a.zarr")).rejects.toThrow(/lies on another grid/);
  });
});

describe("the question for a voxel size", () => {
  it("comes before anything is brought in, and what is answered is used and offered again", async () => {
    const { session, run, list, asked } = await program();
    const opening = run("study.open", { files: [scan("a.nii", [0.5, 0.5, 0])], spacingMm: "ask" });
    const question = await asked();
    expect(question).toMatchObject({ name: "a", dims: [20, 20, 10], spacingMm: [0.5, 0.5, 1], missing: ["k"] });
    expect(question.lastMm).toBeUndefined();
    expect(await list()).toEqual([]);
    question.answer({ spacingMm: [0.5, 0.5, 3] });
    expect(await opening).toMatchObject({ spacingMm: [0.5, 0.5, 3] });
    expect(session.spacings.question.value).toBeUndefined();
    const next = run("study.open", { files: [scan("b.nii")], spacingMm: "ask" });
    const again = await asked();
    expect(again.lastMm).toEqual([0.5, 0.5, 3]);
    again.answer({ spacingMm: "assumed" });
    expect(await next).toMatchObject({ spacingMm: [1, 1, 1], missingSpacing: ["i", "j", "k"] });
  });

  it("is not asked of files that give it, nor for the thickness of a single slice", async () => {
    const { run } = await program();
    expect(await run("study.open", { files: [scan("a.nii", [1, 2, 3])], spacingMm: "ask" })).toMatchObject({
      spacingMm: [1, 2, 3],
    });
    expect(await run("study.open", { files: [scan("b.nii", [1, 2, 0], 1)], spacingMm: "ask" })).toMatchObject({
      spacingMm: [1, 2, 1],
      missingSpacing: ["k"],
    });
  });

  it("leaves nothing behind when it is cancelled, of several files neither", async () => {
    const { run, list, asked, session } = await program();
    const opening = run("study.open", { files: [scan("a.nii"), scan("b.nii")], spacingMm: "ask" });
    opening.catch(() => undefined);
    (await asked()).answer({ spacingMm: [1, 1, 2] });
    const second = await vi.waitFor(() => {
      expect(session.spacings.question.value?.name).toBe("b");
      return session.spacings.question.value!;
    });
    second.answer(undefined);
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
    expect(await list()).toEqual([]);
    expect(session.phase.value).toBe("home");
  });

  it("is asked once for scans that lack no more, where the user says so; what a file gives stands", async () => {
    const { session, run, list, asked } = await program();
    const files = [scan("a.nii", [0.7, 0.7, 0]), scan("b.nii"), scan("c.nii", [3, 3, 0]), scan("d.nii", [1, 1, 1])];
    const opening = run("study.open", { files, spacingMm: "ask" });
    const first = await asked();
    expect(first).toMatchObject({ name: "a", missing: ["k"], alike: 1 });
    first.answer({ spacingMm: [0.7, 0.7, 5], forAlike: true });
    await vi.waitFor(() => expect(session.spacings.question.value?.name).toBe("b"));
    expect(session.spacings.question.value).toMatchObject({ missing: ["i", "j", "k"], alike: 0 });
    session.spacings.question.value!.answer({ spacingMm: "assumed" });
    await opening;
    const told = (await list()).map((study) => {
      const sizes = sizesOf(study).map((mm) => Number(mm.toFixed(4)));
      return [study.description.name, ...sizes].join(" ");
    });
    expect(told.toSorted()).toEqual(["a 0.7 0.7 5", "b 1 1 1", "c 3 3 5", "d 1 1 1"]);
    expect((await list()).flatMap(({ description }) => description.notes).join(" ")).not.toMatch(/it stands/);
  });

  it("goes when the opening is given up, and is not asked for one that was given up before", async () => {
    const { session, asked } = await program();
    const abort = new AbortController();
    const open = (): Promise<unknown> =>
      session.commands.run("study.open", { files: [scan("a.nii")], spacingMm: "ask" }, { signal: abort.signal });
    const opening = open();
    opening.catch(() => undefined);
    await asked();
    abort.abort();
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
    expect(session.spacings.question.value).toBeUndefined();
    await expect(open()).rejects.toMatchObject({ name: "AbortError" });
    expect(session.spacings.question.value).toBeUndefined();
  });

  it("is asked for a volume over the open one as well", async () => {
    const { run, asked } = await program();
    await run("study.open", { files: [scan("below.nii", [1, 1, 1])] });
    const adding = run<{ overlay: string }>("overlay.add", { files: [scan("over.nii")], spacingMm: "ask" });
    (await asked()).answer({ spacingMm: [2, 2, 2] });
    const { overlay } = await adding;
    await run("study.close");
    expect(await run("study.reopen", { volumeId: overlay })).toMatchObject({ spacingMm: [2, 2, 2] });
  });
});

describe("an import that was cut off after a voxel size was given", () => {
  async function cutOff() {
    const started = await program();
    cutOffNext(started.store, 3);
    const opening = started.run("study.open", { files: [scan("a.nii", [0, 0, 0], 300)], spacingMm: [0.5, 0.5, 2] });
    await expect(opening).rejects.toMatchObject({ kind: "storage" });
    const [left] = await started.list();
    expect(left).toMatchObject({ state: "cut-off" });
    return { ...started, left: left! };
  }
  const again = (): SourceFile[] => [scan("again.nii", [0, 0, 0], 300)];

  it("goes on with the same size when it is resumed", async () => {
    const { run, left } = await cutOff();
    const summary = await run("study.resume", { volumeId: left.volumeId, files: again() });
    expect(summary).toMatchObject({ volumeId: left.volumeId, spacingMm: [0.5, 0.5, 2], missingSpacing: [] });
    expect(summary.notes).toContain(GIVEN);
  });

  it("goes on with the same size, and asks nothing, when its files are simply opened again", async () => {
    const { run, left } = await cutOff();
    const summary = await run("study.open", { files: again(), spacingMm: "ask" });
    expect(summary).toMatchObject({ volumeId: left.volumeId, spacingMm: [0.5, 0.5, 2] });
  });

  const others = (): SourceFile[] => [scan("others.nii", [0, 0, 0], 300, 11)];

  it("lends its size to no scan of other voxels: a script's takes 1 mm, and says so", async () => {
    const { run, list } = await cutOff();
    const summary = await run("study.open", { files: others() });
    expect(summary).toMatchObject({ spacingMm: [1, 1, 1], missingSpacing: ["i", "j", "k"] });
    expect(summary.notes.join(" ")).not.toMatch(/by hand/);
    expect((await list()).map(({ state }) => state).toSorted()).toEqual(["cut-off", "ready"]);
  });

  it("lends its size to no scan of other voxels: the page asks for its own, once that is known", async () => {
    const { run, list, asked } = await cutOff();
    const opening = run("study.open", { files: others(), spacingMm: "ask" });
    (await asked()).answer({ spacingMm: [1, 1, 3] });
    expect(await opening).toMatchObject({ spacingMm: [1, 1, 3] });
    // Nothing comes in where the user gives it up, and what was cut off is as it was.
    const again = run("study.open", { files: [scan("third.nii", [0, 0, 0], 300, 13)], spacingMm: "ask" });
    again.catch(() => undefined);
    (await asked()).answer(undefined);
    await expect(again).rejects.toMatchObject({ name: "AbortError" });
    expect((await list()).map(({ state }) => state).toSorted()).toEqual(["cut-off", "ready"]);
  });

  it("is left as it is when its files are opened with another size", async () => {
    const { run, left, list } = await cutOff();
    const summary = await run("study.open", { files: again(), spacingMm: [1, 1, 4] });
    expect(summary).toMatchObject({ spacingMm: [1, 1, 4] });
    expect(summary.volumeId).not.toBe(left.volumeId);
    expect((await list()).map(({ state }) => state).toSorted()).toEqual(["cut-off", "ready"]);
  });
});

describe("study.setSpacing", () => {
  const sizes = { spacingMm: [0.5, 0.5, 2] };
  const points = [
    [0, 0, 0],
    [0, 0, 9],
  ];

  async function measured(state = new MemoryState()) {
    const started = await program(state);
    const { run } = started;
    const opened = await run("study.open", { files: [scan("a.nii")] });
    const origin = opened.originMm;
    const along = points.map((point) => point.map((mm, axis) => mm + origin[axis]!));
    await run("measurement.add", { kind: "distance", points: along });
    await run("label.paint", { segment: await segment(run), ijk: [[10, 10, 5]], radiusMm: 2, shape: "sphere" });
    return { ...started, opened };
  }
  async function segment(run: <Result>(id: string, args?: object) => Promise<Result>): Promise<number> {
    return (await run<{ segment: { value: number } }>("segment.add", {})).segment.value;
  }
  const lengthOf = (session: Awaited<ReturnType<typeof program>>["session"]): number => {
    const [from, to] = session.requireStudy().labels.measurementList.value[0]!.points;
    return Number(Math.hypot(...to!.map((mm, axis) => mm - from![axis]!)).toFixed(6));
  };
  const voxels = (session: Awaited<ReturnType<typeof program>>["session"]): number =>
    session.requireStudy().sizes().get(1)!;

  it("puts a size right that was assumed: labels stay, lengths and the notes follow, also after a restart", async () => {
    const state = new MemoryState();
    const { session, run, store } = await measured(state);
    const painted = voxels(session);
    expect(lengthOf(session)).toBe(9);
    const summary = await run("study.setSpacing", sizes);
    expect(summary).toMatchObject({ ...sizes, originMm: [-4.75, 4.75, -9], missingSpacing: [] });
    expect(summary.notes).toContain(GIVEN);
    expect(summary.notes.join(" ")).not.toMatch(/assumed, so/);
    expect([lengthOf(session), voxels(session)]).toEqual([18, painted]);
    expect(session.messages.list.value.map(({ text }) => text).join(" ")).not.toMatch(/is assumed/);
    const { volumeId } = summary;
    expect(new ImageGrid((await store.get(volumeId))!.description.grid).spacingMm).toEqual(sizes.spacingMm);
    session.dispose();
    const again = await program(state);
    expect(await again.run("study.reopen", { volumeId })).toEqual(summary);
    expect([lengthOf(again.session), voxels(again.session)]).toEqual([18, painted]);
    expect(await again.run<{ ok: boolean }>("journal.verify")).toMatchObject({ ok: true });
  });

  it("may be done again, and undo goes past it", async () => {
    const { session, run } = await measured();
    await run("study.setSpacing", sizes);
    await run("study.setSpacing", { spacingMm: [1, 1, 3] });
    expect(lengthOf(session)).toBe(27);
    for (let n = 0; n < 3; n++) await run("history.undo");
    expect(session.requireStudy().labels.measurementList.value).toEqual([]);
    for (let n = 0; n < 3; n++) await run("history.redo");
    expect([lengthOf(session), voxels(session) > 0]).toEqual([27, true]);
    const commands = (await run<{ command: string }[]>("journal.list")).map(({ command }) => command);
    expect(commands.filter((command) => command === "study.setSpacing")).toHaveLength(2);
    expect(await run<{ ok: boolean }>("journal.verify")).toMatchObject({ ok: true });
  });

  it("asks with the sizes of now, and Escape changes nothing", async () => {
    const { session, run, asked } = await measured();
    const asking = run("study.setSpacing");
    const question = await asked();
    expect(question).toMatchObject({ spacingMm: [1, 1, 1], missing: ["i", "j", "k"], instead: true });
    const refused = expect(asking).rejects.toMatchObject({ name: "AbortError" });
    question.answer(undefined);
    await refused;
    const later = run("study.setSpacing");
    (await asked()).answer({ spacingMm: [0.5, 0.5, 2] });
    expect(await later).toMatchObject(sizes);
    expect(session.settings.value.spacingMm).toEqual(sizes.spacingMm);
  });

  it("leaves what the file gives as it is", async () => {
    const { run } = await program();
    await run("study.open", { files: [scan("a.nii", [0.7, 0.7, 0])] });
    const summary = await run("study.setSpacing", sizes);
    expect(summary.spacingMm.map((mm) => Number(mm.toFixed(4)))).toEqual([0.7, 0.7, 2]);
    await run("study.open", { files: [scan("b.nii", [0.7, 0.7, 3])] });
    await expect(run("study.setSpacing", sizes)).rejects.toMatchObject({ kind: "argument" });
  });

  it("changes nothing where the entry cannot be kept, and the study goes on", async () => {
    const { session, run, store, opened } = await measured();
    const { labels } = session.requireStudy();
    vi.spyOn(labels.store, "append").mockRejectedValueOnce(new Error("The disk is full."));
    await expect(run("study.setSpacing", sizes)).rejects.toThrow("The disk is full.");
    expect(lengthOf(session)).toBe(9);
    expect(new ImageGrid((await store.get(opened.volumeId))!.description.grid).spacingMm).toEqual([1, 1, 1]);
    await run("history.undo");
    expect(voxels(session)).toBe(0);
  });

  it("keeps what lies over the study", async () => {
    const { run, session } = await program();
    const over = await run("study.open", { files: [scan("over.nii", [2, 2, 2], 10, 11)] });
    const under = await run("study.open", { files: [scan("a.nii")] });
    await run("overlay.add", { volumeId: over.volumeId });
    await run("study.setSpacing", sizes);
    expect(session.requireStudy().record.volumeId).toBe(under.volumeId);
    expect(session.requireStudy().overlays.list.value.map(({ id }) => id)).toEqual([over.volumeId]);
  });
});
