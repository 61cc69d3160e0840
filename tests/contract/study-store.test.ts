import { MemoryState, openStudyStore } from "#storage";
import { planesOf } from "#volume";
import { Dexie } from "dexie";
import { IDBFactory, IDBKeyRange, IDBObjectStore as FDBObjectStore } from "fake-indexeddb";
import { describe, expect, it } from "vitest";
import { encodeIndexPage } from "../../src/storage/brick-index.ts";
import { checksum } from "../../src/storage/checksum.ts";
import { browserHarness, lists, memoryHarness, type StoreHarness, studyStoreContract } from "./study-store.contract.ts";

describe("memory", () => {
  for (const { title, run } of studyStoreContract) it(title, () => run(memoryHarness(new MemoryState())));
});

describe("Dexie with Blobs", () => {
  for (const { title, run } of studyStoreContract) it(title, () => run(dexieHarness()), 20_000);

  it("[K4] an import whose process died is removed at the next start, with its bytes", async () => {
    const indexedDB = new IDBFactory();
    const options = { name: "voxelwright", bytes: "blob", indexedDB, IDBKeyRange } as const;
    const store = await openStudyStore(options);
    const writer = await store.create("cut off", DESCRIPTION, 1e6);
    await writer.writeBrick(
      planesOf({
        address: { frame: 0, level: 0, bi: 0, bj: 0, bk: 0 },
        voxels: new Uint8Array(64 ** 3),
        min: 0,
        max: 0,
      }),
    );
    await writer.flush();
    store.dispose();
    // Locks of a process that died are free; here they lived in this process, so another name stands for the next start.
    const database = new Dexie("voxelwright", { indexedDB, IDBKeyRange });
    await database.open();
    const rows = await database.table("studies").toArray();
    await database.table("studies").bulkPut(rows.map((row: object) => ({ ...row, volumeId: "another" })));
    await database.table("studies").delete("cut off");
    database.close();
    const next = await openStudyStore(options);
    expect(await next.recover()).toEqual(["another"]);
    expect(await next.list()).toEqual([]);
    next.dispose();
    await database.open();
    expect(await database.table("blobs").count()).toBe(0);
    database.close();
  });

  it("[K17] a full disk in the middle of an import is a quota error, and nothing is half indexed", async () => {
    const indexedDB = new IDBFactory();
    const options = { bytes: "blob", indexedDB, IDBKeyRange } as const;
    const store = await openStudyStore(options);
    const writer = await store.create("a", DESCRIPTION, 1e6);
    const brick = (bi: number) => ({
      address: { frame: 0, level: 0, bi, bj: 0, bk: 0 },
      voxels: new Uint8Array(64 ** 3),
      min: 0,
      max: 0,
    });
    await writer.writeBrick(planesOf(brick(0)));
    await writer.flush();
    await writer.writeBrick(planesOf(brick(1)));
    const full = withFullDisk();
    await expect(writer.flush()).rejects.toMatchObject({
      kind: "storage",
      fields: { quota: true },
      advice: expect.any(String),
    });
    full.restore();
    await expect(writer.writeBrick(planesOf(brick(2)))).rejects.toMatchObject({
      kind: "storage",
      fields: { quota: true },
    });
    expect(await store.openBricks("a").readBrick(brick(1).address)).toBeUndefined();
    expect(await store.openBricks("a").readBrick(brick(0).address)).toBeDefined();
    await writer.abort();
    expect(await store.list()).toEqual([]);
    store.dispose();
  });

  it("[K17] a full disk on an append keeps nothing of it", async () => {
    const options = { bytes: "blob", indexedDB: new IDBFactory(), IDBKeyRange } as const;
    const store = await openStudyStore(options);
    await (await store.create("a", DESCRIPTION, 1e6)).finish({});
    const journal = store.openJournal("a");
    const entry = { volumeId: "a", sequence: 0, line: "x", header: "h" };
    const full = withFullDisk();
    await expect(
      journal.append(entry, [{ brickIndex: 0, bytes: Uint8Array.of(1) }], lists("{}")),
    ).rejects.toMatchObject({
      kind: "storage",
      fields: { quota: true },
    });
    full.restore();
    expect([await journal.count(), (await journal.labelBricks()).size, await journal.segments()]).toEqual([
      0,
      0,
      undefined,
    ]);
    await journal.append(entry, [], lists("{}"));
    expect(await journal.count()).toBe(1);
    store.dispose();
  });

  it("[K18] a label brick that was changed on the disk is an integrity error", async () => {
    const indexedDB = new IDBFactory();
    const store = await openStudyStore({ bytes: "blob", indexedDB, IDBKeyRange });
    await (await store.create("a", DESCRIPTION, 1e6)).finish({});
    const journal = store.openJournal("a");
    await journal.append(
      { volumeId: "a", sequence: 0, line: "x", header: "h" },
      [{ brickIndex: 0, bytes: Uint8Array.of(1, 2) }],
      lists("{}"),
    );
    const database = new Dexie("voxelwright", { indexedDB, IDBKeyRange });
    await database.open();
    const row = await database.table("labelBricks").get(["a", 0]);
    await database.table("labelBricks").put({ ...row, bytes: Uint8Array.of(1, 3) });
    database.close();
    await expect(journal.labelBricks()).rejects.toMatchObject({ kind: "integrity" });
    store.dispose();
  });

  it("[K22] studies of version 1, which had no measurements, are opened and kept", async () => {
    const indexedDB = new IDBFactory();
    const before = new Dexie("voxelwright", { indexedDB, IDBKeyRange });
    before.version(1).stores({
      studies: "&volumeId",
      indexPages: "&[volumeId+page]",
      blobs: "&[pack+offset]",
      entries: "&[volumeId+sequence]",
      headers: "&[volumeId+sequence]",
      labelBricks: "&[volumeId+brickIndex]",
      segmentLists: "&volumeId",
      settings: "&key",
      keys: "&id",
    });
    await before.open();
    await before.table("segmentLists").put({ volumeId: "a", json: "[]" });
    before.close();
    const store = await openStudyStore({ bytes: "blob", indexedDB, IDBKeyRange });
    const journal = store.openJournal("a");
    expect([await journal.segments(), await journal.measurements()]).toEqual(["[]", undefined]);
    store.dispose();
  });

  it("[K33] studies of version 4, which compressed no brick, are read and repaired", async () => {
    const indexedDB = new IDBFactory();
    const store = await openStudyStore({ bytes: "blob", indexedDB, IDBKeyRange });
    const address = { frame: 0, level: 0, bi: 0, bj: 0, bk: 0 };
    const brick = () => ({ address, voxels: Uint8Array.from({ length: 64 ** 3 }, (_, n) => n >> 12), min: 0, max: 63 });
    const writer = await store.create("a", DESCRIPTION, 1e6);
    await writer.writeBrick(planesOf(brick()));
    await writer.finish({});
    const { voxels } = brick();
    const entries = encodeIndexPage([{ ...brick(), offset: 0, length: voxels.length, checksum: checksum(voxels) }]);
    const database = new Dexie("voxelwright", { indexedDB, IDBKeyRange });
    await database.open();
    const { pack } = (await database.table("blobs").toArray())[0] as { pack: string };
    await database.table("blobs").put({ pack, offset: 0, bytes: new Blob([voxels]) });
    await database.table("indexPages").put({ volumeId: "a", page: 0, entries, checksum: checksum(entries) });
    const before = await openStudyStore({ bytes: "blob", indexedDB, IDBKeyRange });
    const read = async () => (await before.openBricks("a").readBrick(address))?.voxels;
    expect(Buffer.compare((await read()) as Uint8Array, voxels)).toBe(0);
    expect(await before.repairBrick("a", brick())).toBe(false);
    await database.table("blobs").put({ pack, offset: 0, bytes: new Blob([voxels.fill(1)]) });
    expect(await before.repairBrick("a", brick())).toBe(true);
    expect(Buffer.compare((await read()) as Uint8Array, brick().voxels)).toBe(0);
    database.close();
    for (const each of [store, before]) each.dispose();
  });

  it("[K19] a newer version in another tab closes this one, and calls say so instead of hanging", async () => {
    const indexedDB = new IDBFactory();
    const store = await openStudyStore({ bytes: "blob", indexedDB, IDBKeyRange });
    const lost: string[] = [];
    store.lost.on((error) => lost.push(error.message));
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open("voxelwright", 999);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
      request.onerror = () => reject(request.error);
    });
    expect(lost).toHaveLength(1);
    await expect(store.list()).rejects.toMatchObject({ kind: "storage", advice: "Reload the page." });
    await expect(store.openJournal("a").count()).rejects.toMatchObject({ kind: "storage" });
    await expect(openStudyStore({ bytes: "blob", indexedDB, IDBKeyRange })).rejects.toMatchObject({ kind: "storage" });
  });
});

