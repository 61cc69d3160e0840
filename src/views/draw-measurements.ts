import { alphaOf, type LinePiece, type PicturePoint } from "./line-sight.ts";
import type { PlacedMark } from "./measurement-marks.ts";
import { keptWithin, overlap, type PictureBox, placesClearOf } from "./picture-box.ts";

type Paint = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const RIM = "rgb(0 0 0 / 60%)";
const WORDS = "#f2f4f7";
const GROUND = "rgb(11 13 16 / 76%)";

/**
 * Draws measurements over a picture of `paint`'s canvas; lengths are CSS pixels times `ratio`. Their words keep off `occupied` where there
 * is room elsewhere.
 */
export function drawMeasurements(
  paint: Paint,
  marks: readonly PlacedMark[],
  ratio: number,
  occupied: readonly PictureBox[] = [],
): void {
  if (marks.length === 0) return;
  paint.save();
  paint.lineJoin = "round";
  paint.lineCap = "round";
  const inOrder = [...marks.filter(({ selected }) => !selected), ...marks.filter(({ selected }) => selected)];
  for (const mark of inOrder) drawMark(paint, mark, ratio);
  const taken = [...occupied];
  // The selected one chooses its place first.
  for (const mark of inOrder.toReversed()) if (saysWords(mark)) drawWords(paint, mark, taken, ratio);
  paint.restore();
}

/** Where a shape only goes through the picture its words would stand at a bare line; a distance from here to elsewhere has them. */
function saysWords({ here, kind, handles, lines, selected }: PlacedMark): boolean {
  if (lines.length === 0) return false;
  return here || selected || (handles.length > 0 && kind !== "rectangle" && kind !== "ellipse");
}

function drawMark(paint: Paint, mark: PlacedMark, ratio: number): void {
  const { outline, kind, here, selected } = mark;
  const pieces = piecesOf(mark);
  const alpha = here ? 1 : 0.55;
  paint.setLineDash(here ? [] : [3 * ratio, 5 * ratio]);
  // Round ends of pieces would lie over one another.
  paint.lineCap = pieces.length > 1 ? "butt" : "round";
  for (const { points, clear } of pieces) {
    paint.globalAlpha = alpha * alphaOf(clear, "line");
    if (kind === "probe") cross(paint, points[0]!, ratio);
    else trace(paint, points);
    stroke(paint, mark, ratio);
  }
  if (kind === "angle" && outline.length === 3 && arc(paint, outline, ratio)) {
    const [x, y] = outline[1]!;
    const atVertex = pieces.find(({ points }) => points.some((point) => point[0] === x && point[1] === y));
    paint.globalAlpha = alpha * alphaOf(atVertex?.clear ?? 1, "line");
    stroke(paint, mark, ratio);
  }
  paint.setLineDash([]);
  paint.globalAlpha = 1;
  if (kind === "probe") return;
  for (const [x, y] of mark.handles) {
    paint.beginPath();
    paint.arc(x, y, (selected ? 4 : 2.25) * ratio, 0, 2 * Math.PI);
    paint.fillStyle = selected ? GROUND : mark.color;
    paint.fill();
    if (selected) stroke(paint, mark, ratio);
  }
}

function piecesOf({ pieces, outline }: PlacedMark): readonly LinePiece[] {
  return pieces ?? [{ points: outline, clear: 1 }];
}

/** A dark rim keeps the line visible on bright tissue. */
function stroke(paint: Paint, { color, selected }: PlacedMark, ratio: number): void {
  paint.strokeStyle = RIM;
  paint.lineWidth = (selected ? 4 : 3.25) * ratio;
  paint.stroke();
  paint.strokeStyle = color;
  paint.lineWidth = (selected ? 2 : 1.5) * ratio;
  paint.stroke();
}

function trace(paint: Paint, points: readonly PicturePoint[]): void {
  paint.beginPath();
  for (const [x, y] of points) paint.lineTo(x, y);
}

function cross(paint: Paint, [x, y]: PicturePoint, ratio: number): void {
  const [inner, outer] = [2.5 * ratio, 8 * ratio];
  paint.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ] as const) {
    paint.moveTo(x + dx * inner, y + dy * inner);
    paint.lineTo(x + dx * outer, y + dy * outer);
  }
}

