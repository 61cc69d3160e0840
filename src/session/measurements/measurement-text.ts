import type { AreaValues, ShownMeasurement } from "#export";

/** Shown while values are being read, so that lines keep their place. */
const WAITING = "…";

/** Millimetres with the digits that a pointer can place: hundredths below 10, tenths above. */
export function lengthText(mm: number): string {
  return `${mm.toFixed(mm < 10 ? 2 : 1)} mm`;
}

export function angleText(degrees: number): string {
  return `${degrees.toFixed(1)}°`;
}

export function areaText(mm2: number): string {
  return `${mm2.toFixed(mm2 < 10 ? 2 : mm2 < 1000 ? 1 : 0)} mm²`;
}

/** A single value: whole ones whole, others with four digits. */
export function valueText(value: number, unit: string): string {
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  return withUnit(text, unit);
}

/** A mean or a deviation: one digit after the point where values are tens and more, else four digits. */
function averageText(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(1) : String(Number(value.toPrecision(4)));
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
  return withUnit(`${averageText(area.mean)} ± ${averageText(area.sd)}`, unit);
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
      ["SD", said(({ sd }) => withUnit(averageText(sd), unit))],
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
