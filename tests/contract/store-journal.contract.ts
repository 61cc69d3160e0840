import {
  description,
  brick,
  entry,
  lists,
  someHandle,
  check,
  same,
  rejects,
  sameVoxels,
  importStudy,
  pause,
  type ContractCase,
} from "./store-kit.ts";

/** What every study store does with labels, journals, settings and what else is a study's. */
export const journalCases: readonly ContractCase[] = [
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
];
