import { replayJournal, verifyJournal } from "#labelmap";
import { describe, expect, it } from "vitest";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { DIMS, openStudy, type OpenStudy, stateOf } from "./open-study.ts";

const kind = (name: string) => expect.objectContaining({ kind: name });

/** Paints a random run of a random brick; the entry may come to nothing. */
async function edit(study: OpenStudy, random: () => number): Promise<void> {
  if (random() < 0.25) {
    const known = study.measurements.list();
    const place = [integerFrom(random, 0, 9), 2, 3.25] as const;
    const change =
      known.length > 0 && random() < 0.5
        ? random() < 0.5
          ? study.measurements.planDelete(known[0]!.id)
          : study.measurements.planChange(known[0]!.id, { points: [place] })
        : study.measurements.planAdd({ kind: "probe", points: [place] });
    if (!change) return;
    study.measurements.apply([change]);
    await study.writer.append({ command: "measurement.change", arguments: {}, measurements: [change] });
    return;
  }
  if (random() < 0.2) {
    const known = study.segments.list();
    const change =
      known.length > 0 && random() < 0.5
        ? study.segments.planChange(known[0]!.value, { name: `n${integerFrom(random, 0, 3)}` })
        : study.segments.planAdd();
    if (!change) return;
    study.segments.apply([change]);
    await study.writer.append({ command: "segment.change", arguments: {}, segments: [change] });
    return;
  }
  const change = study.labelmap.begin({ over: random() < 0.5 ? "all" : "empty" });
  for (let bricks = integerFrom(random, 1, 3); bricks > 0; bricks--) {
    const mask = new Uint8Array(32768);
    const from = integerFrom(random, 0, 32000);
    mask.fill(integerFrom(random, 1, 255), from, from + integerFrom(random, 1, 700));
    const brick = integerFrom(random, 0, 3 * 2 * 2 - 1);
    if (random() < 0.25) change.erase(brick, mask);
    else change.setMask(brick, mask, integerFrom(random, 1, 4));
  }
  await study.writer.append({ command: "label.paint", arguments: {}, edits: change.commit() });
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  it(`[H1] [H2] [H3] undo all leads to the start, redo all to the end, replay to the same, seed ${seed}`, async () => {
    const random = randomFrom(seed);
    const study = await openStudy();
    const start = stateOf(study);
    for (let n = 0; n < 25; n++) {
      const what = random();
      if (what < 0.65) await edit(study, random);
      else if (what < 0.9) await study.history.undo();
      else await study.history.redo();
    }
    while (await study.history.redo());
    const end = stateOf(study);
    while (await study.history.undo());
    expect(stateOf(study)).toBe(start);
    const reopened = await openStudy(study.port, study.signer);
    while (await reopened.history.redo());
    expect(stateOf(reopened)).toBe(end);
    const replayed = await replayJournal(study.port.entries, DIMS);
    expect(stateOf(replayed)).toBe(end);
    expect(await verifyJournal(study.port.entries, { seal: "absent" })).toMatchObject({ ok: true });
  }, 30_000);
}

describe("steps", () => {
  it("[H1] one step takes back one action, segments included, and says which", async () => {
    const study = await openStudy();
    const add = study.segments.planAdd({ name: "a" });
    study.segments.apply([add]);
    await study.writer.append({ command: "segment.add", arguments: {}, segments: [add] });
    expect(study.history.undoCommand).toBe("segment.add");
    expect(await study.history.undo()).toEqual({ entry: 1, command: "segment.add", appended: 2 });
    expect(study.segments.size).toBe(0);
    expect(study.history.canUndo).toBe(false);
    expect(await study.history.undo()).toBeUndefined();
    expect(await study.history.redo()).toEqual({ entry: 1, command: "segment.add", appended: 3 });
    expect(study.segments.get(1).name).toBe("a");
  });

  it("[H4] a new action clears what could be redone; an entry that changes nothing does not", async () => {
    const study = await openStudy();
    const random = randomFrom(5);
    await edit(study, random);
    await edit(study, random);
    await study.history.undo();
    await study.writer.append({ command: "note", arguments: {} });
    expect(study.history.canRedo).toBe(true);
    const change = study.labelmap.begin({ over: "all" });
    change.setMask(0, new Uint8Array(32768).fill(255), 40);
    await study.writer.append({ command: "label.paint", arguments: {}, edits: change.commit() });
    expect(study.history.canRedo).toBe(false);
    expect(await study.history.redo()).toBeUndefined();
  });

  it("[H5] steps asked for at once are done one after the other", async () => {
    const study = await openStudy();
    const random = randomFrom(8);
    const start = stateOf(study);
    for (let n = 0; n < 8; n++) await edit(study, random);
    const steps = await Promise.all(Array.from({ length: 12 }, () => study.history.undo()));
    expect(new Set(steps.filter(Boolean).map((step) => step!.entry)).size).toBe(steps.filter(Boolean).length);
    expect(stateOf(study)).toBe(start);
  });

  it("[H6] a step is refused while a change is open", async () => {
    const study = await openStudy();
    await edit(study, randomFrom(2));
    const change = study.labelmap.begin({ over: "all" });
    await expect(study.history.undo()).rejects.toThrowError(kind("argument"));
    change.rollback();
    expect(await study.history.undo()).toBeDefined();
  });
});
