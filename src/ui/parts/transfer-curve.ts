import type { VolumeTransfer } from "../ui-port.ts";

export type CurvePoint = VolumeTransfer["points"][number];

/** Opacities are drawn on a root scale, so that the small ones that matter most can be set. */
export function heightOf(opacity: number): number {
  return Math.sqrt(Math.min(Math.max(opacity, 0), 1));
}

export function opacityAt(height: number): number {
  return Math.min(Math.max(height, 0), 1) ** 2;
}

/** Moves a point, never past its neighbours. */
export function movePoint(points: readonly CurvePoint[], n: number, value: number, opacity: number): CurvePoint[] {
  const low = points[n - 1]?.value ?? Number.NEGATIVE_INFINITY;
  const high = points[n + 1]?.value ?? Number.POSITIVE_INFINITY;
  const moved = { ...points[n]!, value: Math.min(Math.max(value, low), high), opacity };
  const next = points.map((point, at) => (at === n ? moved : point));
  // The ends must stay apart.
  return next.at(-1)!.value > next[0]!.value ? next : [...points];
}

/** Adds a point where the curve has its colour, and says where it stands. */
export function addPoint(
  points: readonly CurvePoint[],
  value: number,
  opacity: number,
): { readonly points: CurvePoint[]; readonly at: number } {
  const at = points.findIndex((point) => point.value > value);
  const place = at < 0 ? points.length : at;
  const [before, after] = [points[place - 1], points[place]];
  const color =
    before && after
      ? mixColor(before.color, after.color, (value - before.value) / (after.value - before.value || 1))
      : (before ?? after)!.color;
  return { points: [...points.slice(0, place), { value, opacity, color }, ...points.slice(place)], at: place };
}

/** Takes a point out; two stay. */
export function removePoint(points: readonly CurvePoint[], n: number): CurvePoint[] {
  const rest = points.filter((_, at) => at !== n);
  return rest.length >= 2 && rest.at(-1)!.value > rest[0]!.value ? rest : [...points];
}

/** Moves all points along the values. */
export function shiftPoints(points: readonly CurvePoint[], by: number): CurvePoint[] {
  return points.map((point) => ({ ...point, value: point.value + by }));
}

function mixColor(a: CurvePoint["color"], b: CurvePoint["color"], f: number): CurvePoint["color"] {
  return [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f];
}

/** `#rrggbb` of a colour of shares. */
export function toHex(color: CurvePoint["color"]): string {
  return `#${color
    .map((share) =>
      Math.round(share * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

export function fromHex(hex: string): [number, number, number] {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}
