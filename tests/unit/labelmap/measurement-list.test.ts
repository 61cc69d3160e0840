import {
  invertMeasurementEdits,
  MeasurementList,
  type NewMeasurement,
  parseEntryLine,
  replayJournal,
  sealJournal,
  verifyJournal,
} from "#labelmap";
import { describe, expect, it } from "vitest";
import { DIMS, openStudy, stateOf } from "./open-study.ts";

const kind = (name: string) => expect.objectContaining({ kind: name });
const PLANE = { right: [0, 1, 0], down: [0, 0, -1] } as const;

const WANTED: readonly NewMeasurement[] = [
  {
    kind: "distance",
    points: [
      [0, 0, 0],
      [3, 4, 0],
    ],
  },
  {
    kind: "angle",
    points: [
      [1, 0, 0],
      [0, 0, 0],
      [0, 2, 0],
    ],
  },
  {
    kind: "rectangle",
    points: [
      [1, 0, 0],
      [1, 3, -4],
    ],
    plane: PLANE,
  },
  {
    kind: "ellipse",
    points: [
      [1, 0, 0],
      [1, 3, -4],
    ],
    plane: PLANE,
    name: "Nodule",
    color: "#FF0000",
    frame: 2,
  },
  { kind: "probe", points: [[0.25, 1e-7, 4]] },
];

