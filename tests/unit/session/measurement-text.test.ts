import type { AreaValues, ShownMeasurement } from "#export";
import { measuredSize, type Measurement } from "#labelmap";
import { mainText, measurementFacts, measurementLines } from "#session";
import { expect, it } from "vitest";

const AREA: AreaValues = { count: 12, mean: -812.34, sd: 34.06, min: -1000, max: 12, method: "voxels", outside: false };

function shown(change: Partial<Measurement>, values: Partial<ShownMeasurement> = {}): ShownMeasurement {
  const measurement: Measurement = {
    id: 1,
    kind: "rectangle",
    name: "Rectangle 1",
    color: "#ffd84d",
    visible: true,
    frame: 0,
    points: [
      [0, 0, 0],
      [20, 10, 0],
    ],
    ...((change.kind ?? "rectangle") === "rectangle" ? { plane: { right: [1, 0, 0], down: [0, 1, 0] } } : {}),
    ...change,
  };
  return { measurement, size: measuredSize(measurement), unit: "HU", ...values };
}

const line = (mm: number) =>
  shown({
    kind: "distance",
    points: [
      [0, 0, 0],
      [mm, 0, 0],
    ],
    name: "Distance 1",
  });

it("says lengths with the digits that a pointer can place", () => {
  expect([0.5, 9.994, 10, 54.26, 412.04].map((mm) => mainText(line(mm)))).toEqual([
    "0.50 mm",
    "9.99 mm",
    "10.0 mm",
    "54.3 mm",
    "412.0 mm",
  ]);
});

it("has as many lines while values are read as afterwards, and a name only where one was given", () => {
  expect(measurementLines(shown({}))).toEqual(["200.0 mm²", "…"]);
  expect(measurementLines(shown({}, { area: AREA }))).toEqual(["200.0 mm²", "-812.3 ± 34.1 HU"]);
  expect(measurementLines(shown({ name: "Nodule" }, { area: { ...AREA, count: 0 } }))).toEqual([
    "Nodule",
    "200.0 mm²",
    "no voxel inside",
  ]);
  const probe = shown({ kind: "probe", points: [[0, 0, 0]], name: "Probe 3" });
  expect(measurementLines(probe)).toEqual(["…"]);
  expect(measurementLines({ ...probe, probe: { value: -5.5, ijk: [1, 2, 3] } })).toEqual(["-5.5 HU"]);
  expect(measurementLines({ ...probe, probe: { value: undefined, ijk: [1, 2, 3] } })).toEqual(["outside"]);
  // An angle that lacks its third point.
  expect(
    measurementLines(
      shown({
        kind: "angle",
        points: [
          [0, 0, 0],
          [1, 0, 0],
        ],
        name: "",
      }),
    ),
  ).toEqual([]);
});

it("says how values were counted", () => {
  const facts = (area: AreaValues) => new Map(measurementFacts(shown({}, { area })));
  expect(facts(AREA).get("Counted")).toBe("12 voxels of the slice");
  expect(facts(AREA).get("Range")).toBe("-1000 to 12 HU");
  expect(facts({ ...AREA, method: "interpolated", stepMm: [0.7, 0.68], outside: true }).get("Counted")).toBe(
    "12 samples each 0.70 × 0.68 mm, interpolated; a part lies outside",
  );
});

it("says what is below a tenth of a millimetre in micrometres", () => {
  expect([0.0894, 0.004, 0.1].map((mm) => mainText(line(mm)))).toEqual(["89.4 µm", "4.00 µm", "0.10 mm"]);
  const small = shown({
    points: [
      [0, 0, 0],
      [0.05, 0.04, 0],
    ],
  });
  expect(mainText(small)).toBe("2000 µm²");
});

it("gives a deviation the digits of its mean", () => {
  const said = (mean: number, sd: number): string =>
    measurementLines(shown({}, { area: { ...AREA, mean, sd } })).at(-1)!;
  expect([said(20.8, 8.812), said(0.02, 34.06), said(5.1234, 0.01234)]).toEqual([
    "20.8 ± 8.8 HU",
    "0.0 ± 34.1 HU",
    "5.123 ± 0.012 HU",
  ]);
});
