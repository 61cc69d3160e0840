import { afterEach, describe, expect, it } from "vitest";
import { crc32 } from "#base";
import type { StudyLabels } from "#session";
import type { SourceFile } from "#sources";
import { MemoryState } from "#storage";
import type { Dims } from "#volume";
import { unpackZip } from "../../../src/sources/zip.ts";
import { zarrHost, type ZarrHost } from "../sources/zarr-host.ts";
import { halvedResolutions, zarrFiles } from "../sources/zarr-writer.ts";
import { FakeHandle } from "./fake-handle.ts";
import { startProgram } from "./program.ts";

/** A bright ball in a dark box, so that it can be grown; level 0 has 3 × 2 × 2 bricks. */
const dims: Dims = [140, 80, 70];
const ball = (k: number, j: number, i: number): number =>
  (i - 70) ** 2 + (j - 40) ** 2 + (k - 35) ** 2 < 20 ** 2 ? 1000 : 10 + ((i + j + k) % 7);
const imageFiles = (value = ball): Promise<SourceFile[]> =>
  zarrFiles("scans/ball.ome.zarr", {
    resolutions: halvedResolutions(dims, 3, [1, 1, 1], value),
    chunks: [32, 32, 32],
    codec: "blosc-lz4",
  });

let host: ZarrHost | undefined;
afterEach(async () => {
  await host?.stop();
  host = undefined;
});

const chunk = (path: string): boolean => /\/0\/\d\/\d\/\d$/.test(path);

async function program(state = new MemoryState(), quotaBytes?: number) {
  const { session, store } = await startProgram(state, quotaBytes);
  return { session, store, state, run: (id: string, args: object = {}) => session.commands.run(id, args) };
}

async function openedByAddress(state = new MemoryState(), quotaBytes?: number) {
  host ??= await zarrHost(await imageFiles());
  const started = await program(state, quotaBytes);
  const url = `${host.url}/scans/ball.ome.zarr`;
  const { volumeId, notes } = (await started.run("study.open", { url })) as { volumeId: string; notes: string[] };
  return { ...started, url, volumeId, notes };
}

/** Bytes of every brick that holds a label. */
function digests({ labelmap }: StudyLabels): [number, number][] {
  return [...labelmap.brickIndices()].map((index) => [
    index,
    crc32(new Uint8Array(labelmap.readBrick(index)!.slice().buffer)),
  ]);
}

