import { add, scale, type Vec3 } from "#base";
import { handlesOf, type Measurement, type MeasurementKind } from "#labelmap";
import { type MeasurementDraft, MeasureTool, type PlanePick } from "#tools";
import { ImageGrid } from "#volume";
import { expect, it } from "vitest";

// Voxels of 1 × 1 × 4 mm; an axial plane with half a millimetre a pixel, its pixel (0, 0) at the origin of the slice.
const GRID = new ImageGrid({ dims: [200, 200, 50], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4, 0] });
const AXIAL = { right: [1, 0, 0], down: [0, 1, 0] } as const;
const CORONAL = { right: [1, 0, 0], down: [0, 0, -1] } as const;

function pick(x: number, y: number, { slice = 10, coronal = false } = {}): PlanePick {
  const plane = coronal ? CORONAL : AXIAL;
  const origin: Vec3 = coronal ? [0, slice, 100] : [0, 0, 4 * slice];
  const lps = add(origin, add(scale(plane.right, x / 2), scale(plane.down, y / 2)));
  const ijk = GRID.toIndex(lps);
  return { lps, ijk, axis: coronal ? 1 : 2, slice, inside: true, screen: { x, y }, plane, mmPerPixel: 0.5 };
}

function tool(kind: MeasurementKind | undefined, measurements: readonly Measurement[] = []) {
  const log: { draft?: MeasurementDraft; kept: MeasurementDraft[]; selected?: number | undefined } = { kept: [] };
  const made = new MeasureTool({
    grid: () => GRID,
    kind: () => kind,
    measurements: () => measurements,
    draft: (draft) => {
      if (draft) log.draft = draft;
      else delete log.draft;
    },
    drafting: () => log.draft !== undefined,
    select: (id) => (log.selected = id),
    keep: (draft) => {
      log.kept.push(draft);
      delete log.draft;
    },
  });
  const click = (at: PlanePick): void => {
    made.hover(at);
    made.down(at);
    made.up();
  };
  const drag = (from: PlanePick, ...to: PlanePick[]): void => {
    made.down(from);
    for (const one of to) made.move([one]);
    made.up();
  };
  return { made, log, click, drag };
}

const base = { id: 7, name: "m", color: "#ffffff", visible: true, frame: 0 } as const;
const LINE: Measurement = {
  ...base,
  kind: "distance",
  points: [
    [10, 10, 40],
    [60, 10, 40],
  ],
};
const BOX: Measurement = {
  ...base,
  kind: "rectangle",
  points: [
    [10, 10, 40],
    [60, 40, 40],
  ],
  plane: AXIAL,
};

it("a distance by drag and by clicks is the same", () => {
  for (const by of ["drag", "clicks"] as const) {
    const { log, click, drag } = tool("distance");
    if (by === "drag") drag(pick(20, 20), pick(60, 30), pick(120, 20));
    else {
      click(pick(20, 20));
      expect(log.kept).toEqual([]);
      click(pick(120, 20));
    }
    expect(log.kept).toEqual([
      {
        kind: "distance",
        points: [
          [10, 10, 40],
          [60, 10, 40],
        ],
      },
    ]);
  }
});

it("the line follows the pointer between clicks, to other slices and planes", () => {
  const { made, log, click } = tool("distance");
  click(pick(20, 20));
  made.hover(pick(40, 20));
  expect(log.draft?.points).toEqual([
    [10, 10, 40],
    [20, 10, 40],
  ]);
  made.hover(pick(40, 20, { slice: 15 }));
  expect(log.draft?.points[1]).toEqual([20, 10, 60]);
  click(pick(40, 120, { slice: 33, coronal: true }));
  expect(log.kept[0]?.points[1]).toEqual([20, 33, 40]);
});

it("an angle by three clicks, or a drag and a click", () => {
  const points = [
    [10, 10, 40],
    [60, 10, 40],
    [60, 40, 40],
  ];
  const clicked = tool("angle");
  for (const at of [pick(20, 20), pick(120, 20), pick(120, 80)]) clicked.click(at);
  expect(clicked.log.kept).toEqual([{ kind: "angle", points }]);
  const dragged = tool("angle");
  dragged.drag(pick(20, 20), pick(60, 20), pick(120, 20));
  expect(dragged.log.kept).toEqual([]);
  dragged.click(pick(120, 80));
  expect(dragged.log.kept).toEqual([{ kind: "angle", points }]);
});

