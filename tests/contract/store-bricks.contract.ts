import { type BrickPixels, bytesPerVoxel, createVoxels, planesOf, VOXEL_RANGE, type VoxelType } from "#volume";
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
  importStudy,
  type ContractCase,
} from "./store-kit.ts";

/** What every study store does with bricks that are read. */
export const bricksCases: readonly ContractCase[] = [
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
        for (const { voxels, ...rest } of bricks)
          await writer.writeBrick(planesOf({ ...rest, voxels: voxels.slice() }));
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
    title: "[K16] voxels that are a part of a larger buffer, or shared, are taken rightly",
    async run({ open }) {
      const store = await open();
      const writer = await store.create("a", description(), 1e6);
      const wanted = brick(1);
      const large = new Int16Array(VOXELS * 2);
      large.set(wanted.voxels, VOXELS);
      await writer.writeBrick(planesOf({ ...wanted, voxels: large.subarray(VOXELS) }));
      if (typeof SharedArrayBuffer !== "undefined") {
        const shared = new Int16Array(new SharedArrayBuffer(VOXELS * 2));
        shared.set(brick(2).voxels);
        await writer.writeBrick(planesOf({ ...brick(2), voxels: shared }));
      }
      // Noise, which is stored as it is.
      const quarters = { ...brick(3), voxels: Int16Array.from({ length: VOXELS }, (_, n) => Math.imul(n, 0x9e3779b1)) };
      const quarter = VOXELS / 4;
      const planes = [0, 1, 2, 3].map((n) => quarters.voxels.slice(n * quarter, (n + 1) * quarter));
      await writer.writeBrick({ ...quarters, planes });
      await rejects(writer.writeBrick({ ...quarters, planes: planes.slice(1) }), "argument");
      await writer.finish({});
      const bricks = store.openBricks("a");
      check(sameVoxels(await bricks.readBrick(wanted.address), wanted), "the part differs");
      check(sameVoxels(await bricks.readBrick(quarters.address), quarters), "the one in four parts differs");
      if (typeof SharedArrayBuffer !== "undefined") {
        check(sameVoxels(await bricks.readBrick(brick(2).address), brick(2)), "the shared one differs");
      }
      bricks.dispose();
      store.dispose();
    },
  },
];
