import type { AreaValues, ShownMeasurement } from "#export";

/** Shown while values are being read, so that lines keep their place. */
const WAITING = "…";

/** Millimetres with the digits that a pointer can place: hundredths below 10, tenths above; three digits in micrometres below 0.1. */
export function lengthText(mm: number): string {
  if (mm > 0 && mm < 0.1) return `${threeDigits(mm * 1000)} µm`;
  return `${mm.toFixed(mm < 10 ? 2 : 1)} mm`;
}

export function angleText(degrees: number): string {
  return `${degrees.toFixed(1)}°`;
}

/** Square millimetres, square micrometres below 0.01: the square of 0.1 mm. */
export function areaText(mm2: number): string {
  if (mm2 > 0 && mm2 < 0.01) return `${threeDigits(mm2 * 1e6)} µm²`;
  return `${mm2.toFixed(mm2 < 10 ? 2 : mm2 < 1000 ? 1 : 0)} mm²`;
}

/** A single value: whole ones whole, others with four digits. */
export function valueText(value: number, unit: string): string {
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  return withUnit(text, unit);
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A mean or a deviation, with the digits that suit the larger of both: one after the point for tens and more, else four in all. */
function averageText(value: number, other = value): string {
  const larger = Math.max(Math.abs(value), Math.abs(other));
  if (larger >= 10 || larger === 0) return value.toFixed(larger === 0 ? 0 : 1);
  return String(Number(value.toFixed(Math.min(3 - Math.floor(Math.log10(larger)), 20))));
}

/** The one number of a measurement that a list shows. */
export function mainText({ measurement, size, probe, unit }: ShownMeasurement): string {
  if (size.lengthMm !== undefined) return lengthText(size.lengthMm);
  if (size.angleDeg !== undefined) return angleText(size.angleDeg);
  if (measurement.kind === "probe") {
    if (!probe) return WAITING;
    return probe.value === undefined ? "outside" : valueText(probe.value, unit);
  }
  // One that is being drawn may lack the points of its kind.
  return size.areaMm2 === undefined ? "" : areaText(size.areaMm2);
}

/** Lines beside a measurement on the picture. */
export function measurementLines(shown: ShownMeasurement): string[] {
  const { measurement, size, area, unit } = shown;
  const own = /^(Distance|Angle|Rectangle|Ellipse|Probe|Path) \d+$/.test(measurement.name) ? "" : measurement.name;
  const values = size.areaMm2 === undefined ? [] : [valuesText(area, unit)];
  return [own, mainText(shown), ...values].filter((line) => line !== "");
}

function valuesText(area: ShownMeasurement["area"], unit: string): string {
  if (!area) return WAITING;
  if (area.count === 0) return "no voxel inside";
  return withUnit(`${averageText(area.mean, area.sd)} ± ${averageText(area.sd, area.mean)}`, unit);
}

/** Everything that is known of a measurement, as terms with what they are; for the panel. */
export function measurementFacts(shown: ShownMeasurement): (readonly [term: string, what: string])[] {
  const { measurement, size, area, probe, unit } = shown;
  const facts: (readonly [string, string])[] = [];
  if (size.lengthMm !== undefined) facts.push(["Length", lengthText(size.lengthMm)]);
  if (measurement.kind === "path") facts.push(["Points", String(measurement.points.length)]);
  if (size.angleDeg !== undefined) facts.push(["Angle", angleText(size.angleDeg)]);
  if (size.areaMm2 !== undefined) {
    facts.push(["Size", `${lengthText(size.widthMm!)} × ${lengthText(size.heightMm!)}`]);
    facts.push(["Area", areaText(size.areaMm2)], ["Perimeter", lengthText(size.perimeterMm!)]);
    const said = (text: (values: AreaValues) => string): string =>
      area ? (area.count > 0 ? text(area) : "none") : WAITING;
    facts.push(
      ["Mean", said(({ mean }) => withUnit(averageText(mean), unit))],
      ["SD", said(({ mean, sd }) => withUnit(averageText(sd, mean), unit))],
      ["Range", said(({ min, max }) => `${valueText(min, "")} to ${valueText(max, unit)}`)],
      ["Counted", countText(area)],
    );
  }
  if (measurement.kind === "probe") {
    facts.push(["Value", mainText(shown)], ["Voxel", probe ? probe.ijk.join(" ") : WAITING]);
    facts.push(["LPS", measurement.points[0]!.map((mm) => mm.toFixed(1)).join(" ")]);
  }
  return facts;
}

function countText(area: ShownMeasurement["area"]): string {
  if (!area) return WAITING;
  const outside = area.outside ? "; a part lies outside" : "";
  if (area.method === "voxels") return `${area.count} voxels of the slice${outside}`;
  const [right, down] = area.stepMm!;
  return `${area.count} samples each ${right.toFixed(2)} × ${down.toFixed(2)} mm, interpolated${outside}`;
}

function withUnit(text: string, unit: string): string {
  return unit === "" ? text : `${text} ${unit}`;
}
