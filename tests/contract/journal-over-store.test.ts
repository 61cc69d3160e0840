import {
  createSigner,
  History,
  JournalWriter,
  Labelmap,
  MeasurementList,
  SegmentList,
  sealJournal,
  verifyJournal,
} from "#labelmap";
import { createMemoryStudyStore, MemoryState, openStudyStore, type StudyStore } from "#storage";
import { type Dims, ImageGrid } from "#volume";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { expect, it } from "vitest";

const DIMS: Dims = [100, 64, 64];
const GRID = new ImageGrid({ dims: DIMS, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }).toData();

const DESCRIPTION = {
  name: "scan",
  grid: GRID,
  voxelType: "uint8",
  rescale: { slope: 1, intercept: 0 },
  unit: "",
  modality: "MR",
  frames: 1,
  notes: [],
  metadata: {},
  format: "NRRD",
} as const;

/** A study as a session opens it. */
async function openLabels(store: StudyStore) {
  const journal = store.openJournal("a");
  const labelmap = new Labelmap(DIMS, { bricks: await journal.labelBricks() });
  const stored = await journal.segments();
  const segments = stored === undefined ? new SegmentList() : SegmentList.parse(stored);
  const measured = await journal.measurements();
  const measurements = measured === undefined ? new MeasurementList() : MeasurementList.parse(measured);
  const signer = await createSigner(await store.deviceKey());
  const options = {
    volumeId: "a",
    grid: GRID,
    app: "0.1.0",
    port: journal,
    signer,
    author: () => "Ada",
    labelmap,
    segments,
    measurements,
  };
  const writer = await JournalWriter.open(options);
  const history = new History({ writer, labelmap, segments, measurements });
  return { journal, labelmap, segments, measurements, signer, writer, history };
}

function paint(
  { labelmap, writer }: Awaited<ReturnType<typeof openLabels>>,
  value: number,
  from: number,
  bytes: number,
) {
  const change = labelmap.begin({ over: "all" });
  change.setMask(0, new Uint8Array(32768).fill(255, from, from + bytes), value);
  return writer.append({ command: "label.paint", arguments: { segment: value }, edits: change.commit() });
}

const stores: Record<string, () => () => Promise<StudyStore>> = {
  memory: () => {
    const state = new MemoryState();
    return async () => createMemoryStudyStore({ state });
  },
  "Dexie with Blobs": () => {
    const indexedDB = new IDBFactory();
    return () => openStudyStore({ bytes: "blob", indexedDB, IDBKeyRange });
  },
};

for (const [name, harness] of Object.entries(stores)) {
  it(`[K20] labels, segments, measurements and history are the same after a reload: ${name}`, async () => {
    const open = harness();
    const store = await open();
    await (await store.create("a", DESCRIPTION, 1e6)).finish({});
    const live = await openLabels(store);
    const add = live.segments.planAdd({ name: "liver" });
    live.segments.apply([add]);
    await live.writer.append({ command: "segment.add", arguments: {}, segments: [add] });
    await paint(live, 1, 0, 500);
    const probe = live.measurements.planAdd({ kind: "probe", points: [[1, 2, 3.5]] });
    live.measurements.apply([probe]);
    await live.writer.append({ command: "measurement.add", arguments: {}, measurements: [probe] });
    await paint(live, 2, 300, 500);
    await live.history.undo();
    const bytes = live.labelmap.committedBytes(0);
    store.dispose();

    const next = await open();
    const reopened = await openLabels(next);
    expect(reopened.labelmap.committedBytes(0)).toEqual(bytes);
    expect(reopened.segments.get(1).name).toBe("liver");
    expect(reopened.measurements.list()).toEqual([probe.to]);
    expect(reopened.history.redoCommand).toBe("label.paint");
    await reopened.history.redo();
    expect(reopened.labelmap.readBrick(0)![300 * 8]).toBe(2);
    while (await reopened.history.undo());
    expect(reopened.labelmap.brickIndices()).toEqual([]);
    expect((await reopened.journal.labelBricks()).size).toBe(0);
    expect([reopened.segments.size, reopened.measurements.size]).toEqual([0, 0]);
    const verified = await verifyJournal(sealJournal(reopened.journal.lines(), reopened.signer));
    expect(verified).toMatchObject({ ok: true, entries: 11, volumeId: "a", devices: [reopened.signer.device] });
    next.dispose();
  });

  it(`[K21] two tabs cannot both write: the later one is refused and its change taken back: ${name}`, async () => {
    const open = harness();
    const [one, two] = [await open(), await open()];
    await (await one.create("a", DESCRIPTION, 1e6)).finish({});
    const first = await openLabels(one);
    const second = await openLabels(two);
    await paint(first, 1, 0, 500);
    await expect(paint(second, 2, 0, 500)).rejects.toMatchObject({ kind: "storage" });
    expect(second.labelmap.brickIndices()).toEqual([]);
    expect(await verifyJournal(first.journal.lines(), { seal: "absent" })).toMatchObject({ ok: true, entries: 2 });
    one.dispose();
    two.dispose();
  });
}
