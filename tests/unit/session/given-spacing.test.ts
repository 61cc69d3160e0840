import type { SourceFile } from "#sources";
import { MemoryState, type StudyRecord, type StudyStore } from "#storage";
import { ImageGrid } from "#volume";
import { describe, expect, it, vi } from "vitest";
import { failingWriter } from "../../fixtures/failing-writer.ts";
import { niftiFile } from "../sources/nifti-file.ts";
import { startProgram } from "./program.ts";

/* Files that do not say how large their voxels are, opened by commands and with the question that the page shows. */

interface Summary {
  readonly volumeId: string;
  readonly spacingMm: readonly number[];
  readonly originMm: readonly number[];
  readonly missingSpacing: readonly string[];
  readonly notes: readonly string[];
}

/** A NIfTI of 20 × 20 × `depth` voxels; sizes of 0 are not given. */
function scan(name: string, sizes: readonly number[] = [0, 0, 0], depth = 10): SourceFile {
  const voxels = Uint8Array.from({ length: 400 * depth }, (_, n) => (n * 7) % 251);
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
    const { run, list } = await program();
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

describe("the question for a voxel size", () => {
  it("comes before anything is brought in, and what is answered is used and offered again", async () => {
    const { session, run, list, asked } = await program();
    const opening = run("study.open", { files: [scan("a.nii", [0.5, 0.5, 0])], spacingMm: "ask" });
    const question = await asked();
    expect(question).toMatchObject({ name: "a", dims: [20, 20, 10], spacingMm: [0.5, 0.5, 1], missing: ["k"] });
    expect(question.lastMm).toBeUndefined();
    expect(await list()).toEqual([]);
    question.answer([0.5, 0.5, 3]);
    expect(await opening).toMatchObject({ spacingMm: [0.5, 0.5, 3] });
    expect(session.spacings.question.value).toBeUndefined();
    const next = run("study.open", { files: [scan("b.nii")], spacingMm: "ask" });
    const again = await asked();
    expect(again.lastMm).toEqual([0.5, 0.5, 3]);
    again.answer("assumed");
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
    (await asked()).answer([1, 1, 2]);
    const second = await vi.waitFor(() => {
      expect(session.spacings.question.value?.name).toBe("b");
      return session.spacings.question.value!;
    });
    second.answer(undefined);
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
    expect(await list()).toEqual([]);
    expect(session.phase.value).toBe("home");
  });

  it("is asked for a volume over the open one as well", async () => {
    const { run, asked } = await program();
    await run("study.open", { files: [scan("below.nii", [1, 1, 1])] });
    const adding = run<{ overlay: string }>("overlay.add", { files: [scan("over.nii")], spacingMm: "ask" });
    (await asked()).answer([2, 2, 2]);
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

  it("is left as it is when its files are opened with another size", async () => {
    const { run, left, list } = await cutOff();
    const summary = await run("study.open", { files: again(), spacingMm: [1, 1, 4] });
    expect(summary).toMatchObject({ spacingMm: [1, 1, 4] });
    expect(summary.volumeId).not.toBe(left.volumeId);
    expect((await list()).map(({ state }) => state).toSorted()).toEqual(["cut-off", "ready"]);
  });
});
