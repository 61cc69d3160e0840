import {
  type History,
  type JournalRecord,
  type Measurement,
  type MeasurementEdit,
  moveWithVoxels,
  replayJournal,
  SPACING_COMMAND,
  verifyJournal,
} from "#labelmap";
import { ImageGrid, type ImageGridData, type PointLps } from "#volume";
import { expect, it } from "vitest";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { DIMS, GRID, openStudy, type OpenStudy } from "./open-study.ts";

/* Voxels that get another size: labels stay, measurements stay on their voxels, through undo, redo, replay and a reload. */

/** The grid of before with its steps along i, j and k as many times as long. */
function resized({ indexToLps, dims }: ImageGridData, factors: readonly number[]): ImageGridData {
  return {
    dims,
    indexToLps: indexToLps.map((value, n) => value * (factors[n % 4] ?? 1)) as unknown as typeof indexToLps,
  };
}

async function changeGrid(study: OpenStudy, from: ImageGridData, to: ImageGridData): Promise<void> {
  const measurements = study.measurements
    .list()
    .map((one) => study.measurements.planChange(one.id, moveWithVoxels(one, { from, to })))
    .filter((edit) => edit !== undefined);
  study.measurements.apply(measurements);
  const args = { from, to } as unknown as JournalRecord["arguments"];
  await study.writer.append({ command: SPACING_COMMAND, arguments: args, measurements });
}

async function keep(study: OpenStudy, edit: MeasurementEdit | undefined): Promise<void> {
  if (!edit) return;
  study.measurements.apply([edit]);
  await study.writer.append({ command: "measurement.change", arguments: {}, measurements: [edit] });
}

/** Indices of all points: the same before and after a change of sizes. */
function voxelsOf(measurements: readonly Measurement[], grid: ImageGridData): number[][] {
  const on = new ImageGrid(grid);
  return measurements.map(({ points }) => points.flatMap((point) => on.toIndex(point).map((n) => Math.round(n * 1e6))));
}

const undoAll = async (history: History): Promise<void> => {
  while (await history.undo());
};
const redoAll = async (history: History): Promise<void> => {
  while (await history.redo());
};

for (const seed of [1, 2, 3, 4, 5, 6]) {
  it(`[J14] [H7] measurements stay on their voxels through random changes, sizes and steps, seed ${seed}`, async () => {
    const random = randomFrom(seed);
    const study = await openStudy();
    let grid = GRID.toData();
    const point = (): PointLps =>
      new ImageGrid(grid).toLps(
        [0, 1, 2].map((axis) => integerFrom(random, 1, DIMS[axis]! - 2)) as [number, number, number],
      );
    for (let n = 0; n < 30; n++) {
      const known = study.measurements.list();
      const what = random();
      if (what < 0.3) await keep(study, study.measurements.planAdd({ kind: "probe", points: [point()] }));
      else if (what < 0.45 && known.length > 0) {
        await keep(study, study.measurements.planChange(known[0]!.id, { points: [point()] }));
      } else if (what < 0.55 && known.length > 0) await keep(study, study.measurements.planDelete(known[0]!.id));
      else if (what < 0.7) {
        const next = resized(grid, [1 + random(), 1, 0.5 + random()]);
        const before = voxelsOf(known, grid);
        await changeGrid(study, grid, next);
        grid = next;
        expect(voxelsOf(study.measurements.list(), grid)).toEqual(before);
      } else if (what < 0.9) await study.history.undo();
      else await study.history.redo();
    }
    await redoAll(study.history);
    const end = JSON.stringify(study.measurements.list());
    await undoAll(study.history);
    expect(study.measurements.size).toBe(0);
    const reopened = await openStudy(study.port, study.signer, grid);
    await redoAll(reopened.history);
    expect(JSON.stringify(reopened.measurements.list())).toBe(end);
    const replayed = await replayJournal(study.port.entries, DIMS);
    expect(JSON.stringify(replayed.measurements.list())).toBe(end);
    expect(await verifyJournal(study.port.entries, { seal: "absent" })).toMatchObject({ ok: true });
  });
}