it("areas lie in the plane they were begun in, and other planes are no place for their corner", () => {
  for (const kind of ["rectangle", "ellipse"] as const) {
    const { log, click } = tool(kind);
    click(pick(20, 20));
    click(pick(90, 90, { coronal: true }));
    expect(log.kept).toEqual([]);
    click(pick(120, 80, { slice: 14 }));
    expect(log.kept).toEqual([
      {
        kind,
        points: [
          [10, 10, 40],
          [60, 40, 40],
        ],
        plane: AXIAL,
      },
    ]);
  }
});

it("a probe is where the pointer is let go", () => {
  const { log, drag } = tool("probe");
  drag(pick(20, 20), pick(40, 44));
  expect(log.kept).toEqual([{ kind: "probe", points: [[20, 22, 40]] }]);
});

it("nothing is kept of two clicks in one place, nor of a rectangle without a height", () => {
  const line = tool("distance");
  line.click(pick(20, 20));
  line.click(pick(20, 20));
  expect(line.log.kept).toEqual([]);
  line.click(pick(60, 20));
  expect(line.log.kept).toHaveLength(1);
  const box = tool("rectangle");
  box.drag(pick(20, 20), pick(60, 20));
  expect(box.log.kept).toEqual([]);
  box.click(pick(60, 50));
  expect(box.log.kept).toHaveLength(1);
});

it("is cancelled as a whole, by its own call or by whoever takes the draft away", () => {
  const { made, log, click } = tool("angle");
  click(pick(20, 20));
  made.cancel();
  expect(log.draft).toBeUndefined();
  click(pick(20, 20));
  click(pick(50, 20));
  delete log.draft;
  made.hover(pick(70, 70));
  expect(log.draft).toBeUndefined();
  click(pick(30, 30));
  click(pick(60, 60));
  click(pick(90, 20));
  expect(log.kept.map(({ points }) => points[0])).toEqual([[15, 15, 40]]);
});

it("a handle within 8 pixels and half a slice is dragged, by as much as the pointer moved", () => {
  const { made, log, drag } = tool(undefined, [LINE]);
  expect(made.takes(pick(127, 20))).toBe(true);
  expect(made.takes(pick(130, 20))).toBe(false);
  expect(made.takes(pick(120, 20, { slice: 11 }))).toBe(false);
  // Held two pixels beside the end: the end keeps that distance.
  drag(pick(122, 20), pick(142, 60));
  expect(log.selected).toBe(7);
  expect(log.kept).toEqual([
    {
      id: 7,
      kind: "distance",
      points: [
        [10, 10, 40],
        [70, 30, 40],
      ],
    },
  ]);
});

it("a line is dragged as a whole, and a click only selects", () => {
  const { made, log, drag, click } = tool("distance", [LINE]);
  expect(made.grabs(pick(70, 24))).toBe(true);
  expect(made.grabs(pick(70, 27))).toBe(false);
  click(pick(70, 20));
  expect([log.selected, log.kept]).toEqual([7, []]);
  drag(pick(70, 20), pick(80, 40));
  expect(log.kept[0]?.points).toEqual([
    [15, 20, 40],
    [65, 20, 40],
  ]);
});

it("a corner of a rectangle is dragged; the opposite one stays", () => {
  const { log, drag } = tool(undefined, [BOX]);
  drag(pick(20, 20), pick(30, 10));
  expect(handlesOf(log.kept[0] as MeasurementDraft)).toEqual([
    [15, 5, 40],
    [60, 5, 40],
    [60, 40, 40],
    [15, 40, 40],
  ]);
  expect(log.kept[0]?.plane).toEqual(AXIAL);
});

it("Escape during a drag leaves what was there", () => {
  const { made, log } = tool(undefined, [LINE]);
  made.down(pick(120, 20));
  made.move([pick(150, 20)]);
  expect(log.draft?.points[1]).toEqual([75, 10, 40]);
  made.cancel();
  made.up();
  expect([log.draft, log.kept]).toEqual([undefined, []]);
});

it("a path takes points until a double click, from slice to slice, and may come back to where it was", () => {
  const { log, click, made } = tool("path");
  const places = [pick(10, 10), pick(40, 10, { slice: 11 }), pick(40, 50, { slice: 12 }), pick(10, 10)];
  for (const place of places) click(place);
  expect(log.kept).toEqual([]);
  made.hover(pick(90, 90));
  expect(log.draft?.points).toHaveLength(5);
  click(pick(90, 90));
  click(pick(90, 90));
  expect(log.kept).toEqual([{ kind: "path", points: [...places, pick(90, 90)].map(({ lps }) => lps) }]);
});

it("a double click at a path's first point ends nothing: one point is no path", () => {
  const { log, click } = tool("path");
  click(pick(10, 10));
  click(pick(10, 10));
  expect(log.kept).toEqual([]);
  expect(log.draft?.points).toHaveLength(2);
});
