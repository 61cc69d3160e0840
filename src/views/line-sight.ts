import type { PointLps } from "#volume";

/** A point of a picture, device pixels. */
export type PicturePoint = readonly [number, number];

/** A line in the volume; a closed one ends where it begins, and one of a single point is a mark there. */
export interface VolumeLine {
  /** The same for the same line from picture to picture. */
  readonly key: string;
  readonly points: readonly PointLps[];
}

/** A part of a line on a picture. */
export interface LinePiece {
  readonly points: readonly PicturePoint[];
  /** Share of its light that reaches the eye, 0 to 1. */
  readonly clear: number;
}

/** How much of a line is in sight. */
export interface LineSight {
  /** Equal steps that each straight part of the line is cut into. */
  readonly steps: readonly number[];
  /** Share of light that reaches the eye from the ends of the steps, one more than there are steps. */
  readonly clear: ArrayLike<number>;
}

/** What is hidden is drawn so faintly: seen, and seen to be behind something. Words stay readable. */
const HIDDEN = { line: 0.22, words: 0.45 } as const;

/** Opacity of what lets the eye have a share of its light. */
export function alphaOf(clear: number, what: keyof typeof HIDDEN): number {
  return HIDDEN[what] + (1 - HIDDEN[what]) * clear;
}

/** Shares are told apart in so many steps, so that a line whose sight is even is drawn in one piece. */
const SHADES = 8;

/** Where a line is looked for; `place` is undefined behind the eye, and no line that reaches there is looked for. */
export type Place = (point: PointLps) => PicturePoint | undefined;

/**
 * Cuts lines into steps of about `spacing` pixels, longer ones where that would make more than `most` places. A line that even then
 * finds no room is left out.
 */
export function cutLines(
  lines: readonly VolumeLine[],
  place: Place,
  spacing: number,
  most: number,
): (VolumeLine & { readonly steps: readonly number[] })[] {
  const placed = lines.flatMap((line) => {
    const points = line.points.map(place);
    if (points.some((point) => !point)) return [];
    const lengths = points.slice(1).map((b, n) => Math.hypot(b![0] - points[n]![0], b![1] - points[n]![1]));
    return [{ ...line, lengths }];
  });
  const whole = placed.reduce((sum, { lengths }) => sum + lengths.reduce((a, b) => a + b, 0), 0);
  const ends = placed.reduce((sum, { points }) => sum + points.length, 0);
  const step = Math.max(spacing, whole / Math.max(most - ends, most / 4));
  let room = most;
  return placed.flatMap(({ key, points, lengths }) => {
    const steps = lengths.map((length) => Math.max(Math.ceil(length / step), 1));
    const places = steps.reduce((a, b) => a + b, 1);
    if (places > room) return [];
    room -= places;
    return [{ key, points, steps }];
  });
}

/** The ends of a line's steps in order. */
export function stepEnds(points: readonly PointLps[], steps: readonly number[]): PointLps[] {
  const ends = steps.flatMap((count, n) => {
    const [a, b] = [points[n]!, points[n + 1]!];
    return Array.from({ length: count }, (_, s): PointLps => {
      const at = (axis: 0 | 1 | 2): number => a[axis] + ((b[axis] - a[axis]) * s) / count;
      return [at(0), at(1), at(2)];
    });
  });
  return [...ends, points.at(-1)!];
}

/** A line on a picture, in pieces that are each seen alike. One whose sight is not known, or of another shape, is all in sight. */
export function linePieces(points: readonly PointLps[], place: Place, sight: LineSight | undefined): LinePiece[] {
  const known = sight?.steps.length === points.length - 1 ? sight : undefined;
  const ends = (known ? stepEnds(points, known.steps) : points).map(place);
  if (!ends.every((end) => end !== undefined)) return [];
  if (!known) return [{ points: ends, clear: 1 }];
  if (ends.length === 1) return [{ points: ends, clear: known.clear[0]! }];
  const pieces: { points: PicturePoint[]; clear: number }[] = [];
  for (let n = 1; n < ends.length; n++) {
    const clear = Math.round(((known.clear[n - 1]! + known.clear[n]!) / 2) * SHADES) / SHADES;
    const last = pieces.at(-1);
    if (last?.clear === clear) last.points.push(ends[n]!);
    else pieces.push({ points: [ends[n - 1]!, ends[n]!], clear });
  }
  return pieces;
}
