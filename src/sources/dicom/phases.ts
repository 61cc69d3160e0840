import { length, subtract } from "#base";
import { PHASE_KEYS, type Plane } from "./instance.ts";
import { depthOf } from "./stack-geometry.ts";

/** Planes with at most one at each position, sorted by depth. */
export type Phase = readonly Plane[];

/** Planes of one orientation, told apart where several lie at one position. */
export interface Phases {
  /** Phases in order. */
  readonly phases: readonly Phase[];
  /** What told them apart, for a person; undefined when there is one phase. */
  readonly by: string | undefined;
  /** Copies that were left out. */
  readonly copies: readonly Plane[];
}

/**
 * Splits planes into phases: time points, echoes, b-values or, where the header tells none of these, the order of instance
 * numbers. Copies of an instance are left out first.
 */
export function splitPhases(planes: readonly Plane[]): Phases {
  const copies: Plane[] = [];
  const kept = dropCopies(planes, copies);
  const positions = groupByPosition(kept);
  const most = Math.max(...positions.map((group) => group.length));
  if (most === 1) return { phases: [positions.map((group) => group[0]!)], by: undefined, copies };
  for (const key of PHASE_KEYS) {
    const values = new Set(kept.map((plane) => plane.keys[key]));
    if (values.has(undefined) || values.size !== most) continue;
    const apart = positions.every((group) => new Set(group.map((plane) => plane.keys[key])).size === group.length);
    if (!apart) continue;
    const ordered = [...values].toSorted((a, b) =>
      typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1,
    );
    const phases = ordered.map((value) =>
      positions.flatMap((group) => group.filter((plane) => plane.keys[key] === value)),
    );
    return { phases, by: key, copies };
  }
  const phases = Array.from({ length: most }, (_, n) =>
    positions.flatMap((group) => {
      const plane = group.toSorted(byInstance)[n];
      return plane ? [plane] : [];
    }),
  );
  return { phases, by: "instance number", copies };
}

/** True when two phases have their planes at the same places. */
export function samePlaces(a: Phase, b: Phase): boolean {
  const near = (p: Plane, q: Plane): boolean =>
    p.placement === undefined ||
    q.placement === undefined ||
    length(subtract(p.placement.position, q.placement.position)) < 0.01;
  return a.length === b.length && a.every((plane, k) => near(plane, b[k]!));
}

/** An instance that comes twice: same UID, frame and place. */
function dropCopies(planes: readonly Plane[], copies: Plane[]): Plane[] {
  const seen = new Set<string>();
  return planes.filter((plane) => {
    const uid = plane.instance.sopInstance;
    if (uid === "") return true;
    const tile = plane.tile ? `${plane.tile.column},${plane.tile.row}` : "";
    const key = [uid, plane.frame, tile, ...(plane.placement?.position ?? []), plane.instance.instanceNumber].join("|");
    if (!seen.has(key)) {
      seen.add(key);
      return true;
    }
    copies.push(plane);
    return false;
  });
}

/** Groups of planes at one depth, by ascending depth; planes without a place in the order of their instance numbers. */
function groupByPosition(planes: readonly Plane[]): Plane[][] {
  if (!planes[0]?.placement) return planes.toSorted(byInstance).map((plane) => [plane]);
  const sorted = planes.map((plane) => ({ plane, depth: depthOf(plane) })).toSorted((a, b) => a.depth - b.depth);
  const tolerance = samePositionMm(sorted.at(-1)!.depth - sorted[0]!.depth, planes);
  const groups: Plane[][] = [];
  let depth = Number.NEGATIVE_INFINITY;
  for (const entry of sorted) {
    if (entry.depth - depth > tolerance) {
      groups.push([]);
      depth = entry.depth;
    }
    groups.at(-1)!.push(entry.plane);
  }
  return groups;
}

/** How far apart along the normal planes may lie and be at one position: a twentieth of their mean distance, at most 0.05 mm. */
function samePositionMm(spanMm: number, planes: readonly Plane[]): number {
  const statedMm = planes[0]!.instance.statedSpacingMm ?? 0;
  const spacingMm = spanMm < 0.02 && statedMm >= 0.2 ? statedMm : spanMm / Math.max(planes.length - 1, 1);
  return Math.min(Math.max(spacingMm / 20, 1e-4), 0.05);
}

function byInstance(a: Plane, b: Plane): number {
  const keys = (plane: Plane): (number | string)[] => [
    plane.instance.instanceNumber ?? Number.MAX_SAFE_INTEGER,
    plane.frame,
    plane.instance.file.name,
  ];
  const [p, q] = [keys(a), keys(b)];
  for (let n = 0; n < p.length; n++) if (p[n] !== q[n]) return p[n]! < q[n]! ? -1 : 1;
  return 0;
}