describe("list", () => {
  it("[M1] ids are never given again; names count by kind", () => {
    const list = new MeasurementList();
    const add = (wanted: NewMeasurement) => {
      const edit = list.planAdd(wanted);
      list.apply([edit]);
      return edit.to!;
    };
    expect([add(WANTED[0]!), add(WANTED[4]!), add(WANTED[0]!)].map(({ id, name }) => [id, name])).toEqual([
      [1, "Distance 1"],
      [2, "Probe 1"],
      [3, "Distance 2"],
    ]);
    list.apply([list.planDelete(3)]);
    expect(add(WANTED[3]!)).toMatchObject({ id: 4, name: "Nodule", color: "#ff0000", frame: 2, visible: true });
    expect(list.list().map(({ id }) => id)).toEqual([1, 2, 4]);
  });

  it("[M2] points that are not of the kind, off their plane or on one another are refused", () => {
    const list = new MeasurementList();
    const wrong: readonly NewMeasurement[] = [
      { kind: "distance", points: [[0, 0, 0]] },
      {
        kind: "distance",
        points: [
          [0, 0, 0],
          [0, 0, 0],
        ],
      },
      {
        kind: "angle",
        points: [
          [1, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
      },
      {
        kind: "rectangle",
        points: [
          [1, 0, 0],
          [1, 3, -4],
        ],
      },
      {
        kind: "rectangle",
        points: [
          [1, 0, 0],
          [1.1, 3, -4],
        ],
        plane: PLANE,
      },
      {
        kind: "ellipse",
        points: [
          [1, 0, 0],
          [1, 3, 0],
        ],
        plane: PLANE,
      },
      {
        kind: "ellipse",
        points: [
          [1, 0, 0],
          [1, 3, -4],
        ],
        plane: { right: [0, 2, 0], down: [0, 0, 1] },
      },
      {
        kind: "ellipse",
        points: [
          [1, 0, 0],
          [1, 3, -4],
        ],
        plane: { right: [0, 1, 0], down: [0, 0.8, 0.6] },
      },
      { kind: "probe", points: [[Number.NaN, 0, 0]] },
      { kind: "probe", points: [[1, 0, 0]], plane: PLANE },
      { kind: "probe", points: [[1, 0, 0]], color: "red" },
      { kind: "probe", points: [[1, 0, 0]], frame: -1 },
    ];
    for (const wanted of wrong)
      expect(() => list.planAdd(wanted), JSON.stringify(wanted)).toThrowError(kind("argument"));
    expect(() => list.planDelete(1)).toThrowError(kind("not-found"));
  });

  it("[M3] a change and its inverse cancel out; a change of nothing is none", () => {
    const list = new MeasurementList();
    const edits = WANTED.map((wanted) => {
      const edit = list.planAdd(wanted);
      list.apply([edit]);
      return edit;
    });
    const before = list.toJson();
    expect(list.planChange(1, { name: "Distance 1" })).toBeUndefined();
    const change = list.planChange(1, {
      points: [
        [0, 0, 0],
        [0, 0, 9],
      ],
      visible: false,
    })!;
    list.apply([change]);
    expect(list.get(1)).toMatchObject({
      visible: false,
      points: [
        [0, 0, 0],
        [0, 0, 9],
      ],
    });
    list.apply(invertMeasurementEdits([change]));
    expect(list.toJson()).toBe(before);
    list.apply(invertMeasurementEdits(edits));
    expect(list.size).toBe(0);
  });

  it("[M4] a change is applied only where the measurement is what it says; of a list nothing is", () => {
    const list = new MeasurementList();
    const add = list.planAdd(WANTED[0]!);
    list.apply([add]);
    const rename = list.planChange(1, { name: "a" })!;
    list.apply([rename]);
    const before = list.toJson();
    expect(() => list.apply([list.planAdd(WANTED[1]!), rename])).toThrowError(kind("integrity"));
    expect(list.toJson()).toBe(before);
  });

  it("[M5] a stored list comes back; a damaged one is refused", () => {
    const list = new MeasurementList();
    for (const wanted of WANTED) list.apply([list.planAdd(wanted)]);
    const json = list.toJson();
    expect(MeasurementList.parse(json).toJson()).toBe(json);
    for (const bad of [
      "",
      "{}",
      json.slice(0, -1),
      json.replace("Nodule", "Nodule\\u0041"),
      json.replace(`"next":6`, `"next":5`),
    ])
      expect(() => MeasurementList.parse(bad)).toThrowError(kind("integrity"));
  });
});

describe("journal", () => {
  async function measured() {
    const study = await openStudy();
    for (const wanted of WANTED) {
      const edit = study.measurements.planAdd(wanted);
      study.measurements.apply([edit]);
      await study.writer.append({ command: "measurement.add", arguments: {}, measurements: [edit] });
    }
    const change = study.measurements.planChange(2, {
      points: [
        [1, 0, 0],
        [0, 0, 0],
        [0, 2, 2],
      ],
    })!;
    study.measurements.apply([change]);
    await study.writer.append({ command: "measurement.update", arguments: {}, measurements: [change] });
    const remove = study.measurements.planDelete(1);
    study.measurements.apply([remove]);
    await study.writer.append({ command: "measurement.remove", arguments: {}, measurements: [remove] });
    return study;
  }

  it("[M6] [J13] undo, redo, reload and replay lead to the same measurements, and the journal verifies", async () => {
    const study = await measured();
    const end = stateOf(study);
    await study.history.undo();
    expect(study.measurements.get(1).name).toBe("Distance 1");
    await study.history.undo();
    expect(study.measurements.get(2).points[2]).toEqual([0, 2, 0]);
    while (await study.history.undo());
    expect(study.measurements.size).toBe(0);
    const reopened = await openStudy(study.port, study.signer);
    while (await reopened.history.redo());
    expect(stateOf(reopened)).toBe(end);
    expect(stateOf(await replayJournal(study.port.entries, DIMS))).toBe(end);
    const lines: string[] = [];
    for await (const line of sealJournal(study.port.entries, study.signer)) lines.push(`${line}\n`);
    expect(await verifyJournal(lines.join(""))).toMatchObject({ ok: true });
  });

  it("[J13] an entry without changes of measurements has no such field, and an empty one is refused", async () => {
    const study = await openStudy();
    const add = study.segments.planAdd();
    study.segments.apply([add]);
    await study.writer.append({ command: "segment.add", arguments: {}, segments: [add], measurements: [] });
    const line = study.port.entries[1]!;
    expect(line).not.toContain("measurements");
    const empty = line.replace(`"previous":`, `"measurements":[],"previous":`);
    // Keys in canonical order, so that only the empty list is wrong.
    const sorted = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(empty)).sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    expect(() => parseEntryLine(sorted)).toThrowError(kind("integrity"));
  });

  it("[J2] a changed point is found by verification, as is a measurement that cannot be", async () => {
    const study = await measured();
    const lines = [...study.port.entries];
    const tampered = lines.with(1, lines[1]!.replace("[3,4,0]", "[3,5,0]"));
    expect(await verifyJournal(tampered, { seal: "absent" })).toMatchObject({ ok: false, firstBad: { sequence: 1 } });
    const flat = lines.with(1, lines[1]!.replace("[3,4,0]", "[0,0,0]"));
    expect(await verifyJournal(flat, { seal: "absent" })).toMatchObject({
      ok: false,
      firstBad: { sequence: 1, reason: expect.stringContaining("measurements") },
    });
  });

  it("[J7] a measurement that cannot be kept is taken back", async () => {
    const study = await openStudy();
    const edit = study.measurements.planAdd(WANTED[0]!);
    study.measurements.apply([edit]);
    study.port.failWith = new Error("full");
    await expect(
      study.writer.append({ command: "measurement.add", arguments: {}, measurements: [edit] }),
    ).rejects.toThrow("full");
    expect(study.measurements.size).toBe(0);
  });
});
