import type { SourceFile } from "#sources";
import { describe, expect, it, vi } from "vitest";
import { niftiFile } from "../sources/nifti-file.ts";
import { startProgram } from "./program.ts";

/* Previews that are shown, accepted and taken back while others are under way, in one turn or behind a slow disk. */

function scan(n = 50): SourceFile {
  const voxels = Uint8Array.from({ length: n ** 3 }, (_, at) => (at * 7919) % 251);
  const fields = { dim: [3, n, n, n, 1, 1, 1, 1], bitpix: 8, sformCode: 0, pixdim: [1, 1, 1, 1] };
  return niftiFile(fields, voxels, "a.nii");
}

const LOW = { command: "label.threshold", args: { segment: 1, range: [0, 50] } } as const;
const HIGH = { command: "label.threshold", args: { segment: 2, range: [100, 120] } } as const;
const FAILING = {
  command: "label.grow",
  args: { segment: 1, seeds: [[3, 3, 3]], confidence: { multiplier: 1, iterations: 0, radius: -3 } },
} as const;

async function program() {
  const { session } = await startProgram();
  const run = <Result = unknown>(id: string, args: object = {}): Promise<Result> =>
    session.commands.run(id, args) as Promise<Result>;
  await run("study.open", { files: [scan()] });
  for (const name of ["one", "two"]) await run("segment.add", { name });
  const study = session.requireStudy();
  const labelAt = (ijk: readonly number[]): Promise<{ label: number }> => run("volume.value", { ijk });
  /** Entries of the journal take so long to keep. */
  const slow = (ms: number): void => {
    const { store } = study.labels;
    const append = store.append.bind(store);
    vi.spyOn(store, "append").mockImplementation(async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return append(...args);
    });
  };
  const last = async (): Promise<{ command: string; arguments: object }> =>
    JSON.parse((await study.labels.store.line(study.labels.journal.headers.length - 1))!) as never;
  return { session, run, study, labelAt, slow, last };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a preview that is shown while another is being accepted", () => {
  it("comes after it: the entry has its own arguments, and both are kept", async () => {
    const { run, study, last } = await program();
    await run("preview.show", LOW);
    const accepting = run("preview.accept");
    const showing = run("preview.show", HIGH);
    await accepting;
    expect(await last()).toMatchObject({ command: LOW.command, arguments: LOW.args });
    await showing;
    expect(study.preview.state.value).toMatchObject({ busy: false });
    await run("preview.accept");
    expect(await last()).toMatchObject({ command: HIGH.command, arguments: HIGH.args });
    expect([...study.sizes().values()].every((voxels) => voxels > 0)).toBe(true);
  });

  it("leaves no change open behind a slow disk", async () => {
    const { run, study, slow } = await program();
    await run("preview.show", LOW);
    slow(120);
    const accepting = run("preview.accept");
    await pause(30);
    await run("preview.show", HIGH);
    await accepting;
    await run("preview.cancel");
    expect(study.labels.labelmap.transaction).toBeUndefined();
    await run("history.undo");
    expect(study.sizes().get(1)).toBe(0);
  });
});

it("a preview that fails while it is being accepted goes, and what waits behind it runs", async () => {
  const { session, run, study } = await program();
  const showing = run("preview.show", FAILING).catch(() => undefined);
  const accepting = run("preview.accept").catch(() => undefined);
  const painting = run("label.paint", { segment: 1, ijk: [[9, 9, 9]], radiusMm: 2, shape: "sphere" });
  await Promise.all([showing, accepting, painting]);
  expect(study.preview.state.value).toBeUndefined();
  expect(study.sizes().get(1)).toBeGreaterThan(0);
  expect(session.messages.list.value.length).toBeGreaterThan(0);
});

describe("a preview that was taken back", () => {
  it.each([
    ["by a cancel", "preview.cancel", {}],
    ["by another change", "label.paint", { segment: 2, ijk: [[9, 9, 9]], radiusMm: 2, shape: "sphere" }],
  ] as const)("%s does not take the next one with it", async (_, command, args) => {
    const { run, study } = await program();
    await run("preview.show", LOW);
    const other = run(command, args);
    await run("preview.show", HIGH);
    await other;
    expect(study.preview.state.value).toMatchObject({ busy: false });
    expect(await run<{ changed: number }>("preview.accept")).toMatchObject({ changed: expect.any(Number) });
    expect(study.sizes().get(2)).toBeGreaterThan(1000);
  });

  it("while it waited behind a slow change does not either", async () => {
    const { run, study, slow } = await program();
    slow(150);
    const painting = run("label.paint", { segment: 1, ijk: [[9, 9, 9]], radiusMm: 2, shape: "sphere" });
    const first = run("preview.show", LOW);
    const cancelling = run("preview.cancel");
    await pause(20);
    await run("preview.show", HIGH);
    await Promise.all([painting, first, cancelling]);
    await pause(50);
    expect(study.preview.state.value).toMatchObject({ busy: false, command: "label.threshold" });
  });
});

describe("changes that wait for their turn", () => {
  it("undo during an accept takes back what is accepted", async () => {
    const { run, study, slow } = await program();
    await run("preview.show", LOW);
    slow(100);
    const accepting = run("preview.accept");
    await pause(20);
    expect(await run("history.undo")).toEqual({ entry: 3 });
    await accepting;
    expect(study.sizes().get(1)).toBe(0);
  });

  it("a segment that is deleted meanwhile is painted no more", async () => {
    const { run, labelAt } = await program();
    const removing = run("segment.remove", { value: 2 });
    const painting = run("label.paint", { segment: 2, ijk: [[5, 5, 5]], radiusMm: 2, shape: "sphere" });
    await expect(painting).rejects.toMatchObject({ kind: "not-found" });
    await removing;
    expect(await labelAt([5, 5, 5])).toMatchObject({ label: 0 });
  });

  it("an index without an end is refused before anything is done", async () => {
    const { run } = await program();
    const paint = { segment: 1, ijk: [[5, 5, Number.POSITIVE_INFINITY]], radiusMm: 2, shape: "sphere" };
    await expect(run("label.paint", paint)).rejects.toThrow(/finite/);
  });
});
