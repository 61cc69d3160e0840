import * as v from "valibot";
import type { SourceSegment } from "../source.ts";

const value = v.pipe(v.number(), v.integer(), v.minValue(1));
const channel = v.pipe(v.number(), v.minValue(0), v.maxValue(255));
const color = v.object({ "label-value": value, rgba: v.pipe(v.array(channel), v.minLength(3)) });
const property = v.looseObject({ "label-value": value });
const code = v.object({ scheme: v.string(), value: v.string(), meaning: v.string() });

/**
 * Segments that the metadata “image-label” of OME-NGFF describe. A name is the property “name”, “label” or “class”, as writers have it;
 * else the value. What is no colour or property of a label is passed over: voxels do not depend on it.
 */
export function labelSegments(imageLabel: unknown): SourceSegment[] {
  const { colors, properties } = (imageLabel ?? {}) as { colors?: unknown; properties?: unknown };
  const colorOf = new Map(parsed(color, colors).map((entry) => [entry["label-value"], hex(entry.rgba)]));
  const about = new Map(parsed(property, properties).map((entry) => [entry["label-value"], entry]));
  return [...new Set([...about.keys(), ...colorOf.keys()])].map((label): SourceSegment => {
    const told = about.get(label);
    const named = [told?.["name"], told?.["label"], told?.["class"]].find(
      (name) => typeof name === "string" && name !== "",
    );
    const term = v.safeParse(code, told?.["code"]);
    const shown = colorOf.get(label);
    return {
      layer: 0,
      value: label,
      name: typeof named === "string" ? named : `Label ${label}`,
      ...(shown ? { color: shown } : {}),
      ...(term.success ? { code: term.output } : {}),
    };
  });
}

function parsed<T>(schema: v.GenericSchema<unknown, T>, list: unknown): T[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const result = v.safeParse(schema, entry);
    return result.success ? [result.output] : [];
  });
}

/** `#rrggbb` of channels from 0 to 255; transparency is a matter of the view. */
function hex(rgba: readonly number[]): string {
  const channels = rgba.slice(0, 3).map((level) => Math.round(level).toString(16).padStart(2, "0"));
  return `#${channels.join("")}`;
}
