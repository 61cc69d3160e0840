import type { Measurement } from "#labelmap";
import type { PointLps } from "#volume";
import { expect, it } from "vitest";
import { drawMeasurements } from "../../../src/views/draw-measurements.ts";
import { alphaOf, cutLines, linePieces, type LineSight, stepEnds } from "../../../src/views/line-sight.ts";
import { marksInVolume } from "../../../src/views/measurement-marks.ts";

/** Ten pixels a millimetre; what lies at a negative y is behind the eye. */
const place = ([x, y, z]: PointLps) => (y < 0 ? undefined : ([x * 10, z * 10] as const));
const BENT: readonly PointLps[] = [
  [0, 0, 0],
  [3, 0, 0],
  [3, 0, 1],
];

it("lines are cut into steps of the spacing, longer ones where there is no room, and left out behind the eye", () => {
  const lines = [
    { key: "bent", points: BENT },
    { key: "point", points: [[1, 1, 1]] as const },
    {
      key: "behind",
      points: [
        [0, 0, 0],
        [0, -1, 0],
      ] as const,
    },
  ];
  expect(cutLines(lines, place, 3, 100).map(({ key, steps }) => [key, steps])).toEqual([
    ["bent", [10, 4]],
    ["point", []],
  ]);
  const [few] = cutLines(lines, place, 3, 12);
  expect(few!.steps).toEqual([6, 2]);
  expect(cutLines(lines, place, 3, 2).map(({ key }) => key)).toEqual(["point"]);
  expect(stepEnds(BENT, [2, 1])).toEqual([[0, 0, 0], [1.5, 0, 0], ...BENT.slice(1)]);
});

it("pieces join what is seen alike; what is not known, or of another shape, is in sight", () => {
  const sight: LineSight = { steps: [3, 1], clear: [1, 1, 0, 0, 0.02] };
  expect(linePieces(BENT, place, sight)).toEqual([
    {
      points: [
        [0, 0],
        [10, 0],
      ],
      clear: 1,
    },
    {
      points: [
        [10, 0],
        [20, 0],
      ],
      clear: 0.5,
    },
    {
      points: [
        [20, 0],
        [30, 0],
        [30, 10],
      ],
      clear: 0,
    },
  ]);
  const whole = [{ points: BENT.map(place), clear: 1 }];
  expect(linePieces(BENT, place, undefined)).toEqual(whole);
  expect(linePieces(BENT, place, { steps: [4], clear: [0, 0, 0, 0, 0] })).toEqual(whole);
  expect(linePieces([[0, -1, 0]], place, { steps: [], clear: [0] })).toEqual([]);
  expect(linePieces([[1, 0, 2]], place, { steps: [], clear: [0.3] })).toEqual([{ points: [[10, 20]], clear: 0.3 }]);
});

it("words of a measurement are faint where all of it is hidden, and clear where a part is in sight", () => {
  const measurement: Measurement = {
    id: 1,
    name: "m",
    color: "#ffffff",
    visible: true,
    frame: 0,
    kind: "distance",
    points: BENT.slice(0, 2),
  };
  const drawn = (clear: readonly number[]): { lines: number[]; words: number[] } => {
    const said = { lines: [] as number[], words: [] as number[] };
    const { paint, ground } = alphaRecorder(said);
    const marks = marksInVolume([{ measurement, lines: ["30 mm"], selected: false }], 0, place, ({ points }) =>
      linePieces(points, place, { steps: [2], clear }),
    );
    drawMeasurements(paint, marks, 1);
    expect(ground.globalAlpha).toBe(1);
    return said;
  };
  const [line, words] = [alphaOf(0, "line"), alphaOf(0, "words")];
  expect([line < words, words < 0.6, alphaOf(1, "line"), alphaOf(1, "words")]).toEqual([true, true, 1, 1]);
  // A rim and a line each.
  expect(drawn([0, 0, 0])).toEqual({ lines: [line, line], words: [words] });
  expect(drawn([1, 1, 1])).toEqual({ lines: [1, 1], words: [1] });
  const half = alphaOf(0.5, "line");
  expect(drawn([0, 0, 1])).toEqual({ lines: [line, line, half, half], words: [alphaOf(0.5, "words")] });
});

/** A canvas that remembers the opacity of each stroke and word. */
function alphaRecorder(said: { lines: number[]; words: number[] }) {
  const nothing = (): void => undefined;
  const ground = {
    globalAlpha: 1,
    canvas: { width: 100, height: 100 },
    measureText: () => ({ width: 20 }),
    stroke: () => said.lines.push(ground.globalAlpha),
    fillText: () => said.words.push(ground.globalAlpha),
    save: nothing,
    restore: nothing,
    setLineDash: nothing,
    beginPath: nothing,
    lineTo: nothing,
    roundRect: nothing,
    fill: nothing,
  };
  return { ground, paint: ground as unknown as OffscreenCanvasRenderingContext2D };
}
