import type { SlicePlane } from "#gpu";
import { lpsToPixel } from "#gpu";
import { handlesOf, type Measurement, type MeasurementKind, outlineOf } from "#labelmap";
import { type ImageGrid, type PointLps, slicesOffPlane } from "#volume";
import { type LinePiece, linePieces, type PicturePoint, type Place, type VolumeLine } from "./line-sight.ts";

/** A measurement as the views draw it. */
export interface MeasurementMark {
  readonly measurement: Measurement;
  /** Words beside it. */
  readonly lines: readonly string[];
  readonly selected: boolean;
}

/** A measurement on one picture. */
export interface PlacedMark {
  readonly kind: MeasurementKind;
  readonly color: string;
  readonly lines: readonly string[];
  readonly selected: boolean;
  /** False for one that lies on slices nearby: fainter, dashed, without words and handles. */
  readonly here: boolean;
  readonly outline: readonly PicturePoint[];
  /** The outline in pieces that are each seen alike; all in sight without them. */
  readonly pieces?: readonly LinePiece[];
  /** Those that can be held on this picture. */
  readonly handles: readonly PicturePoint[];
}

/** A measurement is on a plane that is within this of all its points, slices. */
const HERE = 0.5 + 1e-6;
/** It is seen faintly from as far as this. */
const NEAR = 2 + 1e-6;

/** The marks that a plane shows: on it, or nearby. One that goes through the plane is nearby. */
export function marksOnPlane(
  marks: readonly MeasurementMark[],
  grid: ImageGrid,
  plane: SlicePlane,
  frame: number,
): PlacedMark[] {
  const place = (point: PointLps): PicturePoint => {
    const [x, y] = lpsToPixel(plane, point);
    return [x + 0.5, y + 0.5];
  };
  return marks.flatMap(({ measurement, lines, selected }): PlacedMark[] => {
    if (!measurement.visible || measurement.frame !== frame) return [];
    const off = (point: PointLps): number => slicesOffPlane(grid, plane, point);
    const offs = measurement.points.map(off);
    const [low, high] = [Math.min(...offs), Math.max(...offs)];
    const nearest = low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high));
    if (nearest > NEAR) return [];
    return [
      {
        kind: measurement.kind,
        color: measurement.color,
        lines,
        selected,
        here: Math.max(Math.abs(low), Math.abs(high)) <= HERE,
        outline: outlineOf(measurement).map(place),
        handles: handlesOf(measurement)
          .filter((point) => Math.abs(off(point)) <= HERE)
          .map(place),
      },
    ];
  });
}

/** The outlines of the measurements that the volume shows. */
export function measurementLines(marks: readonly MeasurementMark[], frame: number): VolumeLine[] {
  return marks.filter(({ measurement }) => measurement.visible && measurement.frame === frame).map(lineOf);
}

function lineOf({ measurement }: MeasurementMark): VolumeLine {
  return { key: `measurement/${measurement.id}`, points: outlineOf(measurement) };
}

/** The marks that the volume shows: all of the frame that lie before the camera, with the pieces that each is seen in. */
export function marksInVolume(
  marks: readonly MeasurementMark[],
  frame: number,
  place: Place,
  piecesOf = (line: VolumeLine): LinePiece[] => linePieces(line.points, place, undefined),
): PlacedMark[] {
  return marks.flatMap((mark): PlacedMark[] => {
    const { measurement, lines, selected } = mark;
    if (!measurement.visible || measurement.frame !== frame) return [];
    const line = lineOf(mark);
    const outline = line.points.map(place);
    if (!outline.every((point) => point !== undefined)) return [];
    const { kind, color } = measurement;
    return [{ kind, color, lines, selected, here: true, outline, pieces: piecesOf(line), handles: [] }];
  });
}
