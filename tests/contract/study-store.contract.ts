import { createMemoryStudyStore, type MemoryState, type StudyStore, type StudyStoreOptions } from "#storage";
import {
  type BrickPixels,
  brickDims,
  bytesPerVoxel,
  createVoxels,
  VOXEL_RANGE,
  type VolumeDescription,
  type VoxelType,
} from "#volume";

/** What a run of the contract needs of an implementation. */
export interface StoreHarness {
  /** Opens the store. Every store of one harness sees the same data, as tabs of one browser do. */
  open(): Promise<StudyStore>;
  /** The same store with a quota; undefined where it cannot be set. */
  openWithQuota?(quotaBytes: number): Promise<StudyStore>;
  /** Whether bricks are compressed where that saves room. */
  readonly compresses: boolean;
  /** Changes one stored byte of a study's bricks behind the store's back. */
  damageBricks?(volumeId: string): Promise<void>;
}

export interface ContractCase {
  readonly title: string;
  run(harness: StoreHarness): Promise<void>;
}

const VOXELS = 64 ** 3;

const description = (name = "scan"): VolumeDescription => ({
  name,
  grid: { dims: [130, 64, 64], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
  voxelType: "int16",
  rescale: { slope: 1, intercept: -1024 },
  unit: "HU",
  modality: "CT",
  frames: 1,
  notes: ["One slice was missing."],
  metadata: { Patient: "Ünï" },
  format: "NIfTI-1",
});

function brick(bi: number, seed = bi, level = 0): BrickPixels {
  const voxels = new Int16Array(VOXELS);
  for (let n = 0; n < VOXELS; n++) voxels[n] = ((n * 31 + seed * 977) % 4096) - 1024;
  return { address: { frame: 0, level, bi, bj: 0, bk: 0 }, voxels, min: -1024 + seed, max: 3000 + seed };
}

const entry = (volumeId: string, sequence: number) => ({
  volumeId,
  sequence,
  line: `{"sequence":${sequence},"text":"ä€😀"}`,
  header: `{"head":${sequence}}`,
});

/** Lists that an append stores: what they say is nothing to the store. */
export const lists = (segments: string) => ({ segments, measurements: `${segments} ` });

/** A file's handle where there are any; in Node what stands for one. */
async function someHandle(name: string): Promise<FileSystemHandle> {
  const folder = await globalThis.navigator?.storage?.getDirectory();
  return folder?.getFileHandle(name, { create: true }) ?? ({ kind: "file", name } as FileSystemHandle);
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function same(got: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  check(a === b, `${what}: got ${a}, expected ${b}`);
}

async function rejects(call: Promise<unknown>, kind: string, fields: Record<string, unknown> = {}): Promise<void> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const found = error as { kind?: string; fields?: Record<string, unknown>; stack?: string } | undefined;
  check(found?.kind === kind, `expected a ${kind} error, got ${found?.stack ?? String(error)}`);
  for (const [name, value] of Object.entries(fields)) same(found.fields?.[name], value, `field ${name}`);
}

const sameVoxels = (a: BrickPixels | undefined, b: BrickPixels): boolean =>
  a !== undefined &&
  a.voxels.constructor === b.voxels.constructor &&
  a.voxels.every((value, n) => value === b.voxels[n]);

/** The bytes of `bricks` bricks, which are those of their voxels, or far fewer where they are compressed. */
function checkRoom(bytes: number, bricks: number, { compresses }: StoreHarness): void {
  const voxels = VOXELS * 2 * bricks;
  check(compresses ? bytes > 0 && bytes < voxels / 8 : bytes === voxels, `${bricks} bricks take ${bytes} bytes`);
}

async function importStudy(store: StudyStore, volumeId: string, bricks = 3): Promise<void> {
  const writer = await store.create(volumeId, description(), 1e6);
  for (let bi = 0; bi < bricks; bi++) await writer.writeBrick(brick(bi));
  await writer.finish({});
}

/** What every study store does, whatever holds its bytes. Runs in Node and in a page. */
export const studyStoreContract: readonly ContractCase[] = [
  {
    title: "[K1] what was imported is read again, by another store too",
    async run(harness) {
      const { open } = harness;
      const store = await open();
      const writer = await store.create("a", description(), 1e6);
      for (let bi = 0; bi < 3; bi++) await writer.writeBrick(brick(bi));
      await writer.writeBrick(brick(0, 40, 1));
      const record = await writer.finish({ thumbnail: "data:image/png;base64,AA==" });
      const other = await open();
      same(await other.get("a"), record, "record");
      same(record.state, "ready", "state");
      checkRoom(record.bytes, 4, harness);
      same(record.range, { min: -1024, max: 3002 }, "range");
      same(record.description, description(), "description");
      const bricks = other.openBricks("a");
      for (let bi = 0; bi < 3; bi++) {
        const read = await bricks.readBrick(brick(bi).address);
        check(sameVoxels(read, brick(bi)), `brick ${bi} differs`);
        same([read!.min, read!.max], [-1024 + bi, 3000 + bi], "range of a brick");
      }
      check(sameVoxels(await bricks.readBrick(brick(0, 40, 1).address), brick(0, 40, 1)), "the coarse brick differs");
      same(await bricks.readBrick({ frame: 0, level: 0, bi: 9, bj: 0, bk: 0 }), undefined, "a brick that is not there");
      if (bricks.readBrickInto) {
        const memory = typeof SharedArrayBuffer === "undefined" ? ArrayBuffer : SharedArrayBuffer;
        const voxels = new Int16Array(new memory(VOXELS * 2));
        same(
          await bricks.readBrickInto(brick(1).address, voxels),
          { min: -1023, max: 3001 },
          "range of a brick read to a place",
        );
        check(sameVoxels({ ...brick(1), voxels }, brick(1)), "a brick read to a place differs");
        const nowhere = { frame: 0, level: 0, bi: 9, bj: 0, bk: 0 };
        same(await bricks.readBrickInto(nowhere, voxels), undefined, "a brick that is not there, read to a place");
      }
      bricks.dispose();
      other.dispose();
      store.dispose();
    },
  },
  {
    title:
      "[K23] bricks are added to a study that is ready, read by this store at once and by others that open it after",
    async run(harness) {
      const { open } = harness;
      const store = await open();
      const origin = { url: "https://example.org/a.zarr", name: "a.zarr", seriesId: "a", fingerprint: "f" };
      const writer = await store.create("a", description(), 1e6, { origin });
      await writer.writeBrick(brick(0));
      await writer.finish({});
      const bricks = store.openBricks("a");
      same(await bricks.readBrick(brick(1).address), undefined, "a brick that was not added");
      const appender = await store.append("a");
      const other = await open();
      await rejects(other.append("a"), "storage", { quota: false });
      await appender.writeBrick(brick(1));
      await appender.flush();
      await appender.writeBrick(brick(2, 7));
      await appender.writeBrick(brick(0, 9));
      await appender.flush();
      for (const [bi, seed] of [
        [0, 9],
        [1, 1],
        [2, 7],
      ] as const)
        check(sameVoxels(await bricks.readBrick(brick(bi).address), brick(bi, seed)), `brick ${bi} differs`);
      appender.dispose();
      const { range, bytes, origin: kept } = (await other.get("a"))!;
      same([range, kept], [undefined, origin], "record");
      checkRoom(bytes, 4, harness);
      const later = await open();
      const read = later.openBricks("a");
      for (const bi of [1, 2]) check((await read.readBrick(brick(bi).address)) !== undefined, `brick ${bi} is gone`);
      let again = await later.append("a").catch(() => undefined);
      for (let n = 0; n < 50 && !again; n++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        again = await later.append("a").catch(() => undefined);
      }
      check(again !== undefined, "the lock was not given back");
      await again.writeBrick(brick(1, 3));
      await again.flush();
      check(sameVoxels(await read.readBrick(brick(1).address), brick(1, 3)), "a brick that was added again differs");
      check(sameVoxels(await read.readBrick(brick(2).address), brick(2, 7)), "another brick was written over");
      again.dispose();
      await rejects(store.append("nothing"), "not-found");
      for (const source of [bricks, read]) source.dispose();
      for (const one of [store, other, later]) one.dispose();
    },
  },
  {
    title: "[K2] bricks are readable during the import once they are flushed, not before",
    async run({ open }) {
      const [writing, reading] = [await open(), await open()];
      const writer = await writing.create("a", description(), 1e6);
      const bricks = reading.openBricks("a");
      await writer.writeBrick(brick(0));
      same(await bricks.readBrick(brick(0).address), undefined, "a brick that is not flushed");
      await writer.flush();
      check(sameVoxels(await bricks.readBrick(brick(0).address), brick(0)), "the flushed brick differs");
      const ranges = await reading.brickRanges("a", 0, 0, brickDims([130, 64, 64]));
      same([...ranges].map(String), ["-1024", "3000", "NaN", "NaN", "NaN", "NaN"], "ranges");
      await Promise.all([writer.writeBrick(brick(1)), writer.writeBrick(brick(2))]);
      await writer.flush();
      check(sameVoxels(await bricks.readBrick(brick(2).address), brick(2)), "a later brick differs");
      await writer.finish({});
      check(sameVoxels(await bricks.readBrick(brick(1).address), brick(1)), "a brick after the end differs");
      bricks.dispose();
      writing.dispose();
      reading.dispose();
    },
  },
  {
    title: "[K3] an aborted import leaves nothing behind, and can be done again",
    async run({ open }) {
      const store = await open();
      const writer = await store.create("a", description(), 1e6);
      for (let bi = 0; bi < 70; bi++) await writer.writeBrick(brick(bi));
      await writer.abort();
      same(await store.list(), [], "list");
      await rejects(writer.writeBrick(brick(0)), "argument");
      await rejects(store.openBricks("a").readBrick(brick(0).address), "not-found");
      same(await store.recover(), [], "left for recovery");
      await importStudy(store, "a");
      same((await store.list()).length, 1, "studies");
      store.dispose();
    },
  },
  {
    title: "[K4] recovery leaves an import that is under way",
    async run({ open }) {
      const [store, other] = [await open(), await open()];
      await importStudy(store, "whole");
      const writer = await store.create("under way", description(), 1e6);
      await writer.writeBrick(brick(0));
      await writer.flush();
      same(await other.recover(), [], "removed while it is under way");
      await rejects(other.create("under way", description(), 1e6), "storage");
      await writer.finish({});
      same((await other.list()).map((record) => record.volumeId).sort(), ["under way", "whole"], "studies");
      store.dispose();
      other.dispose();
    },
  },
  {
    title:
      "[K24] an import that was cut off goes on after its last whole slices, and what came after them is forgotten",
    async run(harness) {
      const { open } = harness;
      const [store, other] = [await open(), await open()];
      const source = { fingerprint: "f", sample: "chest" };
      const writer = await store.create("a", description(), 1e6, { source });
      same(writer.wholeSlices, 0, "whole slices of a new study");
      // More than one page, the last brick of the wrong content, as of other files.
      for (let bi = 0; bi < 70; bi++) await writer.writeBrick(brick(bi));
      await writer.flush(64);
      await writer.writeBrick({ ...brick(70, 5), max: 32_000 });
      await writer.flush();
      const seen = other.openBricks("a");
      check(sameVoxels(await seen.readBrick(brick(70).address), brick(70, 5)), "a brick after the whole slices");
      same((await other.get("a"))!.state, "importing", "state while it is imported");
      await writer.suspend();
      await rejects(writer.writeBrick(brick(71)), "argument");
      await pause();
      const cutOff = (await other.list())[0]!;
      same([cutOff.state, cutOff.wholeSlices, cutOff.source], ["cut-off", 64, source], "cut off");
      same(await other.recover(), [], "removed by recovery");

      const again = await other.resume("a", 1e6);
      await rejects(store.resume("a", 1e6), "storage");
      same([again.wholeSlices, (await store.get("a"))!.state], [64, "importing"], "taken up");
      check(sameVoxels(await seen.readBrick(brick(69).address), brick(69)), "a brick of the whole slices");
      same(await store.openBricks("a").readBrick(brick(70).address), undefined, "a brick that was forgotten");
      await again.writeBrick(brick(71));
      await again.writeBrick(brick(70));
      await again.flush(128);
      const record = await again.finish({});
      same([record.state, record.range], ["ready", { min: -1024, max: 3071 }], "record");
      checkRoom(record.bytes, 72, harness);
      same(await store.get("a"), record, "record in the other store");
      const third = await open();
      for (const bi of [0, 63, 64, 69, 70, 71]) {
        check(sameVoxels(await third.openBricks("a").readBrick(brick(bi).address), brick(bi)), `brick ${bi} differs`);
      }
      await rejects(store.resume("a", 1e6), "argument");
      await rejects(store.resume("b", 1e6), "not-found");
      for (const each of [store, other, third]) each.dispose();
    },
  },
  {
    title: "[K25] an import that was cut off before anything was whole is removed; one that is cut off can be removed",
    async run({ open }) {
      const store = await open();
      for (const [volumeId, whole] of [
        ["nothing", undefined],
        ["some", 64],
      ] as const) {
        const writer = await store.create(volumeId, description(), 1e6);
        await writer.writeBrick(brick(0));
        await writer.flush(whole);
        await writer.suspend();
      }
      await pause();
      const other = await open();
      check((await other.recover()).includes("nothing"), "not removed");
      same(
        (await other.list()).map((record) => record.volumeId),
        ["some"],
        "studies",
      );
      await other.remove("some");
      same(await other.list(), [], "studies after removal");
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K5] a study is not imported twice and not found when it is not there",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      await rejects(store.create("a", description(), 1e6), "argument");
      await rejects(store.remove("b"), "not-found");
      await rejects(store.update("b", {}), "not-found");
      await rejects(store.brickRanges("b", 0, 0, [1, 1, 1]), "not-found");
      await rejects(store.openJournal("b").append(entry("b", 0), [], lists("{}")), "not-found");
      same(await store.get("b"), undefined, "study");
      const writer = await store.create("c", description(), 1e6);
      const wrong = { ...brick(0), voxels: new Int16Array(5) };
      await rejects(writer.writeBrick(wrong), "argument");
      await writer.abort();
      store.dispose();
    },
  },
  {
    title: "[K6] an append is kept whole: entry, label bricks, segments",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      await importStudy(store, "b");
      const journal = store.openJournal("a");
      same(
        [await journal.count(), await journal.segments(), await journal.line(0)],
        [0, undefined, undefined],
        "empty journal",
      );
      for (let n = 0; n < 40; n++) {
        await journal.append(
          entry("a", n),
          [{ brickIndex: n % 7, bytes: Uint8Array.of(n, 1, 2) }],
          lists(`{"n":${n}}`),
        );
      }
      await journal.append(entry("a", 40), [{ brickIndex: 3, bytes: undefined }], lists(`{"n":40}`));
      await store.openJournal("b").append(entry("b", 0), [{ brickIndex: 3, bytes: Uint8Array.of(9) }], lists("{}"));
      const other = await open();
      const read = other.openJournal("a");
      same(await read.count(), 41, "count");
      const lines: string[] = [];
      for await (const line of read.lines()) lines.push(line);
      same(
        lines,
        Array.from({ length: 41 }, (_, n) => entry("a", n).line),
        "lines",
      );
      const late: string[] = [];
      for await (const line of read.lines(39)) late.push(line);
      same(late, [entry("a", 39).line, entry("a", 40).line], "lines from 39");
      same(
        await read.headers(),
        Array.from({ length: 41 }, (_, n) => entry("a", n).header),
        "headers",
      );
      same(await read.line(17), entry("a", 17).line, "line 17");
      const bricks = [...(await read.labelBricks())].map(([index, bytes]) => [index, ...bytes]);
      same(
        bricks,
        [
          [0, 35, 1, 2],
          [1, 36, 1, 2],
          [2, 37, 1, 2],
          [4, 39, 1, 2],
          [5, 33, 1, 2],
          [6, 34, 1, 2],
        ],
        "label bricks",
      );
      same(await read.segments(), `{"n":40}`, "segments");
      same(await read.measurements(), `{"n":40} `, "measurements");
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K38] an entry that changes the study's description is kept with it, or neither is",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      await importStudy(store, "b");
      const renamed = { ...description(), name: "other" };
      const journal = store.openJournal("a");
      await rejects(journal.append(entry("a", 1), [], lists("{}"), renamed), "storage");
      same((await store.get("a"))!.description.name, description().name, "name after what was refused");
      await journal.append(entry("a", 0), [], lists("{}"), renamed);
      const other = await open();
      same((await other.get("a"))!.description, renamed, "description");
      same((await other.get("b"))!.description, description(), "the other study's");
      await journal.append(entry("a", 1), [], lists("{}"));
      same((await other.get("a"))!.description, renamed, "description after an entry that does not change it");
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K39] label bricks and lists are put in the place of all that is stored, of one study",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      await importStudy(store, "b");
      for (const id of ["a", "b"]) {
        const bricks = [1, 5].map((brickIndex) => ({ brickIndex, bytes: Uint8Array.of(brickIndex, 7) }));
        await store.openJournal(id).append(entry(id, 0), bricks, lists(`{"of":"${id}"}`));
      }
      await store.openJournal("a").restore(
        new Map([
          [5, Uint8Array.of(9)],
          [8, Uint8Array.of(3, 4)],
        ]),
        lists("{}"),
      );
      const other = await open();
      const read = async (id: string): Promise<number[][]> =>
        [...(await other.openJournal(id).labelBricks())].map(([index, bytes]) => [index, ...bytes]);
      same(
        await read("a"),
        [
          [5, 9],
          [8, 3, 4],
        ],
        "bricks",
      );
      same(
        await read("b"),
        [
          [1, 1, 7],
          [5, 5, 7],
        ],
        "bricks of the other study",
      );
      same(
        [await other.openJournal("a").segments(), await other.openJournal("a").count()],
        ["{}", 1],
        "list and entries",
      );
      same(await other.openJournal("b").segments(), `{"of":"b"}`, "list of the other study");
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K7] an entry that is not the next one is refused and changes nothing",
    async run({ open }) {
      const [store, other] = [await open(), await open()];
      await importStudy(store, "a");
      await store.openJournal("a").append(entry("a", 0), [{ brickIndex: 1, bytes: Uint8Array.of(1) }], lists("{}"));
      for (const sequence of [0, 2]) {
        const append = other
          .openJournal("a")
          .append(entry("a", sequence), [{ brickIndex: 1, bytes: Uint8Array.of(2) }], lists("[]"));
        await rejects(append, "storage");
      }
      const journal = store.openJournal("a");
      same([...(await journal.labelBricks()).get(1)!], [1], "label brick");
      same([await journal.count(), await journal.segments()], [1, "{}"], "journal");
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K8] removing a study removes its bricks, labels and journal, and no other's",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      await importStudy(store, "b");
      for (const id of ["a", "b"]) {
        await store.openJournal(id).append(entry(id, 0), [{ brickIndex: 0, bytes: Uint8Array.of(5) }], lists("{}"));
      }
      await store.remove("a");
      same(
        (await store.list()).map((record) => record.volumeId),
        ["b"],
        "studies",
      );
      await rejects(store.openBricks("a").readBrick(brick(0).address), "not-found");
      await importStudy(store, "a", 1);
      const journal = store.openJournal("a");
      same(
        [await journal.count(), (await journal.labelBricks()).size, await journal.segments()],
        [0, 0, undefined],
        "new journal",
      );
      same(await store.openBricks("a").readBrick(brick(2).address), undefined, "a brick of the removed study");
      same(await store.openJournal("b").count(), 1, "the other journal");
      check(sameVoxels(await store.openBricks("b").readBrick(brick(2).address), brick(2)), "the other study differs");
      store.dispose();
    },
  },
  {
    title:
      "[K30] handles of files are kept until an import is whole, as long as a study with an origin, and go with their study",
    async run({ open }) {
      const store = await open();
      const [first, second] = await Promise.all([someHandle("first"), someHandle("second")]);
      const namesOf = async (volumeId: string) => (await (await open()).handles(volumeId))?.map(({ name }) => name);
      const source = { fingerprint: "f" };
      const copy = await store.create("copy", description(), 1e6, { source, handles: [first, second] });
      same(await namesOf("copy"), ["first", "second"], "handles of an import");
      const [kept] = (await store.handles("copy"))!;
      if ("isSameEntry" in kept!) check(await kept.isSameEntry(first), "another entry came back");
      await store.keepHandles("copy", [second]);
      same(await namesOf("copy"), ["second"], "handles in the place of others");
      same(JSON.stringify(await store.get("copy")).includes("handles"), false, "handles in the record");
      await copy.finish({});
      same(await namesOf("copy"), undefined, "handles of an import that is whole");

      const origin = { name: "a.zarr", seriesId: "a", fingerprint: "f" };
      await (await store.create("parts", description(), 1e6, { origin, handles: [first] })).finish({});
      same(await namesOf("parts"), ["first"], "handles of a study with an origin");
      await store.remove("parts");
      same(await namesOf("parts"), undefined, "handles of a study that was removed");
      await rejects(store.keepHandles("parts", [first]), "not-found");
      const aborted = await store.create("aborted", description(), 1e6, { source, handles: [first] });
      await aborted.abort();
      same(await namesOf("aborted"), undefined, "handles of an import that was aborted");
    },
  },
  {
    title: "[K9] a study open in one tab is not opened or removed in another",
    async run({ open }) {
      const [store, other] = [await open(), await open()];
      await importStudy(store, "a");
      const lock = await store.lockStudy("a");
      await rejects(other.lockStudy("a"), "storage");
      await rejects(other.remove("a"), "storage");
      lock.dispose();
      await pause();
      const again = await other.lockStudy("a");
      await other.remove("a");
      again.dispose();
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K10] settings, times and thumbnails are kept; the list begins with what was opened last",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      await importStudy(store, "b");
      await store.update("a", { openedAt: "2999-01-01T00:00:00.000Z" });
      await store.update("b", { openedAt: "2998-01-01T00:00:00.000Z", thumbnail: "data:," });
      await store.setSetting("author", "Ada");
      await store.setSetting("layout", { planes: [1, 2] });
      const other = await open();
      same(
        (await other.list()).map((record) => record.volumeId),
        ["a", "b"],
        "list",
      );
      same((await other.get("b"))!.thumbnail, "data:,", "thumbnail");
      same([await other.setting("author"), await other.setting("layout")], ["Ada", { planes: [1, 2] }], "settings");
      same(await other.setting("nothing"), undefined, "a setting that was never set");
      await store.setSetting("author", undefined);
      same(await other.setting("author"), undefined, "a setting that was taken out");
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K11] the device's key is made once and its private half cannot be taken out",
    async run({ open }) {
      const [store, other] = [await open(), await open()];
      const [mine, theirs] = await Promise.all([store.deviceKey(), other.deviceKey()]);
      const raw = async (pair: CryptoKeyPair) => [
        ...new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
      ];
      same(await raw(mine), await raw(theirs), "public key");
      check(!mine.privateKey.extractable, "the private key can be exported");
      const text = new Uint8Array([1, 2, 3]);
      const { name } = mine.publicKey.algorithm;
      const signing = name === "Ed25519" ? { name } : { name, hash: "SHA-256" };
      const signature = await crypto.subtle.sign(signing, (await (await open()).deviceKey()).privateKey, text);
      check(
        await crypto.subtle.verify(signing, mine.publicKey, signature, text),
        "a later session signs with another key",
      );
      store.dispose();
      other.dispose();
    },
  },
  {
    title: "[K12] an aborted read rejects with AbortError",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      const error: unknown = await store
        .openBricks("a")
        .readBrick(brick(0).address, { signal: AbortSignal.abort() })
        .catch((reason: unknown) => reason);
      check(error instanceof Error && error.name === "AbortError", `not an AbortError: ${String(error)}`);
      store.dispose();
    },
  },
  {
    title: "[K13] a closed store rejects every call",
    async run({ open }) {
      const store = await open();
      await importStudy(store, "a");
      const [bricks, journal] = [store.openBricks("a"), store.openJournal("a")];
      store.dispose();
      store.dispose();
      await rejects(store.list(), "storage");
      await rejects(store.create("b", description(), 1), "storage");
      await rejects(bricks.readBrick(brick(0).address), "storage");
      await rejects(journal.append(entry("a", 0), [], lists("{}")), "storage");
      await rejects(store.deviceKey(), "storage");
    },
  },
  {
    title: "[K14] a study that cannot fit is refused before it begins, with the numbers",
    async run({ open, openWithQuota }) {
      if (!openWithQuota) return;
      const store = await openWithQuota(50e6);
      await rejects(store.create("a", description(), 60e6), "storage", { quota: true, neededBytes: 68e6 });
      same(await store.list(), [], "list");
      const writer = await store.create("a", description(), 10e6);
      await writer.abort();
      store.dispose();
      (await open()).dispose();
    },
  },
  {
    title: "[K15] a brick that was changed on the disk is an integrity error, never shown",
    async run({ open, damageBricks }) {
      if (!damageBricks) return;
      const store = await open();
      await importStudy(store, "a", 1);
      store.dispose();
      await damageBricks("a");
      const other = await open();
      await rejects(other.openBricks("a").readBrick(brick(0).address), "integrity");
      other.dispose();
    },
  },
  {
    title: "[K17] bricks of level 0 lie where the reader wants them, in shared memory too, while there is room",
    async run({ open, damageBricks }) {
      const store = await open();
      await importStudy(store, "a", 3);
      const shared = typeof SharedArrayBuffer === "undefined" ? ArrayBuffer : SharedArrayBuffer;
      const rooms = [new Int16Array(new shared(VOXELS * 2 + 64), 64, VOXELS), new Int16Array(VOXELS)];
      const wanted = [...rooms];
      const bricks = store.openBricks("a", () => wanted.shift());
      for (let bi = 0; bi < 3; bi++) {
        const read = await bricks.readBrick(brick(bi).address);
        check(sameVoxels(read, brick(bi)), `brick ${bi} differs`);
        check(rooms[bi] === undefined || read!.voxels === rooms[bi], `brick ${bi} lies elsewhere`);
      }
      bricks.dispose();
      store.dispose();
      if (!damageBricks) return;
      await damageBricks("a");
      const other = await open();
      const damaged = other.openBricks("a", () => new Int16Array(VOXELS));
      await rejects(damaged.readBrick(brick(0).address), "integrity");
      other.dispose();
    },
  },
  {
    title: "[K34] bricks of every type are kept without loss, those that compress beside those that do not",
    async run(harness) {
      const store = await harness.open();
      for (const voxelType of Object.keys(VOXEL_RANGE) as VoxelType[]) {
        const [low, high] = VOXEL_RANGE[voxelType];
        const contents: ((n: number) => number)[] = [
          () => low,
          (n) => (n * n * 40_503) % 251,
          (n) => ((n ^ (n >> 6)) & 8 ? high : low),
          (n) => low + ((Math.imul(n, 2_654_435_761) >>> 7) / 2 ** 25) * (high - low),
          (n) => (n >> 12) + (n & 63),
        ];
        const bricks = contents.map((value, bi): BrickPixels => {
          const voxels = createVoxels(voxelType, VOXELS);
          for (let n = 0; n < VOXELS; n++) voxels[n] = value(n);
          return { address: { frame: 0, level: 0, bi, bj: 0, bk: 0 }, voxels, min: low, max: high };
        });
        const writer = await store.create(voxelType, { ...description(), voxelType }, 1e6);
        for (const { voxels, ...rest } of bricks) await writer.writeBrick({ ...rest, voxels: voxels.slice() });
        const { bytes } = await writer.finish({});
        const all = bricks.reduce((sum, { voxels }) => sum + voxels.byteLength, 0);
        const narrow = harness.compresses && bytesPerVoxel(voxelType) < 4;
        check(narrow ? bytes < all * 0.8 : bytes === all, `${voxelType} takes ${bytes} bytes of ${all}`);
        const read = store.openBricks(voxelType);
        for (const wanted of bricks) {
          check(sameVoxels(await read.readBrick(wanted.address), wanted), `${voxelType} ${wanted.address.bi} differs`);
          same(await store.repairBrick(voxelType, { ...wanted, voxels: wanted.voxels.slice() }), false, "repaired");
        }
        const [first, second] = bricks as [BrickPixels, BrickPixels];
        await rejects(store.repairBrick(voxelType, { ...first, voxels: second.voxels.slice() }), "source");
        read.dispose();
      }
      store.dispose();
    },
  },
  {
    title: "[K31] a damaged brick is repaired by its own voxels alone, compressed or not",
    async run({ open, damageBricks }) {
      if (!damageBricks) return;
      const store = await open();
      await importStudy(store, "a", 1);
      await damageBricks("a");
      const other = await open();
      await rejects(other.openBricks("a").readBrick(brick(0).address), "integrity");
      await rejects(other.repairBrick("a", { ...brick(1), address: brick(0).address }), "source");
      same(await other.repairBrick("a", brick(0)), true, "repaired");
      same(await other.repairBrick("a", brick(0)), false, "repaired twice");
      check(sameVoxels(await other.openBricks("a").readBrick(brick(0).address), brick(0)), "the brick differs");
      store.dispose();
      other.dispose();
    },
  },
  {
    title:
      "[K32] an import that goes on needs room for the rest of its voxels alone, however little the first ones take",
    async run({ open, openWithQuota }) {
      if (!openWithQuota) return;
      const store = await open();
      const writer = await store.create("a", description(), 6 * VOXELS * 2);
      for (let bi = 0; bi < 5; bi++) await writer.writeBrick(brick(bi));
      await writer.flush(64);
      await writer.suspend();
      await pause();
      const used = (await store.get("a"))!.bytes;
      const small = await openWithQuota(8e6 + VOXELS * 2 + (store.bytesKind === "memory" ? used : 0));
      await rejects(small.resume("a", 7 * VOXELS * 2), "storage", { quota: true, neededBytes: 8e6 + 2 * VOXELS * 2 });
      await (await small.resume("a", 6 * VOXELS * 2)).suspend();
      small.dispose();
      store.dispose();
    },
  },
  {
    title: "[K16] voxels that are a part of a larger buffer, or shared, are taken rightly",
    async run({ open }) {
      const store = await open();
      const writer = await store.create("a", description(), 1e6);
      const wanted = brick(1);
      const large = new Int16Array(VOXELS * 2);
      large.set(wanted.voxels, VOXELS);
      await writer.writeBrick({ ...wanted, voxels: large.subarray(VOXELS) });
      if (typeof SharedArrayBuffer !== "undefined") {
        const shared = new Int16Array(new SharedArrayBuffer(VOXELS * 2));
        shared.set(brick(2).voxels);
        await writer.writeBrick({ ...brick(2), voxels: shared });
      }
      await writer.finish({});
      const bricks = store.openBricks("a");
      check(sameVoxels(await bricks.readBrick(wanted.address), wanted), "the part differs");
      if (typeof SharedArrayBuffer !== "undefined") {
        check(sameVoxels(await bricks.readBrick(brick(2).address), brick(2)), "the shared one differs");
      }
      bricks.dispose();
      store.dispose();
    },
  },
];

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** A harness over stores in memory. */
export function memoryHarness(state: MemoryState): StoreHarness {
  return {
    compresses: false,
    open: async () => createMemoryStudyStore({ state }),
    openWithQuota: async (quotaBytes) => createMemoryStudyStore({ state, quotaBytes }),
    damageBricks: async (volumeId) => {
      for (const bytes of state.studies.get(volumeId)!.bricks.values()) bytes[1234]! ^= 4;
    },
  };
}

/** A harness over what `openStudyStore` opens, under a name of its own. */
export function browserHarness(
  openStudyStore: (options: StudyStoreOptions) => Promise<StudyStore>,
  options: StudyStoreOptions & { readonly name: string },
): StoreHarness {
  const limited = (quotaBytes: number) => async () => ({ usedBytes: 0, quotaBytes, persisted: false });
  return {
    compresses: true,
    open: () => openStudyStore(options),
    openWithQuota: (quotaBytes) => openStudyStore({ ...options, estimate: limited(quotaBytes) }),
  };
}