const DESCRIPTION = {
  name: "scan",
  grid: { dims: [64, 64, 64], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
  voxelType: "uint8",
  rescale: { slope: 1, intercept: 0 },
  unit: "",
  modality: "MR",
  frames: 1,
  notes: [],
  metadata: {},
  format: "NRRD",
} as const;

function dexieHarness(): StoreHarness {
  const indexedDB = new IDBFactory();
  const options = { name: `voxelwright-${crypto.randomUUID()}`, bytes: "blob", indexedDB, IDBKeyRange } as const;
  return {
    ...browserHarness(openStudyStore, options),
    damageBricks: async () => {
      const database = new Dexie(options.name, { indexedDB, IDBKeyRange });
      await database.open();
      const rows = (await database.table("blobs").toArray()) as { bytes: Blob }[];
      for (const row of rows) {
        const bytes = new Uint8Array(await row.bytes.arrayBuffer());
        bytes[77]! ^= 1;
        await database.table("blobs").put({ ...row, bytes: new Blob([bytes]) });
      }
      database.close();
    },
  };
}

/** Makes every write of the database fail as a full disk does. */
function withFullDisk(): { restore(): void } {
  const { DOMException: Thrown } = globalThis;
  const targets = [FDBObjectStore.prototype as unknown as Record<string, unknown>];
  const saved = targets.map(({ put, add }) => ({ put, add }));
  for (const target of targets) {
    target["put"] = target["add"] = () => {
      throw new Thrown("full", "QuotaExceededError");
    };
  }
  return { restore: () => targets.forEach((target, n) => Object.assign(target, saved[n])) };
}