describe("a study whose image is read where it lies", () => {
  it("opens by its overview alone, is labelled, grown, undone and exported as any other, and keeps what was read", async () => {
    host = await zarrHost(await imageFiles());
    const state = new MemoryState();
    const { run, session, store, volumeId, url } = await openedByAddress(state);
    expect(host.asked.filter(chunk)).toEqual([]);
    expect(await run("volume.value", { ijk: [70, 40, 35] })).toEqual({ value: 1000, label: 0 });
    // One brick of level 0: its 2 × 2 × 2 chunks, less what lies past the volume.
    const read = host.asked.filter(chunk).length;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(45);
    await run("segment.add", { name: "Ball" });
    await run("label.paint", { segment: 1, ijk: [[5, 5, 5]], radiusMm: 2, shape: "sphere" });
    const { changed } = (await run("label.grow", { segment: 1, seeds: [[70, 40, 35]], range: [900, 1100] })) as {
      changed: number;
    };
    let expected = 0;
    for (let k = 0; k < 70; k++)
      for (let j = 0; j < 80; j++) for (let i = 0; i < 140; i++) if (ball(k, j, i) === 1000) expected++;
    expect(changed).toBe(expected);
    await run("history.undo");
    expect(await run("volume.value", { ijk: [70, 40, 35] })).toEqual({ value: 1000, label: 0 });
    await run("history.redo");
    const { bytes } = (await run("label.export", { format: "nii" })) as { bytes: Uint8Array };
    expect(bytes.length).toBe(352 + 140 * 80 * 70);
    expect(await run("journal.verify")).toMatchObject({ ok: true });
    await session.close();
    expect((await store.get(volumeId))!.bytes).toBeGreaterThan(64 ** 3 * 2);

    // Another session: what was read is there without the server.
    await host.stop();
    const later = await program(state);
    await later.run("study.reopen", { volumeId });
    expect(await later.run("volume.value", { ijk: [70, 40, 35] })).toEqual({ value: 1000, label: 1 });
    const [row] = (await later.run("label.statistics")) as { voxels: number }[];
    expect(row!.voxels).toBeGreaterThan(expected);
    expect((await later.store.get(volumeId))!.origin).toMatchObject({ url, name: url });
  });

  it("goes on when the same image is opened again, and is another study when its voxels differ", async () => {
    host = await zarrHost(await imageFiles());
    const { run, volumeId, url, session } = await openedByAddress();
    await run("label.paint", { segment: 0, ijk: [[5, 5, 5]], radiusMm: 2, shape: "sphere" });
    expect(await run("study.open", { url })).toMatchObject({ volumeId });
    expect(session.messages.list.value.map(({ text }) => text)).toEqual([
      expect.stringContaining("goes on with its labels"),
    ]);
    const files = await imageFiles();
    const first = (await run("study.open", { files })) as { volumeId: string };
    expect(first.volumeId).not.toBe(volumeId);
    expect(await run("study.open", { files })).toMatchObject({ volumeId: first.volumeId });
    const changed = (await run("study.open", { files: await imageFiles((k, j, i) => ball(k, j, i) + 1) })) as {
      volumeId: string;
    };
    expect(changed.volumeId).not.toBe(first.volumeId);
    expect(await run("volume.value", { ijk: [70, 40, 35] })).toMatchObject({ value: 1001 });
  });

  it("in files that are gone says what to do, shows what was read, and goes on when they are given again", async () => {
    const state = new MemoryState();
    const files = await imageFiles();
    const first = await program(state);
    const { volumeId } = (await first.run("study.open", { files })) as { volumeId: string };
    await first.run("volume.value", { ijk: [5, 5, 5] });
    await first.run("segment.add", {});
    await first.session.close();
    const later = await program(state);
    await later.run("study.reopen", { volumeId });
    expect(await later.run("volume.value", { ijk: [5, 5, 5] })).toMatchObject({ value: 11 });
    await expect(later.run("volume.value", { ijk: [70, 40, 35] })).rejects.toMatchObject({
      kind: "source",
      subject: "scans",
      message: expect.stringContaining("no access to its files"),
      advice: expect.stringContaining("Open the same files, folder or archive again"),
    });
    expect(await later.run("study.open", { files })).toMatchObject({ volumeId });
    expect(await later.run("volume.value", { ijk: [70, 40, 35] })).toMatchObject({ value: 1000 });
    expect(later.session.requireStudy().labels.segments.list()).toHaveLength(1);
  });

  it("in files that the browser keeps access to goes on by itself once the user allows it, and says what to do where not", async () => {
    const state = new MemoryState();
    const files = await imageFiles();
    const handles = files.map(({ name, blob }) => new FakeHandle({ name, blob }));
    const first = await program(state);
    const { volumeId } = (await first.run("study.open", { handles })) as { volumeId: string };
    await first.session.close();
    const value = { ijk: [70, 40, 35] };
    for (const handle of handles) handle.permission = "prompt";
    handles[0]!.answer = "denied";
    const later = await program(state);
    await later.run("study.reopen", { volumeId });
    await expect(later.run("volume.value", value)).rejects.toMatchObject({
      kind: "source",
      message: expect.stringContaining("the browser was not allowed to read its files"),
      advice: expect.stringMatching(/click it in the list and allow it/),
    });
    expect(handles.map(({ asked }) => asked)).toEqual(handles.map((_, n) => (n === 0 ? 1 : 0)));
    await later.session.close();
    handles[0]!.answer = "granted";
    await later.run("study.reopen", { volumeId });
    expect(await later.run("volume.value", value)).toMatchObject({ value: 1000 });
    await later.session.close();

    // As an overlay as well, without a word where access is still granted.
    const asked = () => handles.reduce((sum, handle) => sum + handle.asked, 0);
    const before = asked();
    const other = await program(state);
    await other.run("study.open", { files: await imageFiles((k, j, i) => ball(k, j, i) + 1) });
    await other.run("overlay.add", { volumeId });
    const [overlay] = other.session.requireStudy().overlays.list.value;
    expect(await overlay!.image.valueAt([70, 40, 35])).toBe(1000);
    expect(asked()).toBe(before);
    await other.session.close();
    await other.run("study.remove", { volumeId });
    expect(await other.store.handles(volumeId)).toBeUndefined();
  });

  it("is whole again after its server failed for a while, and says both", async () => {
    const { session, run } = await openedByAddress();
    const { image } = session.requireStudy();
    let askAgain = 0;
    image.bricks.written.on(() => askAgain++);
    host!.trouble = (_path, response) => {
      response.socket?.destroy();
      return true;
    };
    await expect(run("volume.value", { ijk: [70, 40, 35] })).rejects.toMatchObject({ kind: "network" });
    const errors = () => session.messages.list.value.filter(({ tone }) => tone === "error");
    expect(errors()).toHaveLength(1);
    expect(errors()[0]!.text).toContain("cannot be reached");
    // While it is gone others fail at once, and nothing is asked for but whether it is back.
    const start = performance.now();
    await expect(run("volume.value", { ijk: [5, 5, 5] })).rejects.toMatchObject({ kind: "network" });
    expect(performance.now() - start).toBeLessThan(1000);
    host!.trouble = undefined;
    await expect.poll(() => askAgain, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(errors()).toEqual([]);
    expect(session.messages.list.value.at(-1)!.text).toContain("can be reached again");
    expect(await run("volume.value", { ijk: [70, 40, 35] })).toMatchObject({ value: 1000 });
  });

  it("is read on when the cache is full, and says once that nothing more is kept", async () => {
    const state = new MemoryState();
    const { run, session } = await openedByAddress(state, 1e9);
    // There was room when it was last looked for.
    await run("volume.value", { ijk: [5, 5, 5] });
    Object.defineProperty(state, "usedBytes", { value: 1e9 });
    for (const i of [70, 135]) expect(await run("volume.value", { ijk: [i, 5, 5] })).toMatchObject({ label: 0 });
    for (const k of [5, 68]) expect(await run("volume.value", { ijk: [135, 78, k] })).toMatchObject({ label: 0 });
    expect(session.messages.list.value.map(({ tone, text, advice }) => ({ tone, text, advice }))).toEqual([
      {
        tone: "error",
        text: expect.stringMatching(/is not kept for work without its source\. The storage is full/) as string,
        advice: expect.stringContaining("tried again every minute") as string,
      },
    ]);
  });

  it("leaves the last room to labels", async () => {
    const state = new MemoryState();
    const { run, session } = await openedByAddress(state, 1e9);
    Object.defineProperty(state, "usedBytes", { value: 0.85e9 });
    await run("volume.value", { ijk: [5, 5, 5] });
    await run("segment.add", { name: "Ball" });
    await run("label.paint", { segment: 1, ijk: [[5, 5, 5]], radiusMm: 2, shape: "sphere" });
    expect(session.messages.list.value.map(({ text }) => text)).toEqual([
      expect.stringMatching(/is not kept for work without its source\. The storage is nearly full/),
    ]);
    expect(await run("volume.value", { ijk: [5, 5, 5] })).toMatchObject({ label: 1 });
  });

  it("reads a brick anew that is damaged in the cache", async () => {
    const state = new MemoryState();
    const { session, run, volumeId } = await openedByAddress(state);
    await run("volume.value", { ijk: [5, 5, 5] });
    await session.close();
    await expect.poll(() => state.studies.get(volumeId)!.bricks.size).toBeGreaterThan(1);
    for (const bytes of state.studies.get(volumeId)!.bricks.values()) bytes[100]! ^= 255;
    const again = await openedByAddress(state);
    expect(again.volumeId).toBe(volumeId);
    expect(await again.run("volume.value", { ijk: [5, 5, 5] })).toMatchObject({ value: 11 });
    const { bricks } = again.session.requireStudy().image;
    const coarse = await bricks.readBrick({ frame: 0, level: 1, bi: 0, bj: 0, bk: 0 });
    expect(coarse!.voxels[0]).toBe(10);
  });

  it("leaves nothing behind when opening fails or the study is removed", async () => {
    host = await zarrHost(await imageFiles());
    host.trouble = (path, response) => {
      if (!path.endsWith("/1/0/0/0")) return false;
      response.writeHead(403).end();
      return true;
    };
    const { run, store } = await program();
    await expect(run("study.open", { url: `${host.url}/scans/ball.ome.zarr` })).rejects.toMatchObject({
      kind: "network",
    });
    expect(await store.list()).toEqual([]);
    host.trouble = undefined;
    const { volumeId } = (await run("study.open", { url: `${host.url}/scans/ball.ome.zarr` })) as { volumeId: string };
    await run("volume.value", { ijk: [70, 40, 35] });
    await run("study.remove", { volumeId });
    expect(await store.list()).toEqual([]);
  });

  it("has its labels written back as a group of OME-Zarr, and takes labels that lie beside it", async () => {
    // What is exported is unpacked into the folder of the image, as a person would do it.
    const image = await imageFiles();
    host = await zarrHost(image);
    const first = await openedByAddress();
    await first.run("segment.add", { name: "Ball", color: "#336699" });
    await first.run("label.grow", { segment: 1, seeds: [[70, 40, 35]], range: [900, 1100] });
    await expect(first.run("label.import", { ofImage: true })).rejects.toThrow(/The image has no labels of its own/);
    const { bytes, fileName, notes } = (await first.run("label.export", { format: "ome-zarr" })) as {
      bytes: Uint8Array<ArrayBuffer>;
      fileName: string;
      notes: string[];
    };
    expect(fileName).toBe("ball.zarr.zip");
    expect(notes).toEqual([expect.stringContaining("Unpack it into the folder of the image")]);
    const unpacked = await unpackZip({ name: "scans/ball.ome.zarr", blob: new Blob([bytes]) });
    const labelled = [...image, ...unpacked.files];
    await host.stop();
    host = await zarrHost(labelled);

    const url = `${host.url}/scans/ball.ome.zarr`;
    for (const input of [
      { url },
      { files: labelled.filter(({ name }) => !/\/labels\//.test(name)) },
      { files: labelled },
    ]) {
      const { run, session } = await program();
      await run("study.open", input);
      if (!("url" in input) && input.files.length < labelled.length) {
        await run("label.import", { files: [{ name: fileName, blob: new Blob([bytes]) }] });
      } else await run("label.import", { ofImage: true });
      const { labels } = session.requireStudy();
      expect(labels.segments.list()).toMatchObject([{ value: 1, name: "Ball", color: "#336699" }]);
      expect(digests(labels)).toEqual(digests(first.session.requireStudy().labels));
      await session.close();
    }
  });

  it("is a precomputed volume as well: opened by its address, labelled, and known when it is opened again", async () => {
    const info = {
      type: "image",
      data_type: "uint8",
      num_channels: 1,
      scales: [
        { key: "s", size: [70, 9, 9], resolution: [1e6, 1e6, 1e6], chunk_sizes: [[64, 64, 64]], encoding: "raw" },
      ],
    };
    const chunkOf = (columns: number, value: number): Blob => new Blob([new Uint8Array(columns * 81).fill(value)]);
    host = await zarrHost([
      { name: "em/info", blob: new Blob([JSON.stringify(info)]) },
      { name: "em/s/0-64_0-9_0-9", blob: chunkOf(64, 7) },
      { name: "em/s/64-70_0-9_0-9", blob: chunkOf(6, 9) },
    ]);
    const url = `precomputed://${host.url}/em`;
    const { run, session } = await program();
    const { volumeId, notes } = (await run("study.open", { url })) as { volumeId: string; notes: string[] };
    expect(notes.join()).toContain("left and right may be swapped");
    expect(await run("volume.value", { ijk: [66, 1, 1] })).toEqual({ value: 9, label: 0 });
    await run("segment.add", {});
    await run("label.grow", { segment: 1, seeds: [[66, 1, 1]], range: [9, 9] });
    await expect(run("label.import", { ofImage: true })).rejects.toMatchObject({ kind: "argument" });
    await session.close();
    expect(await run("study.open", { url })).toMatchObject({ volumeId });
    expect(await run("volume.value", { ijk: [69, 8, 8] })).toEqual({ value: 9, label: 1 });
  });

  it("lies over another study as it is, without a copy", async () => {
    const { run, session } = await openedByAddress();
    const files = await zarrFiles("over.ome.zarr", {
      resolutions: halvedResolutions(dims, 3, [1, 1, 1]),
      chunks: [32, 32, 32],
    });
    const { overlay } = (await run("overlay.add", { files })) as { overlay: string };
    expect((await session.port.store.get(overlay))!.origin).toBeDefined();
    const [shown] = session.requireStudy().overlays.list.value;
    expect(await shown!.valueAt([3, 2, 1])).toBe(9 + 102 + 997);
  });
});