/** The bow between the legs of an angle; false where they are too short for one. */
function arc(paint: Paint, points: readonly PicturePoint[], ratio: number): boolean {
  const [a, [x, y], b] = points as [PicturePoint, PicturePoint, PicturePoint];
  const leg = Math.min(Math.hypot(a[0] - x, a[1] - y), Math.hypot(b[0] - x, b[1] - y));
  const radius = Math.min(22 * ratio, leg * 0.45);
  if (radius < 5 * ratio) return false;
  const from = Math.atan2(a[1] - y, a[0] - x);
  const to = Math.atan2(b[1] - y, b[0] - x);
  // The way round that is below half a turn.
  const turn = ((((to - from) % (2 * Math.PI)) + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
  paint.beginPath();
  paint.arc(x, y, radius, from, from + turn, turn < 0);
  return true;
}

/** Words beside the mark, where they lie on no others if there is such a place, and inside the picture. */
function drawWords(paint: Paint, mark: PlacedMark, taken: PictureBox[], ratio: number): void {
  const { outline, lines, color, selected } = mark;
  const { canvas } = paint;
  // Away from the picture nothing is said: words at the edge would belong to nothing.
  if (outline.every(([x, y]) => x < 0 || y < 0 || x > canvas.width || y > canvas.height)) return;
  paint.font = `600 ${12 * ratio}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif`;
  paint.textAlign = "start";
  paint.textBaseline = "middle";
  const [padX, lineHeight] = [6 * ratio, 16 * ratio];
  const width = Math.max(...lines.map((line) => paint.measureText(line).width)) + 2 * padX;
  const height = lines.length * lineHeight + 4 * ratio;
  const box = freePlace(
    placesBeside(outline, width, height, 10 * ratio),
    (one) => keptWithin(one, canvas.width, canvas.height, 4 * ratio),
    taken,
    ratio,
  );
  taken.push(box);
  // They belong to the whole of it: they are faint where nothing of it is in sight.
  paint.globalAlpha = alphaOf(Math.max(...piecesOf(mark).map(({ clear }) => clear)), "words");
  paint.beginPath();
  paint.roundRect(box.x, box.y, width, height, 3 * ratio);
  paint.fillStyle = GROUND;
  paint.fill();
  if (selected) {
    paint.strokeStyle = color;
    paint.lineWidth = ratio;
    paint.stroke();
  }
  paint.fillStyle = WORDS;
  lines.forEach((line, n) => {
    paint.fillText(line, box.x + padX, box.y + 2 * ratio + (n + 0.5) * lineHeight);
  });
  paint.globalAlpha = 1;
}

/** The first of `places` that lies on nothing, else the first beside what is in the way; the first of all where there is none. */
function freePlace(
  places: readonly PictureBox[],
  kept: (box: PictureBox) => PictureBox,
  taken: readonly PictureBox[],
  ratio: number,
): PictureBox {
  const boxes = places.map(kept);
  const free = (box: PictureBox): boolean => !taken.some((other) => overlap(box, other));
  const beside = (box: PictureBox): PictureBox[] =>
    taken.filter((other) => overlap(box, other)).flatMap((other) => placesClearOf(box, other, 2 * ratio).map(kept));
  return boxes.find(free) ?? boxes.flatMap(beside).find(free) ?? boxes[0]!;
}

/** At the right, left, below and above of an outline, in the order of preference. */
function placesBeside(outline: readonly PicturePoint[], width: number, height: number, gap: number): PictureBox[] {
  const furthest = (axis: 0 | 1, sign: 1 | -1): PicturePoint =>
    outline.reduce((most, point) => (sign * point[axis] > sign * most[axis] ? point : most));
  const [right, left, bottom, top] = [furthest(0, 1), furthest(0, -1), furthest(1, 1), furthest(1, -1)];
  return [
    { x: right[0] + gap, y: right[1] - height / 2, width, height },
    { x: left[0] - gap - width, y: left[1] - height / 2, width, height },
    { x: bottom[0] - width / 2, y: bottom[1] + gap, width, height },
    { x: top[0] - width / 2, y: top[1] - gap - height, width, height },
  ];
}