it("[J14] a rectangle on an oblique plane stays a rectangle in its plane", async () => {
  const study = await openStudy();
  const right = [0.6, 0, 0.8] as const;
  const down = [0, 1, 0] as const;
  const plane = { right, down };
  await keep(
    study,
    study.measurements.planAdd({
      kind: "rectangle",
      points: [
        [0, 0, 0],
        [6, 5, 8],
      ],
      plane,
    }),
  );
  await changeGrid(study, GRID.toData(), resized(GRID.toData(), [1, 2, 3]));
  const [moved] = study.measurements.list();
  expect(moved!.points[1]!.map((mm) => Number(mm.toFixed(6)))).toEqual([6, expect.any(Number), expect.any(Number)]);
  expect(moved!.plane!.right).not.toEqual(right);
  await undoAll(study.history);
  await redoAll(study.history);
  expect(study.measurements.list()).toEqual([moved]);
});

it("[J14] [H7] undo goes past a change of sizes and leaves it", async () => {
  const study = await openStudy();
  await keep(study, study.measurements.planAdd({ kind: "probe", points: [[1, 2, 3]] }));
  const to = resized(GRID.toData(), [1, 1, 2]);
  await study.history.undo();
  await changeGrid(study, GRID.toData(), to);
  // What was undone can still be redone, at the same voxel.
  expect(study.history.canRedo).toBe(true);
  await study.history.redo();
  const [probe] = study.measurements.list();
  const index = new ImageGrid(to).toIndex(probe!.points[0]!).map((n) => Number(n.toFixed(6)));
  expect(index).toEqual(GRID.toIndex([1, 2, 3]).map((n) => Number(n.toFixed(6))));
  await study.history.undo();
  expect(study.history.undoCommand).toBeUndefined();
});

it("[J14] a journal whose changes of sizes do not lead to the study's grid is of another volume", async () => {
  const study = await openStudy();
  const to = resized(GRID.toData(), [1, 1, 2]);
  await changeGrid(study, GRID.toData(), to);
  await expect(openStudy(study.port, study.signer)).rejects.toMatchObject({ kind: "integrity" });
  await openStudy(study.port, study.signer, to);
  const other = await openStudy();
  await changeGrid(other, to, resized(to, [2, 2, 2]));
  expect(await verifyJournal(other.port.entries, { seal: "absent" })).toMatchObject({
    ok: false,
    firstBad: { sequence: 1, reason: expect.stringContaining("another grid") },
  });
});

it("[J14] an entry that changes more than sizes is refused and not kept", async () => {
  const study = await openStudy();
  const from = GRID.toData();
  for (const to of [{ ...from, dims: [1, 2, 3] }, { dims: from.dims }, 5]) {
    const args = { from, to } as unknown as JournalRecord["arguments"];
    await expect(study.writer.append({ command: SPACING_COMMAND, arguments: args })).rejects.toMatchObject({
      kind: "integrity",
    });
  }
  expect(study.port.entries).toHaveLength(1);
});

it("[J14] points a little off their plane are in it after a change, and redone as they were moved", async () => {
  const study = await openStudy();
  const plane = { right: [1, 0, 0], down: [0, 1, 0] } as const;
  const points: PointLps[] = [
    [0, 0, 0],
    [5, 5, 0.0009],
  ];
  await keep(study, study.measurements.planAdd({ kind: "rectangle", points, plane }));
  await study.history.undo();
  const to = resized(GRID.toData(), [1, 1, 30]);
  await changeGrid(study, GRID.toData(), to);
  await study.history.redo();
  const reopened = await openStudy(study.port, study.signer, to);
  expect(reopened.measurements.list()).toEqual(study.measurements.list());
  await changeGrid(reopened, to, resized(to, [2, 1, 30]));
  await undoAll(reopened.history);
  await redoAll(reopened.history);
  expect(await verifyJournal(study.port.entries, { seal: "absent" })).toMatchObject({ ok: true });
});
