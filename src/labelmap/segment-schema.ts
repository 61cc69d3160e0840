import * as v from "valibot";
import { MAX_LABEL, type Segment, type SegmentEdit } from "./segment.ts";

const valueSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LABEL));

/** A segment as it may stand in an entry or in storage: these fields and no others. */
export const segmentSchema = v.strictObject({
  value: valueSchema,
  name: v.string(),
  color: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/)),
  code: v.exactOptional(v.strictObject({ scheme: v.string(), value: v.string(), meaning: v.string() })),
  locked: v.boolean(),
  visible: v.boolean(),
  opacity3d: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.ltValue(1))),
}) satisfies v.GenericSchema<unknown, Segment>;

/** A change of the segment list; both states, where there are two, are of one value. */
export const segmentEditSchema = v.pipe(
  v.strictObject({
    value: valueSchema,
    from: v.exactOptional(segmentSchema),
    to: v.exactOptional(segmentSchema),
  }),
  v.check(
    (edit) => edit.from !== undefined || edit.to !== undefined,
    "A change of a segment has a state before or a state after.",
  ),
  v.check(
    (edit) => [edit.from, edit.to].every((state) => state === undefined || state.value === edit.value),
    "A change of a segment keeps its value.",
  ),
) satisfies v.GenericSchema<unknown, SegmentEdit>;
