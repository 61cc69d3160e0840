import { VoxelwrightError } from "#base";
import type { TaskContext } from "../crew/task.ts";
import { transfer } from "../wire.ts";
import type { PlaneRequest } from "./fill.api.ts";
import { nearLabels } from "./near-labels.ts";
import { type PlaneFrame, planeFrame } from "./plane-frame.ts";
import { PlaneLabels } from "./plane-shapes.ts";

/**
 * What is drawn on a plane: runs v, start, end (outside) of every chosen segment, by segment, and of all together (0). Pixels are
 * counted from the plane's point.
 */
export type PlaneReading = ReadonlyMap<number, Int32Array<ArrayBuffer>>;

/** What is drawn on each plane. Throws `argument` where there are no labels, or planes that are none. */
export async function readPlanes(context: TaskContext, request: PlaneRequest): Promise<PlaneReading[]> {
  const { drawn, segments, spacingMm } = request;
  const map = context.maps![0]!;
  const box = nearLabels(context, segments);
  const chosen = segments && new Set(segments);
  const readings: PlaneReading[] = [];
  for (const [n, plane] of drawn.entries()) {
    await context.pacer.pause(n / drawn.length, "Reading planes");
    const frame = planeFrame(plane, map.dims, spacingMm, box);
    readings.push(frame ? runsBySegment(frame, new PlaneLabels(map, frame, spacingMm).pixels, chosen) : new Map());
  }
  return transfer(
    readings,
    readings.flatMap((runs) => Array.from(runs.values(), ({ buffer }) => buffer)),
  );
}

/** The runs of pixels of a frame, as a `PlaneReading` has them. */
export function runsBySegment(
  { nu, nv, u0, v0 }: PlaneFrame,
  pixels: Uint16Array,
  chosen: ReadonlySet<number> | undefined,
): PlaneReading {
  const found = new Map<number, number[]>();
  const add = (segment: number, v: number, start: number, end: number): void => {
    const own = found.get(segment);
    if (own) own.push(v0 + v, u0 + start, u0 + end);
    else found.set(segment, [v0 + v, u0 + start, u0 + end]);
  };
  for (let v = 0; v < nv; v++) {
    let first = -1;
    for (let u = 0; u <= nu; ) {
      const label = u < nu ? pixels[v * nu + u]! : 0;
      const start = u++;
      if (label !== 0 && (chosen?.has(label) ?? true)) {
        while (u < nu && pixels[v * nu + u] === label) u++;
        add(label, v, start, u);
        if (first < 0) first = start;
      } else if (first >= 0) {
        add(0, v, first, start);
        first = -1;
      }
    }
  }
  return new Map(Array.from(found, ([segment, runs]) => [segment, Int32Array.from(runs)]));
}

/** The segments that are drawn, ascending, the union (0) before them where there are several. Throws `argument` where none is. */
export function segmentsOf(readings: readonly PlaneReading[]): number[] {
  const found = [...new Set(readings.flatMap((runs) => [...runs.keys()]))].sort((a, b) => a - b);
  if (found.length === 0) {
    throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn on the given planes.");
  }
  return found.length > 2 ? found : found.slice(1);
}
