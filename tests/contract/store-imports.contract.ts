import { brickDims, planesOf } from "#volume";
import {
  VOXELS,
  description,
  brick,
  entry,
  lists,
  check,
  same,
  rejects,
  sameVoxels,
  checkRoom,
  importStudy,
  pause,
  type ContractCase,
} from "./store-kit.ts";

/** What every study store does with imports, and with the bricks that they add. */
export const importsCases: readonly ContractCase[] = [
  {
    title: "[K1] what was imported is read again, by another store too",
    async run(harness) {
      const { open } = harness;
      const store = await open();
      const writer = await store.create("a", description(), 1e6);
      for (let bi = 0; bi < 3; bi++) await writer.writeBrick(planesOf(brick(bi)));
      await writer.writeBrick(planesOf(brick(0, 40, 1)));
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
      await writer.writeBrick(planesOf(brick(0)));
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
      await writer.writeBrick(planesOf(brick(0)));
      same(await bricks.readBrick(brick(0).address), undefined, "a brick that is not flushed");
      await writer.flush();
      check(sameVoxels(await bricks.readBrick(brick(0).address), brick(0)), "the flushed brick differs");
      const ranges = await reading.brickRanges("a", 0, 0, brickDims([130, 64, 64]));
      same([...ranges].map(String), ["-1024", "3000", "NaN", "NaN", "NaN", "NaN"], "ranges");
      await Promise.all([writer.writeBrick(planesOf(brick(1))), writer.writeBrick(planesOf(brick(2)))]);
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
      for (let bi = 0; bi < 70; bi++) await writer.writeBrick(planesOf(brick(bi)));
      await writer.abort();
      same(await store.list(), [], "list");
      await rejects(writer.writeBrick(planesOf(brick(0))), "argument");
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
      await writer.writeBrick(planesOf(brick(0)));
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
      for (let bi = 0; bi < 70; bi++) await writer.writeBrick(planesOf(brick(bi)));
      await writer.flush(64);
      await writer.writeBrick(planesOf({ ...brick(70, 5), max: 32_000 }));
      await writer.flush();
      const seen = other.openBricks("a");
      check(sameVoxels(await seen.readBrick(brick(70).address), brick(70, 5)), "a brick after the whole slices");
      same((await other.get("a"))!.state, "importing", "state while it is imported");
      await writer.suspend();
      await rejects(writer.writeBrick(planesOf(brick(71))), "argument");
      await pause();
      const cutOff = (await other.list())[0]!;
      same([cutOff.state, cutOff.wholeSlices, cutOff.source], ["cut-off", 64, source], "cut off");
      same(await other.recover(), [], "removed by recovery");

      const again = await other.resume("a", 1e6);
      await rejects(store.resume("a", 1e6), "storage");
      same([again.wholeSlices, (await store.get("a"))!.state], [64, "importing"], "taken up");
      check(sameVoxels(await seen.readBrick(brick(69).address), brick(69)), "a brick of the whole slices");
      same(await store.openBricks("a").readBrick(brick(70).address), undefined, "a brick that was forgotten");
      await again.writeBrick(planesOf(brick(71)));
      await again.writeBrick(planesOf(brick(70)));
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
        await writer.writeBrick(planesOf(brick(0)));
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
      await rejects(writer.writeBrick(planesOf(wrong)), "argument");
      await writer.abort();
      store.dispose();
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
    title:
      "[K32] an import that goes on needs room for the rest of its voxels alone, however little the first ones take",
    async run({ open, openWithQuota }) {
      if (!openWithQuota) return;
      const store = await open();
      const writer = await store.create("a", description(), 6 * VOXELS * 2);
      for (let bi = 0; bi < 5; bi++) await writer.writeBrick(planesOf(brick(bi)));
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
];
