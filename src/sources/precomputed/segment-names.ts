import * as v from "valibot";
import { MAX_LABEL } from "#labelmap";
import type { SourceSegment } from "../source.ts";

const properties = v.looseObject({
  inline: v.looseObject({
    ids: v.array(v.union([v.string(), v.number()])),
    properties: v.array(v.looseObject({ type: v.string(), values: v.optional(v.array(v.unknown())) })),
  }),
});

/** Names in a “segment_properties” file, of the segments that labels can hold; none for files of another kind. */
export function segmentNames(json: unknown): SourceSegment[] {
  const parsed = v.safeParse(properties, json);
  if (!parsed.success) return [];
  const { ids, properties: columns } = parsed.output.inline;
  const names = columns.find(({ type }) => type === "label")?.values ?? [];
  return ids.flatMap((id, n) => {
    const value = Number(id);
    const name = names[n];
    const known =
      Number.isInteger(value) && value >= 1 && value <= MAX_LABEL && typeof name === "string" && name !== "";
    return known ? [{ layer: 0, value, name }] : [];
  });
}
